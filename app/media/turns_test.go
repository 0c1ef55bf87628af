package media

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"xxsns/app/media/mediatest"
)

// A picture of a test: whose, and how much memory.
type pic struct {
	name   string
	person int64
	memory int64
}

// allMemory is that of the turns of a test: for two small pictures of 1, or a big one.
const allMemory = 2

// joined adds pictures to t in order, and returns their turns by name.
func joined(t *testing.T, all *turns, pics []pic) map[string]*turn {
	t.Helper()
	out := map[string]*turn{}
	for _, p := range pics {
		own, err := all.join(p.person, p.memory)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		out[p.name] = own
	}
	return out
}

// begun returns the names of the pictures at work, sorted.
func begun(pics map[string]*turn) (names []string) {
	for name, own := range pics {
		select {
		case <-own.begun:
			names = append(names, name)
		default:
		}
	}
	slices.Sort(names)
	return names
}

// Pictures begin in the order that is fair. After each step, the picture that is first by
// its name ends; a step says which pictures are at work then.
func TestTurns(t *testing.T) {
	tests := []struct {
		name  string
		pics  []pic
		steps string
	}{
		{
			"one alone has all memory",
			[]pic{{"a1", minji, 1}, {"a2", minji, 1}, {"a3", minji, 1}},
			"a1 a2, a2 a3, a3, ",
		}, {
			"a small picture passes the heavy ones of another",
			[]pic{{"a1", minji, 2}, {"a2", minji, 2}, {"a3", minji, 2}, {"b1", seojun, 1}},
			"a1, b1, a2, a3, ",
		}, {
			"people take turns",
			[]pic{{"a1", minji, 2}, {"a2", minji, 2}, {"a3", minji, 2}, {"b1", seojun, 2}, {"b2", seojun, 2}, {"c1", haneul, 2}},
			"a1, b1, c1, a2, b2, a3, ",
		}, {
			"one at work while others wait",
			[]pic{{"a1", minji, 1}, {"a2", minji, 1}, {"a3", minji, 1}, {"b1", seojun, 1}, {"b2", seojun, 1}},
			"a1 a2, a2 b1, a3 b1, b1 b2, b2, ",
		}, {
			"a big picture is not overtaken",
			[]pic{{"a1", minji, 1}, {"b1", seojun, 2}, {"c1", haneul, 1}, {"c2", haneul, 1}},
			"a1, b1, c1 c2, c2, ",
		}, {
			"nobody's pictures come last",
			[]pic{{"a1", minji, 2}, {"n1", Nobody, 1}, {"n2", Nobody, 2}, {"a2", minji, 1}, {"a3", minji, 1}},
			"a1, a2 a3, a3 n1, n1, n2, ",
		},
	}
	for _, tt := range tests {
		all := newTurns(allMemory)
		pics := joined(t, all, tt.pics)
		for i, want := range strings.Split(tt.steps, ", ") {
			now := begun(pics)
			if got := strings.Join(now, " "); got != want {
				t.Errorf("%s: step %d has %q at work, want %q", tt.name, i, got, want)
				break
			}
			if len(now) > 0 {
				all.leave(pics[now[0]])
				delete(pics, now[0])
			}
		}
		if all.free != allMemory || all.waiting != 0 || len(all.lines) != 0 {
			t.Errorf("%s: %d is free, %d pictures wait in %d lines", tt.name, all.free, all.waiting, len(all.lines))
		}
	}
}

// A person fills a queue, and many people another; who is refused leaves nothing behind.
func TestFullQueues(t *testing.T) {
	t.Run("of a person", func(t *testing.T) {
		all := newTurns(allMemory)
		joined(t, all, slices.Repeat([]pic{{"", minji, allMemory}}, 1+mostWaitingOfPerson))
		if _, err := all.take(t.Context(), minji, 1); !errors.Is(err, ErrBusy) {
			t.Errorf("one more: %v", err)
		}
		joined(t, all, []pic{{"", seojun, 1}, {"", Nobody, 1}})
	})
	t.Run("of all", func(t *testing.T) {
		all := newTurns(allMemory)
		for person := range int64(mostWaiting + 1) {
			joined(t, all, []pic{{"", minji + person, allMemory}})
		}
		lines := len(all.lines)
		if _, err := all.take(t.Context(), minji+mostWaiting+1, 1); !errors.Is(err, ErrBusy) || len(all.lines) != lines {
			t.Errorf("one more: %v, %d lines", err, len(all.lines))
		}
		joined(t, all, slices.Repeat([]pic{{"", Nobody, 1}}, mostWaitingOfPerson+1))
	})
}

