package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestAllSeeOneOrder(t *testing.T) {
	const tellers, each = 4, 100
	p := newTestHub(t, Options{MaxMessages: tellers*each + 1})
	people := []*streamClient{p.openStream(t, timeline), p.openStream(t, timeline), p.openStream(t, timeline)}
	var told sync.WaitGroup
	for teller := range tellers {
		told.Go(func() {
			for n := range each {
				p.Deliver(Event{Topic: "timeline", Kind: "post", Version: int64(n), Data: fmt.Append(nil, teller)})
			}
		})
	}
	told.Wait()
	var first []string
	for _, who := range people {
		var saw []string
		for range tellers * each {
			saw = append(saw, string(who.gets().HTML))
		}
		if first == nil {
			first = saw
		}
		if !slices.Equal(saw, first) {
			t.Fatal("two people saw different orders")
		}
	}
	inOrderOfEachTeller(t, first)
}

func inOrderOfEachTeller(t *testing.T, saw []string) {
	t.Helper()
	next := make(map[string]int)
	for _, line := range saw {
		var n int
		var teller string
		if _, err := fmt.Sscanf(line, "ko post  %d %s", &n, &teller); err != nil {
			t.Fatal(line, err)
		}
		if n != next[teller] {
			t.Fatalf("teller %s: got %d, want %d", teller, n, next[teller])
		}
		next[teller]++
	}
}

func TestSomeUsersAreLeftOut(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openStream(t, query("topic", "timeline", "lang", "ko", "user", "7"))
	seojun := p.openStream(t, query("topic", "timeline", "lang", "ko", "user", "8"))
	guest := p.openStream(t, timeline)
	p.Deliver(Event{Topic: "timeline", Kind: "comment", Data: []byte(`1`), Except: []int64{9, 7}})
	p.Deliver(Event{Topic: "timeline", Kind: "comment", Data: []byte(`2`)})
	for who, wants := range map[*streamClient][]string{minji: {"2"}, seojun: {"1", "2"}, guest: {"1", "2"}} {
		for _, want := range wants {
			if got := string(who.gets().HTML); !strings.HasSuffix(got, want) {
				t.Errorf("got %q, want %s", got, want)
			}
		}
	}
}

func TestOlderVersionsAreDropped(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openStream(t, timeline)
	other := said(1)
	other.Kind = "edited"
	for _, ev := range []Event{said(2), said(1), said(2), other, said(3)} {
		p.Deliver(ev)
	}
	minji.sees("ko counts post-17 2 ", "ko edited post-17 1 ", "ko counts post-17 3 ")
	if old := p.Stats().Stale; old != 2 {
		t.Errorf("dropped %d, want 2", old)
	}
}

func TestEventsWithoutKeyAreNeverDropped(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openStream(t, timeline)
	for range 3 {
		p.Deliver(Event{Topic: "timeline", Kind: "post", Version: 1})
	}
	minji.sees("ko post  1 ", "ko post  1 ", "ko post  1 ")
}

// A viewer who comes late has the newest state from the page: a delayed event
// must not show an older state.
func TestVersionsCountWhileNobodyLooksOn(t *testing.T) {
	p := newTestHub(t, Options{})
	p.Deliver(said(5))
	minji := p.openStream(t, timeline)
	p.Deliver(said(4))
	p.Deliver(said(6))
	minji.sees("ko counts post-17 6 ")
	if renders := p.Stats().Renders; renders != 1 {
		t.Errorf("rendered %d times, want 1", renders)
	}
}

func TestRendersOncePerLanguage(t *testing.T) {
	p := newTestHub(t, Options{})
	p.Deliver(said(1))
	var people []*streamClient
	for _, lang := range []string{"ko", "ko", "en", "ko", "en"} {
		people = append(people, p.openStream(t, query("topic", "timeline", "lang", lang)))
	}
	p.Deliver(said(2))
	for i, lang := range []string{"ko", "ko", "en", "ko", "en"} {
		people[i].sees(lang + " counts post-17 2 ")
	}
	if s := p.Stats(); s.Renders != 2 || s.Deliveries != 5 || s.Clients != 5 {
		t.Errorf("%+v, want 2 renders, 5 deliveries, 5 clients", s)
	}
	people[2].leaves()
	people[4].leaves()
	eventually(t, "two leave", func() bool { return p.Stats().Clients == 3 })
	p.Deliver(said(3))
	if renders := p.Stats().Renders; renders != 3 {
		t.Errorf("rendered %d times, want 3: nobody reads English any more", renders)
	}
}

