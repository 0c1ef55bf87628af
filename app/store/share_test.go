package store_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xxsns/app/store"
)

// TestASharedResultHasWhatWasCommittedBefore lets writers and readers run at once. Each of
// them reads at least what was committed before its own call, whoever shares the query.
func TestASharedResultHasWhatWasCommittedBefore(t *testing.T) {
	const people, times = 16, 500
	s := store.NewSharing()
	var committed, queries atomic.Int64
	read := func(context.Context) (int64, error) {
		queries.Add(1)
		seen := committed.Load() // the snapshot of a query is as old as its begin
		for range 10 {
			runtime.Gosched()
		}
		return seen, nil
	}
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			for i := range times {
				if i%4 == 0 {
					committed.Add(1)
				}
				least := committed.Load()
				if seen, err := s.Share(t.Context(), "timeline", read); err != nil || seen < least {
					t.Errorf("%d were committed, and %d seen (%v)", least, seen, err)
					return
				}
			}
		})
	}
	all.Wait()
	if n := queries.Load(); n >= people*times {
		t.Errorf("%d queries for %d readers", n, people*times)
	}
}

// TestManyCallersShareAQuery asks while a query runs.
func TestManyCallersShareAQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, queries := store.NewSharing(), atomic.Int64{}
		failed := errors.New("failed")
		load := func(context.Context) (int64, error) {
			time.Sleep(store.SharePatience / 2)
			return queries.Add(1), failed
		}
		var all sync.WaitGroup
		ask := func(key string, want int64) {
			all.Go(func() {
				if n, err := s.Share(t.Context(), key, load); n != want || !errors.Is(err, failed) {
					t.Errorf("%s: the result of query %d (%v), want %d", key, n, err, want)
				}
			})
		}
		ask("timeline", 1)
		synctest.Wait()
		for range 100 {
			ask("timeline", 2)
		}
		all.Wait()
		ask("board", 3)
		all.Wait()
	})
}

// TestAQueryThatHangsHoldsNobodyUp asks for the same after a while.
func TestAQueryThatHangsHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, free := store.NewSharing(), make(chan struct{})
		defer close(free)
		var queries atomic.Int64
		load := func(context.Context) (int64, error) {
			n := queries.Add(1)
			if n == 1 {
				<-free
			}
			return n, nil
		}
		impatient, leave := context.WithCancel(t.Context())
		answers := make(chan error, 2)
		for range 2 { // the query that hangs, and one behind it
			go func() {
				_, err := s.Share(impatient, "timeline", load)
				answers <- err
			}()
			synctest.Wait()
		}
		time.Sleep(2 * store.SharePatience)
		if n, err := s.Share(t.Context(), "timeline", load); n != 2 || err != nil {
			t.Errorf("the result of query %d, %v", n, err)
		}
		if err := <-answers; err != nil {
			t.Error(err)
		}
		leave()
		if err := <-answers; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if n := queries.Load(); n != 2 {
			t.Errorf("%d queries", n)
		}
	})
}
