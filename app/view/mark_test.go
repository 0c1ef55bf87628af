package view

import "testing"

func TestMatchesAreMarked(t *testing.T) {
	for _, c := range []struct{ text, query, want string }{
		{"버퍼와 버퍼", "버퍼", "<mark>버퍼</mark>와 <mark>버퍼</mark>"},
		{"Spring은 봄", "sPRING", "<mark>Spring</mark>은 봄"},
		{"Straße und STRASSE", "strasse", "<mark>Straße</mark> und <mark>STRASSE</mark>"},
		{"große", "gros", "<mark>groß</mark>e"}, // a letter is whole or not at all
		{"große", "s", "gro<mark>ß</mark>e"},
		{"a < b && c", "< b &", "a <mark>&lt; b &amp;</mark>&amp; c"},
		{"amp & lt", "amp", "<mark>amp</mark> &amp; lt"},
		{"아무 말", "없는 말", "아무 말"},
		{"아무 말", "", "아무 말"},
		{"`code` 안", "code", "<span hidden>`</span><code><mark>code</mark></code><span hidden>`</span> 안"},
		{"<mark>", "mark", "&lt;<mark>mark</mark>&gt;"},
	} {
		if got := string(marked(formatted(c.text, ""), finderOf(c.query))); got != c.want {
			t.Errorf("%q in %q: %s, want %s", c.query, c.text, got, c.want)
		}
	}
}

func TestExcerptsShowTheFirstMatch(t *testing.T) {
	long := "처음에는 아주 다른 이야기를 오래 하다가 마침내 나오는\n버퍼"
	if got, want := string(excerpt(long, finderOf("버퍼"))), "… 다른 이야기를 오래 하다가 마침내 나오는 <mark>버퍼</mark>"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := excerpt("<b>짧은 말", finderOf("말")); got != "&lt;b&gt;짧은 <mark>말</mark>" {
		t.Errorf("%s", got)
	}
}
