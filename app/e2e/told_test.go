package e2e

import (
	"cmp"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// A toldLife lets twenty people do things at random at one or more processes of the program,
// which are killed now and then, and compares what they are told with a toldModel: after each
// deed the numbers of all inboxes, and now and then the lists, and what is unread in rooms.
type toldLife struct {
	t *testing.T
	*rand.Rand
	m      *toldModel
	db     *sql.DB // for what was answered to nobody
	late   *lateTeller
	places []*apptest.Program

	people []*toldPerson // with an account
	admin  *toldPerson
	at     map[*toldPerson][]*apptest.Client // by place

	down   int  // the place that was killed, or -1
	doomed bool // the place dies during the next deed
	made   int
	kills  int
	did    map[string]int
	recent []string // deeds
}

const (
	toldPeople  = 20
	toldMentors = 3
	toldPosts   = 15 // at most, so that there is enough to do with each
	toldRooms   = 3
)

// TestToldReplicas: two replicas over MariaDB and Redis.
func TestToldReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{Direct: true})
	u, err := url.Parse(r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("mysql", fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path))
	if err != nil {
		t.Fatal(err)
	}
	lives(t, toldDeeds(t, 1500), db, newLateTeller(t, r.DatabaseURL, r.Redis.URL()), r.One.Program, r.Two.Program)
}

// TestToldOneProcess: one process on the embedded default.
func TestToldOneProcess(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	file := filepath.Join(p.Folder, "db", "xxsns.db")
	db, err := sql.Open("sqlite", file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	lives(t, toldDeeds(t, 3500), db, newLateTeller(t, "sqlite:"+file, ""), p)
}

// toldDeeds returns how many deeds $TOLD asks for, or the ordinary number.
func toldDeeds(t *testing.T, ordinary int) int {
	t.Helper()
	if v := os.Getenv("TOLD"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatalf("TOLD: %v", err)
		}
		return n
	}
	return ordinary
}

// lives runs a life. $TOLD_SEED is the seed of an earlier one.
func lives(t *testing.T, deeds int, db *sql.DB, late *lateTeller, places ...*apptest.Program) {
	t.Helper()
	t.Cleanup(func() { _ = db.Close() })
	seed := rand.Uint64()
	if v := os.Getenv("TOLD_SEED"); v != "" {
		var err error
		if seed, err = strconv.ParseUint(v, 10, 64); err != nil {
			t.Fatalf("TOLD_SEED: %v", err)
		}
	}
	t.Logf("TOLD_SEED=%d", seed)
	l := &toldLife{
		t: t, Rand: rand.New(rand.NewPCG(seed, 5)), m: newToldModel(), db: db, late: late, places: places, //nolint:gosec // no secret
		at: map[*toldPerson][]*apptest.Client{}, down: -1, did: map[string]int{},
	}
	l.m.renewed = l.renewed
	l.admin = l.joins(sns.RoleAdmin)
	for i := range toldPeople {
		role := sns.RoleUser
		if i < toldMentors {
			role = sns.RoleMentor
		}
		l.people = append(l.people, l.joins(role))
	}
	began := time.Now()
	for i := 1; i <= deeds && !t.Failed(); i++ {
		l.steps(i)
	}
	l.rises()
	l.comparesPages()
	t.Logf("%d deeds in %v, %d kills: %v", deeds, time.Since(began).Round(time.Millisecond), l.kills, l.did)
}

// steps does a deed, and compares what people are told of it.
func (l *toldLife) steps(i int) {
	switch at := l.IntN(400); {
	case at == 0:
		l.falls()
	case at < 3 && l.down < 0:
		l.doomed = true
	case at < 30 && l.down >= 0:
		l.rises()
	}
	d := l.deed()
	if l.doomed = l.doomed && d.whole; l.doomed {
		l.notes("(a kill comes)")
	}
	d.do(l)
	l.doomed = false
	l.did[d.name]++
	l.comparesInboxes()
	if i%200 == 0 {
		l.comparesPages()
	}
}

// joins makes an account that is old enough for its reports to count.
func (l *toldLife) joins(role sns.Role) *toldPerson {
	l.t.Helper()
	l.made++
	names := []string{"민지", "서준", "하늘", "도윤", "보라", "태오", "수아", "지우", "유진", "하루", "준호", "서연", "은서", "건우", "다온", "시우", "예린", "주원", "가람", "나래"}
	p := &toldPerson{name: names[l.made%len(names)], mentor: role == sns.RoleMentor, off: map[string]bool{}}
	if l.made > len(names) {
		p.name += strconv.Itoa(l.made / len(names))
	}
	l.rises()
	if out, err := l.places[0].Run(apptest.Password+"\n", "user", "add", p.name, "--role="+string(role)); err != nil {
		l.t.Fatalf("user add %s: %v\n%s", p.name, err, out)
	}
	p.id = int64(l.number(`SELECT id FROM users WHERE username = ?`, p.name))
	if _, err := l.db.ExecContext(l.t.Context(), `UPDATE users SET created_at = created_at - ? WHERE id = ?`, 2*sns.ReportAge.Microseconds(), p.id); err != nil {
		l.t.Fatal(err)
	}
	c := l.places[0].Guest()
	c.Post("/sign-in", "username", p.name, "password", apptest.Password).Want(http.StatusSeeOther)
	l.at[p] = []*apptest.Client{c}
	for _, place := range l.places[1:] {
		l.at[p] = append(l.at[p], sameBrowser(l.t, place, c, place.URL))
	}
	if role != sns.RoleAdmin {
		l.m.people[p.id] = p
	}
	return p
}

