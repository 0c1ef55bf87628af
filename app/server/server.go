// Package server wires the other packages together for the program and its
// commands, and starts and stops the server without cutting off requests.
package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"xxsns/app/chat"
	"xxsns/app/config"
	"xxsns/app/export"
	"xxsns/app/live"
	"xxsns/app/mail"
	"xxsns/app/media"
	"xxsns/app/network"
	"xxsns/app/push"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web"
	"xxsns/app/web/request"
	"xxsns/static"
	"xxsns/templates"
)

// drainTimeout is how long requests may take to finish when the program stops.
const drainTimeout = 20 * time.Second

// formTime is how long a form without images may take to arrive.
const formTime = 30 * time.Second

// Server is the program, ready to serve.
type Server struct {
	cfg      config.Config
	log      *slog.Logger
	store    *store.Store
	images   *media.Folder
	sized    atomic.Int64                 // images of which sizeImages has made the sizes
	indexed  atomic.Int64                 // texts that indexSearch has indexed
	files    atomic.Pointer[[]sns.Stored] // of measureFiles; nil: not measured yet
	started  time.Time
	hub      *live.Hub
	bus      live.Bus
	redis    redis.UniversalClient // nil without REDIS_URL
	gatherer *live.Gatherer
	rooms    *chat.Chat
	heard    chat.Heard
	gap      chan struct{} // receives when events may have been lost
	handler  http.Handler
	metrics  *prometheus.Registry
	shortage *request.Shortage
	gate     *network.Gate
	pushes   *push.Worker // nil without an https PUBLIC_URL
	mails    *mail.Worker // nil without SMTP_URL
	exports  *export.Worker
	erasures chan struct{} // receives when an account wants to be erased
	rest     chan struct{} // receives when more people are to be told of a deed
	refusals *request.Refusals
	lock     *flock.Flock // nil if replicas share the database

	failedSignIns prometheus.Counter
}

