package request

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestOnlyPathsOfThisSiteAreFollowed(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/": "/", "/posts/7?before=3": "/posts/7?before=3", "/users/민지": "/users/민지", "/a//b": "/a//b", "/?next=https://x": "/?next=https://x",
		"": "/", "//evil": "/", "///evil": "/", `/\evil`: "/", `\/evil`: "/", "/a\\b": "/", "https://evil": "/", "evil": "/", "javascript:x": "/",
		"/\t/evil": "/", "/\r\nX: y": "/", "/\x00": "/", "/\x7f": "/", " /": "/",
	} {
		if got := LocalPath(path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
}

func TestFileNamesInSentences(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"바다.jpg": "바다.jpg", "/etc/passwd": "passwd", "a\xff.jpg": "?",
		strings.Repeat("가", 100) + ".jpeg": strings.Repeat("가", 20) + "…" + strings.Repeat("가", 10) + ".jpeg",
	} {
		got := shortName(name)
		if got != want || !utf8.ValidString(got) {
			t.Errorf("%.20q is called %q, want %q", name, got, want)
		}
	}
}

func TestALimiterForgivesWithTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	l := NewLimiter(true, func() time.Time { return now }, nil)
	which := Limit{"test", 10 * time.Second, 3}
	take := func(whom string) time.Duration {
		err := l.Take(t.Context(), which, whom)
		slow, _ := errors.AsType[SlowDownError](err)
		return slow.Wait
	}
	for range 3 {
		if wait := take("민지"); wait != 0 {
			t.Fatalf("wait %s within the burst", wait)
		}
	}
	for range 5 { // attempts beyond the limit do not prolong the wait
		if wait := take("민지"); wait != 10*time.Second {
			t.Errorf("wait %s, want 10s", wait)
		}
	}
	if wait := take("서준"); wait != 0 {
		t.Error("one waits for another")
	}
	other := Limit{"other", time.Second, 1}
	if l.Take(t.Context(), other, "민지") != nil {
		t.Error("two limits are one")
	}
	now = now.Add(10 * time.Second)
	if take("민지") != 0 || take("민지") != 10*time.Second {
		t.Error("after one pause one may not do it exactly once")
	}
	now = now.Add(time.Hour)
	if take("민지")+take("민지")+take("민지") != 0 || take("민지") == 0 {
		t.Error("after a long pause one may not do it exactly a burst of times")
	}
	if (SlowDownError{Wait: time.Millisecond}).Seconds() != 1 || (SlowDownError{Wait: 1100 * time.Millisecond}).Seconds() != 2 {
		t.Error("the seconds to wait are not rounded up")
	}
}

func TestALimiterForgetsThoseWhoStopped(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	l := NewLimiter(true, func() time.Time { return now }, nil)
	which := Limit{"test", time.Second, 30}
	for i := range 1000 {
		_ = l.Take(t.Context(), which, fmt.Sprint(i))
	}
	now = now.Add(40 * time.Second)
	for range 30 {
		_ = l.Take(t.Context(), which, "서준")
	}
	now = now.Add(21 * time.Second)
	_ = l.Take(t.Context(), which, "민지")
	if len(l.counts) != 2 {
		t.Errorf("%d are remembered, want 민지 and 서준, who still has to wait", len(l.counts))
	}

	off := NewLimiter(false, func() time.Time { return now }, nil)
	for range 1000 {
		if err := off.Take(t.Context(), which, "민지"); err != nil {
			t.Fatal(err)
		}
	}
}

// All replicas together allow as much as one replica would. While the shared limit fails,
// each replica counts alone.
func TestALimiterOfSeveralReplicas(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC) }
	left, away := 4, false
	shared := func(_ context.Context, key string, _, burst int, every time.Duration) (time.Duration, error) {
		if key != "test\x00민지" || burst != 3 || every != time.Second {
			t.Errorf("asked for %q, %d, %s", key, burst, every)
		}
		if away {
			return 0, errors.New("nobody answers")
		}
		if left == 0 {
			return 7 * time.Second, nil
		}
		left--
		return 0, nil
	}
	one, two := NewLimiter(true, now, shared), NewLimiter(true, now, shared)
	which := Limit{"test", time.Second, 3}
	for i, step := range []struct {
		l    *Limiter
		want time.Duration
	}{
		{one, 0}, {one, 0}, {one, 0}, {one, time.Second}, // too much for this replica alone: the shared limit is not asked
		{two, 0}, {two, 7 * time.Second},
	} {
		if slow, _ := errors.AsType[SlowDownError](step.l.Take(t.Context(), which, "민지")); slow.Wait != step.want {
			t.Errorf("step %d: wait %s, want %s", i, slow.Wait, step.want)
		}
	}
	away = true
	if err := two.Take(t.Context(), which, "민지"); err != nil {
		t.Errorf("without the shared count: %v", err)
	}
	if err := two.Take(t.Context(), which, "민지"); err == nil {
		t.Error("without the shared count nobody counts")
	}
}

func TestKeysOfForms(t *testing.T) {
	t.Parallel()
	for key, ok := range map[string]bool{
		"": true, "EKPZ3MVUYUNDFFJYKKRQLTBPGO": true, "a-b_9": true, strings.Repeat("a", 64): true,
		strings.Repeat("a", 65): false, "a b": false, "키": false, "a;b": false, "\x00": false,
	} {
		if got, err := FormKey(key); (err == nil) != ok || ok && got != key {
			t.Errorf("%.20q: %q, %v", key, got, err)
		}
	}
}