// number asks the database.
func (l *toldLife) number(query string, args ...any) (n int) {
	l.t.Helper()
	if err := l.db.QueryRowContext(l.t.Context(), query, args...).Scan(&n); err != nil {
		l.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// id returns the id of a text, and false if there is none.
func (l *toldLife) id(table, column, text string) (int64, bool) {
	l.t.Helper()
	n := l.number(`SELECT COALESCE(MAX(id), 0) FROM `+table+` WHERE `+column+` = ?`, text)
	return int64(n), n > 0
}

// there reports whether rows are in a table.
func (l *toldLife) there(from string, args ...any) bool {
	l.t.Helper()
	return l.number(`SELECT COUNT(*) FROM `+from, args...) > 0
}

// renewed asks the database whether the present deed has renewed a notice.
func (l *toldLife) renewed(p *toldPerson, n *toldNotice) bool {
	kinds := map[string]sns.NoticeKind{"like": sns.NoticeLike, "follow": sns.NoticeFollow}
	return l.there(`notices WHERE user_id = ? AND kind = ? AND post_id = ? AND open = 1 AND changed_at >= ?`, p.id, kinds[n.kind], n.post, l.m.began.UnixMicro())
}

// notes remembers a deed for the case that the test fails.
func (l *toldLife) notes(format string, args ...any) {
	l.recent = append(l.recent, fmt.Sprintf(format, args...))
	l.recent = l.recent[max(0, len(l.recent)-30):]
}

// fails ends the life.
func (l *toldLife) fails(format string, args ...any) {
	l.t.Helper()
	l.t.Fatalf("%s\nthe last deeds:\n%s", fmt.Sprintf(format, args...), strings.Join(l.recent, "\n"))
}

// somewhere returns a place that is up.
func (l *toldLife) somewhere() int {
	at := l.IntN(len(l.places))
	if at == l.down {
		at = (at + 1) % len(l.places)
	}
	return at
}

// falls kills a place between two deeds. Others go on without it, if there are others.
func (l *toldLife) falls() {
	l.rises()
	l.down = l.IntN(len(l.places))
	l.kills++
	l.notes("place %d is killed", l.down+1)
	l.places[l.down].Kill9()
	if len(l.places) == 1 {
		l.rises()
	}
}

// rises starts the place that was killed.
func (l *toldLife) rises() {
	if l.down < 0 {
		return
	}
	at, place := l.down, l.places[l.down]
	l.down = -1
	place.Start()
	for _, clients := range l.at {
		old := clients[at]
		clients[at] = sameBrowser(l.t, place, old, place.URL)
		old.Reconnect()
	}
}

// An answer is what a person gets for a form. Nobody knows whether the deed of a lost one is done.
type answer struct {
	status int
	lost   bool
}

// sends sends a form somewhere, where the program dies if it is doomed.
func (l *toldLife) sends(p *toldPerson, path string, pairs ...string) answer {
	l.t.Helper()
	at, values := l.somewhere(), url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	l.notes("%s at place %d: %s %q", p.name, at+1, path, pairs)
	dead := make(chan struct{})
	if l.doomed {
		after := time.Duration(l.IntN(25000)) * time.Microsecond
		go func() {
			defer close(dead)
			time.Sleep(after)
			l.places[at].Kill9()
		}()
	}
	c := l.at[p][at]
	req := c.Request(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	l.m.began = time.Now()
	res, err := c.HTTP().Do(req)
	l.m.ended = time.Now()
	a := answer{lost: err != nil}
	if err == nil {
		_ = res.Body.Close()
		a.status = res.StatusCode
	}
	if !l.doomed {
		if err != nil {
			l.fails("%v", err)
		}
		return a
	}
	<-dead
	l.doomed, l.down = false, at
	l.kills++
	l.notes("... place %d was killed: %+v", at+1, a)
	l.rises()
	l.late.tells(l.t)
	return a
}

// does sends a form, and returns whether its deed is done: the answer says that, or done does
// if the answer is lost. A refusal with another status than want (0: none) fails the test.
func (l *toldLife) does(p *toldPerson, want int, done func() bool, path string, pairs ...string) bool {
	l.t.Helper()
	a := l.sends(p, path, pairs...)
	if a.lost {
		return done()
	}
	if a.status != cmp.Or(want, http.StatusSeeOther) {
		l.fails("%s of %s: %d, want %d", path, p.name, a.status, cmp.Or(want, http.StatusSeeOther))
	}
	return a.status == http.StatusSeeOther
}
