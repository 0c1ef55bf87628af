package live

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// recorder is a Bus that keeps the published events, and refuses one kind.
type recorder struct {
	mu     sync.Mutex
	events []Event
	refuse string
}

func (r *recorder) Publish(_ context.Context, ev Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ev.Kind == r.refuse {
		return errors.New("bus is away")
	}
	r.events = append(r.events, ev)
	return nil
}

func (r *recorder) Close() error { return nil }

func (r *recorder) told() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events
}

func TestBurstOfLikesIsFewEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &recorder{refuse: "none"}
		g := NewGatherer(bus, nil)
		const likes, seconds = 10_000, 2
		for version := range likes {
			g.Add(said(int64(version + 1)))
			time.Sleep(seconds * time.Second / likes)
		}
		time.Sleep(GatherWindow)
		synctest.Wait()
		told := bus.told()
		if len(told) > 5*seconds {
			t.Errorf("%d events in %d seconds", len(told), seconds)
		}
		if last := told[len(told)-1]; last.Version != likes {
			t.Errorf("last version %d, want %d", last.Version, likes)
		}
		for i := range told[1:] {
			if told[i].Version >= told[i+1].Version {
				t.Errorf("version %d before %d", told[i].Version, told[i+1].Version)
			}
		}
	})
}

func TestGathererWaitsNoLongerThanItsWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &recorder{refuse: "none"}
		g := NewGatherer(bus, nil)
		g.Add(said(1))
		time.Sleep(GatherWindow - time.Millisecond)
		synctest.Wait()
		if n := len(bus.told()); n != 0 {
			t.Errorf("%d events before the window ended", n)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if n := len(bus.told()); n != 1 {
			t.Errorf("%d events when the window ended", n)
		}
	})
}

func TestGathererKeepsTheNewestOfEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &recorder{refuse: "none"}
		g := NewGatherer(bus, nil)
		other := said(1)
		other.Kind = "edited"
		alone := Event{Topic: "timeline", Kind: "post"}
		for _, ev := range []Event{said(2), alone, said(9), other, said(3), alone} {
			g.Add(ev)
		}
		g.Close()
		var got []string
		for _, ev := range bus.told() {
			m, _ := show(ev, "")
			got = append(got, strings.TrimSpace(string(m.HTML)))
		}
		if s := strings.Join(got, ", "); s != "counts post-17 9, post  0, edited post-17 1, post  0" {
			t.Errorf("told %s", s)
		}
	})
}

func TestGathererLosesNothingWhileStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &recorder{refuse: "none"}
		g := NewGatherer(bus, nil)
		g.Add(said(1))
		g.Close()
		if n := len(bus.told()); n != 1 {
			t.Fatalf("%d events after closing", n)
		}
		g.Add(said(2))
		if n := len(bus.told()); n != 2 {
			t.Fatalf("%d events, the last added after closing", n)
		}
		g.Close()
	})
}

func TestGathererLogsWhatTheBusRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		bus := &recorder{refuse: "counts"}
		g := NewGatherer(bus, slog.New(slog.NewTextHandler(&log, nil)))
		g.Add(said(1))
		g.Add(Event{Topic: "timeline", Kind: "post"})
		g.Close()
		if n := len(bus.told()); n != 1 {
			t.Errorf("%d events told, want the one that was not refused", n)
		}
		if s := log.String(); !strings.Contains(s, "events=1") || !strings.Contains(s, "bus is away") {
			t.Errorf("log says %q", s)
		}
	})
}
