package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// A place is one process of the program that people can land on.
type place interface {
	Guest() *apptest.Client
	Run(input string, args ...string) (string, error)
	Metric(name string) float64
}

// A comparison lets people read and write at random at one or more places. The program
// compares every answer from a cache with the answer without the cache, and the people
// compare every page that they read with what was answered to them before: after a write
// is acknowledged, the next page shows the write, at each place and to each person.
type comparison struct {
	t      *testing.T
	site   string // the address that the cookies are for
	places []place
	forum  forum
	seed   uint64
	end    time.Time

	acts, answers, passed, faults atomic.Int64
}

// faultsShown is how many faults are shown: the first one ends the comparison.
const faultsShown = 5

// TestCompareReplicas compares pages of two replicas behind nginx, with MariaDB and Redis.
func TestCompareReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	compares(t, r.URL, r.One, r.Two)
}

// TestCompareOneProcess compares pages of one process on SQLite, beside which commands
// write to the same file.
func TestCompareOneProcess(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	compares(t, p.URL, p)
}

// compares runs a comparison for $COMPARE, such as 10m, or a few seconds. $COMPARE_SEED
// is the seed of an earlier run; other people's pace makes no run the same as another.
func compares(t *testing.T, site string, places ...place) {
	t.Helper()
	long, seed := 12*time.Second, rand.Uint64()
	var errLong, errSeed error
	if v := os.Getenv("COMPARE"); v != "" {
		long, errLong = time.ParseDuration(v)
	}
	if v := os.Getenv("COMPARE_SEED"); v != "" {
		seed, errSeed = strconv.ParseUint(v, 10, 64)
	}
	if errLong != nil || errSeed != nil {
		t.Fatalf("COMPARE: %v, COMPARE_SEED: %v", errLong, errSeed)
	}
	c := &comparison{t: t, site: site, places: places, seed: seed}
	t.Logf("COMPARE_SEED=%d", seed)
	c.adds("관리", sns.RoleAdmin)
	office := c.newOffice()
	var pairs []*pair
	for i, names := range [][3]string{{"민지", "서준", "유진"}, {"하늘", "도윤", "지우"}, {"보라", "태오", "수아"}} {
		pairs = append(pairs, c.newPair(uint64(i), names))
	}
	c.end = time.Now().Add(long)
	var living sync.WaitGroup
	for _, p := range pairs {
		living.Go(p.lives)
	}
	for at := range places {
		living.Go(func() { pairs[at].wanders(at) })
	}
	living.Go(office.lives)
	living.Wait()
	c.reports(int64(long.Seconds()))
}

// adds makes an account by the command that operators use.
func (c *comparison) adds(name string, role sns.Role) {
	c.t.Helper()
	if out, err := c.places[0].Run(apptest.Password+"\n", "user", "add", name, "--role="+string(role)); err != nil {
		c.t.Fatalf("user add %s: %v\n%s", name, err, out)
	}
}

// goesOn reports whether the comparison is not over.
func (c *comparison) goesOn() bool {
	return time.Now().Before(c.end) && !c.t.Failed()
}

// fault fails the test: a page shows what is not, or not what is.
func (c *comparison) fault(format string, args ...any) {
	c.t.Helper()
	if c.faults.Add(1) <= faultsShown {
		c.t.Errorf(format, args...)
	}
}

// reports prints how much was compared, and fails the test if that was little.
func (c *comparison) reports(seconds int64) {
	c.t.Helper()
	for i, place := range c.places {
		compared, differences := place.Metric("xxsns_cache_compared_total"), place.Metric("xxsns_cache_differences_total")
		c.t.Logf("place %d compared %.0f answers from its caches: %.0f differences", i+1, compared, differences)
		if compared < float64(10*seconds) || differences > 0 {
			c.t.Errorf("place %d: %.0f differences of %.0f answers", i+1, differences, compared)
		}
	}
	c.t.Logf("people made %d acts and looked at %d pages afterwards: %d did not show what was done (%d lists had gone on meanwhile)",
		c.acts.Load(), c.answers.Load(), c.faults.Load(), c.passed.Load())
	if c.acts.Load() < seconds || c.answers.Load() < 2*seconds || c.passed.Load() > c.answers.Load()/2 {
		c.t.Error("too little was looked at: the test proves nothing")
	}
}

// A witness is a person with one session at every place.
type witness struct {
	*comparison
	name, id string
	at       []*apptest.Client
	kept     []map[string]*apptest.Page // what the browser would ask again with If-None-Match
}

// witness signs a person in at the first place, and goes to the other places with the
// same cookie.
func (c *comparison) witness(name string) *witness {
	c.t.Helper()
	w := &witness{comparison: c, name: name}
	for i, place := range c.places {
		client := place.Guest()
		if i == 0 {
			client.Post("/sign-in", "username", name, "password", apptest.Password).Want(http.StatusSeeOther)
		} else {
			client = sameBrowser(c.t, place, w.at[0], c.site)
		}
		w.at, w.kept = append(w.at, client), append(w.kept, map[string]*apptest.Page{})
	}
	w.id, _ = w.get(0, "/").Want(http.StatusOK).Find("body").Attr("data-me")
	return w
}

// get asks for a page at a place.
func (w *witness) get(at int, path string) *apptest.Page { return w.ask(at, w.at[at], path) }

// part asks for a fragment at a place, as htmx does.
func (w *witness) part(at int, path string) *apptest.Page {
	return w.ask(at, w.at[at].HX(), path)
}

// ask asks as a browser does, which shows what it has if the answer is 304.
func (w *witness) ask(at int, c *apptest.Client, path string) *apptest.Page {
	w.answers.Add(1)
	req := c.Request(http.MethodGet, path, nil)
	key := path + req.Header.Get("HX-Request")
	had := w.kept[at][key]
	if had != nil {
		req.Header.Set("If-None-Match", had.Header.Get("ETag"))
	}
	page := c.Do(req)
	switch {
	case page.Status == http.StatusNotModified && had != nil:
		return had
	case page.Status == http.StatusOK && page.Header.Get("ETag") != "":
		w.kept[at][key] = page
	default:
		delete(w.kept[at], key)
	}
	return page
}

// does sends a form at a place, which must be taken.
func (w *witness) does(at int, path string, pairs ...string) *apptest.Page {
	return w.taken(at, w.at[at].Post(path, pairs...), path)
}

// uploads is does for a form with files.
func (w *witness) uploads(at int, path string, files []apptest.File, pairs ...string) *apptest.Page {
	return w.taken(at, w.at[at].Upload(path, files, pairs...), path)
}

func (w *witness) taken(at int, answer *apptest.Page, path string) *apptest.Page {
	if answer.Status != http.StatusSeeOther {
		w.fault("%s of %s at place %d: %d\n%.300s", path, w.name, at+1, answer.Status, strings.TrimSpace(answer.Text("main")))
	}
	return answer
}

// shows compares what a page shows with what is.
func (w *witness) shows(at int, path string, got, want any) {
	if g, w2 := fmt.Sprint(got), fmt.Sprint(want); g != w2 {
		w.fault("%s at place %d shows %s:\n got %s\nwant %s", path, at+1, w.name, g, w2)
	}
}
