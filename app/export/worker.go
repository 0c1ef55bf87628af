// Package export makes everything of a user a file to take along: a zip of plain pages that
// open without a network, with the same as JSON beside them, and pictures.
package export

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"xxsns/app/chat"
	"xxsns/app/media"
	"xxsns/app/outbox"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

const (
	// lease is how long a worker that has died keeps others from making the same export.
	lease = time.Minute

	// renewEvery is how often a worker renews the lease while an export is being made.
	renewEvery = lease / 4

	// firstRest is how long an export rests after the first failure, and then twice as long
	// each time.
	firstRest = time.Minute
)

// A Worker makes the exports that were asked for. Any number of replicas may have a Worker on
// one database and one Folder. All fields but the Bell are required.
type Worker struct {
	outbox.Bell

	Store     *store.Store
	Rooms     *chat.Chat
	Images    *media.Folder
	Templates *view.Templates
	Folder    Folder
	Log       *slog.Logger
	Now       func() time.Time
}

// NewName returns the name of a new export.
func NewName() string { return rand.Text() }

// Run makes all exports that are due, and deletes files that may be fetched no longer. An error
// means that the database failed; what is left is done by a later Run. Only one Run of a worker
// may go on at a time.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.Store.ForgetExports(ctx, w.Now().Add(-sns.ExportKept)); err != nil {
		return err
	}
	if err := w.Folder.sweep(ctx, w.Store.ExportsNamed); err != nil {
		return err
	}
	for {
		token := rand.Text()
		e, err := w.Store.ClaimExport(ctx, token, lease, w.Now())
		if errors.Is(err, sns.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := w.make(ctx, e, token); err != nil {
			return err
		}
	}
}

// make makes a claimed export, or records the failure. The error is of the database or of ctx.
func (w *Worker) make(ctx context.Context, e sns.Export, token string) error {
	size, err := w.write(ctx, e, token)
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // another replica, or this one after a restart, begins anew
	case err == nil:
		err = w.Store.FinishExport(ctx, e.User, token, size, w.Now())
	case !errors.Is(err, sns.ErrNotFound):
		w.Log.WarnContext(ctx, "export not made", "user", e.User, "attempts", e.Attempts+1, "error", err)
		var due time.Time // zero: given up
		if e.Attempts+1 < sns.ExportAttempts {
			due = w.Now().Add(firstRest << e.Attempts)
		}
		err = w.Store.FailExport(ctx, e.User, token, due)
	}
	if errors.Is(err, sns.ErrNotFound) { // the account is gone, or another replica has taken over
		return nil
	}
	return err
}
