package server

import (
	"context"
	"math"
	"os"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// vitalsTimeout bounds how long a scrape waits for a database or Redis that hangs.
const vitalsTimeout = 2 * time.Second

// A vitalsCollector asks at each scrape what an operator is woken for: whether the database
// and Redis answer, how much room there is, and how old the newest backup is.
type vitalsCollector struct{ server *Server }

var (
	databaseUp    = prometheus.NewDesc("xxsns_database_up", "Whether the database answers: 1 or 0.", nil, nil)
	redisUp       = prometheus.NewDesc("xxsns_redis_up", "Whether Redis answers and lets this process in: 1 or 0.", nil, nil)
	databaseBytes = prometheus.NewDesc("xxsns_database_bytes", "Bytes that the database takes, with its log if it is the embedded one.", nil, nil)
	diskBytes     = prometheus.NewDesc("xxsns_disk_bytes", "Bytes of the disk with a folder of the program.", []string{"what"}, nil)
	diskFree      = prometheus.NewDesc("xxsns_disk_free_bytes", "Bytes of that disk that are free for the program.", []string{"what"}, nil)
	backupAge     = prometheus.NewDesc("xxsns_backup_age_seconds", "How long ago the newest finished backup was begun; +Inf: there is none.", nil, nil)
)

// measureVitals registers the metrics of the process's surroundings, and which program this
// is.
func (s *Server) measureVitals() {
	s.metrics.MustRegister(vitalsCollector{s}, s.failedSignIns, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "xxsns_build_info", Help: "Always 1; the labels tell which program runs.",
		ConstLabels: prometheus.Labels{"version": s.cfg.Version, "go": runtime.Version()},
	}, func() float64 { return 1 }))
}

// newFailedSignIns returns the counter of sign-ins with a wrong username or password.
func newFailedSignIns() prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{
		Name: "xxsns_sign_ins_failed_total", Help: "Sign-ins with a wrong username or password; see sign_in_failed in the log.",
	})
}

// Describe implements prometheus.Collector.
func (vitalsCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, redisUp, databaseBytes, diskBytes, diskFree, backupAge} {
		ch <- d
	}
}

// Collect implements prometheus.Collector. What cannot be known is missing: Redis without
// REDIS_URL, the size of a database that is away, the disk on a system that does not say.
func (c vitalsCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), vitalsTimeout)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, d := range c.server.disks() {
		if d.all > 0 {
			gauge(diskBytes, float64(d.all), d.what)
			gauge(diskFree, float64(d.free), d.what)
		}
	}
	if at, err := c.server.images.LastBackup(); err == nil {
		gauge(backupAge, ageOf(at))
	}
	if ask := c.server.askRedis(); ask != nil {
		gauge(redisUp, upIf(ask(ctx)))
	}
	err := c.server.store.Ping(ctx)
	gauge(databaseUp, upIf(err))
	if err != nil {
		return
	}
	if size, _, err := c.server.store.DatabaseSize(ctx); err == nil {
		gauge(databaseBytes, float64(size+c.server.logBytes()))
	}
}

// upIf returns 1 if there is no error, and else 0.
func upIf(err error) float64 {
	if err != nil {
		return 0
	}
	return 1
}

// ageOf returns the seconds since a time, or +Inf for the zero time: an alert on the age then
// fires also where there was never a backup.
func ageOf(at time.Time) float64 {
	if at.IsZero() {
		return math.Inf(1)
	}
	return time.Since(at).Seconds()
}

// logBytes returns the size of the log of an embedded database, which is 0 for another one.
func (s *Server) logBytes() int64 {
	path := sqlitePath(s.cfg.DatabaseURL)
	if path == "" {
		return 0
	}
	info, err := os.Stat(path + "-wal")
	if err != nil {
		return 0 // SQLite removes the log when the last connection closes
	}
	return info.Size()
}
