package view

import "testing"

func TestTextsAreFilledIn(t *testing.T) {
	t.Parallel()
	texts := &Texts{Lang: "ko", localizer: korean().localizer, simple: map[string][]piece{
		"plain": pieces("그대로"), "filled": pieces("{{.A}}와 {{ .B }}, 다시 {{.A}}"), "empty": pieces(""),
	}}
	if got := texts.T("filled", "A", "하나", "B", 2); got != "하나와 2, 다시 하나" {
		t.Errorf("filled: %q", got)
	}
	if got := texts.T("filled", "A", "{{.B}}", "B", "<b>"); got != "{{.B}}와 <b>, 다시 {{.B}}" {
		t.Errorf("what is filled in is looked through again: %q", got)
	}
	for key, want := range map[string]string{"plain": "그대로", "empty": ""} {
		if got, ok := texts.plain(key); got != want || !ok || texts.T(key) != want {
			t.Errorf("%s: %q", key, got)
		}
	}
	if _, ok := texts.plain("filled"); ok {
		t.Error("a text with gaps counts as always the same")
	}
	if texts.Has("nowhere.here") || texts.T("nowhere.here") != "nowhere.here" {
		t.Error("a key that is not there is said to be there")
	}
}