func TestWhoLeavesTheQueueHoldsUpNobody(t *testing.T) {
	all := newTurns(allMemory)
	done, err := all.take(t.Context(), minji, allMemory)
	if err != nil {
		t.Fatal(err)
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := all.take(left, seojun, allMemory); !errors.Is(err, context.Canceled) {
		t.Errorf("one who has left: %v", err)
	}
	pics := joined(t, all, []pic{{"c1", haneul, 1}})
	if done(); len(begun(pics)) != 1 {
		t.Error("the next picture does not begin")
	}
	all.leave(pics["c1"])
	if all.free != allMemory || all.waiting != 0 || len(all.lines) != 0 {
		t.Errorf("left behind: %+v", all)
	}
}

func TestAWaitTooLong(t *testing.T) {
	all := newTurns(allMemory)
	joined(t, all, []pic{{"a1", minji, allMemory}})
	all.maxWait = 0
	if _, err := all.take(t.Context(), seojun, 1); !errors.Is(err, ErrBusy) || all.waiting != 0 || len(all.lines) != 1 {
		t.Errorf("got %v; left behind: %+v", err, all)
	}
}

// Many come and go at once; there are never more at work than there is memory for.
func TestTurnsOfMany(t *testing.T) {
	all := newTurns(allMemory)
	var working, served atomic.Int64
	var people sync.WaitGroup
	for i := range int64(200) {
		people.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%5 == 0 {
				go cancel()
			}
			memory := 1 + i%2
			done, err := all.take(ctx, i%30, memory)
			if err != nil {
				return
			}
			defer done()
			if now := working.Add(memory); now > allMemory {
				t.Errorf("%d is taken", now)
			}
			served.Add(1)
			working.Add(-memory)
		})
	}
	people.Wait()
	if served.Load() == 0 || all.free != allMemory || all.waiting != 0 || len(all.lines) != 0 {
		t.Errorf("%d were served; left behind: %+v", served.Load(), all)
	}
}

// The heavy pictures of one person fill the queue of the folder; the small picture of
// another one is the next to be decoded.
func TestOnePersonHoldsUpNobody(t *testing.T) {
	f := openFolder(t)
	f.decoding = newTurns(leastMemory)
	heavy, small := mediatest.GrayPNG(5000, 4000), mediatest.GrayPNG(20, 20)
	order, hold := make(chan int64, 10), make(chan struct{})
	var people sync.WaitGroup
	send := func(person int64, data []byte) {
		people.Go(func() {
			_, err := f.save(t.Context(), person, bytes.NewReader(data), func(source, context.Context) (rendition, error) {
				order <- person
				<-hold
				return rendition{ext: "png", full: small}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	send(minji, heavy)
	first := <-order
	for range mostWaitingOfPerson {
		send(minji, heavy)
	}
	f.waitFor(mostWaitingOfPerson)
	if _, err := f.Save(t.Context(), minji, bytes.NewReader(small)); !errors.Is(err, ErrBusy) {
		t.Errorf("one more of the first person: %v", err)
	}
	send(seojun, small)
	f.waitFor(mostWaitingOfPerson + 1)
	hold <- struct{}{}
	if next := <-order; first != minji || next != seojun {
		t.Errorf("first came %d, then %d", first, next)
	}
	close(hold)
	people.Wait()
	if len(f.names(t)) != 2+mostWaitingOfPerson || len(f.decoding.lines) != 0 {
		t.Errorf("left: %q, %d lines", f.names(t), len(f.decoding.lines))
	}
}

// waitFor waits until a number of pictures wait for their turn.
func (f *Folder) waitFor(pictures int) {
	for waiting := -1; waiting != pictures; runtime.Gosched() {
		f.decoding.mu.Lock()
		waiting = f.decoding.waiting
		f.decoding.mu.Unlock()
	}
}

// The sizes of old pictures are made when nobody waits.
func TestAddSizesYields(t *testing.T) {
	f := openFolder(t)
	name := f.saved(t, mediatest.PNG(1000, 500)).Name
	hold, err := f.decoding.take(t.Context(), minji, f.decoding.memory)
	if err != nil {
		t.Fatal(err)
	}
	var background sync.WaitGroup
	background.Go(func() {
		if _, err := f.AddSizes(t.Context(), name); err != nil {
			t.Error(err)
		}
	})
	for lines := 0; lines < 2; runtime.Gosched() {
		f.decoding.mu.Lock()
		lines = len(f.decoding.lines)
		f.decoding.mu.Unlock()
	}
	big := joined(t, f.decoding, []pic{{"b1", seojun, f.decoding.memory}})
	if hold(); len(begun(big)) != 1 {
		t.Error("a person waits for the sizes of old pictures")
	}
	f.decoding.leave(big["b1"])
	background.Wait()
}
