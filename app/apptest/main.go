package apptest

import (
	"os"
	"slices"
	"sync"
	"testing"
)

// Runner is what TestMain gets: a *testing.M.
type Runner interface{ Run() int }

// Main runs the tests of a package, stops the servers and the browser they
// shared, and exits. A package that uses any of these calls it:
//
//	func TestMain(m *testing.M) { apptest.Main(m) }
func Main(m Runner) { os.Exit(Stopping(m).Run()) }

// Stopping wraps m so that Run also stops what the tests shared, for a
// TestMain that hands m on: goleak.VerifyTestMain(apptest.Stopping(m)).
func Stopping(m Runner) Runner { return stopping{m} }

type stopping struct{ Runner }

func (s stopping) Run() int {
	ending.begin()
	defer ending.end()
	return s.Runner.Run()
}

// ending keeps what has to be stopped when the tests of the process are over.
// Whatever ends the process without passing here (a panic, a time limit, kill)
// is covered by dieWithParent and sweep.
var ending atEnd

type atEnd struct {
	mu    sync.Mutex // guards what follows
	begun bool
	stops []func()
}

func (e *atEnd) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.begun = true
}

// add registers what end is to call.
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

// end stops everything, last started first.
func (e *atEnd) end() {
	e.mu.Lock()
	stops := e.stops
	e.stops = nil
	e.mu.Unlock()
	for _, stop := range slices.Backward(stops) {
		stop()
	}
}
