package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// Intervals of the workers, and the minimum age of orphaned files. An upload must
// never take that long: the files are saved before the rows.
const (
	checkEvery = 30 * time.Second
	sweepEvery = 3 * time.Second
	spillEvery = 2 * time.Second
	cleanEvery = time.Hour
	orphanAge  = 24 * time.Hour
)

// startWorkers starts the periodic work, which goes on until ctx ends.
func (s *Server) startWorkers(ctx context.Context) *sync.WaitGroup {
	var workers sync.WaitGroup
	workers.Go(func() { every(ctx, checkEvery, s.gap, s.check) })
	workers.Go(func() {
		s.sweep(ctx)
		every(ctx, sweepEvery, nil, s.sweep)
	})
	workers.Go(func() { every(ctx, spillEvery, nil, s.spillFull) })
	workers.Go(func() {
		s.clean(ctx)
		every(ctx, cleanEvery, nil, s.clean)
	})
	workers.Go(func() {
		s.sizeImages(ctx)
		every(ctx, cleanEvery, nil, s.sizeImages) // also those that a replica of an older version saved
	})
	workers.Go(func() {
		s.indexNewestAgain(ctx)
		s.indexSearch(ctx)
		every(ctx, indexEvery, nil, s.indexSearch)
	})
	workers.Go(func() {
		s.makeExports(ctx)
		every(ctx, exportEvery, s.exports.Woken(), s.makeExports)
	})
	workers.Go(func() {
		s.eraseAccounts(ctx)
		every(ctx, eraseEvery, s.erasures, s.eraseAccounts)
	})
	if s.pushes != nil {
		workers.Go(func() { every(ctx, pushEvery, s.pushes.Woken(), s.sendPushes) })
	}
	if s.mails != nil {
		workers.Go(func() { every(ctx, mailEvery, s.mails.Woken(), s.sendMails) })
	}
	return &workers
}

// every calls do at an interval, and at once when woken receives.
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

// check closes streams and sockets of people who lost the right to them, tells of mentions
// whose replica died before, and spills rooms whose replica died while spilling. The event for closing may have been lost, or
// never published: without Redis, a command that changes a password or role reaches no
// server.
func (s *Server) check(ctx context.Context) {
	s.refusals.Sweep(ctx)
	s.endSuspensions(ctx)
	s.checkSessions(ctx)
	if err := s.rooms.CheckMembership(ctx); err != nil {
		s.log.Warn("people in rooms not checked", "error", err)
	}
	if err := s.rooms.TellUntold(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("mentioned people not told yet", "error", err)
	}
	if err := s.rooms.Spills.Great(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("large rooms not spilled yet", "error", err)
	}
}

// spillFull saves messages of the greatest open rooms while Redis is nearly full. That
// Redis is away is told by others.
func (s *Server) spillFull(ctx context.Context) {
	roomy, err := s.rooms.Spills.Full(ctx)
	switch {
	case ctx.Err() != nil, errors.Is(err, sns.ErrUnavailable):
	case err != nil:
		s.log.Warn("messages of open rooms not spilled", "error", err)
	case !roomy:
		s.log.Warn("redis is nearly full, and not for the messages of open rooms alone: raise maxmemory")
	}
}

// endSuspensions marks the suspensions as ended whose time is over, and ends rooms that were left
// open by a replica that died while suspending their mentor.
func (s *Server) endSuspensions(ctx context.Context) {
	if _, err := s.store.EndSuspensions(ctx, time.Now()); err != nil && ctx.Err() == nil {
		s.log.Warn("ended suspensions not marked", "error", err)
	}
	if err := s.rooms.EndSuspended(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("rooms of suspended mentors not ended yet", "error", err)
	}
}

// sweep settles ended rooms whose settlement was given up, as by a replica that
// died.
func (s *Server) sweep(ctx context.Context) {
	if done, err := s.rooms.Sweep(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("ended rooms not settled yet", "error", err)
	} else if done > 0 {
		s.log.Info("ended rooms settled", "rooms", done)
	}
}

// checkSessions closes the streams and sockets of sessions that have ended, and the
// streams that the role of their user permits no longer.
func (s *Server) checkSessions(ctx context.Context) {
	if err := request.CheckSessions(ctx, s.store, s.hub, s.hub.Sessions(), time.Now()); err != nil {
		s.log.Warn("sessions of open streams not checked", "error", err)
	}
}

// forgetActs deletes old lines of the log of administration, old evidence of reports, ended links
// for new passwords, and applications that were decided long ago.
func (s *Server) forgetActs(ctx context.Context) {
	if _, err := s.store.ForgetActs(ctx, time.Now()); err != nil && ctx.Err() == nil {
		s.log.Warn("old acts not deleted", "error", err)
	}
	if _, err := s.store.ForgetEvidence(ctx, time.Now()); err != nil && ctx.Err() == nil {
		s.log.Warn("old evidence not deleted", "error", err)
	}
	if _, err := s.store.ForgetResets(ctx, time.Now()); err != nil && ctx.Err() == nil {
		s.log.Warn("ended links for passwords not deleted", "error", err)
	}
	if err := s.store.ForgetApplications(ctx, time.Now().Add(-sns.ApplicationLife)); err != nil && ctx.Err() == nil {
		s.log.Warn("decided applications not deleted", "error", err)
	}
}

// clean deletes expired sessions, networks and notices, and image files that no post and no profile
// shows, such as those of a process that died between file and row.
func (s *Server) clean(ctx context.Context) {
	if n, err := s.store.DeleteExpiredSessions(ctx, time.Now()); err != nil {
		s.log.Warn("expired sessions not deleted", "error", err)
	} else if n > 0 {
		s.log.Info("expired sessions deleted", "sessions", n)
	}
	if _, err := s.store.ForgetNetworks(ctx, time.Now()); err != nil {
		s.log.Warn("unused networks not forgotten", "error", err)
	}
	s.forgetActs(ctx)
	if _, err := s.store.ForgetNotices(ctx, time.Now().Add(-sns.NoticesKept)); err != nil {
		s.log.Warn("old notices not deleted", "error", err)
	} else if err := s.store.ForgetDecisions(ctx, time.Now().Add(-sns.NoticesKept)); err != nil {
		s.log.Warn("old decisions not deleted", "error", err)
	}
	if _, err := s.store.ForgetPushDevices(ctx, time.Now()); err != nil && ctx.Err() == nil {
		s.log.Warn("ended push subscriptions not forgotten", "error", err)
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
