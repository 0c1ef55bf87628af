package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/push"
	"xxsns/app/sns"
	"xxsns/app/view"
)

// pushEvery is how often the queue of pushes is looked at. A push waits sns.PushDelay anyway.
const pushEvery = 2 * time.Second

// openPushes makes the worker of pushes, and at the first start the keys. Without an https
// PUBLIC_URL there are no pushes: push services want to know whom to ask about them.
func (s *Server) openPushes(ctx context.Context, pages *view.Templates) error {
	if !strings.HasPrefix(s.cfg.PublicURL, "https://") {
		return nil
	}
	fresh, err := push.NewKeys()
	if err != nil {
		return err
	}
	keys, err := s.store.PushKeys(ctx, fresh, time.Now())
	if err != nil {
		return err
	}
	s.pushes = &push.Worker{
		Store: s.store, Sender: &push.Sender{Client: push.NewClient(), Keys: keys, Contact: s.cfg.PublicURL},
		Notice: s.pushNotice, Settings: s.store.NoticeSettings, Payload: s.pushPayload(pages),
		Zone: s.cfg.Zone, Log: s.log, Now: time.Now,
	}
	return nil
}

// ConnectPushes makes the server send pushes by a client instead of push.NewClient: the push
// service of a test is on this machine, where that client connects to nothing. ConnectPushes
// must be called before Serve; without pushes it does nothing.
func (s *Server) ConnectPushes(client *http.Client) {
	if s.pushes != nil {
		s.pushes.Sender.Client = client
	}
}

// pushNotice is push.Worker.Notice.
func (s *Server) pushNotice(ctx context.Context, user, id int64) (sns.Notice, bool, error) {
	n, err := s.store.Notice(ctx, user, id)
	return n, err == nil && n.Unread, err
}

// pushPayload returns push.Worker.Payload.
func (s *Server) pushPayload(pages *view.Templates) func(context.Context, sns.PushDevice, sns.Notice) ([]byte, error) {
	return func(ctx context.Context, d sns.PushDevice, n sns.Notice) ([]byte, error) {
		locale, err := pages.Locale(d.Lang)
		if err != nil {
			return nil, err
		}
		if n.ID == 0 {
			return locale.TestPush().Bytes()
		}
		inbox, err := s.store.Inbox(ctx, d.User)
		if err != nil {
			return nil, err
		}
		p := locale.NoticePush(n, inbox)
		p.Tag = push.Tag(n)
		return p.Bytes()
	}
}

// sendPushes sends what is due.
func (s *Server) sendPushes(ctx context.Context) {
	s.warn(ctx, "pushes not sent yet", s.pushes.Run(ctx))
}

// measurePushes registers the metrics of pushes.
func (s *Server) measurePushes() {
	if s.pushes == nil {
		return
	}
	for _, fate := range push.Fates {
		s.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "xxsns_push_total", Help: "Pushes to browsers, by what became of them.", ConstLabels: prometheus.Labels{"result": fate},
		}, func() float64 { return float64(s.pushes.Stats.Count(fate)) }))
	}
	s.metrics.MustRegister(queueCollector{
		waiting: prometheus.NewDesc("xxsns_push_waiting", "Pushes in the queue.", nil, nil),
		late:    prometheus.NewDesc("xxsns_push_late_seconds", "For how long the longest due push was not sent.", nil, nil),
		count:   s.store.CountPushes,
	})
}

// A queueCollector reads a queue in the database at each scrape.
type queueCollector struct {
	waiting, late *prometheus.Desc
	count         func(ctx context.Context, now time.Time) (n int64, since time.Time, err error)
}

// Describe implements prometheus.Collector.
func (c queueCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.waiting
	ch <- c.late
}

// Collect implements prometheus.Collector. Metrics are missing while the database is away.
func (c queueCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	now := time.Now()
	count, since, err := c.count(ctx, now)
	if err != nil {
		return
	}
	late := 0.0
	if !since.IsZero() {
		late = now.Sub(since).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(count))
	ch <- prometheus.MustNewConstMetric(c.late, prometheus.GaugeValue, late)
}
