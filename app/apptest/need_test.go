package apptest

import "testing"

func TestNeed(t *testing.T) {
	if testing.Short() {
		t.Skip("-short skips whatever needs a program")
	}
	const missing = "no-such-program"
	for _, c := range []struct {
		name, ci, requireAll, outcome string
	}{
		{"skips", "", "", "skipped"},
		{"skips unless all is required", "false", "0", "skipped"},
		{"fails in CI", "true", "", "failed"},
		{"fails when all is required", "", "1", "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("CI", c.ci)
			t.Setenv("REQUIRE_ALL", c.requireAll)
			r := record(t, func(t testing.TB) {
				Need(t, missing)
				t.Error(wentOn)
			})
			r.expect(t, c.outcome, missing)
			if len(r.messages) != 1 {
				t.Errorf("reported %q, want one message", r.messages)
			}
		})
	}
}

func TestNeedTakesAnotherName(t *testing.T) {
	if testing.Short() {
		t.Skip("-short skips whatever needs a program")
	}
	if path := Need(t, "no-such-program", "go"); path == "" {
		t.Error("no path for go")
	}
}
