package sns_test

import (
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestDaysBeginAtMidnightOfTheZone(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		now  string
		zone *time.Location
		want []string // in UTC
	}{
		{"2026-03-01T14:59:59Z", seoul, []string{"2026-02-27T15:00:00Z", "2026-02-28T15:00:00Z", "2026-03-01T15:00:00Z"}},
		{"2026-03-01T15:00:00Z", seoul, []string{"2026-02-28T15:00:00Z", "2026-03-01T15:00:00Z", "2026-03-02T15:00:00Z"}},
		{"2026-03-29T12:00:00Z", berlin, []string{"2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}}, // a day of 23 hours
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		lines := sns.DayLines(now, tt.zone, 2)
		if len(lines) != len(tt.want) {
			t.Fatalf("%d lines", len(lines))
		}
		for i, line := range lines {
			if got := line.UTC().Format(time.RFC3339); got != tt.want[i] {
				t.Errorf("line %d at %s is %s instead of %s", i, tt.now, got, tt.want[i])
			}
		}
	}
}

func TestMessagesBeforeALossAreNotCounted(t *testing.T) {
	for _, tt := range []struct{ after, last, want int64 }{
		{0, 12, 12}, {5, 12, 7}, {12, 12, 0}, {5, sns.SeqEpoch + 3, 3}, {sns.SeqEpoch + 1, sns.SeqEpoch + 3, 2},
	} {
		if got := sns.MessagesBetween(tt.after, tt.last); got != tt.want {
			t.Errorf("from %d to %d are %d messages, not %d", tt.after, tt.last, got, tt.want)
		}
	}
}
