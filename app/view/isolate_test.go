package view

import (
	"strings"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

func TestOnlyTextsThatTurnAreIsolated(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "민지": "민지", "Jürgen 2": "Jürgen 2", "Ωmega": "Ωmega", "李さん👩🏽‍👧": "李さん👩🏽‍👧",
		"שלום": "\u2068שלום\u2069", "سلام": "\u2068سلام\u2069", "가שּ": "\u2068가שּ\u2069", "𐤀": "\u2068𐤀\u2069",
		"민\u202e지": "\u2068민지\u2069", "\u2069שלום\u2067": "\u2068שלום\u2067\u2069\u2069", "\u2068שלום\u2069님": "\u2068\u2068שלום\u2069님\u2069",
	} {
		if got := Isolated(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestNamesInSentencesAreIsolated(t *testing.T) {
	t.Parallel()
	texts := *korean()
	if got := texts.T("room.over", "Name", "שלום 2"); !strings.Contains(got, "\u2068שלום 2\u2069") {
		t.Errorf("the room over: %q", got)
	}
	values := map[string]any{"Name": "שלום"}
	if texts.TWith("room.over", values); values["Name"] != "שלום" {
		t.Errorf("the argument became %q", values["Name"])
	}
	l := sampleLocale(t)
	for name, want := range map[string]string{
		"민지":   "<bdi>민지</bdi>님이 들어왔어요",
		"שלום": "<bdi>שלום</bdi>님이 들어왔어요",
		"<b>&": "<bdi>&lt;b&gt;&amp;</bdi>님이 들어왔어요",
		"":     "탈퇴한 사용자가 들어왔어요",
	} {
		m := l.Message(chat.Line{Message: sns.Message{Kind: sns.MessageEntered, Author: sns.User{ID: 9, Username: name}}})
		if string(m.Line) != want {
			t.Errorf("%q: %s", name, m.Line)
		}
	}
}
