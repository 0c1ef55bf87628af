package live

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestVersionsAreRememberedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVersions()
		v.advance(said(5))
		time.Sleep(versionAge)
		if v.advance(said(4)) {
			t.Error("forgotten too early")
		}
		time.Sleep(versionAge)
		v.advance(Event{Key: "other"})
		if !v.advance(said(4)) {
			t.Error("remembered for ever")
		}
	})
}

func TestVersionsAreBounded(t *testing.T) {
	v := newVersions()
	for n := range versionLimit + 1000 {
		v.advance(Event{Key: strconv.Itoa(n)})
		if kept := v.newest.Len(); kept > versionLimit {
			t.Fatalf("remembers %d keys", kept)
		}
	}
	if v.advance(Event{Key: strconv.Itoa(versionLimit + 999)}) {
		t.Error("the newest was forgotten")
	}
}

func TestVersionsShrinkAfterABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVersions()
		for n := range 1000 {
			v.advance(Event{Key: strconv.Itoa(n)})
		}
		time.Sleep(versionAge + time.Second)
		for n := range 1000 {
			v.advance(Event{Key: strconv.Itoa(n % 10), Version: int64(n)})
		}
		if kept := v.newest.Len(); kept != 10 {
			t.Errorf("remembers %d keys", kept)
		}
	})
}

func BenchmarkVersions(b *testing.B) {
	v := newVersions()
	events := make([]Event, 1000)
	for i := range events {
		events[i] = Event{Topic: "timeline", Kind: "counts", Key: "post-" + strconv.Itoa(i)}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ev := events[i%len(events)]
		ev.Version = int64(i)
		v.advance(ev)
	}
}
