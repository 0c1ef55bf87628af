//go:build unix

package load

import (
	"fmt"
	"testing"
	"time"
)

// TestAudienceWaitsForEverybody checks too that Err reports lost and doubled
// messages.
func TestAudienceWaitsForEverybody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		times func(seq int) int
		wrong bool
	}{
		"well":    {func(int) int { return 1 }, false},
		"lost":    {func(seq int) int { return min(seq%50, 1) }, true},
		"doubled": {func(seq int) int { return 1 + max(0, 1-seq%100) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &parlour{times: c.times}
			a, err := OpenAudience(p.seats(t, 60), '^')
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			a.patience = 300 * time.Millisecond
			_, err = a.Run(100, 16, func(n int64) []byte { return fmt.Appendf(nil, `{"client_id":"%d"}`, n) })
			if err == nil {
				time.Sleep(50 * time.Millisecond) // for messages that come twice
				err = a.Err()
			}
			if (err != nil) != c.wrong {
				t.Error(err)
			}
		})
	}
}
