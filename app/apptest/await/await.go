// Package await waits, in tests, for what must happen, and lets no test depend on how fast the
// machine is. It imports nothing of the program, so that the tests inside its packages can use it.
package await

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what must happen, on the busiest machine.
const Patience = 2 * time.Minute

// pause is the time between two looks.
const pause = 2 * time.Millisecond

// Until waits until a condition holds, and ends the test if it never does.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !holds(); time.Sleep(pause) {
		if time.Now().After(deadline) {
			t.Fatal("never: ", what)
		}
	}
}

// Return fails the test if do does not return: the test holds back what do must not wait for.
func Return(t testing.TB, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(Patience):
		t.Error("does not return: ", what)
	}
}
