package push

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"xxsns/app/outbox"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Bounds of a worker.
const (
	lease     = time.Minute // of an entry of the queue, more than sendTime
	atOnce    = 8           // pushes that a replica sends at the same time, at most one of each person
	perSecond = 100         // pushes of a replica
	batch     = 64          // entries that are looked at together
	firstRest = 30 * time.Second
	mostRest  = 6 * time.Hour
)

// A Worker works off the queue of pushes. Any number of replicas may have a Worker on one
// database. All fields but the Bell are required.
type Worker struct {
	outbox.Bell

	Store  *store.Store
	Sender *Sender

	// Notice returns a notice of a user as it is now. open is false if the notice was read or
	// is gone.
	Notice func(ctx context.Context, user, id int64) (n sns.Notice, open bool, err error)

	// Settings returns the choices of a user.
	Settings func(ctx context.Context, user int64) (sns.NoticeSettings, error)

	// Payload returns what the service worker of a browser shows of a notice, as JSON (see
	// view.Push), in the language of the device. The notice is the zero value for a try.
	Payload func(ctx context.Context, d sns.PushDevice, n sns.Notice) ([]byte, error)

	Zone *time.Location // of users who have chosen none
	Log  *slog.Logger
	Now  func() time.Time

	Stats Stats

	start sync.Once
	pace  *rate.Limiter
}

// attempt sends a claimed push, or drops or postpones it.
func (w *Worker) attempt(ctx context.Context, p sns.Push, token string) error {
	now := w.Now()
	n, fate, due, err := w.look(ctx, p, now)
	switch {
	case err != nil:
		return err
	case fate != "":
		w.Stats.count(fate)
		return w.Store.FinishPush(ctx, p, token, now)
	case due.After(now):
		w.Stats.count(Quiet)
		return w.Store.PostponePush(ctx, p, token, due)
	}
	body, err := w.Payload(ctx, p.Device, n)
	if err != nil {
		return err
	}
	wait, err := w.Store.TakePush(ctx, p.Device.ID)
	if err != nil {
		return err
	}
	if wait > 0 {
		w.Stats.count(Paced)
		return w.Store.PostponePush(ctx, p, token, now.Add(wait))
	}
	how := deliveryOf(p)
	got, err := w.Sender.send(ctx, p.Device, message{body: body, topic: w.Sender.topic(p.User, n), ttl: how.ttl, urgency: how.urgency})
	if ctx.Err() != nil { // the program stops: another replica sends after the lease
		return ctx.Err()
	}
	return w.record(ctx, p, token, got, err)
}

// look returns the notice of a push as it is now, and what becomes of the push: the fate if the
// push is to be dropped, or when the push is due.
func (w *Worker) look(ctx context.Context, p sns.Push, now time.Time) (n sns.Notice, fate string, due time.Time, err error) {
	if age := now.Sub(p.CreatedAt); age > deliveryOf(p).ttl+mostQuiet || p.Notice == 0 && age > tryDelivery.ttl {
		return n, Old, due, nil
	}
	if p.Notice == 0 {
		return n, "", due, nil
	}
	n, open, err := w.Notice(ctx, p.User, p.Notice)
	if errors.Is(err, sns.ErrNotFound) {
		open, err = false, nil
	}
	if err != nil {
		return n, "", due, err
	}
	if !open {
		return n, Read, due, nil
	}
	settings, err := w.Settings(ctx, p.User)
	if err != nil {
		return n, "", due, err
	}
	if !settings.Has(n.Kind, sns.ChannelInbox) || !settings.Has(n.Kind, sns.ChannelPush) {
		return n, Off, due, nil
	}
	return n, "", settings.Quiet.Until(now, w.Zone), nil
}

// mostQuiet is how much older than its time to live a push may become in quiet hours.
const mostQuiet = 24 * time.Hour

// record records the answer of a push service. err says why there is none.
func (w *Worker) record(ctx context.Context, p sns.Push, token string, got answer, err error) error {
	now := w.Now()
	switch status := got.status; {
	case status >= 200 && status < 300:
		w.Stats.count(Sent)
		return w.Store.AnsweredPush(ctx, p, token, status, now)
	case status == 404 || status == 410:
		w.Stats.count(Gone)
		w.Log.InfoContext(ctx, "push subscription is gone", "user", p.User, "device", p.Device.ID, "status", status)
		return w.Store.DropPushDevice(ctx, p.Device.ID)
	case status != 0 && status != 408 && status != 429 && status < 500, errors.Is(err, errPrivate):
		w.Stats.count(Refused)
		w.Log.WarnContext(ctx, "push refused", "user", p.User, "device", p.Device.ID, "status", status, "error", err)
		return w.Store.AnsweredPush(ctx, p, token, status, now)
	case p.Attempts+1 >= sns.PushAttempts:
		w.Stats.count(GivenUp)
		w.Log.WarnContext(ctx, "push given up", "user", p.User, "device", p.Device.ID, "status", status, "error", err)
		return w.Store.AnsweredPush(ctx, p, token, status, now)
	}
	w.Stats.count(Failed)
	w.Log.InfoContext(ctx, "push failed, and is tried again", "user", p.User, "device", p.Device.ID, "status", got.status, "error", err)
	return w.Store.FailPush(ctx, p, token, got.status, restAfter(p.Device.Failures, got.after), now)
}

// restAfter returns how long a device rests that has failed so often in a row before: as long as
// its push service asks, and longer with each failure.
func restAfter(failures int, asked time.Duration) time.Duration {
	rest := firstRest << min(failures, 10)
	return min(max(rest, asked), mostRest)
}