func TestFailingRenderCostsNobodyElse(t *testing.T) {
	p := newTestHubWith(t, func(ev Event, lang string) (Message, error) {
		switch {
		case lang == "en" && ev.Version == 1:
			return Message{}, errors.New("no such text")
		case lang == "en" && ev.Version == 2:
			panic("broken template")
		case lang == "en" && ev.Version == 3:
			return Message{Name: "two\nlines"}, nil
		}
		return show(ev, lang)
	}, Options{})
	minji, john := p.openStream(t, timeline), p.openStream(t, query("topic", "timeline", "lang", "en"))
	for version := range int64(4) {
		p.Deliver(said(version + 1))
	}
	minji.sees("ko counts post-17 1 ", "ko counts post-17 2 ", "ko counts post-17 3 ", "ko counts post-17 4 ")
	john.sees("en counts post-17 4 ")
	if lines := p.log.lines(); lines != 3 {
		t.Errorf("logged %d lines, want one for each failure", lines)
	}
}

func TestEmptyMessageIsNotSent(t *testing.T) {
	p := newTestHubWith(t, func(ev Event, _ string) (Message, error) {
		if ev.Version == 1 {
			return Message{}, nil
		}
		return Message{Name: "new-post", HTML: []byte("17")}, nil
	}, Options{})
	minji := p.openStream(t, timeline)
	p.Deliver(said(1))
	p.Deliver(said(2))
	if m := minji.gets(); m.Name != "new-post" || string(m.HTML) != "17" {
		t.Errorf("got %q %q", m.Name, m.HTML)
	}
}

func TestOutsidersReceiveNothing(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openStream(t, query("topic", "room:3", "topic", "room:3", "user", "9", "session", "m"))
	seojun := p.openStream(t, query("topic", "room:4", "user", "10", "session", "s"))
	bus := Bus(Local{Hub: p.Hub})
	for _, topic := range []string{"room:3", UserTopic(9), SessionTopic("m"), "room:4"} {
		if err := bus.Publish(context.Background(), Event{Topic: topic, Kind: topic}); err != nil {
			t.Fatal(err)
		}
	}
	minji.sees(" room:3  0 ", " user:9  0 ", " session:m  0 ")
	seojun.sees(" room:4  0 ")
}

func TestDisconnectClosesATopic(t *testing.T) {
	p := newTestHub(t, Options{})
	phone := p.openStream(t, query("topic", "timeline", "user", "9", "session", "phone"))
	laptop := p.openStream(t, query("topic", "timeline", "user", "9", "session", "laptop"))
	seojun := p.openStream(t, query("topic", "timeline", "user", "10", "session", "desk"))

	p.Deliver(said(1))
	p.Deliver(Event{Topic: SessionTopic("phone"), Kind: KindDisconnect})
	p.Deliver(said(2))
	phone.sees(" counts post-17 1 ") // queued before the disconnect, and still sent
	phone.isClosed()
	laptop.sees(" counts post-17 1 ", " counts post-17 2 ")

	p.Deliver(Event{Topic: UserTopic(9), Kind: KindDisconnect})
	laptop.isClosed()
	p.Deliver(said(3))
	seojun.sees(" counts post-17 1 ", " counts post-17 2 ", " counts post-17 3 ")
	eventually(t, "two leave", func() bool { return p.Stats().Clients == 1 })
	if cut := p.Stats().Evicted; cut != 0 {
		t.Errorf("cut %d: being told to go is not being cut", cut)
	}
}

func TestGapReachesEverybody(t *testing.T) {
	p := newTestHub(t, Options{})
	people := []*streamClient{p.openStream(t, timeline), p.openStream(t, query("topic", "rooms")), p.openStream(t, "")}
	p.Gap()
	for _, who := range people {
		if m := who.gets(); m.Name != "gap" || len(m.HTML) != 0 {
			t.Errorf("got %q %q", m.Name, m.HTML)
		}
	}
}

// A viewer who comes between Lost and Gap gets "lost", too; a viewer who comes
// after Gap does not.
func TestEverybodyLearnsThatNothingArrives(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openStream(t, timeline)
	p.Lost()
	seojun := p.openStream(t, query("topic", "rooms"))
	p.Gap()
	haneul := p.openStream(t, timeline)
	p.Deliver(said(1))
	for who, want := range map[*streamClient][]string{minji: {"lost", "gap"}, seojun: {"lost", "gap"}, haneul: nil} {
		for _, name := range want {
			if m := who.gets(); m.Name != name {
				t.Errorf("got %q %q, want %q", m.Name, m.HTML, name)
			}
		}
	}
	minji.sees("ko counts post-17 1 ")
	haneul.sees("ko counts post-17 1 ")
}

func TestSessionsAreListedOnce(t *testing.T) {
	p := newTestHub(t, Options{})
	p.openStream(t, query("session", "b"))
	p.openStream(t, query("session", "a"))
	second := p.openStream(t, query("session", "b"))
	third := p.openStream(t, query("session", "c"))
	p.openStream(t, "")
	second.leaves()
	third.leaves()
	eventually(t, "two leave", func() bool { return p.Stats().Clients == 3 })
	if got := strings.Join(p.Sessions(), " "); got != "a b" {
		t.Errorf("sessions %q", got)
	}
}
