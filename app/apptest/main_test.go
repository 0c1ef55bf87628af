package apptest

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// toBeKilled makes the test program start a server and wait to be killed, for
// TestServersDieWithTheTestProcess.
const toBeKilled = "APPTEST_TO_BE_KILLED"

func TestMain(m *testing.M) {
	if os.Getenv(toBeKilled) == "1" {
		waitToBeKilled()
	}
	Main(m)
}

func waitToBeKilled() {
	server, err := startMariaDB(MariaDBOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("pid %d\n", server.process.cmd.Process.Pid)
	select {}
}

// recorder is a testing.TB that keeps the reports of a test, so that tests can
// assert that helpers fail.
type recorder struct {
	testing.TB
	mu       sync.Mutex // guards the fields below
	outcome  string     // "", "failed" or "skipped"
	messages []string
	cleanups []func()
}

// record runs f as the body of a test, with its cleanups, and returns the
// reports.
func record(t *testing.T, f func(testing.TB)) *recorder {
	r := &recorder{TB: t}
	inGoroutine(func() { f(r) })
	for _, cleanup := range slices.Backward(r.cleanups) {
		inGoroutine(cleanup)
	}
	return r
}

// inGoroutine lets f end with runtime.Goexit, as Fatal does.
func inGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func (r *recorder) report(outcome, message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcome = outcome
	r.messages = append(r.messages, message)
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Error(args ...any) {
	r.report("failed", fmt.Sprint(args...))
}
func (r *recorder) Errorf(format string, args ...any) {
	r.report("failed", fmt.Sprintf(format, args...))
}
func (r *recorder) Fatal(args ...any) {
	r.Error(args...)
	runtime.Goexit()
}
func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}
func (r *recorder) Skipf(format string, args ...any) {
	r.report("skipped", fmt.Sprintf(format, args...))
	runtime.Goexit()
}

// wentOn is the report of a test that a helper should have ended.
const wentOn = "went on"

// expect asserts the outcome, and that every word was reported, but not wentOn.
func (r *recorder) expect(t *testing.T, outcome string, words ...string) {
	t.Helper()
	all := strings.Join(r.messages, "\n")
	if r.outcome != outcome {
		t.Errorf("outcome %q, want %q; reported: %s", r.outcome, outcome, all)
	}
	if slices.Contains(r.messages, wentOn) {
		t.Error("the test was not ended")
	}
	for _, word := range words {
		if !strings.Contains(all, word) {
			t.Errorf("%q was not reported; reported: %s", word, all)
		}
	}
}

// says reports whether all words were reported.
func (r *recorder) says(words ...string) bool {
	all := strings.Join(r.messages, "\n")
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(all, word) })
}

func TestEndStopsLastStartedFirst(t *testing.T) {
	var e atEnd
	var got []string
	e.begin()
	e.add(func() { got = append(got, "first") })
	e.add(func() { got = append(got, "second") })
	e.end()
	e.end() // a second end stops no server again
	if want := []string{"second", "first"}; !slices.Equal(got, want) {
		t.Errorf("stopped %v, want %v", got, want)
	}
}

func TestServersNeedMain(t *testing.T) {
	record(t, new(atEnd).require).expect(t, "failed", "apptest.Main(m)")
}
