package server

import (
	"context"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/network"
)

// measure registers the metrics of the process, the hub and the database.
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
		gauge("xxsns_live_clients", "Open streams and sockets.", func() float64 { return float64(s.hub.Stats().Clients) }),
		counter("xxsns_live_deliveries_total", "Messages put into the queue of a stream or socket.", func() float64 { return float64(s.hub.Stats().Deliveries) }),
		counter("xxsns_live_renders_total", "Events rendered.", func() float64 { return float64(s.hub.Stats().Renders) }),
		counter("xxsns_live_cut_total", "Streams and sockets cut for being slow.", func() float64 { return float64(s.hub.Stats().Evicted) }),
		counter("xxsns_live_old_total", "Events dropped because a newer one was sent.", func() float64 { return float64(s.hub.Stats().Stale) }),
		gauge("xxsns_database_writers_in_use", "Connections that are writing.", func() float64 { w, _ := s.store.Stats(); return float64(w.InUse) }),
		gauge("xxsns_database_readers_in_use", "Connections that are reading.", func() float64 { _, r := s.store.Stats(); return float64(r.InUse) }),
		counter("xxsns_database_wait_seconds_total", "Time spent waiting for a connection.", func() float64 {
			w, r := s.store.Stats()
			return (w.WaitDuration + r.WaitDuration).Seconds()
		}),
	)
	for what, value := range map[string]func(network.Stats) int64{
		"connections": func(n network.Stats) int64 { return n.Connections },
		"bodies":      func(n network.Stats) int64 { return n.Bodies },
		"requests":    func(n network.Stats) int64 { return n.Requests },
		"streams":     func(n network.Stats) int64 { return n.Streams },
	} {
		s.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "xxsns_address_refused_total", Help: "What was refused or closed because one address had too much open.",
			ConstLabels: prometheus.Labels{"what": what},
		}, func() float64 { return float64(value(s.gate.Stats())) }))
	}
	s.measureVitals()
	s.measureRooms()
	s.measurePushes()
	s.measureMails()
	s.metrics.MustRegister(
		counter("xxsns_images_sized_total", "Images whose missing sizes for screens were made.", func() float64 { return float64(s.sized.Load()) }),
		counter("xxsns_search_indexed_total", "Steps of indexing texts for searches.", func() float64 { return float64(s.indexed.Load()) }),
	)
}

// measureRooms registers the metrics of rooms: messages that are in a buffer alone,
// and ended rooms that are not settled. With Redis, the metrics of the bus follow.
func (s *Server) measureRooms() {
	s.metrics.MustRegister(
		roomCollector{s},
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "xxsns_spilled_messages_total", Help: "Messages of open rooms that were saved in the database because the buffer was large or full.",
		}, func() float64 { return float64(s.rooms.Spills.Stats().Lines) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "xxsns_spilling_rooms", Help: "Open rooms whose older messages are being saved now.",
		}, func() float64 { return float64(s.rooms.Spills.Stats().Rooms) }),
	)
	bus, ok := s.bus.(*live.Redis)
	if !ok {
		return
	}
	for name, value := range map[string]func(live.RedisStats) float64{
		"published": func(r live.RedisStats) float64 { return float64(r.Published) },
		"failed":    func(r live.RedisStats) float64 { return float64(r.Failed) },
		"received":  func(r live.RedisStats) float64 { return float64(r.Received) },
		"gaps":      func(r live.RedisStats) float64 { return float64(r.Gaps) },
		"own":       func(r live.RedisStats) float64 { return float64(r.Own) },
	} {
		s.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "xxsns_bus_events_total", Help: "Events on Redis by what became of them; gaps are interruptions.",
			ConstLabels: prometheus.Labels{"what": name},
		}, func() float64 { return value(bus.Stats()) }))
	}
	s.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "xxsns_bus_delay_seconds_total", Help: "Time from publishing to delivery, of this process's own events together.",
	}, func() float64 { return bus.Stats().Delay.Seconds() }))
}

// A roomCollector reads the database and the buffers at each scrape.
type roomCollector struct{ server *Server }

var (
	buffered      = prometheus.NewDesc("xxsns_buffered_messages", "Messages of rooms that are in a buffer, and not in the database yet.", nil, nil)
	bufferedBytes = prometheus.NewDesc("xxsns_buffered_bytes", "Bytes of these messages.", nil, nil)
	fullness      = prometheus.NewDesc("xxsns_redis_memory_ratio", "Used memory of Redis, of the memory that it may use (maxmemory; 0: no limit).", nil, nil)
	unsettled     = prometheus.NewDesc("xxsns_unsettled_rooms", "Ended rooms whose messages are not all saved.", nil, nil)
	unsized       = prometheus.NewDesc("xxsns_images_unsized", "Images without sizes for screens, which a worker is to make.", nil, nil)
	unindexed     = prometheus.NewDesc("xxsns_search_unindexed", "Texts and rooms that are not in the index of searches, to which a worker is to add them.", nil, nil)
	oldest        = prometheus.NewDesc("xxsns_unsettled_age_seconds", "How long ago the oldest of them was ended.", nil, nil)
)

// Describe implements prometheus.Collector.
func (roomCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- buffered
	ch <- bufferedBytes
	ch <- fullness
	ch <- unsettled
	ch <- oldest
	ch <- unsized
	ch <- unindexed
}

// Collect implements prometheus.Collector. Metrics are missing while the database
// is away.
func (c roomCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if count, first, err := c.server.store.Unsettled(ctx); err == nil {
		age := 0.0
		if !first.IsZero() {
			age = time.Since(first).Seconds()
		}
		ch <- prometheus.MustNewConstMetric(unsettled, prometheus.GaugeValue, float64(count))
		ch <- prometheus.MustNewConstMetric(oldest, prometheus.GaugeValue, age)
	}
	if count, err := c.server.store.CountUnsizedImages(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(unsized, prometheus.GaugeValue, float64(count))
	}
	if count, err := c.server.store.SearchUnindexed(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(unindexed, prometheus.GaugeValue, float64(count))
	}
	c.collectFullness(ctx, ch)
	rooms, err := c.server.store.UnsavedRooms(ctx)
	if err != nil {
		return
	}
	var lines, size int64
	for _, e := range c.server.rooms.Sizes(ctx, rooms) {
		lines, size = lines+e.Lines, size+e.Bytes
	}
	ch <- prometheus.MustNewConstMetric(buffered, prometheus.GaugeValue, float64(lines))
	ch <- prometheus.MustNewConstMetric(bufferedBytes, prometheus.GaugeValue, float64(size))
}

// collectFullness adds how full Redis is, unless Redis is away.
func (c roomCollector) collectFullness(ctx context.Context, ch chan<- prometheus.Metric) {
	if c.server.redis == nil {
		return
	}
	if full, err := chat.NewRedis(c.server.redis).Fullness(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(fullness, prometheus.GaugeValue, full)
	}
}

// serveOps serves metrics and profiles on OPS_ADDR. An address in use is a warning:
// the program can serve people without metrics.
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
