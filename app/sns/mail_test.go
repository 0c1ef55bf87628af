package sns_test

import (
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestDigestsComeOnMonday(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	monday := time.Date(2026, 3, 2, 8, 0, 0, 0, seoul)
	for now, want := range map[time.Time]time.Time{
		monday.Add(-time.Second):    monday,
		monday:                      monday.AddDate(0, 0, 7),
		monday.AddDate(0, 0, 2):     monday.AddDate(0, 0, 7),
		monday.AddDate(0, 0, 6):     monday.AddDate(0, 0, 7),
		monday.Add(-24 * time.Hour): monday,
	} {
		if got := sns.NextDigest(now, seoul); !got.Equal(want) {
			t.Errorf("after %v: %v, want %v", now, got, want)
		}
	}
}
