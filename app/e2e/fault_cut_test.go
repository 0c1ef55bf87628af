package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// seatCheck is the time between two checks of the seats in the database by a
// replica, and a little more.
const seatCheck = 30*time.Second + patience

// TestFaultCutOff: one replica silently loses Redis, while the other replica
// goes on. People of the first replica are told which messages are not said,
// and get every message afterwards. A person who is removed meanwhile neither
// says nor reads any message.
func TestFaultCutOff(t *testing.T) {
	t.Parallel()
	o := goesOn(t, apptest.StartReplicas(t, apptest.ReplicasOptions{}))
	somin := o.joins("소민", o.r.One)
	o.begin()
	o.awaits(20)
	o.r.One.Redis.Cut()
	begun := time.Now()
	o.sees("lost", 0)
	o.ready(o.r.One, http.StatusOK, "redis: down")
	o.ready(o.r.Two, http.StatusOK, "redis: up")
	o.removes(somin)
	if chaos() {
		somin.hungUp(t, begun.Add(seatCheck))
	}
	for elapsed := time.Duration(0); elapsed < inChaos(10*time.Second, 2*time.Minute); elapsed = time.Since(begun) {
		somin.staysOut(t)
		o.othersGoOn()
		time.Sleep(500 * time.Millisecond)
	}
	o.r.One.Redis.Restore()
	o.sees("gap", 0)
	somin.hungUp(t, time.Now().Add(seatCheck))
	o.recovers()
	o.finishes(100)
}

// TestFaultCutOffInTurn: the replicas lose Redis in turn, and both at once, for
// moments of any length.
func TestFaultCutOffInTurn(t *testing.T) {
	if !chaos() {
		t.Skip("long: make chaos")
	}
	t.Parallel()
	o := goesOn(t, apptest.StartReplicas(t, apptest.ReplicasOptions{}))
	o.begin()
	one, two := o.r.One.Redis, o.r.Two.Redis
	for n := range 24 {
		o.awaits(20)
		links := [][]*apptest.Link{{one}, {two}, {one, two}}[n%3]
		for _, link := range links {
			if n%2 == 0 {
				link.Cut()
			} else {
				link.Refuse()
			}
		}
		aWhile(12 * time.Second)
		for _, link := range links {
			link.Restore()
		}
		o.recovers()
	}
	o.finishes(100)
}

// A listener sits in the room with an open page, and mostly listens.
type listener struct {
	client *apptest.Client
	room   string // the room's address
	id     string // of the user
	talk   *apptest.Talk
}

// joins brings a new person into the room.
func (o *outage) joins(name string, replica *apptest.Replica) *listener {
	o.t.Helper()
	l := &listener{client: replica.Member(name), room: o.address()}
	l.client.Post(l.room + "/enter").Want(http.StatusSeeOther)
	l.id, _ = l.client.Get("/").Want(http.StatusOK).Find("body").Attr("data-me")
	l.talk = l.client.Talk(l.room + "/socket")
	return l
}

// removes lets the mentor remove the listener, on the other replica: the first
// replica cannot hear of the removal.
func (o *outage) removes(l *listener) {
	o.t.Helper()
	mentor := o.mentor.From(o.people[1].client.Address())
	mentor.Post(fmt.Sprintf("%s/participants/%s/remove", o.address(), l.id)).Want(http.StatusSeeOther)
	mentor.Post(o.address()+"/messages", "content", secret).Want(http.StatusSeeOther)
	o.extra = append(o.extra, secret)
	l.talk.Say("아직 들려요?", "removed")
	l.talk.Until("a refusal for good", func(f apptest.Frame) bool {
		return f.Find(`.refusal[data-client-id="removed"]:not([data-retry])`).Length() > 0
	})
}

// secret is said when the listener is removed.
const secret = "이제 우리끼리 이야기예요"

// staysOut: the removed listener gets neither a socket nor messages, nor into
// the room.
func (l *listener) staysOut(t *testing.T) {
	t.Helper()
	l.client.Post(l.room+"/messages", "content", "저 아직 있어요").Want(http.StatusForbidden)
	l.client.HX().Get(l.room + "/messages?after=0").Want(http.StatusForbidden)
	if status := l.client.Handshake(l.room+"/socket", ""); status != http.StatusForbidden {
		t.Errorf("who was removed gets a socket: %d", status)
	}
}

// hungUp waits until the socket of the removed listener closes for good, and
// fails the test if the socket has brought messages from after the removal.
func (l *listener) hungUp(t *testing.T, before time.Time) {
	t.Helper()
	for time.Now().Before(before) {
		f, open := l.talk.Next(time.Until(before))
		if f.Document != nil && f.Find(`.message-body:contains("`+secret+`")`).Length() > 0 {
			t.Error("who was removed hears what is said")
		}
		if !open && time.Now().Before(before) {
			if code := l.talk.CloseCode(); code != 1000 {
				t.Errorf("who was removed is hung up with %d", code)
			}
			return
		}
	}
	t.Error("who was removed is not hung up")
}

// othersGoOn: the people of the other replica hear each other as if both
// replicas were well.
func (o *outage) othersGoOn() {
	o.t.Helper()
	for i := 1; i < len(o.people); i += 2 {
		before := o.people[i].acknowledged.Load()
		for deadline := time.Now().Add(patience); o.people[i].acknowledged.Load() < before+5; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				o.t.Fatalf("%s, on the other replica, is not heard", o.people[i].name)
			}
		}
	}
}
