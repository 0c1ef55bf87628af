package apptest

import (
	"os"
	"slices"
	"sync"
	"testing"
)

// Runner is the argument of TestMain: a *testing.M.
type Runner interface{ Run() int }

// Main runs the tests of a package, stops the servers and the browser that the
// tests shared, and exits. A package that uses any of these must call Main:
//
//	func TestMain(m *testing.M) { apptest.Main(m) }
func Main(m Runner) { os.Exit(Stopping(m).Run()) }

// Stopping wraps m so that Run also stops the servers and the browser that the
// tests shared, for a TestMain that hands m on:
// goleak.VerifyTestMain(apptest.Stopping(m)).
func Stopping(m Runner) Runner { return stopping{m} }

type stopping struct{ Runner }

func (s stopping) Run() int {
	ending.begin()
	defer ending.end()
	return s.Runner.Run()
}

// AtEnd calls a function when the tests of the process are over. The package must call
// Main or Stopping.
func AtEnd(stop func()) { ending.add(stop) }

// ending keeps the functions to call when the tests of the process are over. If
// the process ends without a call of end (a panic, a time limit, kill),
// dieWithParent and sweep clean up.
var ending atEnd

type atEnd struct {
	mu    sync.Mutex // guards the fields below
	begun bool
	stops []func()
}

func (e *atEnd) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.begun = true
}

// add registers a function for end to call.
func (e *atEnd) add(stop func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stops = append(e.stops, stop)
}

// require fails t when the package's TestMain does not call Main or Stopping.
func (e *atEnd) require(t testing.TB) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.begun {
		t.Fatal("this package needs: func TestMain(m *testing.M) { apptest.Main(m) }")
	}
}

// end calls the registered functions, the last registered first.
func (e *atEnd) end() {
	e.mu.Lock()
	stops := e.stops
	e.stops = nil
	e.mu.Unlock()
	for _, stop := range slices.Backward(stops) {
		stop()
	}
}
