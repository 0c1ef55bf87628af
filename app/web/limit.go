package web

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A limit is how often somebody may do something: burst at once, and then one
// more each every.
type limit struct {
	name  string
	every time.Duration
	burst int
}

// The limits are wide for people, a whole class behind one address included,
// and narrow for programs.
var (
	limitSignInAddress = limit{"sign-in address", time.Second, 60}
	limitSignInName    = limit{"sign-in name", 5 * time.Second, 100} // from everywhere: nobody is locked out by another
	limitSignInBoth    = limit{"sign-in name and address", 20 * time.Second, 10}
	limitSignUp        = limit{"sign-up", 10 * time.Second, 60}
	limitNameCheck     = limit{"name check", 500 * time.Millisecond, 120}
	limitPassword      = limit{"password", 30 * time.Second, 10}
	limitPost          = limit{"post", 5 * time.Second, 30}
	limitUpload        = limit{"upload", 2 * time.Second, 60}
	limitComment       = limit{"comment", 2 * time.Second, 60}
	limitLike          = limit{"like", 200 * time.Millisecond, 150}
	limitFollow        = limit{"follow", time.Second, 60}
	limitEdit          = limit{"edit", 2 * time.Second, 60}
	limitRoom          = limit{"room", 20 * time.Second, 20}
	limitEnter         = limit{"enter", time.Second, 60}
	limitMessage       = limit{"message", 500 * time.Millisecond, 30}
	limitRead          = limit{"read", 200 * time.Millisecond, 150}
	limitTranscript    = limit{"transcript", 2 * time.Second, 60} // reads a whole room
	limitStream        = limit{"stream", time.Second, 120}
)

// A SharedLimit counts for all replicas: of what the key names, burst may be done
// at once, and then one more each every. It counts once and returns zero, or
// returns how long to wait and has not counted. After an error it is left to
// each replica.
type SharedLimit func(ctx context.Context, key string, burst int, every time.Duration) (wait time.Duration, err error)

// A limiter counts who did what how often: in this process, which is all there
// is to ask while nothing else answers, and for all replicas.
type limiter struct {
	on     bool
	now    func() time.Time
	shared SharedLimit // nil: there is one replica

	mu    sync.Mutex // guards what follows
	known map[string]*counted
	swept time.Time
}

type counted struct {
	*rate.Limiter
	full time.Time // when it is as good as new and may be forgotten
}

// longestKey bounds what is remembered of a name that somebody sends, in bytes.
const longestKey = 300

// sweepEvery is how often the limiter forgets those who are as good as new.
const sweepEvery = time.Minute

func newLimiter(on bool, now func() time.Time, shared SharedLimit) *limiter {
	return &limiter{on: on, now: now, shared: shared, known: make(map[string]*counted), swept: now()}
}

// take counts once for whom; it returns errSlowDown when that is too much.
func (l *limiter) take(ctx context.Context, which limit, whom string) error {
	if !l.on {
		return nil
	}
	key := which.name + "\x00" + whom[:min(len(whom), longestKey)]
	if err := l.takeHere(which, key); err != nil || l.shared == nil {
		return err
	}
	wait, err := l.shared(ctx, key, which.burst, which.every)
	if err == nil && wait > 0 {
		return errSlowDown{wait}
	}
	return nil
}

// takeHere counts in this process. What is too much here alone is too much
// anyhow; it is not counted.
func (l *limiter) takeHere(which limit, key string) error {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	c := l.known[key]
	if c == nil {
		c = &counted{Limiter: rate.NewLimiter(rate.Every(which.every), which.burst)}
		l.known[key] = c
	}
	reservation := c.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return errSlowDown{wait}
	}
	c.full = now.Add(time.Duration(which.burst) * which.every)
	return nil
}

func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for key, c := range l.known {
		if now.After(c.full) {
			delete(l.known, key)
		}
	}
}

// limit counts once for the viewer.
func (r *request) limit(which limit) error {
	return r.Limits.take(r.ctx(), which, itoa(r.viewer.ID))
}

// network is who asks as the limits see it: an IPv4 address, or the IPv6 network
// that one subscriber has.
func (r *request) network() string {
	ip, err := netip.ParseAddr(r.ClientIP())
	if err != nil || !ip.Unmap().Is6() {
		return r.ClientIP()
	}
	prefix, _ := ip.Prefix(64) // fits every IPv6 address
	return prefix.String()
}

// limitAddress counts once for the address that asks.
func (r *request) limitAddress(which limit) error {
	return r.Limits.take(r.ctx(), which, r.network())
}
