package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

// The worker of a server sends what is in the queue, and the metrics tell.
func TestMetricsOfPushes(t *testing.T) {
	t.Parallel()
	ops := apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) { c.OpsAddr, c.PublicURL = ops, "https://sns.example.org" })
	service := apptest.NewPushService(t)
	app.PushBy(service)
	shows := func(line string) {
		t.Helper()
		eventually(t, "metrics show "+line, func() bool {
			_, body := fetch(t, "http://"+ops+"/metrics")
			return slices.Contains(strings.Split(body, "\n"), line)
		})
	}
	shows(`xxsns_push_total{result="sent"} 0`)
	shows(`xxsns_push_waiting 0`)
	minji, phone := app.Member("민지"), service.Subscribe()
	req := minji.Request(http.MethodPost, "/push/subscriptions", strings.NewReader(phone.JSON()))
	req.Header.Set("Content-Type", "application/json")
	minji.Do(req).Want(http.StatusNoContent)
	phone.Answers(apptest.PushAnswer{Status: 201}, apptest.PushAnswer{Status: 503})
	minji.Post("/push/subscriptions/1/test").Want(http.StatusSeeOther)
	shows(`xxsns_push_total{result="sent"} 1`)
	minji.Post("/push/subscriptions/1/test").Want(http.StatusSeeOther)
	shows(`xxsns_push_total{result="failed"} 1`)
	shows(`xxsns_push_waiting 1`)
	if got := phone.Pushed(); len(got) != 1 {
		t.Errorf("the phone got %v", got)
	}
	app.Restart() // what waits is there
	shows(`xxsns_push_waiting 1`)
	for _, line := range app.Logged() {
		if strings.Contains(line, "push.example.com") {
			t.Errorf("the log has an endpoint: %s", line)
		}
	}
}

// Without an https address nothing is pushed, and nothing is measured.
func TestWithoutAPublicAddressNothingIsPushed(t *testing.T) {
	t.Parallel()
	ops := apptest.FreeAddress(t)
	apptest.Start(t, func(c *config.Config) { c.OpsAddr, c.PublicURL = ops, "http://sns.example.org" })
	eventually(t, "there are metrics", func() bool {
		_, body := fetch(t, "http://"+ops+"/metrics")
		return strings.Contains(body, "xxsns_live_clients 0") && !strings.Contains(body, "xxsns_push")
	})
}

// A comment is pushed ten seconds later to the author of the post, as the inbox tells of it.
func TestACommentIsPushed(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t, func(c *config.Config) { c.PublicURL = "https://sns.example.org" })
	service := apptest.NewPushService(t)
	app.PushBy(service)
	minji, haru, phone := app.Member("민지"), app.Member("하루"), service.Subscribe()
	req := minji.Request(http.MethodPost, "/push/subscriptions", strings.NewReader(phone.JSON()))
	req.Header.Set("Content-Type", "application/json")
	minji.Do(req).Want(http.StatusNoContent)
	minji.Post("/posts", "content", "바다").Want(http.StatusSeeOther)
	haru.Post("/posts/1/comments", "content", "좋아요!").Want(http.StatusSeeOther)
	eventually(t, "the comment is pushed", func() bool { return len(phone.Pushed()) > 0 })
	for _, part := range []string{`"title":"하루`, `"place":"/posts/1"`, `"tag":"comment-1-0"`, `"badge":1`} {
		if body := string(phone.Pushed()[0].Body); !strings.Contains(body, part) {
			t.Errorf("the push is %s, and lacks %s", body, part)
		}
	}
}
