package sns_test

import (
	"testing"
	"time"
	_ "time/tzdata" // a machine of tests may have none

	"xxsns/app/sns"
)

func TestQuietHoursEndInTheZoneOfTheReader(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		quiet sns.Quiet
		now   string
		want  string // empty: not quiet
	}{
		"none":                         {sns.Quiet{}, "2026-03-02T03:00:00+09:00", ""},
		"the same begin and end":       {sns.Quiet{From: 600, To: 600}, "2026-03-02T10:00:00+09:00", ""},
		"over midnight, in the night":  {sns.Quiet{From: 22 * 60, To: 7 * 60}, "2026-03-02T23:30:00+09:00", "2026-03-03T07:00:00+09:00"},
		"over midnight, after it":      {sns.Quiet{From: 22 * 60, To: 7 * 60}, "2026-03-03T00:00:00+09:00", "2026-03-03T07:00:00+09:00"},
		"over midnight, the last":      {sns.Quiet{From: 22 * 60, To: 7 * 60}, "2026-03-03T06:59:59+09:00", "2026-03-03T07:00:00+09:00"},
		"over midnight, the end":       {sns.Quiet{From: 22 * 60, To: 7 * 60}, "2026-03-03T07:00:00+09:00", ""},
		"over midnight, the begin":     {sns.Quiet{From: 22 * 60, To: 7 * 60}, "2026-03-03T22:00:00+09:00", "2026-03-04T07:00:00+09:00"},
		"at noon":                      {sns.Quiet{From: 12 * 60, To: 13 * 60}, "2026-03-02T12:30:00+09:00", "2026-03-02T13:00:00+09:00"},
		"after noon":                   {sns.Quiet{From: 12 * 60, To: 13 * 60}, "2026-03-02T13:00:00+09:00", ""},
		"the zone of the reader":       {sns.Quiet{From: 22 * 60, To: 7 * 60, Zone: "America/New_York"}, "2026-03-02T12:30:00+09:00", "2026-03-02T21:00:00+09:00"},
		"an unknown zone":              {sns.Quiet{From: 22 * 60, To: 7 * 60, Zone: "Nowhere"}, "2026-03-02T23:30:00+09:00", "2026-03-03T07:00:00+09:00"},
		"the month's end":              {sns.Quiet{From: 22 * 60, To: 7 * 60}, "2026-02-28T23:30:00+09:00", "2026-03-01T07:00:00+09:00"},
		"a night with an hour less":    {sns.Quiet{From: 22 * 60, To: 7 * 60, Zone: "Europe/Berlin"}, "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"},
		"an end that no clock strikes": {sns.Quiet{From: 60, To: 150, Zone: "Europe/Berlin"}, "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		var want time.Time
		if c.want != "" {
			if want, err = time.Parse(time.RFC3339, c.want); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.quiet.Until(now, seoul); !got.Equal(want) {
			t.Errorf("%s: quiet until %s, want %s", name, got, want)
		}
	}
}
