package sns_test

import (
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestTheAddressOfAPost(t *testing.T) {
	for raw, want := range map[string]int64{
		"https://sns.example.org/posts/17":                  17,
		"http://SNS.example.org/posts/17?x=1#comments":      17,
		"sns.example.org/posts/17":                          17,
		"/posts/17":                                         17,
		"https://sns.example.org/posts/17/comments#comment": 17,
		"localhost:8080/posts/3":                            3,
		"https://other.example.org/posts/17":                0,
		"//other.example.org/posts/17":                      0,
		"https://sns.example.org@other.example.org/posts/1": 0,
		"https://sns.example.org:x@sns.example.org/posts/1": 0,
		"javascript://sns.example.org/posts/17":             0,
		"https://sns.example.org/posts/17x":                 0,
		"https://sns.example.org/posts/017":                 0,
		"https://sns.example.org/users/17":                  0,
		"/posts/9999999999999999999":                        0,
		"posts/17":                                          0,
		"":                                                  0,
		"%":                                                 0,
	} {
		id, ok := sns.PostOfAddress("  "+raw+" ", "sns.example.org", "localhost:8080", "")
		if id != want || ok != (want > 0) {
			t.Errorf("%q is %d, %t, want %d", raw, id, ok, want)
		}
	}
}

func FuzzPostOfAddress(f *testing.F) {
	f.Add("https://sns.example.org/posts/17")
	f.Add("//other.example.org/posts/1")
	f.Fuzz(func(t *testing.T, raw string) {
		if id, ok := sns.PostOfAddress(raw, "sns.example.org"); ok && (id < 1 || !strings.Contains(raw, "/posts/")) {
			t.Errorf("%q is %d", raw, id)
		}
	})
}

func TestWhatAnAskerMustType(t *testing.T) {
	_, err := sns.CheckTakedown(sns.Takedown{Name: " ", Harm: "everything", Statement: strings.Repeat("ㅏ", 2001)})
	inv, ok := err.(sns.Invalid)
	if !ok || len(inv) != 4 || inv[0].Field != "name" || inv[1].Field != "contact" || inv[2].Key != "takedown.no_harm" || inv[3].Key != "invalid.long" {
		t.Errorf("%v", err)
	}
	if got := sns.ContactAddress("010-1234-5678"); got != "" {
		t.Errorf("a telephone is mailed: %s", got)
	}
	if got := sns.ContactAddress("minji@example.org"); got != "minji@example.org" {
		t.Errorf("the address is %q", got)
	}
}

func TestWhoMayDoWhatWithATakedown(t *testing.T) {
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	td := sns.Takedown{Author: sns.User{ID: 3}, State: sns.TakedownHides, Until: now.Add(time.Second)}
	if !td.MayObject(3, now) || td.MayObject(4, now) || td.MayObject(3, td.Until) {
		t.Error("who may object is wrong")
	}
	for state, want := range map[sns.TakedownState]int{
		sns.TakedownWaiting: 2, sns.TakedownHides: 2, sns.TakedownObjected: 2, sns.TakedownDeclined: 0, sns.TakedownRestored: 0,
		sns.TakedownDeleted: 0, sns.TakedownReturned: 0, sns.TakedownGone: 0,
	} {
		td.State = state
		if got := len(td.Verdicts(now)); got != want || state.Ended() != (want == 0) {
			t.Errorf("%s has %d verdicts, ended %t", state, got, state.Ended())
		}
		if got := len(td.Verdicts(td.Until)); state.Hides() && got != 0 {
			t.Errorf("%s has %d verdicts after its time", state, got)
		}
	}
}
