package live

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestVersionsAreRememberedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v versions
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
	var v versions
	for n := range 3 * versionLimit {
		v.advance(Event{Key: strconv.Itoa(n)})
		if kept := len(v.young) + len(v.elder); kept > 2*versionLimit {
			t.Fatalf("remembers %d subjects", kept)
		}
	}
	if v.advance(Event{Key: strconv.Itoa(3*versionLimit - 1)}) {
		t.Error("the newest was forgotten")
	}
}
