package server

import (
	"cmp"

	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/view"
)

// proveEvery is of how many answers from a cache one is made again without the cache, to
// compare both, unless the configuration says so.
const proveEvery = 1000

// CacheDiffers is the log's message that an answer from a cache was wrong. Tests look for it.
const CacheDiffers = "an answer from a cache differs from the answer without the cache; what the cache held was dropped"

// proveCaches makes the caches prove themselves. An answer that differs is a line in the
// log and a metric: a person may have seen what was no longer true.
func (s *Server) proveCaches(pages *view.Templates) {
	differences := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "xxsns_cache_differences_total", Help: "Answers from a cache that were not what is made without the cache.",
	}, []string{"cache"})
	s.metrics.MustRegister(differences)
	every := cmp.Or(s.cfg.ProveEvery, proveEvery)
	for name, cache := range map[string]proven{"frames": pages, "memory": s.store} {
		count := differences.WithLabelValues(name)
		cache.Prove(every, func(what string) {
			count.Inc()
			s.log.Error(CacheDiffers, "cache", name, "of", what)
		})
		s.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "xxsns_cache_compared_total", Help: "Answers from a cache that were compared with what is made without the cache.",
			ConstLabels: prometheus.Labels{"cache": name},
		}, func() float64 { return float64(cache.Compared()) }))
	}
}

// A proven is a cache that compares one of every so many answers with what is made without
// the cache.
type proven interface {
	Prove(every int, differs func(what string))
	Compared() int64
}
