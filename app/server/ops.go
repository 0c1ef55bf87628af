package server

import (
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// measure registers what operators watch beside the requests.
func (s *Server) measure() {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	counter := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
	}
	s.metrics.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("xxsns_live_clients", "Open streams.", func() float64 { return float64(s.hub.Stats().Clients) }),
		counter("xxsns_live_deliveries_total", "Messages put into the queue of a stream.", func() float64 { return float64(s.hub.Stats().Deliveries) }),
		counter("xxsns_live_renders_total", "Events rendered.", func() float64 { return float64(s.hub.Stats().Renders) }),
		counter("xxsns_live_cut_total", "Streams cut for being slow.", func() float64 { return float64(s.hub.Stats().Cut) }),
		counter("xxsns_live_old_total", "Events dropped because a newer one was sent.", func() float64 { return float64(s.hub.Stats().Old) }),
		gauge("xxsns_database_writers_in_use", "Connections that are writing.", func() float64 { w, _ := s.store.Stats(); return float64(w.InUse) }),
		gauge("xxsns_database_readers_in_use", "Connections that are reading.", func() float64 { _, r := s.store.Stats(); return float64(r.InUse) }),
		counter("xxsns_database_wait_seconds_total", "Time spent waiting for a connection.", func() float64 {
			w, r := s.store.Stats()
			return (w.WaitDuration + r.WaitDuration).Seconds()
		}),
	)
}

// serveOps serves metrics and profiles to operators. An address that is taken
// is a warning: people can be served without it.
func (s *Server) serveOps() (stop func()) {
	if s.cfg.OpsAddr == "" {
		return func() {}
	}
	listener, err := net.Listen("tcp", s.cfg.OpsAddr)
	if err != nil {
		s.log.Warn("OPS_ADDR: no metrics and profiles", "error", err)
		return func() {}
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() } // a profile under way is not worth waiting for
}
