package request

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"xxsns/app/network"
)

// A Limit bounds how often a user or an address may act: Burst times at once, and
// then once more after each Every.
type Limit struct {
	Name  string
	Every time.Duration
	Burst int
}

// The limits are wide enough for people, even for a whole class behind one address,
// and too narrow for programs. Who signs in from a known device or network has the limit
// of that alone, which no stranger can use up. Strangers have the other limits of signing
// in, and Turns.
var (
	LimitSignInDevice  = Limit{"sign-in device", 20 * time.Second, 10}
	LimitSignInNetwork = Limit{"sign-in network", 20 * time.Second, 10}
	LimitSignInAddress = Limit{"sign-in address", time.Second, 60}
	LimitSignInBoth    = Limit{"sign-in name and address", 20 * time.Second, 10}
	LimitSignInLong    = Limit{"sign-in name and address, long", 10 * time.Minute, 30}
	LimitSignUp        = Limit{"sign-up", 10 * time.Second, 60}
	LimitNameCheck     = Limit{"name check", 500 * time.Millisecond, 120}
	LimitReset         = Limit{"reset", 10 * time.Second, 30}
	LimitForgot        = Limit{"forgot", 30 * time.Second, 20}
	LimitForgotName    = Limit{"forgot name", 20 * time.Minute, 3}
	LimitConfirm       = Limit{"confirm", 10 * time.Minute, 5}
	LimitPassword      = Limit{"password", 30 * time.Second, 10}
	LimitPost          = Limit{"post", 5 * time.Second, 30}
	LimitUpload        = Limit{"upload", 2 * time.Second, 60}
	LimitUploadMB      = Limit{"upload megabytes", 24 * time.Hour / 500, 500}
	LimitComment       = Limit{"comment", 2 * time.Second, 60}
	LimitLike          = Limit{"like", 200 * time.Millisecond, 150}
	LimitFollow        = Limit{"follow", time.Second, 60}
	LimitBlock         = Limit{"block", 2 * time.Second, 30}
	LimitEdit          = Limit{"edit", 2 * time.Second, 60}
	LimitRoom          = Limit{"room", 20 * time.Second, 20}
	LimitEnter         = Limit{"enter", time.Second, 60}
	LimitMessage       = Limit{"message", 500 * time.Millisecond, 30}
	LimitReport        = Limit{"report", 3 * time.Minute, 20}
	LimitTakedown      = Limit{"takedown", 10 * time.Minute, 10}
	LimitTakedownTo    = Limit{"takedown contact", time.Hour, 3}
	LimitRead          = Limit{"read", 200 * time.Millisecond, 150}
	LimitSearch        = Limit{"search", 500 * time.Millisecond, 120}
	LimitSuggest       = Limit{"suggest", 200 * time.Millisecond, 150}
	LimitTranscript    = Limit{"transcript", 2 * time.Second, 60}
	LimitStream        = Limit{"stream", time.Second, 120}
	LimitPush          = Limit{"push", 2 * time.Second, 60}
	LimitPushTest      = Limit{"push test", 10 * time.Second, 10}
)

// The limits of reading slow a program that copies the community, and no person: LimitPage
// lets forty tabs be restored at once, twenty times over, and then four pages a second be
// turned. LimitLatest is for what open pages ask for by themselves (AsksLatest), so that
// many tabs in a lively hour take nothing from the next page. LimitGuest is for everybody
// at one address who is not signed in. Files, images and what is sent do not count.
//
// A replica counts what it is asked itself: asking Redis for each page would cost more than
// many pages do. nginx leads an address to one replica, so that a person's pages are
// counted in one place; at most they are counted once for each replica.
var (
	LimitPage   = Limit{"page", 250 * time.Millisecond, 1000}
	LimitLatest = Limit{"latest", 50 * time.Millisecond, 2000}
	LimitGuest  = Limit{"guest", 100 * time.Millisecond, 1000}
)

// AsksLatest are the routes that an open page asks by itself: its streams, its style, and
// the news and counts.
var AsksLatest = map[string]bool{
	"/live": true, "/me.css": true, "/rooms/:id/socket": true,
	"/posts/counts": true, "/notifications/unread": true, "/posts/new": true, "/posts/:id/comments/latest": true,
}

// bytesOfMessage is how many bytes of a message count as one act of LimitMessage: 170
// syllables of Hangul. So a person says about 60 kB a minute, however long the messages
// are, and one count holds both limits: each would cost a round trip.
const bytesOfMessage = 512

// MessageActs returns how many acts of LimitMessage saying a text is. A text longer than
// a message may be is refused later, and counts as much as the longest.
func MessageActs(text string) int {
	return min(max(1, (len(text)+bytesOfMessage-1)/bytesOfMessage), LimitMessage.Burst)
}

// A SharedLimit counts n acts of a key for all replicas and returns 0, or returns the
// time to wait and counts nothing. After an error each replica relies on its own
// count.
type SharedLimit func(ctx context.Context, key string, n, burst int, every time.Duration) (wait time.Duration, err error)

