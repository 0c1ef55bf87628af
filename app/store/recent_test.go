package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xxsns/app/store"
)

// A source counts the loads of its value.
type source struct {
	mu    sync.Mutex
	value string
	loads int
}

func (s *source) set(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value = value
}

func (s *source) load(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	if s.value == "" {
		return "", errors.New("gone")
	}
	return s.value, nil
}

// asks compares the present answer for a key.
func asks(t *testing.T, r *store.Recent[int, string], s *source, want string) {
	t.Helper()
	got, err := r.Get(t.Context(), 1, s.load)
	if got != want || (err != nil) != (want == "") {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestARecentValueIsNeverOlderThanItMayBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := store.NewRecent[int, string](time.Now), &source{value: "a"}
		asks(t, r, s, "a")
		s.set("b")
		time.Sleep(store.RecentFor - time.Nanosecond)
		asks(t, r, s, "a")
		time.Sleep(time.Nanosecond)
		asks(t, r, s, "b")
		s.set("")
		time.Sleep(store.RecentFor)
		asks(t, r, s, "") // an error is not kept
		s.set("c")
		asks(t, r, s, "c")
		if s.loads != 4 {
			t.Errorf("%d loads", s.loads)
		}
	})
}

// The age of a value counts from before its load: also for a caller that waits for the
// load of another one.
func TestASlowLoadMakesNoOldValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := store.NewRecent[int, string](time.Now), &source{value: "a"}
		slow := func(ctx context.Context) (string, error) {
			value, err := s.load(ctx)
			time.Sleep(3 * store.RecentFor / 2)
			return value, err
		}
		var early sync.WaitGroup
		early.Go(func() {
			if got, err := r.Get(t.Context(), 1, slow); got != "a" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
		synctest.Wait()
		s.set("b")
		time.Sleep(store.RecentFor)
		asks(t, r, s, "b") // does not wait for the slow one
		early.Wait()
		asks(t, r, s, "b")
	})
}

func TestWhatIsForgottenDuringALoadIsNotKept(t *testing.T) {
	for name, forget := range map[string]func(*store.Recent[int, string]){
		"one": func(r *store.Recent[int, string]) { r.Forget(1) },
		"all": func(r *store.Recent[int, string]) { r.ForgetUnless(func(string) bool { return false }) },
	} {
		t.Run(name, func(t *testing.T) {
			r, s := store.NewRecent[int, string](time.Now), &source{value: "a"}
			loaded, proceed := make(chan struct{}), make(chan struct{})
			var before sync.WaitGroup
			before.Go(func() {
				_, _ = r.Get(t.Context(), 1, func(ctx context.Context) (string, error) {
					value, err := s.load(ctx)
					close(loaded)
					<-proceed
					return value, err
				})
			})
			<-loaded
			s.set("b")
			forget(r)
			asks(t, r, s, "b") // not the answer that is under way
			close(proceed)
			before.Wait()
			asks(t, r, s, "b")
			s.set("c")
			forget(r)
			asks(t, r, s, "c")
		})
	}
}

// A caller who hangs up does not take the answer from others.
func TestCallersShareALoadThatEndsWithNoneOfThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := store.NewRecent[int, string](time.Now), &source{value: "a"}
		slow := func(ctx context.Context) (string, error) {
			select {
			case <-time.After(store.RecentFor / 2):
				return s.load(ctx)
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		hasty, hangUp := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := r.Get(hasty, 1, slow); !errors.Is(err, context.Canceled) {
				t.Errorf("who hung up got %v", err)
			}
		})
		synctest.Wait()
		for range 20 {
			all.Go(func() {
				if got, err := r.Get(t.Context(), 1, slow); got != "a" || err != nil {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
		synctest.Wait()
		hangUp()
		all.Wait()
		if s.loads != 1 {
			t.Errorf("%d loads", s.loads)
		}
	})
}

func TestRecentValuesAreBounded(t *testing.T) {
	r, loads := store.NewRecent[int, string](func() time.Time { return time.Unix(1, 0) }), 0
	get := func(key int) {
		if _, err := r.Get(t.Context(), key, func(context.Context) (string, error) { loads++; return "a", nil }); err != nil {
			t.Error(err)
		}
	}
	for key := range store.RecentMost + 10 {
		get(key)
	}
	loads = 0
	for key := range store.RecentMost + 10 {
		get(key)
	}
	if loads != 10 {
		t.Errorf("%d values are not kept, want 10", loads)
	}
}
