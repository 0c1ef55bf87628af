package request

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"xxsns/app/view"
)

// A Limit is how often somebody may do something: burst at once, and then one
// more each every.
type Limit struct {
	Name  string
	Every time.Duration
	Burst int
}

// The limits are wide for people, a whole class behind one address included,
// and narrow for programs.
var (
	LimitSignInAddress = Limit{"sign-in address", time.Second, 60}
	LimitSignInName    = Limit{"sign-in name", 5 * time.Second, 100} // from everywhere: nobody is locked out by another
	LimitSignInBoth    = Limit{"sign-in name and address", 20 * time.Second, 10}
	LimitSignUp        = Limit{"sign-up", 10 * time.Second, 60}
	LimitNameCheck     = Limit{"name check", 500 * time.Millisecond, 120}
	LimitPassword      = Limit{"password", 30 * time.Second, 10}
	LimitPost          = Limit{"post", 5 * time.Second, 30}
	LimitUpload        = Limit{"upload", 2 * time.Second, 60}
	LimitComment       = Limit{"comment", 2 * time.Second, 60}
	LimitLike          = Limit{"like", 200 * time.Millisecond, 150}
	LimitFollow        = Limit{"follow", time.Second, 60}
	LimitEdit          = Limit{"edit", 2 * time.Second, 60}
	LimitRoom          = Limit{"room", 20 * time.Second, 20}
	LimitEnter         = Limit{"enter", time.Second, 60}
	LimitMessage       = Limit{"message", 500 * time.Millisecond, 30}
	LimitRead          = Limit{"read", 200 * time.Millisecond, 150}
	LimitTranscript    = Limit{"transcript", 2 * time.Second, 60} // reads a whole room
	LimitStream        = Limit{"stream", time.Second, 120}
)

// A SharedLimit counts for all replicas: of what the key names, burst may be done
// at once, and then one more each every. It counts once and returns zero, or
// returns how long to wait and has not counted. After an error it is left to
// each replica.
type SharedLimit func(ctx context.Context, key string, burst int, every time.Duration) (wait time.Duration, err error)

// A Limiter counts who did what how often: in this process, which is all there
// is to ask while nothing else answers, and for all replicas.
type Limiter struct {
	on     bool
	now    func() time.Time
	shared SharedLimit // nil: there is one replica

	mu    sync.Mutex // guards what follows
	known map[string]*counted
	swept time.Time
}

// Take counts once for whom; it returns SlowDownError when that is too much.
func (l *Limiter) Take(ctx context.Context, which Limit, whom string) error {
	if !l.on {
		return nil
	}
	key := which.Name + "\x00" + whom[:min(len(whom), longestKey)]
	if err := l.takeHere(which, key); err != nil || l.shared == nil {
		return err
	}
	wait, err := l.shared(ctx, key, which.Burst, which.Every)
	if err == nil && wait > 0 {
		return SlowDownError{wait}
	}
	return nil
}

// takeHere counts in this process. What is too much here alone is too much
// anyhow; it is not counted.
func (l *Limiter) takeHere(which Limit, key string) error {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	c := l.known[key]
	if c == nil {
		c = &counted{Limiter: rate.NewLimiter(rate.Every(which.Every), which.Burst)}
		l.known[key] = c
	}
	reservation := c.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return SlowDownError{wait}
	}
	c.full = now.Add(time.Duration(which.Burst) * which.Every)
	return nil
}

func (l *Limiter) sweep(now time.Time) {
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

type counted struct {
	*rate.Limiter
	full time.Time // when it is as good as new and may be forgotten
}

// longestKey bounds what is remembered of a name that somebody sends, in bytes.
const longestKey = 300

// sweepEvery is how often the limiter forgets those who are as good as new.
const sweepEvery = time.Minute

func NewLimiter(on bool, now func() time.Time, shared SharedLimit) *Limiter {
	return &Limiter{on: on, now: now, shared: shared, known: make(map[string]*counted), swept: now()}
}

// Limit counts once for the viewer.
func (r *Request) Limit(which Limit) error {
	return r.Limits.Take(r.Ctx(), which, view.Itoa(r.Viewer.ID))
}

// Network is who asks as the limits see it: an IPv4 address, or the IPv6 network
// that one subscriber has.
func (r *Request) Network() string {
	ip, err := netip.ParseAddr(r.ClientIP())
	if err != nil || !ip.Unmap().Is6() {
		return r.ClientIP()
	}
	prefix, _ := ip.Prefix(64) // fits every IPv6 address
	return prefix.String()
}

// LimitAddress counts once for the address that asks.
func (r *Request) LimitAddress(which Limit) error {
	return r.Limits.Take(r.Ctx(), which, r.Network())
}
