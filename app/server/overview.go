package server

import (
	"context"
	"runtime"
	"strings"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// overview counts what administrators see first. Callers should keep the result for a while.
func (s *Server) overview(ctx context.Context) (sns.Overview, error) {
	now := time.Now()
	o, err := s.store.CountAll(ctx, now)
	if err != nil {
		return o, err
	}
	o.At = now
	if err := s.overviewDays(ctx, &o); err != nil {
		return o, err
	}
	if err := s.stored(ctx, &o); err != nil {
		return o, err
	}
	o.Versions, err = s.versions(ctx)
	return o, err
}

// overviewDays counts what has happened on each of the last days.
func (s *Server) overviewDays(ctx context.Context, o *sns.Overview) error {
	lines := sns.DayLines(o.At, s.cfg.Zone, sns.OverviewDays)
	joined, err := s.store.JoinedOn(ctx, lines)
	if err != nil {
		return err
	}
	posts, err := s.store.PostsOn(ctx, lines)
	if err != nil {
		return err
	}
	messages, open, err := s.rooms.CountDays(ctx, lines)
	if err != nil {
		return err
	}
	o.Messages += open
	for i := range joined {
		o.Days = append(o.Days, sns.DayOfOverview{Begin: lines[i], Joined: joined[i], Posts: posts[i], Messages: messages[i]})
	}
	return nil
}

// stored adds what is stored where. What measureFiles has not measured yet is left out.
func (s *Server) stored(ctx context.Context, o *sns.Overview) error {
	all, search, err := s.store.DatabaseSize(ctx)
	if err != nil {
		return err
	}
	o.Stored = []sns.Stored{{Kind: sns.StoredDatabase, Bytes: all - search}}
	if search > 0 {
		o.Stored = append(o.Stored, sns.Stored{Kind: sns.StoredSearch, Bytes: search})
	}
	if size := s.logBytes(); size > 0 {
		o.Stored = append(o.Stored, sns.Stored{Kind: sns.StoredLog, Bytes: size})
	}
	if files := s.files.Load(); files != nil {
		o.Stored = append(o.Stored, *files...)
	}
	o.Space, o.Free = diskSpace(s.cfg.UploadsDir)
	return nil
}

// measureFiles measures the folders of images and exports, which takes long: the overview has
// the result of the last time.
func (s *Server) measureFiles(ctx context.Context) {
	images, err := s.images.Usage(ctx)
	var exports int64
	if err == nil {
		exports, err = s.exports.Folder.Usage()
	}
	if err != nil {
		s.warn(ctx, "images and exports not measured", err)
		return
	}
	s.files.Store(&[]sns.Stored{
		{Kind: sns.StoredImages, Bytes: images.Images}, {Kind: sns.StoredSizes, Bytes: images.Sizes}, {Kind: sns.StoredExports, Bytes: exports},
	})
}

// versions tells what runs. Redis that does not answer has no version.
func (s *Server) versions(ctx context.Context) (v sns.Versions, err error) {
	v = sns.Versions{Program: s.cfg.Version, Go: strings.TrimPrefix(runtime.Version(), "go"), Started: s.started, HasRedis: s.redis != nil}
	if v.Schema, err = s.store.Schema(ctx); err != nil {
		return v, err
	}
	if v.Database, err = s.store.Product(ctx); err != nil {
		return v, err
	}
	if bus, ok := s.bus.(*live.Redis); ok {
		v.Redis, v.Replicas = bus.Server(ctx)
	}
	return v, nil
}