// A Limiter counts acts: in this process, and with a SharedLimit for all replicas. A
// Limiter is safe for concurrent use.
type Limiter struct {
	on     bool
	now    func() time.Time
	shared SharedLimit // nil with a single replica

	mu     sync.Mutex // guards the fields below
	counts map[string]*count
	swept  time.Time
}

// A count is the count of one limit and key in this process.
type count struct {
	*rate.Limiter
	full time.Time // when the whole burst is free again, and the count may be forgotten
}

// longestKey bounds the bytes that are kept of a key: clients send names of any
// length.
const longestKey = 300

// sweepEvery is how often counts with a whole burst are forgotten.
const sweepEvery = time.Minute

// NewLimiter returns a Limiter, which counts nothing if on is false. With a single
// replica shared is nil.
func NewLimiter(on bool, now func() time.Time, shared SharedLimit) *Limiter {
	return &Limiter{on: on, now: now, shared: shared, counts: make(map[string]*count), swept: now()}
}

// Take counts one act of a key, or returns a SlowDownError and counts nothing.
func (l *Limiter) Take(ctx context.Context, limit Limit, key string) error {
	return l.TakeN(ctx, limit, key, 1)
}

// TakeN is Take for n acts at once, at most limit.Burst.
func (l *Limiter) TakeN(ctx context.Context, limit Limit, key string, n int) error {
	if !l.on {
		return nil
	}
	if err := l.takeHere(limit, key, n); err != nil || l.shared == nil {
		return err
	}
	wait, err := l.shared(ctx, limit.key(key), n, limit.Burst, limit.Every)
	if err == nil && wait > 0 {
		return SlowDownError{Wait: wait}
	}
	return nil
}

// key returns the key of a count.
func (l Limit) key(key string) string { return l.Name + "\x00" + key[:min(len(key), longestKey)] }

// takeHere is TakeN in this process alone. An act beyond the limit of one process is
// beyond the limit of all: the shared count is not asked.
func (l *Limiter) takeHere(limit Limit, key string, n int) error {
	key = limit.key(key)
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweepLocked(now)
	c := l.counts[key]
	if c == nil {
		c = &count{Limiter: rate.NewLimiter(rate.Every(limit.Every), limit.Burst)}
		l.counts[key] = c
	}
	reservation := c.ReserveN(now, n)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return SlowDownError{Wait: wait}
	}
	c.full = now.Add(time.Duration(limit.Burst) * limit.Every)
	return nil
}

// sweepLocked forgets counts with a whole burst. The caller must hold mu.
func (l *Limiter) sweepLocked(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for key, c := range l.counts {
		if now.After(c.full) {
			delete(l.counts, key)
		}
	}
}

// limitReading counts a request that changes nothing, of the viewer or of the guests of a
// network, or returns a SlowDownError.
func limitReading(r *Request) error {
	switch {
	case !r.Limits.on || !r.reads():
		return nil
	case r.Viewer == nil:
		return r.Limits.takeHere(LimitGuest, r.Network(), 1)
	case AsksLatest[r.FullPath()]:
		return r.Limits.takeHere(LimitLatest, r.Viewer.LimitKey, 1)
	}
	return r.Limits.takeHere(LimitPage, r.Viewer.LimitKey, 1)
}

// Limit counts one act of the viewer, or without a viewer of the network.
func (r *Request) Limit(limit Limit) error { return Take(r, limit, r.limitKey()) }

func (r *Request) limitKey() string {
	if r.Viewer == nil {
		return r.Network()
	}
	return r.Viewer.LimitKey
}

// LimitAddress counts one act of the address that the request comes from.
func (r *Request) LimitAddress(limit Limit) error { return Take(r, limit, r.Network()) }

// Take is Limiter.Take for an act of a request. A refused act is a security event.
func Take(r *Request, limit Limit, key string) error {
	return refusedBy(r, limit.Name, 0, r.Limits.Take(r.Ctx(), limit, key))
}

// refusedBy counts a SlowDownError of a limit as a security event, and returns err. user
// is the account that the act is about, or 0: the viewer.
func refusedBy(r *Request, limit string, user int64, err error) error {
	if _, slow := errors.AsType[SlowDownError](err); slow {
		if user == 0 && r.Viewer != nil {
			user = r.Viewer.ID
		}
		r.Refusals.Count(r.Ctx(), limit, user, logNetwork(addressOf(r.Context)))
	}
	return err
}

// Network returns the network that the request comes from (see network.Of), as the key of
// a limit.
func (r *Request) Network() string { return NetworkOf(r.Context).String() }

// NetworkOf returns the network that a request comes from. The word of a trusted proxy is
// believed.
func NetworkOf(c *gin.Context) netip.Prefix { return network.Of(addressOf(c)) }

// addressOf returns the address of the client.
func addressOf(c *gin.Context) netip.Addr {
	ip, _ := netip.ParseAddr(c.ClientIP()) // gin has parsed the address already
	return ip
}
