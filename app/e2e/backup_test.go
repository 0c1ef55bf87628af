package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/backup"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
)

// Members of the community that is backed up; a room has at most 15 seats.
const (
	backupTalkers = 14
	backupWriters = 6
)

// A bustle is people who write posts and talk in a room, until it is stopped.
type bustle struct {
	mu      sync.Mutex
	said    []string // in the room, acknowledged
	posted  []string
	slowest time.Duration // of all requests since quiet
	stop    chan struct{}
	all     sync.WaitGroup
	round   string
}

// bustles lets people write and talk: name signs in the person of a number.
func bustles(t *testing.T, round, room string, person func(int) *apptest.Client) *bustle {
	t.Helper()
	b := &bustle{stop: make(chan struct{}), round: round}
	for i := range backupTalkers + backupWriters {
		c := person(i)
		b.all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-b.stop:
					return
				case <-time.After(20 * time.Millisecond):
				}
				b.does(c, i, n, room)
			}
		})
	}
	return b
}

// does one act of a person.
func (b *bustle) does(c *apptest.Client, person, n int, room string) {
	text, path, list := fmt.Sprintf("%s-%d-%d", b.round, person, n), "/posts", &b.posted
	fields := []string{"content", text, "board", "free"}
	if person < backupTalkers {
		path, list, fields = room+"/messages", &b.said, []string{"content", text, "client_id", text}
	}
	start := time.Now()
	res, err := c.HTTP().Do(c.Form(path, nil, fields...))
	if err != nil {
		return
	}
	_ = res.Body.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slowest = max(b.slowest, time.Since(start))
	if res.StatusCode == http.StatusSeeOther {
		*list = append(*list, text)
	}
}

// quiet forgets the slowest request and returns what was acknowledged so far.
func (b *bustle) quiet() (said, posted []string, slowest time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	slowest, b.slowest = b.slowest, 0
	return slices.Clone(b.said), slices.Clone(b.posted), slowest
}

func (b *bustle) ends() {
	close(b.stop)
	b.all.Wait()
}

// A copy is what is in a backup: the lines of each table, and the files.
type copied struct {
	tables map[string][]string
	files  map[string]string
}

// readBackup reads a backup. Columns that a restore changes on purpose are left out: the kind of the
// buffer, and the revision.
func readBackup(t *testing.T, path string) copied {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, err := backup.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := copied{map[string][]string{}, map[string]string{}}
	for {
		item, err := r.Next()
		if errors.Is(err, io.EOF) {
			return c
		}
		if err != nil {
			t.Fatal(err)
		}
		if item.File != "" {
			content, err := io.ReadAll(item)
			if err != nil {
				t.Fatal(err)
			}
			c.files[item.File] = string(content)
			continue
		}
		for row, err := range item.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			line := ""
			for i, column := range item.Columns() {
				if item.Table == "rooms" && column == "buffer" || item.Table == "revisions" && column == "names" {
					continue
				}
				line += fmt.Sprintf("%s=%#v ", column, row[i])
			}
			c.tables[item.Table] = append(c.tables[item.Table], line)
		}
	}
}

// wantSame checks that two backups have the same rows and files.
func wantSame(t *testing.T, got, want copied) {
	t.Helper()
	if len(want.tables) < 12 || len(want.files) < 2 {
		t.Errorf("only %d tables and %d files are compared", len(want.tables), len(want.files))
	}
	for table, lines := range want.tables {
		if slices.Equal(got.tables[table], lines) {
			continue
		}
		t.Errorf("%s has %d rows, want %d", table, len(got.tables[table]), len(lines))
		for i := range lines {
			if i >= len(got.tables[table]) || got.tables[table][i] != lines[i] {
				t.Errorf("the first that differs is %v, want %v", got.tables[table][min(i, len(got.tables[table])):min(i+1, len(got.tables[table]))], lines[i])
				break
			}
		}
	}
	for name, content := range want.files {
		if name != "session.secret" && got.files[name] != content {
			t.Errorf("%s differs", name)
		}
	}
}

// wantWhole checks that a backup has each text once that was acknowledged before, and no
// number twice.
func (c copied) wantWhole(t *testing.T, said, posted []string) {
	t.Helper()
	all := strings.Join(slices.Concat(c.tables["messages"], c.tables["open_lines"]), "\n")
	posts := strings.Join(c.tables["posts"], "\n")
	if len(said) < 50 || len(posted) < 20 {
		t.Errorf("only %d messages and %d posts were acknowledged before: the test proves little", len(said), len(posted))
	}
	for _, text := range said {
		if n := strings.Count(all, fmt.Sprintf(`content=%q `, text)); n != 1 {
			t.Errorf("%q is %d times in the backup", text, n)
		}
	}
	for _, text := range posted {
		if n := strings.Count(posts, fmt.Sprintf(`content=%q `, text)); n != 1 {
			t.Errorf("post %q is %d times in the backup", text, n)
		}
	}
}

// backsUp makes a backup while people write and talk, and checks it.
func backsUp(t *testing.T, p *apptest.Program, b *bustle, path string) copied {
	t.Helper()
	time.Sleep(3 * time.Second)
	_, _, without := b.quiet()
	said, posted, _ := b.quiet()
	if o := operate(t, p, "", nil, "backup", path); o.code != 0 {
		t.Fatalf("backup: %s%s", o.out, o.errs)
	}
	_, _, with := b.quiet()
	t.Logf("%s: the slowest request took %v without and %v during the backup", b.round, without, with)
	operate(t, p, "", nil, "verify", path).does("is whole")
	c := readBackup(t, path)
	c.wantWhole(t, said, posted)
	return c
}

