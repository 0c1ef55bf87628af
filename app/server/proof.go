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
	pages.Prove(cmp.Or(s.cfg.ProveEvery, proveEvery), func(page string) {
		differences.WithLabelValues("frames").Inc()
		s.log.Error("a page from a frame differs from the page rendered whole; the frame was dropped", "page", page)
	})
	differences.WithLabelValues("frames").Add(0) // the metric exists before the first difference
}
