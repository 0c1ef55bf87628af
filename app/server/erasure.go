package server

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

const (
	// eraseEvery is how often erasures are looked for that another replica was asked for, or
	// has given up.
	eraseEvery = 5 * time.Second

	// eraseLease is how long a replica that has died keeps others from going on.
	eraseLease = 15 * time.Second

	// eraseRest is how long an erasure rests that has failed, as while a room is being saved,
	// and then twice as long each time, up to eraseRestMost.
	eraseRest     = 2 * time.Second
	eraseRestMost = time.Hour

	// erasedAtOnce is how many things are looked for together.
	erasedAtOnce = 100
)

// eraseAccounts deletes everything of the accounts that asked for that.
func (s *Server) eraseAccounts(ctx context.Context) {
	for ctx.Err() == nil {
		token := rand.Text()
		claimed, err := s.store.ClaimErasure(ctx, token, eraseLease, time.Now())
		if errors.Is(err, sns.ErrNotFound) {
			return
		}
		if err == nil {
			err = s.eraseAccount(ctx, claimed, token)
		}
		if err != nil {
			if ctx.Err() == nil {
				s.log.Warn("a deleted account is not erased yet", "user", claimed.User, "attempts", claimed.Attempts+1, "error", err)
			}
			return
		}
	}
}

// eraseAccount works on a claimed erasure, and lets it rest after an error.
func (s *Server) eraseAccount(ctx context.Context, claimed store.Erasure, token string) error {
	e := erasing{Server: s, user: claimed.User, token: token, renewed: time.Now()}
	err := e.all(ctx)
	if err == nil {
		err = s.store.FinishErasure(ctx, e.user, token)
	}
	if err == nil {
		s.log.Info("everything of a deleted account is erased", "user", e.user)
		return nil
	}
	rest := min(eraseRest<<min(claimed.Attempts, 12), eraseRestMost)
	return errors.Join(err, s.store.FailErasure(context.WithoutCancel(ctx), e.user, token, time.Now().Add(rest)))
}

// An erasing deletes everything of an account, which was deleted before. Each step may be
// repeated, and what is deleted goes in many small transactions, so that others wait for none.
type erasing struct {
	*Server
	user    int64
	token   string
	renewed time.Time
}

// all deletes everything, the newest first, and then what the database keeps of it. A decision may
// show a hidden post or comment again before rest deletes it: the second look finds that.
func (e *erasing) all(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		e.posts, e.comments, e.likes, e.messages, e.rest, e.posts, e.comments, e.likes, e.searches, e.store.Scrub,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// hold renews the lease when it is time.
func (e *erasing) hold(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if time.Since(e.renewed) < eraseLease/4 {
		return nil
	}
	e.renewed = time.Now()
	return e.store.RenewErasure(ctx, e.user, e.token, eraseLease)
}

// each calls do with everything that next returns, until next returns nothing. What was done is
// returned no more. sns.ErrNotFound of do means that somebody else was faster.
func each[T any](ctx context.Context, e *erasing, next func() ([]T, error), do func(T) error) error {
	for {
		all, err := next()
		if err != nil || len(all) == 0 {
			return err
		}
		for _, one := range all {
			if err := do(one); err != nil && !errors.Is(err, sns.ErrNotFound) {
				return err
			}
			if err := e.hold(ctx); err != nil {
				return err
			}
		}
	}
}

func (e *erasing) posts(ctx context.Context) error {
	return each(ctx, e, func() ([]sns.Post, error) {
		return e.store.Timeline(ctx, sns.Timeline{Author: e.user, Limit: erasedAtOnce})
	}, func(post sns.Post) error {
		images, err := e.store.DeletePost(ctx, post.ID, e.user)
		if err != nil {
			return err
		}
		live.Tell(ctx, e.bus, e.hub, e.log, view.GoneEvent(post.ID))
		return e.images.Delete(images...)
	})
}

func (e *erasing) comments(ctx context.Context) error {
	return each(ctx, e, func() ([]store.WrittenComment, error) {
		return e.store.CommentsBy(ctx, e.user, 0, erasedAtOnce)
	}, func(c store.WrittenComment) error {
		counts, err := e.store.DeleteComment(ctx, c.ID, e.user)
		if err == nil {
			live.Tell(ctx, e.bus, e.hub, e.log, view.CommentGoneEvent(c.PostID, c.ID))
			e.gatherer.Add(view.CountsEvent(counts))
		}
		return err
	})
}

func (e *erasing) likes(ctx context.Context) error {
	return each(ctx, e, func() ([]store.GivenLike, error) {
		return e.store.LikesBy(ctx, e.user, 0, erasedAtOnce)
	}, func(l store.GivenLike) error {
		counts, _, err := e.store.SetLike(ctx, l.Post, e.user, false, time.Now())
		if err == nil {
			e.gatherer.Add(view.CountsEvent(counts))
		}
		return err
	})
}

func (e *erasing) messages(ctx context.Context) error {
	return e.rooms.EraseAll(ctx, e.user, func() error { return e.hold(ctx) })
}

func (e *erasing) rest(ctx context.Context) error { return e.store.EraseRest(ctx, e.user) }

// searches waits until the index of searches has forgotten what was deleted.
func (e *erasing) searches(ctx context.Context) error {
	for {
		n, err := e.store.IndexSearch(ctx, indexAtOnce)
		if err != nil || n == 0 {
			return err
		}
		if err := e.hold(ctx); err != nil {
			return err
		}
	}
}
