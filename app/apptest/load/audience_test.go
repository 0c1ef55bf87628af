//go:build unix

package load

import (
	"errors"
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
			if name == "lost" {
				a.patience = 300 * time.Millisecond // waits in vain
			}
			_, err = a.Run(100, 16, func(n int64) []byte { return fmt.Appendf(nil, `{"client_id":"%d"}`, n) })
			more := a.sent // and the messages that come twice
			if name == "doubled" {
				more++
			}
			if err == nil {
				err = errors.Join(a.wait(more), a.Err())
			}
			if (err != nil) != c.wrong {
				t.Error(err)
			}
		})
	}
}