// New migrates the database and returns a server that is ready for Serve. With
// dev, templates, styles and scripts come from the working directory, and are read
// again after a change. The caller must Close the server.
func New(ctx context.Context, cfg config.Config, log *slog.Logger, dev bool) (_ *Server, err error) {
	s := &Server{
		cfg: cfg, log: log, started: time.Now(), metrics: prometheus.NewRegistry(),
		gap: make(chan struct{}, 1), erasures: make(chan struct{}, 1), rest: make(chan struct{}, 1),
		shortage: request.NewShortage(log, time.Now), refusals: request.NewRefusals(log, time.Now), failedSignIns: newFailedSignIns(),
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	var pages *view.Templates
	var loading errgroup.Group
	loading.Go(func() (err error) { pages, err = loadTemplates(cfg, dev); return err })
	loading.Go(func() error { return s.openData(ctx) })
	if err := loading.Wait(); err != nil {
		return nil, err
	}
	secret, err := sessionSecret(cfg)
	if err != nil {
		return nil, err
	}
	if err := s.openLive(ctx, pages.RenderEvent); err != nil {
		return nil, err
	}
	if err := s.openPushes(ctx, pages); err != nil {
		return nil, err
	}
	s.openExports(pages)
	if err := s.openMails(pages, request.NewKeyring(secret)); err != nil {
		return nil, err
	}
	s.proveCaches(pages)
	s.gate = network.New(network.Options{Bounds: bounds(cfg), Trusted: cfg.TrustedProxies, Log: log, Now: limitClock(cfg)})
	s.handler, err = web.New(web.Options{
		Services: &request.Services{
			Templates: pages, Store: s.store, Boards: store.NewBoardCache(s.store, time.Now),
			Community: store.NewCommunityCache(s.store, time.Now), Overview: store.NewOverviewCache(s.overview, time.Now), Rooms: s.rooms, Images: s.images,
			Hub: s.hub, Bus: s.bus, Gatherer: s.gatherer, Log: log, Clock: time.Now, PublicURL: cfg.PublicURL, Zone: cfg.Zone, Shortage: s.shortage, Pushes: s.pushes, Mails: s.mails, Exports: s.exports, Erasures: s.erasures,
			Gate: s.gate, Keyring: request.NewKeyring(secret), Turns: request.NewTurns(cfg.RateLimits, limitClock(cfg), sharedTurn(s.redis)), Refusals: s.refusals, FailedSignIns: s.failedSignIns,
			Limits: request.NewLimiter(cfg.RateLimits, limitClock(cfg), s.sharedLimit()), RateLimits: cfg.RateLimits, RoomMaxLimit: cfg.RoomMaxLimit,
		},
		Metrics: s.metrics, Secret: secret, TrustedProxies: cfg.TrustedProxies, Redis: s.askRedis(), ShortOfSpace: s.shortOfSpace,
		PublicTLS: cfg.PublicTLS(), FormTime: cmp.Or(cfg.FormTime, formTime), FormClock: limitClock(cfg),
	})
	if err != nil {
		return nil, err
	}
	s.measure()
	return s, nil
}

// loadTemplates loads the embedded templates, styles and scripts, or with dev those of
// the source folder, which must be the working directory.
func loadTemplates(cfg config.Config, dev bool) (*view.Templates, error) {
	if !dev {
		return releasedTemplates(cfg.Zone)
	}
	pages, err := view.Load(os.DirFS("templates"), os.DirFS("static"), cfg.Zone, time.Now, true)
	if err != nil {
		return nil, fmt.Errorf("--dev reads the source folder, which this may not be: %w", err)
	}
	return pages, nil
}

// released holds what the files of the release were parsed into, by time zone:
// *time.Location to func() (*view.Templates, error). Parsing takes most of a start,
// and a process of tests starts hundreds of servers.
var released sync.Map

func releasedTemplates(zone *time.Location) (*view.Templates, error) {
	load, _ := released.LoadOrStore(zone, sync.OnceValues(func() (*view.Templates, error) {
		return view.Load(templates.FS, static.Files(), zone, time.Now, false)
	}))
	pages, err := load.(func() (*view.Templates, error))()
	if err != nil {
		return nil, err
	}
	return pages.Copy(), nil // a card is cached by the id of its post in one database
}

// openData opens the uploads and the migrated database, and locks an embedded
// database.
func (s *Server) openData(ctx context.Context) (err error) {
	if s.images, err = media.Open(s.cfg.UploadsDir, media.Memory(memoryLimit())); err != nil {
		return fmt.Errorf("UPLOADS_DIR: %w", err)
	}
	begins, err := newBeginning(s)
	if err == nil {
		err = begins.mayFile()
	}
	if err != nil {
		return err
	}
	if s.lock, err = lockDatabase(s.cfg.DatabaseURL); err != nil {
		return err
	}
	n, kept, err := store.MigrateKeeping(ctx, s.cfg.DatabaseURL, begins.may)
	if err != nil {
		return namingDatabase(s.cfg, err)
	}
	begins.tell()
	if n > 0 && begins.state == "" {
		s.log.Info("database migrated", "migrations", n, "copy_from_before", kept)
	}
	s.store, err = openStore(ctx, s.cfg)
	return err
}

// Handler returns the handler that Serve uses.
func (s *Server) Handler() http.Handler { return s.handler }

// Close ends open streams and closes everything that New opened.
func (s *Server) Close() {
	s.closeLive()
	if s.store != nil {
		if err := s.store.Close(); err != nil {
			s.log.Warn("database not closed", "error", err)
		}
	}
	if s.lock != nil {
		_ = s.lock.Unlock()
	}
}

// Serve serves on ADDR, or the socket that systemd has opened, and on OPS_ADDR until ctx ends, and then finishes open requests.
// Serve calls ready with the address for browsers once the listener is open.
func (s *Server) Serve(ctx context.Context, ready func(net.Addr)) error {
	listener, err := open(ctx, s.cfg.Addr)
	if err != nil {
		return err
	}
	stopOps := s.serveOps()
	defer stopOps()
	working, stopWorkers := context.WithCancel(ctx)
	workers := s.startWorkers(working)
	defer workers.Wait()
	defer stopWorkers()
	server := &http.Server{
		Handler:           s.handler,
		ConnState:         s.gate.ConnState,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Minute, // four photos over a slow line; bodies have less, see web
		WriteTimeout:      12 * time.Minute, // with the answer; streams set their own deadlines
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	if inherited, ok := listener.(*inheritedListener); ok {
		server.ConnState = func(conn net.Conn, state http.ConnState) {
			inherited.connState(conn, state)
			s.gate.ConnState(conn, state)
		}
	}
	arrivals := followArrivals(server)
	server.RegisterOnShutdown(s.hub.Close)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(tellingListener{listener, s.shortage}) }()
	ready(listener.Addr())
	select {
	case err = <-failed:
	case <-ctx.Done():
		if inherited, ok := listener.(*inheritedListener); ok {
			inherited.stop(failed)
		}
		err = s.drain(listener, server, arrivals)
	}
	return err
}

// drain stops listening, lets the requests of arrivals begin, ends the streams, and waits up
// to drainTimeout for open requests. An inherited socket is not touched: the next process gets its connections.
func (s *Server) drain(listener net.Listener, server *http.Server, arrivals *arrivals) error {
	s.log.Info("stopping")
	if err := quiesce(listener); err != nil {
		s.log.Warn("connections that nobody accepted yet may be cut", "error", err)
	}
	arrivals.wait(arrivalTimeout)
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests cut off after %s: %w", drainTimeout, err), server.Close())
	}
	return nil
}
