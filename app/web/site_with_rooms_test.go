package web_test

import (
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// A siteWithRooms is a siteWithMembers with two mentors and an administrator.
type siteWithRooms struct {
	*siteWithMembers
	sua, doyun *apptest.Client // mentors
	hyunwoo    *apptest.Client // an administrator
}

// The ids of the users of a siteWithRooms.
const (
	minjiID   = "1"
	seojunID  = "2"
	haneulID  = "3"
	suaID     = "4"
	doyunID   = "5"
	hyunwooID = "6"
)

func openWithRooms(t *testing.T, change ...func(*config.Config)) *siteWithRooms {
	t.Helper()
	v := open(t, change...)
	return &siteWithRooms{siteWithMembers: v, sua: v.joins("수아", sns.RoleMentor), doyun: v.joins("도윤", sns.RoleMentor), hyunwoo: v.joins("현우", sns.RoleAdmin)}
}

// joins makes an account without a password and returns a client that is signed in.
// joins writes into the database: hashing a password would be slow.
func (v *siteWithMembers) joins(name string, role sns.Role) *apptest.Client {
	v.t.Helper()
	return v.joinAll([]string{name}, role)[0]
}

// joinAll is joins for several names.
func (v *siteWithMembers) joinAll(names []string, role sns.Role) []*apptest.Client {
	v.t.Helper()
	secret, err := os.ReadFile(filepath.Join(filepath.Dir(databaseOf(v.Config)), "session.secret"))
	if err != nil {
		v.t.Fatal(err)
	}
	tx, err := v.database().Begin()
	if err != nil {
		v.t.Fatal(err)
	}
	now := time.Now().UnixMicro()
	clients := make([]*apptest.Client, len(names))
	for i, name := range names {
		cookie, session := web.SessionCookie(secret, rand.Text())
		_, err := tx.Exec(`INSERT INTO users (username, folded, search, email, password_hash, role, status_message, image, created_at)
			VALUES (?, ?, ?, '', '', ?, '', '', ?)`, name, name, sns.NameForm(name), role, now)
		if err == nil {
			_, err = tx.Exec("INSERT INTO sessions (id, user_id, created_at, seen_at) SELECT ?, id, ?, ? FROM users WHERE folded = ?", session, now, now, name)
		}
		if err != nil {
			v.t.Fatal(err)
		}
		clients[i] = v.Guest()
		clients[i].HTTP().Jar.SetCookies(v.address(), []*http.Cookie{cookie})
	}
	if err := tx.Commit(); err != nil {
		v.t.Fatal(err)
	}
	return clients
}

// joinsWithPassword makes an account with apptest.Password, so that a test can delete the
// account, and returns a client that is signed in.
func (v *siteWithMembers) joinsWithPassword(name string) *apptest.Client {
	v.t.Helper()
	c := v.joins(name, sns.RoleUser)
	_, err := v.database().Exec("UPDATE users SET password_hash = (SELECT m.password_hash FROM users m WHERE m.username = '민지') WHERE username = ?", name)
	if err != nil {
		v.t.Fatal(err)
	}
	return c
}

// opens opens a room and returns its id.
func (v *siteWithMembers) opens(mentor *apptest.Client, name string, limit int) string {
	v.t.Helper()
	p := mentor.Post("/rooms", "name", name, "user_limit", strconv.Itoa(limit)).Want(http.StatusSeeOther)
	id, ok := strings.CutPrefix(p.Header.Get("Location"), "/rooms/")
	if !ok {
		v.t.Fatalf("a new room leads to %q", p.Header.Get("Location"))
	}
	return id
}

// enters makes users enter a room.
func (v *siteWithMembers) enters(room string, people ...*apptest.Client) {
	v.t.Helper()
	for _, c := range people {
		leadsTo(v.test(), c.Post("/rooms/"+room+"/enter"), "/rooms/"+room)
	}
}

// test returns the test of the site; benchmarks do not call test.
func (v *siteWithMembers) test() *testing.T { return v.t.(*testing.T) }

// ends ends a room and waits until the messages of the room are saved.
func (v *siteWithMembers) ends(mentor *apptest.Client, room string) {
	v.t.Helper()
	leadsTo(v.test(), mentor.Post("/rooms/"+room+"/end"), "/rooms/"+room)
	v.saved(room)
}

// saved waits until a room is settled.
func (v *siteWithMembers) saved(room string) {
	v.t.Helper()
	db := v.database()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		var done int
		if err := db.QueryRow("SELECT COUNT(*) FROM end_rooms WHERE room_id = ? AND executed_at IS NOT NULL", room).Scan(&done); err != nil {
			v.t.Fatal(err)
		}
		if done == 1 {
			return
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("room %s is not saved", room)
		}
	}
}

// talks opens the socket of a room.
func talks(c *apptest.Client, room string) *apptest.Talk {
	return c.Talk("/rooms/" + room + "/socket")
}

// hears waits for a frame whose first element of the selector has the text.
func hears(t *testing.T, talk *apptest.Talk, selector, text string) apptest.Frame {
	t.Helper()
	return talk.Until(selector+" with "+text, func(f apptest.Frame) bool {
		found := f.Find(selector)
		return found.Length() > 0 && strings.TrimSpace(found.First().Text()) == text
	})
}

// hearsNothingOf fails the test if a frame with the text arrives within 300 ms.
func hearsNothingOf(t *testing.T, talk *apptest.Talk, text string) {
	t.Helper()
	for deadline := time.Now().Add(300 * time.Millisecond); ; {
		f, ok := talk.Next(time.Until(deadline))
		if !ok {
			return
		}
		if strings.Contains(f.Body, text) {
			t.Errorf("the socket brings %s", f.Body)
		}
	}
}

// seqOf returns the seq of the first message of a frame.
func seqOf(f apptest.Frame) string { return f.Find("[data-seq]").AttrOr("data-seq", "") }

// speaks sends a message, waits until the socket receives the message, and returns the
// message's seq.
func speaks(t *testing.T, talk *apptest.Talk, text string) string {
	t.Helper()
	talk.Say(text, rand.Text())
	return seqOf(hears(t, talk, ".message-body", text))
}

// spoken returns the texts of the messages on a page, in the order of the page.
func spoken(p *apptest.Page) []string {
	return p.Find("[data-seq] .message-body").Map(texts)
}

// hrefs returns the targets of links.
func hrefs(p *apptest.Page, selector string) (all []string) {
	for _, a := range p.Find(selector).EachIter() {
		all = append(all, a.AttrOr("href", ""))
	}
	return all
}

// beside returns the sentence about the problem of a field, or "".
func beside(p *apptest.Page, field string) string {
	for _, id := range strings.Fields(p.Find(`[name="`+field+`"]`).First().Closest("[aria-describedby]").AttrOr("aria-describedby", "")) {
		if text := p.Text(".error#" + id); text != "" {
			return text
		}
	}
	return ""
}
