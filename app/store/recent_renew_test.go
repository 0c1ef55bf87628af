package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xxsns/app/store"
)

// loadAll loads the value of the key 1; of other keys there is none.
func (s *source) loadAll(ctx context.Context, keys []int) (map[int]string, error) {
	all := map[int]string{}
	for _, key := range keys {
		if key != 1 {
			continue
		}
		value, err := s.load(ctx)
		if err != nil {
			return nil, err
		}
		all[key] = value
	}
	return all, nil
}

// present returns the value.
func (s *source) present() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.value
}

// counted returns the number of loads since the last call.
func (s *source) counted() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, s.loads = s.loads, 0
	return n
}

// renewed runs a test with a Recent whose expected values are loaded by load.
func renewed(t *testing.T, load func(context.Context, []int) (map[int]string, error), test func(*testing.T, *store.Recent[int, string])) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := store.NewRecent[int, string](time.Now)
		r.RenewBy(load)
		defer r.EndRenewal()
		test(t, r)
	})
}

// A caller of Get waits for no load of an expected value, and gets none that is older than
// RecentFor.
func TestAnExpectedValueIsKnownBeforeItIsAskedFor(t *testing.T) {
	s := &source{value: "a"}
	renewed(t, s.loadAll, func(t *testing.T, r *store.Recent[int, string]) {
		alone := 0
		for i := range 50 {
			want := string(rune('a' + i%26))
			s.set(want)
			time.Sleep(store.RecentFor)
			r.Expect(1)
			got, err := r.Get(t.Context(), 1, func(ctx context.Context) (string, error) { alone++; return s.load(ctx) })
			if got != want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		}
		if alone != 1 {
			t.Errorf("%d values were loaded alone, want the first", alone)
		}
	})
}

func TestAValueThatIsNotExpectedIsNotLoaded(t *testing.T) {
	s := &source{value: "a"}
	renewed(t, s.loadAll, func(t *testing.T, r *store.Recent[int, string]) {
		r.Expect(1)
		time.Sleep(time.Minute)
		if n := s.counted(); n == 0 || n > 10 {
			t.Errorf("%d loads in a minute after the last question", n)
		}
		r.Expect(1)
		time.Sleep(store.RecentFor)
		if s.counted() == 0 {
			t.Error("not loaded when it is expected again")
		}
	})
}

// However long the loads of expected values take, and whether they fail, no answer is
// older than RecentFor, nor than the last Forget.
func TestNoRenewedValueIsOlderThanItMayBe(t *testing.T) {
	for seed := range uint64(20) {
		random, ofLoads, s := rand.New(rand.NewPCG(seed, 7)), rand.New(rand.NewPCG(seed, 8)), &source{value: "0"}
		upTo := func(random *rand.Rand, d time.Duration) time.Duration { return time.Duration(random.Int64N(int64(d))) }
		load := func(ctx context.Context, keys []int) (map[int]string, error) {
			time.Sleep(upTo(ofLoads, store.RecentFor/4))
			all, err := s.loadAll(ctx, keys)
			time.Sleep(upTo(ofLoads, 3*store.RecentFor/2))
			if ofLoads.IntN(4) == 0 {
				err = errors.New("no answer")
			}
			return all, err
		}
		renewed(t, load, func(t *testing.T, r *store.Recent[int, string]) {
			var replaced []change
			for range 500 {
				time.Sleep(upTo(random, store.RecentFor/4))
				now := time.Now()
				switch random.IntN(40) {
				case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9:
					replaced = append(replaced, change{now, s.present()})
					s.set(now.String())
				case 10:
					r.Forget(1)
					replaced = nil
				case 11:
					r.ForgetUnless(func(value string) bool { return value == s.present() })
					replaced = nil
				}
				r.Expect(1)
				got, err := r.Get(t.Context(), 1, s.load)
				allowed := map[string]bool{s.present(): true}
				for _, c := range replaced {
					if now.Sub(c.at) < store.RecentFor {
						allowed[c.value] = true
					}
				}
				if !allowed[got] || err != nil {
					t.Fatalf("seed %d: got %q, %v; the value is %q, before %v", seed, got, err, s.present(), replaced)
				}
			}
		})
	}
}

// A change is the time at which a value was replaced.
type change struct {
	at    time.Time
	value string
}

// A value that exists no longer is forgotten by the next load.
func TestAnExpectedValueThatIsGoneIsForgotten(t *testing.T) {
	gone := func(context.Context, []int) (map[int]string, error) { return nil, nil }
	s := &source{value: "a"}
	renewed(t, gone, func(t *testing.T, r *store.Recent[int, string]) {
		r.Expect(1)
		asks(t, r, s, "a")
		s.set("")
		time.Sleep(store.RecentFor - time.Millisecond)
		asks(t, r, s, "")
	})
}

// EndRenewal waits for the load that is running, and no other one begins.
func TestARenewalThatHasEndedLoadsNothing(t *testing.T) {
	s, loading := &source{value: "a"}, new(atomic.Int64)
	load := func(ctx context.Context, keys []int) (map[int]string, error) {
		loading.Add(1)
		<-ctx.Done()
		loading.Add(-1)
		return s.loadAll(ctx, keys)
	}
	synctest.Test(t, func(t *testing.T) {
		r := store.NewRecent[int, string](time.Now)
		r.RenewBy(load)
		r.Expect(1)
		time.Sleep(store.RecentFor - time.Millisecond)
		if n := loading.Load(); n != 1 {
			t.Fatalf("%d loads are running", n)
		}
		r.EndRenewal()
		if loading.Load() != 0 {
			t.Error("a load is still running")
		}
		r.Expect(1)
		time.Sleep(time.Minute)
		if n := s.counted(); n != 1 {
			t.Errorf("%d loads", n)
		}
	})
}
