package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

// A dashboard is what this test reads of a dashboard of Grafana.
type dashboard struct {
	Panels []struct {
		ID      int
		Type    string
		Title   string
		GridPos struct{ H, W, X, Y int }
		Targets []struct{ Expr string }
	}
}

// metricName matches a name in an expression, without the label names and functions: each
// metric of the program has one of these beginnings.
var metricName = regexp.MustCompile(`\b(?:xxsns|go|process)_[a-z0-9_]+`)

// named returns the metrics that a text names. A histogram is its name without suffix.
func named(text string) map[string]bool {
	all := map[string]bool{}
	for _, name := range metricName.FindAllString(text, -1) {
		all[strings.TrimSuffix(name, "_bucket")] = true
	}
	return all
}

// everyMetric returns the names of all metrics of a server that has everything. Metrics of
// parts that do not answer in time are missing for once: everyMetric asks until all of wanted
// are there, or patience is over.
func everyMetric(t *testing.T, wanted ...map[string]bool) map[string]bool {
	t.Helper()
	smtp, url, ops := apptest.NewSMTPServer(t), apptest.Redis(t), apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) {
		c.OpsAddr, c.RedisURL, c.PublicURL = ops, url, "https://sns.example.org"
		c.SMTPURL, c.MailFrom = smtp.URL(), "sns@example.org"
	})
	app.Guest().Get("/sign-in").Want(http.StatusOK)
	all := map[string]bool{}
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		_, body := fetch(t, "http://"+ops+"/metrics")
		for _, found := range regexp.MustCompile(`(?m)^# TYPE (\S+) `).FindAllStringSubmatch(body, -1) {
			all[found[1]] = true
		}
		missing := 0
		for _, names := range wanted {
			for name := range names {
				if !all[name] {
					missing++
				}
			}
		}
		if missing == 0 || time.Now().After(end) {
			return all
		}
	}
}

// The list for operators names every metric of ours and no other, and so do its alerts and
// the dashboard.
func TestEveryMetricIsListed(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("../../.docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(xxsns_[a-z_]+)` \\| [^|]*\\| [^|]+ \\|$").FindAllStringSubmatch(string(list), -1) {
		if rows[row[1]] {
			t.Errorf("%s is listed twice", row[1])
		}
		rows[row[1]] = true
	}
	text, err := os.ReadFile("../../.docs/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	listed, shown := named(string(list)), named(string(text))
	real := everyMetric(t, listed, shown)
	for name := range real {
		if strings.HasPrefix(name, "xxsns_") && !rows[name] {
			t.Errorf("%s is not listed", name)
		}
	}
	for where, names := range map[string]map[string]bool{"metrics.md": listed, "dashboard.json": shown} {
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if !real[name] {
				t.Errorf("%s names %s, which the program does not tell", where, name)
			}
		}
		if len(names) < 20 {
			t.Errorf("%s names only %v", where, names)
		}
	}
}

// Grafana can show the dashboard: panels have ids of their own, lie beside each other, and ask
// for a metric.
func TestTheDashboardCanBeShown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.docs/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || p.GridPos.W < 1 || p.GridPos.H < 1 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q lies at %+v", p.ID, p.Title, p.GridPos)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Errorf("%q lies over %q", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("%q asks for nothing", p.Title)
		}
		for _, target := range p.Targets {
			if len(named(target.Expr)) == 0 || strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
				t.Errorf("%q asks for %s", p.Title, target.Expr)
			}
		}
	}
	if len(d.Panels) < 10 {
		t.Errorf("there are %d panels", len(d.Panels))
	}
}
