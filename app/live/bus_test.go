package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/live"
)

func TestBusKeepsTheOrderOfAPublisher(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		const events = 300
		minji, seojun := r.visit(t, "topic=room:3"), r.visit(t, "topic=room:3&topic=rooms")
		for n := range events {
			r.tell(t, line(n))
		}
		for n := range events {
			minji.sees(shown(n))
			seojun.sees(shown(n))
		}
	})
}

func TestBusHasOneOrderForAll(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		const publishers, each = 4, 50
		minji, seojun := r.visit(t, "topic=room:3"), r.visit(t, "topic=room:3")
		var told sync.WaitGroup
		for p := range publishers {
			told.Go(func() {
				for n := range each {
					r.tell(t, live.Event{Topic: "room:3", Kind: strconv.Itoa(p), Version: int64(n)})
				}
			})
		}
		told.Wait()
		inOneOrder(t, publishers*each, minji, seojun)
	})
}

// inOneOrder checks that all visitors see the same order, and each kind in the
// order of its publisher.
func inOneOrder(t *testing.T, events int, all ...*visitor) {
	t.Helper()
	next := map[string]int{}
	for range events {
		var kind string
		var n int
		first, err := all[0].next()
		if _, scanErr := fmt.Sscanf(first, "%s  %d", &kind, &n); err != nil || scanErr != nil {
			t.Fatal(first, err, scanErr)
		}
		if n != next[kind] {
			t.Fatalf("publisher %s: got %d, want %d", kind, n, next[kind])
		}
		next[kind]++
		for _, v := range all[1:] {
			v.sees(first)
		}
	}
}

func TestBusTellsNoOlderVersion(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		counts := func(version int64) live.Event {
			return live.Event{Topic: "timeline", Kind: "counts", Key: "post-17", Version: version}
		}
		minji := r.visit(t, "topic=timeline")
		r.tell(t, counts(2), counts(1), counts(2), counts(3))
		minji.sees("counts post-17 2 ", "counts post-17 3 ")
	})
}

func TestBusDisconnects(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		phone, laptop := r.visit(t, "topic=room:3&session=phone"), r.visit(t, "topic=room:3&session=laptop")
		r.tell(t, line(1), live.Event{Topic: live.SessionTopic("phone"), Kind: live.KindDisconnect}, line(2))
		phone.sees(shown(1))
		phone.isClosed()
		laptop.sees(shown(1), shown(2))
	})
}

func TestBusTellsOnceAndOnlyWhoLooksOn(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		minji, outsider := r.visit(t, "topic=room:3"), r.visit(t, "topic=room:4")
		r.tell(t, line(1), live.Event{Topic: "room:4", Kind: "last"}, live.Event{Topic: "room:3", Kind: "last"})
		minji.sees(shown(1), "last  0 ")
		outsider.sees("last  0 ")
	})
}

func TestBusLeavesDataAsItIs(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		minji := r.visit(t, "topic=room:3")
		for _, data := range []string{"", "null", `{"Content": "안녕 </b> & \u2028"}`, "[1,\n 2]", `"` + strings.Repeat("가", 20_000) + `"`} {
			r.tell(t, live.Event{Topic: "room:3", Kind: "line", Key: `k"\`, Data: json.RawMessage(data), Version: time.Now().UnixNano()})
			got, err := minji.next()
			if err != nil || !strings.HasSuffix(got, " "+data) || !strings.HasPrefix(got, `line k"\ `) {
				t.Fatalf("%.100q became %.100q, %v", data, got, err)
			}
		}
	})
}

// A user who closes the page during a change must not keep other viewers from
// seeing the change.
func TestBusTellsWhatTheAskerDoesNotWaitFor(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		minji := r.visit(t, "topic=room:3")
		ctx, leave := context.WithCancel(t.Context())
		leave()
		if err := r.Publish(ctx, line(1)); err != nil {
			t.Error(err)
		}
		minji.sees(shown(1))
	})
}

func TestBusMayBeClosedTwice(t *testing.T) {
	onEach(t, func(t *testing.T, r *replica) {
		if err := errors.Join(r.Close(), r.Close()); err != nil {
			t.Error(err)
		}
	})
}

func TestReplicasHearEachOther(t *testing.T) {
	url := apptest.Redis(t)
	a, _ := onRedis(t, url)
	b, _ := onRedis(t, url)
	minji, seojun := a.visit(t, "topic=room:3"), b.visit(t, "topic=room:3")
	const each = 100
	var told sync.WaitGroup
	for name, r := range map[string]*replica{"a": a, "b": b} {
		told.Go(func() {
			for n := range each {
				r.tell(t, live.Event{Topic: "room:3", Kind: name, Version: int64(n)})
			}
		})
	}
	told.Wait()
	inOneOrder(t, 2*each, minji, seojun)
	a.tell(t, live.Event{Topic: "room:3", Kind: live.KindDisconnect})
	minji.isClosed()
	seojun.isClosed()
	eventually(t, "all have left", func() bool { return a.hub.Subscribers("room:3")+b.hub.Subscribers("room:3") == 0 })
}
