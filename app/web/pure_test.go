package web

import (
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
		if got := localPath(path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
}

func TestTextsAreFilledIn(t *testing.T) {
	t.Parallel()
	texts := &Texts{Lang: "ko", localizer: korean().localizer, simple: map[string][]piece{
		"plain": pieces("그대로"), "filled": pieces("{{.A}}와 {{ .B }}, 다시 {{.A}}"), "empty": pieces(""),
	}}
	if got := texts.Say("filled", "A", "하나", "B", 2); got != "하나와 2, 다시 하나" {
		t.Errorf("filled: %q", got)
	}
	if got := texts.Say("filled", "A", "{{.B}}", "B", "<b>"); got != "{{.B}}와 <b>, 다시 {{.B}}" {
		t.Errorf("what is filled in is looked through again: %q", got)
	}
	for key, want := range map[string]string{"plain": "그대로", "empty": ""} {
		if got, ok := texts.plain(key); got != want || !ok || texts.Say(key) != want {
			t.Errorf("%s: %q", key, got)
		}
	}
	if _, ok := texts.plain("filled"); ok {
		t.Error("a text with gaps counts as always the same")
	}
	if texts.Has("nowhere.here") || texts.Say("nowhere.here") != "nowhere.here" {
		t.Error("a key that is not there is said to be there")
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
	l := newLimiter(true, func() time.Time { return now })
	which := limit{"test", 10 * time.Second, 3}
	take := func(whom string) time.Duration {
		err := l.take(which, whom)
		slow, _ := errors.AsType[errSlowDown](err)
		return slow.wait
	}
	for range 3 {
		if wait := take("민지"); wait != 0 {
			t.Fatalf("wait %s within the burst", wait)
		}
	}
	for range 5 { // asking too often does not make it worse
		if wait := take("민지"); wait != 10*time.Second {
			t.Errorf("wait %s, want 10s", wait)
		}
	}
	if wait := take("서준"); wait != 0 {
		t.Error("one waits for another")
	}
	other := limit{"other", time.Second, 1}
	if l.take(other, "민지") != nil {
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
	if (errSlowDown{time.Millisecond}).seconds() != 1 || (errSlowDown{1100 * time.Millisecond}).seconds() != 2 {
		t.Error("the seconds to wait are not rounded up")
	}
}

func TestALimiterForgetsThoseWhoStopped(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	l := newLimiter(true, func() time.Time { return now })
	which := limit{"test", time.Second, 30}
	for i := range 1000 {
		_ = l.take(which, fmt.Sprint(i))
	}
	now = now.Add(40 * time.Second)
	for range 30 {
		_ = l.take(which, "서준")
	}
	now = now.Add(21 * time.Second)
	_ = l.take(which, "민지")
	if len(l.known) != 2 {
		t.Errorf("%d are remembered, want 민지 and 서준, who still has to wait", len(l.known))
	}

	off := newLimiter(false, func() time.Time { return now })
	for range 1000 {
		if err := off.take(which, "민지"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeysOfForms(t *testing.T) {
	t.Parallel()
	for key, ok := range map[string]bool{
		"": true, "EKPZ3MVUYUNDFFJYKKRQLTBPGO": true, "a-b_9": true, strings.Repeat("a", 64): true,
		strings.Repeat("a", 65): false, "a b": false, "키": false, "a;b": false, "\x00": false,
	} {
		if got, err := formKey(key); (err == nil) != ok || ok && got != key {
			t.Errorf("%.20q: %q, %v", key, got, err)
		}
	}
}
