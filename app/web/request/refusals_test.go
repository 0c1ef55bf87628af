package request

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A limit that the same subject goes on hitting is a line at once, and then one a minute,
// and no refused act is missing from the counts.
func TestRefusalsAreGathered(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	r := NewRefusals(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	lines := func() []string {
		found := regexp.MustCompile(`kind=limit_hit (.*)`).FindAllStringSubmatch(log.String(), -1)
		log.Reset()
		all := []string{}
		for _, m := range found {
			all = append(all, m[1])
		}
		slices.Sort(all)
		return all
	}
	want := func(what string, want ...string) {
		t.Helper()
		if got := lines(); !slices.Equal(got, append([]string{}, want...)) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	for range 60 { // a minute
		r.Count(t.Context(), "like", 7, "192.0.2.0/24")
		now = now.Add(time.Second)
	}
	want("the first", "user=7 network=192.0.2.0/24 limit=like count=1")
	r.Count(t.Context(), "like", 7, "192.0.2.0/24")
	r.Count(t.Context(), "like", 8, "192.0.2.0/24")
	r.Count(t.Context(), "post", 7, "")
	want("a minute later", "user=7 limit=post count=1", "user=7 network=192.0.2.0/24 limit=like count=59", "user=8 network=192.0.2.0/24 limit=like count=1")
	r.Count(t.Context(), "like", 7, "192.0.2.0/24")
	now = now.Add(2 * time.Minute)
	want("meanwhile")
	r.Sweep(t.Context())
	want("nobody comes back", "user=7 network=192.0.2.0/24 limit=like count=2") // with the one after the minute
	now = now.Add(2 * time.Minute)
	r.Sweep(t.Context())
	if want("nothing is left"); len(r.known) != 0 {
		t.Errorf("%d subjects are kept", len(r.known))
	}

	for n := range mostRefusals + 500 {
		r.Count(t.Context(), "sign-in address", 0, fmt.Sprint("network", n))
	}
	if n := strings.Count(log.String(), "\n"); len(r.known) > mostRefusals+1 || n > mostRefusals+1 {
		t.Errorf("%d subjects are kept, %d lines written", len(r.known), n)
	}
}

func TestTheLogHasNetworksAndNoAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2:3:4:5:6": "2001:db8:1::/48",
		"fe80::1%eth0": "fe80::/48", "": "unknown",
	} {
		ip, _ := netip.ParseAddr(address) // "" is no address
		if got := logNetwork(ip); got != want {
			t.Errorf("%q is logged as %q, want %q", address, got, want)
		}
	}
}
