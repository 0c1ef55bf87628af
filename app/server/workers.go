package server

import (
	"cmp"
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
	otherEvery = time.Second / 2
	sweepEvery = 3 * time.Second
	spillEvery = 2 * time.Second
	restEvery  = 5 * time.Second
	cleanEvery = time.Hour
	endEvery   = time.Minute
	orphanAge  = 24 * time.Hour
)

// startWorkers starts the periodic work, which goes on until ctx ends.
func (s *Server) startWorkers(ctx context.Context) *sync.WaitGroup {
	var workers sync.WaitGroup
	workers.Go(func() { every(ctx, cmp.Or(s.cfg.CheckEvery, checkEvery), s.gap, s.check) })
	if s.lock != nil { // embedded: commands cannot tell by Redis
		workers.Go(func() { every(ctx, otherEvery, nil, s.heedCommands()) })
	}
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
		s.endTakedowns(ctx)
		every(ctx, endEvery, nil, s.endTakedowns)
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
	workers.Go(func() {
		s.tellRest(ctx)
		every(ctx, restEvery, s.rest, s.tellRest)
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
	s.warn(ctx, "people in rooms not checked", s.rooms.CheckMembership(ctx))
	s.warn(ctx, "mentioned people not told yet", s.rooms.TellUntold(ctx))
	s.warn(ctx, "large rooms not spilled yet", s.rooms.Spills.Great(ctx))
}

// heedCommands returns a function that closes the streams and sockets of people who lost the
// right to them by a command.
func (s *Server) heedCommands() func(context.Context) {
	var seen int64
	return func(ctx context.Context) {
		if now := s.store.OtherCommits(ctx); now != seen {
			seen = now
			s.checkSessions(ctx)
		}
	}
}

// tellRest tells those of deeds who were not told in the transaction of the deed: the rest of many
// people, and what a replica that died has left.
func (s *Server) tellRest(ctx context.Context) {
	s.warn(ctx, "not all people are told yet", s.store.TellRest(ctx, time.Now()))
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
	_, err := s.store.EndSuspensions(ctx, time.Now())
	s.warn(ctx, "ended suspensions not marked", err)
	s.warn(ctx, "rooms of suspended mentors not ended yet", s.rooms.EndSuspended(ctx))
}

// endTakedowns ends the takedowns whose time is over, so that their posts come back, and those whose
// posts have gone.
func (s *Server) endTakedowns(ctx context.Context) {
	n, err := s.store.EndTakedowns(ctx, time.Now())
	s.warn(ctx, "takedowns not ended yet", err)
	if n > 0 {
		s.log.Info("takedowns ended", "takedowns", n)
	}
}

// sweep does what a replica has left undone that died: sweep settles ended rooms, and offers
// free seats to those who wait.
func (s *Server) sweep(ctx context.Context) {
	done, err := s.rooms.Sweep(ctx)
	s.warn(ctx, "ended rooms not settled yet", err)
	if err == nil && done > 0 {
		s.log.Info("ended rooms settled", "rooms", done)
	}
	s.warn(ctx, "free seats not offered", s.rooms.OfferSeats(ctx))
}

// checkSessions closes the streams and sockets of sessions that have ended, and the
// streams that the role of their user permits no longer.
func (s *Server) checkSessions(ctx context.Context) {
	s.warn(ctx, "sessions of open streams not checked", request.CheckSessions(ctx, s.store, s.hub, s.hub.Sessions(), time.Now()))
}

// forgetActs deletes old lines of the log of administration, old evidence of reports, takedowns
// that ended long ago with their proofs, ended links for new passwords, usernames that were given
// up long ago, and applications that were decided long ago.
func (s *Server) forgetActs(ctx context.Context) {
	now := time.Now()
	_, err := s.store.ForgetActs(ctx, now)
	s.warn(ctx, "old acts not deleted", err)
	_, err = s.store.ForgetEvidence(ctx, now)
	s.warn(ctx, "old evidence not deleted", err)
	_, err = s.store.ForgetTakedowns(ctx, now)
	s.warn(ctx, "ended takedowns not deleted", err)
	_, err = s.store.ForgetResets(ctx, now)
	s.warn(ctx, "ended links for passwords not deleted", err)
	_, err = s.store.ForgetFormerNames(ctx, now)
	s.warn(ctx, "old usernames not forgotten", err)
	s.warn(ctx, "decided applications not deleted", s.store.ForgetApplications(ctx, now.Add(-sns.ApplicationLife)))
}

// clean deletes expired sessions, networks and notices, and image files that no post and no profile
// shows, such as those of a process that died between file and row.
func (s *Server) clean(ctx context.Context) {
	now := time.Now()
	n, err := s.store.DeleteExpiredSessions(ctx, now)
	s.warn(ctx, "expired sessions not deleted", err)
	if n > 0 {
		s.log.Info("expired sessions deleted", "sessions", n)
	}
	_, err = s.store.ForgetNetworks(ctx, now)
	s.warn(ctx, "unused networks not forgotten", err)
	s.forgetActs(ctx)
	_, err = s.store.ForgetNotices(ctx, now.Add(-sns.NoticesKept))
	s.warn(ctx, "old notices not deleted", err)
	s.warn(ctx, "old decisions not deleted", s.store.ForgetDecisions(ctx, now.Add(-sns.NoticesKept)))
	_, err = s.store.ForgetPushDevices(ctx, now)
	s.warn(ctx, "ended push subscriptions not forgotten", err)
	s.measureFiles(ctx)
	s.checkSpace()
	s.warn(ctx, "uploads not swept", s.sweepUploads(ctx))
}

// sweepUploads deletes the image files that nobody shows, if the uploads are those of the database.
func (s *Server) sweepUploads(ctx context.Context) error {
	if err := s.bindUploads(ctx); err != nil {
		return err
	}
	n, err := s.images.Sweep(ctx, time.Now().Add(-orphanAge), s.store.ImagesInUse)
	if n > 0 {
		s.log.Info("orphaned uploads deleted", "files", n)
	}
	return err
}

// warn logs an error of the work in the background, unless the work ended with the server.
func (s *Server) warn(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		s.log.Warn(what, "error", err)
	}
}
