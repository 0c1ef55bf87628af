package view

import (
	"testing"
	"time"
)

func TestMomentsAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	seoul, newYork := time.FixedZone("KST", 9*60*60), time.FixedZone("EST", -5*60*60)
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		moment, now string
		zone        *time.Location
		want        string
		ago         bool
	}{
		{"2026-05-10T12:00:00+09:00", "2026-05-10T12:00:00+09:00", seoul, Korean("time.now"), true},
		{"2026-05-10T12:00:05+09:00", "2026-05-10T12:00:00+09:00", seoul, Korean("time.now"), true}, // a clock that runs ahead
		{"2026-05-10T12:00:00+09:00", "2026-05-10T12:00:59+09:00", seoul, Korean("time.now"), true},
		{"2026-05-10T12:00:00+09:00", "2026-05-10T12:01:00+09:00", seoul, Korean("time.minutes", "Count", 1), true},
		{"2026-05-10T12:00:00+09:00", "2026-05-10T12:59:59+09:00", seoul, Korean("time.minutes", "Count", 59), true},
		{"2026-05-10T12:00:00+09:00", "2026-05-10T13:00:00+09:00", seoul, Korean("time.hours", "Count", 1), true},
		{"2026-05-10T00:00:00+09:00", "2026-05-10T23:59:59+09:00", seoul, Korean("time.hours", "Count", 23), true},
		// Around midnight.
		{"2026-05-09T23:59:50+09:00", "2026-05-10T00:00:10+09:00", seoul, Korean("time.now"), true},
		{"2026-05-09T23:50:00+09:00", "2026-05-10T00:00:00+09:00", seoul, Korean("time.minutes", "Count", 10), true},
		{"2026-05-09T23:00:00+09:00", "2026-05-10T00:00:00+09:00", seoul, Korean("time.yesterday", "Clock", "23:00"), false},
		{"2026-05-09T00:00:00+09:00", "2026-05-10T23:59:59+09:00", seoul, Korean("time.yesterday", "Clock", "00:00"), false},
		{"2026-05-08T23:59:59+09:00", "2026-05-10T00:00:00+09:00", seoul, Korean("time.day", "Month", 5, "Day", 8), false},
		// Around the end of a month, of February, of a year.
		{"2026-04-30T10:00:00+09:00", "2026-05-01T10:00:00+09:00", seoul, Korean("time.yesterday", "Clock", "10:00"), false},
		{"2028-02-29T10:00:00+09:00", "2028-03-01T11:00:00+09:00", seoul, Korean("time.yesterday", "Clock", "10:00"), false},
		{"2025-12-31T23:30:00+09:00", "2026-01-01T00:00:00+09:00", seoul, Korean("time.minutes", "Count", 30), true},
		{"2025-12-31T10:00:00+09:00", "2026-01-01T10:00:00+09:00", seoul, Korean("time.yesterday", "Clock", "10:00"), false},
		{"2025-12-30T10:00:00+09:00", "2026-01-01T10:00:00+09:00", seoul, Korean("time.year", "Year", 2025, "Month", 12, "Day", 30), false},
		{"2026-01-01T00:00:00+09:00", "2026-12-31T23:00:00+09:00", seoul, Korean("time.day", "Month", 1, "Day", 1), false},
		// The same two moments in a different zone, and given in UTC.
		{"2026-05-09T14:00:00Z", "2026-05-09T15:00:00Z", seoul, Korean("time.yesterday", "Clock", "23:00"), false},
		{"2026-05-09T14:00:00Z", "2026-05-09T15:00:00Z", newYork, Korean("time.hours", "Count", 1), true},
		{"2025-12-31T16:00:00Z", "2026-01-03T00:00:00Z", seoul, Korean("time.day", "Month", 1, "Day", 1), false},
		{"2025-12-31T16:00:00Z", "2026-01-03T12:00:00Z", newYork, Korean("time.year", "Year", 2025, "Month", 12, "Day", 31), false},
	} {
		v := (&Locale{Texts: korean(), zone: c.zone}).Time(at(c.moment), at(c.now))
		if v.Text != c.want || v.Ago != c.ago {
			t.Errorf("%s at %s in %s: %q (kept up to date: %t), want %q (%t)", c.moment, c.now, c.zone, v.Text, v.Ago, c.want, c.ago)
		}
		if got, err := time.Parse(time.RFC3339, v.ISO); err != nil || !got.Equal(at(c.moment)) {
			t.Errorf("%s is written as %s", c.moment, v.ISO)
		}
	}
	full := (&Locale{Texts: korean(), zone: seoul}).Time(at("2026-05-09T14:05:00Z"), at("2026-06-01T00:00:00Z")).Full
	if want := Korean("time.full", "Year", 2026, "Month", 5, "Day", 9, "Clock", "23:05"); full != want {
		t.Errorf("in full: %q, want %q", full, want)
	}
}
