package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
	"xxsns/app/web/rooms"
)

// unreadOf returns the unread number that the list of rooms shows of a room, or "".
func unreadOf(p *apptest.Page, room string) string {
	number, _, _ := strings.Cut(strings.TrimSpace(p.Find(".mine #room-"+room+" .unread").Text()), " ")
	return number
}

// wantDot checks whether the menus of a page show that something is unread in rooms.
func wantDot(t *testing.T, what string, p *apptest.Page, want bool) {
	t.Helper()
	for _, menu := range []string{".side", ".dock"} {
		if p.Find(menu).Length() > 0 && (p.Find(menu+` a[href="/rooms"] .dot`).Length() == 1) != want {
			t.Errorf("%s: a dot in %s: %t, want %t", what, menu, !want, want)
		}
	}
}

// scripted makes a client one that runs scripts, which tell by themselves what was seen.
func (v *siteWithMembers) scripted(c *apptest.Client) *apptest.Client {
	c.HTTP().Jar.SetCookies(v.address(), []*http.Cookie{{Name: "scripts", Value: "on", Path: "/"}})
	return c
}

// saysIn says messages in a room.
func saysIn(c *apptest.Client, room string, texts ...string) {
	for _, text := range texts {
		c.Post("/rooms/"+room+"/messages", "content", text).Want(303)
	}
}

func TestTheListOfRoomsShowsWhatIsUnread(t *testing.T) {
	v := openWithRooms(t)
	room, other := v.opens(v.sua, "읽기방", 5), v.opens(v.sua, "조용한 방", 5)
	v.enters(room, v.minji)
	v.enters(other, v.minji)
	p := v.minji.Get("/rooms").Want(200)
	wantDot(t, "after entering", p, false)
	if got := p.Find(".mine .room h3").Map(texts); !slices.Equal(got, []string{"조용한 방", "읽기방"}) || unreadOf(p, room) != "" {
		t.Errorf("after entering: %q, %q unread", got, unreadOf(p, room))
	}
	saysIn(v.sua, room, "하나", "둘", "셋  번째\n말")
	p = v.minji.Get("/rooms").Want(200)
	wantDot(t, "after three messages", p, true)
	if missed := v.minji.HX().Get("/notifications/unread").Want(200); missed.Find("#rooms-dot .dot, #rooms-dot-dock .dot").Length() != 2 {
		t.Errorf("a page that missed the messages is told %s", missed.Body)
	}
	if got := unreadOf(p, room); got != "3" || unreadOf(p, other) != "" {
		t.Errorf("%q and %q are unread", got, unreadOf(p, other))
	}
	if got := p.Text("#room-" + room + " .last .cut"); got != "수아 멘토 셋 번째 말" {
		t.Errorf("the last words are %q", got)
	}
	if got := p.Find(".mine .room h3").Map(texts); !slices.Equal(got, []string{"읽기방", "조용한 방"}) {
		t.Errorf("the rooms are %q", got)
	}
	for _, path := range []string{"/", "/settings", "/rooms/" + other, "/search?q=말"} {
		wantDot(t, path, v.minji.Get(path).Want(200), true)
		wantDot(t, path+" of the one who has said it", v.sua.Get(path).Want(200), false)
		wantDot(t, path+" of an outsider", v.seojun.Get(path).Want(200), false)
	}
	if p := v.minji.HX().Get("/rooms").Want(200); unreadOf(p, room) != "3" {
		t.Errorf("a list that is refreshed shows %q", unreadOf(p, room))
	}
	v.sua.Post("/rooms/" + room + "/messages/4/delete").Want(303)
	if got := unreadOf(v.minji.Get("/rooms"), room); got != "2" {
		t.Errorf("after one was deleted, %q are unread", got)
	}
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	p = v.minji.Get("/rooms").Want(200)
	wantDot(t, "outside", p, false)
	if unreadOf(p, room) != "" {
		t.Errorf("outside, %q are unread", unreadOf(p, room))
	}
}

