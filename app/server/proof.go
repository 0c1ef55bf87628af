package server

import (
	"cmp"

	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/view"
)

// proveEvery is of how many answers from a cache one is made again without the cache, to
// compare both.
const proveEvery = 1000

// proveCaches makes the caches prove themselves. An answer that differs is a line in the
// log and a metric: a person may have seen what was no longer true.
func (s *Server) proveCaches(pages *view.Templates) {
	differences := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "xxsns_cache_differences_total", Help: "Answers from a cache that were not what is made without the cache.",
	}, []string{"cache"})
	s.metrics.MustRegister(differences)
	differs := func(cache string) func(string) {
		count := differences.WithLabelValues(cache)
		return func(what string) {
			count.Inc()
			s.log.Error("an answer from a cache differs from the answer without the cache; what the cache held was dropped", "cache", cache, "of", what)
		}
	}
	every := cmp.Or(s.cfg.ProveEvery, proveEvery)
	pages.Prove(every, differs("frames"))
	s.store.Prove(every, differs("memory"))
}
