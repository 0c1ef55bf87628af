package view

import (
	"strings"
	"testing"

	"xxsns/app/sns"
)

// mention returns the link of a mention of one of those whom the texts mention.
func mention(home, name string) string {
	id := map[string]string{"하루": "7", "MinJi": "9", "שלום": "11"}[home]
	return `<a class="mention" href="` + HomePath(home) + `?id=` + id + `" dir="auto">` + name + `</a>`
}

func TestMentionsLeadToHomes(t *testing.T) {
	t.Parallel()
	const mentioned = "7 하루 9 MinJi 11 שלום"
	for _, c := range []struct{ text, want string }{
		{"@하루님이", mention("하루", "@하루") + "님이"},
		{"(@minji) <b> @하루에게도", "(" + mention("MinJi", "@minji") + ") &lt;b&gt; " + mention("하루", "@하루") + "에게도"},
		{"@שלום 2", mention("שלום", "@שלום") + " 2"},
		{"@민지 a@하루 하루", "@민지 a@하루 하루"},
		{"`@하루` @하루", "<span hidden>`</span><code>@하루</code><span hidden>`</span> " + mention("하루", "@하루")},
		{"```\n@하루\n```", "<pre dir=\"ltr\" tabindex=\"0\"><code>@하루\n</code></pre>"},
		{"https://a.kr/@하루", `<a href="https://a.kr/@하루" rel="nofollow ugc noopener" target="_blank">https://a.kr/@하루</a>`},
	} {
		if got := string(formatted(c.text, mentioned)); got != c.want {
			t.Errorf("%q becomes %s, want %s", c.text, got, c.want)
		}
		if got := string(formatted(c.text, "")); strings.Contains(got, "mention") {
			t.Errorf("%q mentions nobody, but becomes %s", c.text, got)
		}
	}
}

// Marks go across the end of a mention, as the search does.
func TestMatchesAcrossMentionsAreMarked(t *testing.T) {
	t.Parallel()
	whole := formatted("안녕 @하루님 https://a.kr/ `하루`", "7 하루")
	for query, want := range map[string]string{
		"하루님":   mention("하루", "@<mark>하루</mark>") + "<mark>님</mark>",
		"안녕 @하": "<mark>안녕 </mark>" + mention("하루", "<mark>@하</mark>루"),
		"하루":    mention("하루", "@<mark>하루</mark>") + "님",
		"루님 ht": mention("하루", "@하루") + "님 <a", // not beyond another link
	} {
		if got := string(marked(whole, finderOf(query))); !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	question, _ := sns.ParseQuestion("하루님")
	l := sampleLocale(t)
	post := samplePosts()[0]
	list, err := l.FoundPosts([]sns.Post{post}, nil, question, post.CreatedAt)
	if want := mention("하루", "@<mark>하루</mark>") + "<mark>님</mark>"; err != nil || !strings.Contains(string(list.HTML()), want) {
		t.Errorf("%s, %v: want %s", list.HTML(), err, want)
	}
}