// A community moves from the embedded database to two replicas and back, while people write
// and chat: each row, picture and message of open rooms comes along, and people stay signed in.
func TestACommunityMovesAndComesBack(t *testing.T) {
	t.Parallel()
	secret := "SESSION_SECRET=" + apptest.Secret
	p := apptest.StartProgram(t, secret)
	folder := t.TempDir()
	p.AddUser("하늘", sns.RoleMentor)
	mentor := p.Guest()
	mentor.Post("/sign-in", "username", "하늘", "password", apptest.Password).Want(http.StatusSeeOther)
	mentor.Upload("/posts", []apptest.File{{Field: "images", Name: "1.jpg", Content: mediatest.PhoneJPEG(640, 480, 6)}}, "content", "사진", "board", "free").Want(http.StatusSeeOther)
	room := mentor.Post("/rooms", "name", "열린 방", "user_limit", "15").Want(http.StatusSeeOther).Header.Get("Location")
	people := make([]*apptest.Client, backupTalkers+backupWriters)
	for i := range people {
		name := fmt.Sprintf("사람%d", i)
		people[i] = p.Guest()
		people[i].Post("/sign-up", "username", name, "password", apptest.Password, "password_confirm", apptest.Password, "email", "a@example.com").Want(http.StatusSeeOther)
		if i < backupTalkers {
			people[i].Post(room + "/enter").Want(http.StatusSeeOther)
		}
	}
	one := filepath.Join(folder, "one.tar")
	b := bustles(t, "a", room, func(i int) *apptest.Client { return people[i] })
	first := backsUp(t, p, b, one)
	b.ends()

	replicas := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	operate(t, replicas.One.Program, "", nil, "restore", one).refuses("stop all servers")
	<-replicas.One.Terminate()
	<-replicas.Two.Terminate()
	if o := operate(t, replicas.One.Program, "", nil, "restore", one); o.code != 0 {
		t.Fatalf("restore: %s%s", o.out, o.errs)
	}
	again := filepath.Join(folder, "again.tar")
	operate(t, replicas.One.Program, "", nil, "backup", again)
	wantSame(t, readBackup(t, again), first)
	operate(t, replicas.Two.Program, "", nil, "restore", one).refuses("not empty")

	replicas.One.Start()
	replicas.Two.Start()
	moved := replicas.One.SignIn("하늘")
	next := sayNumbered(t, moved, room, "옮긴 뒤의 첫 말")
	if want := len(first.tables["open_lines"]) + countSaved(first, room) + 1; next != want {
		t.Errorf("the next message is %d, want %d", next, want)
	}
	two := filepath.Join(folder, "two.tar")
	b = bustles(t, "b", room, func(i int) *apptest.Client {
		return []*apptest.Replica{replicas.One, replicas.Two}[i%2].SignIn(fmt.Sprint("사람", i))
	})
	second := backsUp(t, replicas.Two.Program, b, two)
	b.ends()

	home := []string{"DATABASE_URL=sqlite:" + filepath.Join(folder, "home", "xxsns.db"), "REDIS_URL=", "UPLOADS_DIR=" + filepath.Join(folder, "home", "uploads")}
	if o := operate(t, replicas.One.Program, "", home, "restore", two); o.code != 0 {
		t.Fatalf("restore: %s%s", o.out, o.errs)
	}
	three := filepath.Join(folder, "three.tar")
	operate(t, replicas.One.Program, "", home, "backup", three)
	wantSame(t, readBackup(t, three), second)
	last := apptest.StartProgram(t, append(home, secret)...)
	if got, want := sayNumbered(t, signedIn(last, "하늘"), room, "돌아온 뒤의 첫 말"), len(second.tables["open_lines"])+countSaved(second, room)+1; got != want {
		t.Errorf("the next message is %d, want %d", got, want)
	}
}

func signedIn(p *apptest.Program, name string) *apptest.Client {
	c := p.Guest()
	c.Post("/sign-in", "username", name, "password", apptest.Password).Want(http.StatusSeeOther)
	return c
}

// countSaved counts the messages of a room that a backup has outside of the buffer.
func countSaved(c copied, room string) (n int) {
	for _, line := range c.tables["messages"] {
		if strings.HasPrefix(line, "room_id="+strings.TrimPrefix(room, "/rooms/")+" ") {
			n++
		}
	}
	return n
}

// sayNumbered says something in a room and returns the number of the message.
func sayNumbered(t *testing.T, c *apptest.Client, room, text string) int {
	t.Helper()
	c.Post(room+"/messages", "content", text, "client_id", fmt.Sprint("next-", len(text))).Want(http.StatusSeeOther)
	page := c.Get(room).Want(http.StatusOK)
	items := page.Find("#messages [data-seq]")
	seq := 0
	_, err := fmt.Sscan(items.Last().AttrOr("data-seq", ""), &seq)
	if err != nil || !strings.Contains(items.Last().Text(), text) {
		t.Errorf("the last message is %q, %v", items.Last().Text(), err)
	}
	return seq
}
