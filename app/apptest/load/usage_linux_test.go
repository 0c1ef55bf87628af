package load

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestUsedCountsWhatIsBelow: a program that this process has started, and a
// program that the first has started in turn, are counted by their names.
func TestUsedCountsWhatIsBelow(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "sleep 60 & while :; do :; done")
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill() }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		used := Used()
		busy, idle := used["sh"], used["sleep"]
		if busy.CPU >= 5*tick && idle.CPU < busy.CPU && busy.Resident > 0 && idle.Resident > 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("a busy shell is seen as %+v, a sleeping program as %+v", busy, idle)
		}
	}
}

// TestParseStat: a name may hold blanks and parentheses.
func TestParseStat(t *testing.T) {
	t.Parallel()
	const line = "17 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 13 14 15 16 17 18 19 20 1000 22 23"
	want := Usage{CPU: 3 * time.Second, Resident: 1000 * os.Getpagesize()}
	if name, u, err := parseStat(line); err != nil || name != "a (b) c" || u != want {
		t.Errorf("%q, %+v, %v; want %+v", name, u, err, want)
	}
	for _, wrong := range []string{"", "17", "17 (a", "17 (a) S 1 2", line[:30], "17 (a) S 1 2 3 4 5 6 7 8 9 10 x 50 13 14 15 16 17 18 19 20 1000 22"} {
		if _, _, err := parseStat(wrong); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}
