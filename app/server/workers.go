package server

import (
	"context"
	"sync"
	"time"

	"xxsns/app/live"
)

// How often the workers look, and how old a file that nothing refers to must
// be: older than any upload takes.
const (
	checkEvery = 30 * time.Second
	sweepEvery = 3 * time.Second
	cleanEvery = time.Hour
	orphanAge  = 24 * time.Hour
)

// startWorkers runs what is done without being asked, until ctx ends.
func (s *Server) startWorkers(ctx context.Context) *sync.WaitGroup {
	var workers sync.WaitGroup
	workers.Go(func() { every(ctx, checkEvery, s.gap, s.check) })
	workers.Go(func() {
		s.sweep(ctx)
		every(ctx, sweepEvery, nil, s.sweep)
	})
	workers.Go(func() {
		s.clean(ctx)
		every(ctx, cleanEvery, nil, s.clean)
	})
	return &workers
}

// every does something again and again, and at once when it is woken.
func every(ctx context.Context, interval time.Duration, woken <-chan struct{}, do func(context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-woken:
		}
		do(ctx)
	}
}

// check closes the streams and sockets of who may not have them any more: the
// event that should have closed them may be lost, or was never told, as when a
// command changed a password.
func (s *Server) check(ctx context.Context) {
	s.checkSessions(ctx)
	if err := s.rooms.CheckMembership(ctx); err != nil {
		s.log.Warn("people in rooms not checked", "error", err)
	}
}

// sweep settles the ended rooms that nobody settles: whoever began may be dead.
func (s *Server) sweep(ctx context.Context) {
	if done, err := s.rooms.Sweep(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("ended rooms not settled yet", "error", err)
	} else if done > 0 {
		s.log.Info("ended rooms settled", "rooms", done)
	}
}

// checkSessions closes the streams and sockets of sessions that have ended.
func (s *Server) checkSessions(ctx context.Context) {
	open := s.hub.Sessions()
	alive, err := s.store.LiveSessions(ctx, open, time.Now())
	if err != nil {
		s.log.Warn("sessions of open streams not checked", "error", err)
		return
	}
	for _, session := range open {
		if !alive[session] {
			s.hub.Deliver(live.Event{Topic: live.SessionTopic(session), Kind: live.KindDisconnect})
		}
	}
}

// clean deletes what time or a dead process has left: expired sessions, and
// image files that no post and no profile shows.
func (s *Server) clean(ctx context.Context) {
	if n, err := s.store.DeleteExpiredSessions(ctx, time.Now()); err != nil {
		s.log.Warn("expired sessions not deleted", "error", err)
	} else if n > 0 {
		s.log.Info("expired sessions deleted", "sessions", n)
	}
	if err := s.bindUploads(ctx); err != nil {
		s.log.Warn("uploads not swept", "error", err)
		return
	}
	if n, err := s.images.Sweep(ctx, time.Now().Add(-orphanAge), s.store.ImagesInUse); err != nil {
		s.log.Warn("uploads not swept", "error", err)
	} else if n > 0 {
		s.log.Info("orphaned uploads deleted", "files", n)
	}
}
