package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"xxsns/app/outbox"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Bounds of a worker.
const (
	lease     = 2 * time.Minute // of a mail in the queue, more than sendTime
	atOnce    = 4               // mails that a replica sends at the same time
	perSecond = 20              // mails of a replica
	firstRest = time.Minute
	mostRest  = 6 * time.Hour
)

// The fates of mails, for metrics.
const (
	Sent    = "sent"     // taken by the server
	Refused = "refused"  // by the server, for good
	Failed  = "failed"   // tried again later
	GivenUp = "given up" // after too many failures
	Idle    = "idle"     // nothing is left to be told
	Quiet   = "quiet"    // put off
	Old     = "old"      // not sent in time
)

// Fates are all of them.
var Fates = []string{Sent, Refused, Failed, GivenUp, Idle, Quiet, Old}

// A Composed mail is what Compose makes of an entry of the queue.
type Composed struct {
	Message
	Later time.Time                   // when to try once more, or zero: now
	Taken func(context.Context) error // called after the server has taken the mail; may be nil
}

// A Worker works off the queue of mails. Any number of replicas may have a Worker on one
// database. All fields but the Bell are required.
type Worker struct {
	outbox.Bell

	Store  *store.Store
	Sender *Sender

	// Compose returns the text of a mail as of now. sns.ErrNotFound if there is nothing to
	// tell, such as to nobody's address.
	Compose func(ctx context.Context, m sns.Mail, now time.Time) (Composed, error)

	Log *slog.Logger
	Now func() time.Time

	counts [7]atomic.Int64 // of Fates

	start sync.Once
	pace  *rate.Limiter
}

// Count returns how often a fate was met.
func (w *Worker) Count(fate string) int64 {
	for i, known := range Fates {
		if known == fate {
			return w.counts[i].Load()
		}
	}
	return 0
}

func (w *Worker) count(fate string) {
	for i, known := range Fates {
		if known == fate {
			w.counts[i].Add(1)
		}
	}
}

// Run sends everything that is due, and returns when nothing is. An error means that the
// database failed; what is left is sent by a later Run.
func (w *Worker) Run(ctx context.Context) error {
	w.start.Do(func() { w.pace = rate.NewLimiter(perSecond, perSecond) })
	var all sync.WaitGroup
	failed := make([]error, atOnce)
	for i := range atOnce {
		all.Go(func() { failed[i] = w.work(ctx) })
	}
	all.Wait()
	return errors.Join(failed...)
}

// work claims and sends mails until none is due.
func (w *Worker) work(ctx context.Context) error {
	for {
		if err := w.pace.Wait(ctx); err != nil {
			return nil //nolint:nilerr // the program stops
		}
		token := rand.Text()
		m, err := w.Store.ClaimMail(ctx, token, lease, w.Now())
		if errors.Is(err, sns.ErrNotFound) {
			return nil
		}
		if err == nil {
			err = w.finish(ctx, m, token)
		}
		if err != nil && !errors.Is(err, sns.ErrNotFound) { // else the lease has ended
			return err
		}
	}
}

// finish sends a claimed mail, or drops or postpones it.
func (w *Worker) finish(ctx context.Context, m sns.Mail, token string) error {
	ctx, done := outbox.Linger(ctx)
	defer done()
	if m.Old(w.Now()) {
		return w.drop(ctx, m, token, Old)
	}
	c, err := w.Compose(ctx, m, w.Now())
	switch {
	case errors.Is(err, sns.ErrNotFound):
		return w.drop(ctx, m, token, Idle)
	case err != nil:
		return err
	case c.Later.After(w.Now()):
		w.count(Quiet)
		return w.Store.PostponeMail(ctx, m.ID, token, false, c.Later)
	}
	err = w.Sender.Send(ctx, c.Message)
	if ctx.Err() != nil { // the program stops: another replica sends after the lease
		return nil
	}
	if err == nil && c.Taken != nil {
		if err := c.Taken(ctx); err != nil {
			return err
		}
	}
	return w.record(ctx, m, token, err)
}

// record records what became of a mail. The log names the user, and not the address.
func (w *Worker) record(ctx context.Context, m sns.Mail, token string, err error) error {
	switch {
	case err == nil:
		return w.drop(ctx, m, token, Sent)
	case errors.Is(err, ErrRefused):
		w.Log.WarnContext(ctx, "mail refused", "mail", m.ID, "kind", m.Kind, "user", m.User)
		return w.drop(ctx, m, token, Refused)
	case m.Attempts+1 >= sns.MailAttempts:
		w.Log.WarnContext(ctx, "mail given up", "mail", m.ID, "kind", m.Kind, "user", m.User, "error", err)
		return w.drop(ctx, m, token, GivenUp)
	}
	w.count(Failed)
	w.Log.WarnContext(ctx, "mail failed, and is tried again", "mail", m.ID, "kind", m.Kind, "user", m.User, "error", err)
	return w.Store.PostponeMail(ctx, m.ID, token, true, w.Now().Add(min(firstRest<<m.Attempts, mostRest)))
}

func (w *Worker) drop(ctx context.Context, m sns.Mail, token, fate string) error {
	w.count(fate)
	return w.Store.FinishMail(ctx, m.ID, token)
}
