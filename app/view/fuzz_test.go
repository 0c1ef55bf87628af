package view

import (
	"strings"
	"testing"

	"xxsns/app/sns"
)

// FuzzMarked: marking what is searched for changes nothing else of a text.
func FuzzMarked(f *testing.F) {
	f.Add("버퍼와 버퍼", "버퍼")
	f.Add("Straße <b> & `code` https://example.com", "STRASSE")
	f.Add("<mark>&lt;", "&")
	f.Add("\xff\u0130", "i̇")
	f.Add("@민지님이", "민지님")
	f.Fuzz(func(t *testing.T, text, query string) {
		whole := formatted(text, "7 민지")
		question, _ := sns.ParseQuestion(query)
		for _, find := range []finder{finderOf(query), question.Marks} {
			got := string(marked(whole, find))
			if bare := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(got); text == strings.ToValidUTF8(text, "") && bare != string(whole) {
				t.Errorf("%q in %q becomes %s, not %s", query, text, bare, whole)
			}
			if strings.Count(got, "<mark>") != strings.Count(got, "</mark>") {
				t.Errorf("%q in %q: %s", query, text, got)
			}
		}
	})
}