// Without scripts, opening a page reads what the page shows. Scripts tell what was seen.
func TestWhoReads(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "읽기방", 5)
	v.enters(room, v.minji, v.haneul)
	saysIn(v.sua, room, "하나", "둘")
	wantDot(t, "the page of the room itself", v.minji.Get("/rooms/"+room).Want(200), false)
	p := v.minji.Get("/rooms")
	if unreadOf(p, room) != "" {
		t.Errorf("after the page was opened, %q are unread", unreadOf(p, room))
	}
	wantDot(t, "after the page was opened", p, false)

	haneul := v.scripted(v.haneul)
	haneul.Get("/rooms/" + room).Want(200)
	if got := unreadOf(haneul.Get("/rooms"), room); got != "2" {
		t.Errorf("a page that nobody has seen reads: %q are unread", got)
	}
	if p := haneul.HX().Post("/rooms/"+room+"/read", "seq", "4").Want(204); p.Body != "" {
		t.Errorf("the answer is %s", p.Body)
	}
	if got := unreadOf(haneul.Get("/rooms"), room); got != "1" {
		t.Errorf("after one was seen, %q are unread", got)
	}
	leadsTo(t, haneul.Post("/rooms/"+room+"/read", "seq", "1"), "/rooms/"+room)
	if got := unreadOf(haneul.Get("/rooms"), room); got != "1" {
		t.Errorf("after an older one, %q are unread", got)
	}
	saysIn(haneul, room, "나도 봤어요")
	if got := unreadOf(haneul.Get("/rooms"), room); got != "" {
		t.Errorf("after saying something, %q are unread", got)
	}
	for _, seq := range []string{"", "x", "-1", "99999999999999999999"} {
		haneul.HX().Post("/rooms/"+room+"/read", "seq", seq).Want(400)
	}
}

// On coming back the log begins at the line above what is new.
func TestTheLogOpensWhereOneWas(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "읽기방", 5)
	v.enters(room, v.minji)
	minji := v.scripted(v.minji)
	path := "/rooms/" + room
	minji.Get(path).Want(200).Lacks("#read")
	last := 2
	for _, c := range []struct {
		more, from int // messages, and the first line of the page
		marked     bool
	}{{1, 1, true}, {60, 1, true}, {rooms.MostUnread, 0, false}} {
		v.writes(room, c.more-1, time.Now(), 0, suaID)
		saysIn(v.sua, room, "새 말") // the program hears of nothing that is written behind its back
		p := minji.Get(path).Want(200)
		seqs := numbers(p)
		from := c.from
		if !c.marked {
			from = last + c.more - rooms.Backlog + 1
		}
		if seqs[0] != from || seqs[len(seqs)-1] != last+c.more {
			t.Errorf("after %d more the page shows %d to %d, want from %d", c.more, seqs[0], seqs[len(seqs)-1], from)
		}
		if got := p.Find("#read"); (got.Length() == 1) != c.marked {
			t.Errorf("after %d more there are %d lines", c.more, got.Length())
		} else if c.marked {
			above, below := got.PrevAll().Filter("[data-seq]").First(), got.NextAll().Filter("[data-seq]").First()
			if got.Text() != web.Korean("message.read") || above.AttrOr("data-seq", "") != strconv.Itoa(last) || below.AttrOr("data-seq", "") != strconv.Itoa(last+1) {
				t.Errorf("the line %q stands below %s and above %s", got.Text(), above.AttrOr("data-seq", ""), below.AttrOr("data-seq", ""))
			}
		}
		last += c.more
		minji.HX().Post(path+"/read", "seq", strconv.Itoa(last)).Want(204)
		minji.Get(path).Want(200).Lacks("#read")
	}
	v.writes(room, 1, time.Now(), 0, minjiID)
	minji.Get(path).Want(200).Lacks("#read") // my own words on another device
}

// More than 99 are shown as such, and alerts decide of what the dot tells.
func TestAlertsOfARoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "읽기방", 5)
	v.enters(room, v.minji)
	minji := v.scripted(v.minji)
	chosen := func(p *apptest.Page) string {
		return p.Find(`#alerts [aria-pressed="true"]`).AttrOr("value", "")
	}
	if got := chosen(minji.Get("/rooms/" + room)); got != "all" {
		t.Errorf("at first %q is chosen", got)
	}
	v.writes(room, sns.UnreadMost-2, time.Now(), 0, suaID)
	saysIn(v.sua, room, "새 말") // the program hears of nothing that is written behind its back
	if got := unreadOf(minji.Get("/rooms"), room); got != "99" {
		t.Errorf("%q are unread", got)
	}
	v.writes(room, 50, time.Now(), 0, suaID)
	for _, alerts := range []string{"none", "mentions", "all"} {
		if p := minji.HX().Post("/rooms/"+room+"/alerts", "alerts", alerts).Want(200); chosen(p) != alerts {
			t.Errorf("the answer shows %q", chosen(p))
		}
		p := minji.Get("/rooms").Want(200)
		wantDot(t, alerts, p, alerts == "all")
		if got := unreadOf(p, room); got != "99+" {
			t.Errorf("%s: %q are unread", alerts, got)
		}
	}
	minji.Post("/rooms/"+room+"/alerts", "alerts", "mentions").Want(303)
	saysIn(v.sua, room, "@민지님 봐 주세요")
	wantDot(t, "after a mention", minji.Get("/"), true)
	minji.Post("/rooms/"+room+"/alerts", "alerts", "none").Want(303)
	wantDot(t, "none, after a mention", minji.Get("/"), false)
	minji.Post("/rooms/"+room+"/alerts", "alerts", "both").Want(400)
	v.seojun.Post("/rooms/"+room+"/alerts", "alerts", "none").Want(403)
}
