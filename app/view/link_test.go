package view

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"xxsns/app/sns"
)

// read returns the text of a fragment and the targets of the links. Elements other than
// links, and links whose text is not the address, are errors.
func read(t *testing.T, fragment string) (text string, links []string) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		if n.Type == html.TextNode {
			text += n.Data
			continue
		}
		if n.Data != "a" || len(n.Attr) != 3 || n.Attr[0].Key != "href" {
			t.Fatalf("%q holds more than text and links", fragment)
		}
		said := ""
		for c := range n.Descendants() {
			if c.Type == html.TextNode {
				said += c.Data
			} else if c.Data != "span" || len(c.Attr) != 1 || c.Attr[0].Val != "middle" {
				t.Fatalf("the link %q holds more than its address", fragment)
			}
		}
		if said != n.Attr[0].Val {
			t.Errorf("the link says %q and leads to %q", said, n.Attr[0].Val)
		}
		text += said
		links = append(links, n.Attr[0].Val)
	}
	if strings.Count(fragment, "<a ") != strings.Count(fragment, "</a>") {
		t.Errorf("%q is not balanced", fragment)
	}
	return text, links
}

func TestWhatIsALink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		links []string
	}{
		{"주소가 없는 글 & <b>", nil},
		{"https://example.com", []string{"https://example.com"}},
		{"http://example.com/a/b?c=d&e=f#g", []string{"http://example.com/a/b?c=d&e=f#g"}},
		{"앞 https://example.com/a 뒤\nhttps://example.org", []string{"https://example.com/a", "https://example.org"}},
		{"HTTPS://EXAMPLE.COM/A", []string{"HTTPS://EXAMPLE.COM/A"}},

		// Particles.
		{"https://example.com에서", []string{"https://example.com"}},
		{"https://example.com이라고 해요", []string{"https://example.com"}},
		{"https://example.com님이", []string{"https://example.com"}},
		{"https://example.com에서.", []string{"https://example.com"}},
		{"https://example.com:8080에서", []string{"https://example.com:8080"}},
		{"https://example.com/에서", []string{"https://example.com/"}},
		{"https://example.com/a를 봐", []string{"https://example.com/a"}},
		{"https://example.com/a은?", []string{"https://example.com/a"}},
		{"https://example.com:8080/x로", []string{"https://example.com:8080/x"}},
		{"https://example.com/%EC%84%9C에서는", []string{"https://example.com/%EC%84%9C"}},
		{"https://한국.kr에서", []string{"https://한국.kr"}},
		{"https://example.comㅋㅋ", []string{"https://example.com"}},

		// Hangul that belongs to the address.
		{"https://ko.wikipedia.org/wiki/서울", []string{"https://ko.wikipedia.org/wiki/서울"}},
		{"https://ko.wikipedia.org/wiki/강남스타일_(노래)", []string{"https://ko.wikipedia.org/wiki/강남스타일_(노래)"}},
		{"https://example.com/?q=한글&x=1#조각", []string{"https://example.com/?q=한글&x=1#조각"}},
		{"https://한국.kr/경로", []string{"https://한국.kr/경로"}},
		{"https://도메인.한국/a", []string{"https://도메인.한국/a"}},

		{"https://namu.wiki/w/도", []string{"https://namu.wiki/w/도"}},
		{"https://namu.wiki/w/서울특별시", []string{"https://namu.wiki/w/서울특별시"}},
		{"https://example.com/search?q=도", []string{"https://example.com/search?q=도"}},
		{"https://example.com/a#요", []string{"https://example.com/a#요"}},
		{"https://example.com/K팝", []string{"https://example.com/K팝"}},
		{"https://ko.wikipedia.org/wiki/3·1_운동", []string{"https://ko.wikipedia.org/wiki/3·1_운동"}},
		{"https://ko.wikipedia.org/wiki/제주_도", []string{"https://ko.wikipedia.org/wiki/제주_도"}},

		// Particles and endings that compose.
		{"https://example.com/docs/abc에도 있어요", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc하고 비교", []string{"https://example.com/docs/abc"}},
		{"https://example.com/a네요", []string{"https://example.com/a"}},
		{"https://example.com/a에서도요", []string{"https://example.com/a"}},
		{"https://example.com/a이라는 글", []string{"https://example.com/a"}},
		{"https://example.com/a라고요?", []string{"https://example.com/a"}},
		{"https://example.com/a까지는", []string{"https://example.com/a"}},
		{"https://example.com/a.html입니다!", []string{"https://example.com/a.html"}},
		{"https://example.com/a인데요...", []string{"https://example.com/a"}},
		{"https://example.com/?q=1에서부터", []string{"https://example.com/?q=1"}},
		{"https://ko.wikipedia.org/wiki/서울_(영화)에서", []string{"https://ko.wikipedia.org/wiki/서울_(영화)"}},
		{"https://도메인.한국에서", []string{"https://도메인.한국"}},
		{"https://example.com/a~까지", []string{"https://example.com/a"}},

		{"https://example.com/a이라면서요", []string{"https://example.com/a"}},
		{"https://example.com/a이었습니다", []string{"https://example.com/a"}},
		{"https://example.com/a였어요", []string{"https://example.com/a"}},
		{"https://example.com/a랍니다", []string{"https://example.com/a"}},
		{"https://example.com/a라던데요", []string{"https://example.com/a"}},
		{"https://example.com/a이군요", []string{"https://example.com/a"}},
		{"https://example.com/a잖아요", []string{"https://example.com/a"}},
		{"https://example.com/a지만", []string{"https://example.com/a"}},
		{"https://example.com/a이니까요", []string{"https://example.com/a"}},
		{"https://example.com/a같아요", []string{"https://example.com/a"}},
		{"https://example.com/a말고", []string{"https://example.com/a"}},
		{"https://example.com/a한테서", []string{"https://example.com/a"}},
		{"https://example.com/a인데용", []string{"https://example.com/a"}},
		{"https://namu.wiki/w/B면", []string{"https://namu.wiki/w/B면"}},
		{"https://namu.wiki/w/1월_1일", []string{"https://namu.wiki/w/1월_1일"}},
		{"https://namu.wiki/w/C언어", []string{"https://namu.wiki/w/C언어"}},
		{"https://namu.wiki/w/C++은", []string{"https://namu.wiki/w/C++"}},
		{"https://한글.한국/도로", []string{"https://한글.한국/도로"}},
		{"https://example.com/이과", []string{"https://example.com/이과"}},

		// Hosts before Hangul, and with Hangul.
		{"https://한글.com봐요", []string{"https://한글.com"}},
		{"https://한글.kr:8080보세요", []string{"https://한글.kr:8080"}},
		{"https://www.e편한세상.com/a", []string{"https://www.e편한세상.com/a"}},
		{"https://www.e편한세상.com에서", []string{"https://www.e편한세상.com"}},
		{"http://192.168.0.1에서", []string{"http://192.168.0.1"}},
		{"http://[::1]:8080에서", []string{"http://[::1]:8080"}},
		{"http://localhost에서", []string{"http://localhost"}},
		{"https://router.local에서", []string{"https://router.local"}},

		// Names and numbers of pages that end in _ or -.
		{"https://example.com/minji_ 봐", []string{"https://example.com/minji_"}},
		{"https://example.com/__minji__에서", []string{"https://example.com/__minji__"}},
		{"https://example.com/folders/1Ab-입니다", []string{"https://example.com/folders/1Ab-"}},
		{"_https://example.com/a_", []string{"https://example.com/a"}},
		{"_https://example.com/a_를", []string{"https://example.com/a"}},

		// Signs that end an address.
		{"https://example.com/docs/abcㅋㅋㅋ", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc에서ㅠㅠ", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc~", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc~~!", []string{"https://example.com/docs/abc"}},
		{"https://example.com/~user", []string{"https://example.com/~user"}},
		{"https://example.com/docs/abc👍", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc❤️", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc👩\u200d👧", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc。다음", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc、다음", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc！", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc→다음", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc★", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc…그리고", []string{"https://example.com/docs/abc"}},
		{"【https://example.com/docs/abc】", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc—그리고", []string{"https://example.com/docs/abc"}},
		{"https://en.wikipedia.org/wiki/A–B", []string{"https://en.wikipedia.org/wiki/A–B"}},
		{"https://example.com/docs/abc〜", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc->다음", []string{"https://example.com/docs/abc"}},
		{"**https://example.com/docs/abc**를", []string{"https://example.com/docs/abc"}},
		{"'https://example.com/docs/abc'은", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc,은", []string{"https://example.com/docs/abc"}},
		{"[https://example.com/docs/abc]", []string{"https://example.com/docs/abc"}},
		{"**https://example.com/docs/abc**", []string{"https://example.com/docs/abc"}},
		{"https://example.com/docs/abc\u200b 뒤", []string{"https://example.com/docs/abc"}},

		// Addresses without a blank between them.
		{"https://example.com/ahttps://example.org/b", []string{"https://example.com/a", "https://example.org/b"}},
		{"https://example.com/a에서https://example.org", []string{"https://example.com/a", "https://example.org"}},
		{"https://example.comhttp://example.org", []string{"https://example.com", "http://example.org"}},
		{"http://https://example.com/a", []string{"https://example.com/a"}},
		{"https://web.archive.org/web/2020/https://example.com/a", []string{"https://web.archive.org/web/2020/https://example.com/a"}},
		{"https://example.com/?u=https://example.org", []string{"https://example.com/?u=https://example.org"}},

		{"https://example.com/" + strings.Repeat("a", 200), []string{"https://example.com/" + strings.Repeat("a", 200)}},

		// Signs around an address.
		{"(https://example.com/a)", []string{"https://example.com/a"}},
		{"(https://example.com/a)에서", []string{"https://example.com/a"}},
		{"https://en.wikipedia.org/wiki/A_(b)", []string{"https://en.wikipedia.org/wiki/A_(b)"}},
		{"(https://en.wikipedia.org/wiki/A_(b))", []string{"https://en.wikipedia.org/wiki/A_(b)"}},
		{"https://example.com/a. 그리고", []string{"https://example.com/a"}},
		{"https://example.com/a, https://example.com/b!", []string{"https://example.com/a", "https://example.com/b"}},
		{"https://example.com/a…", []string{"https://example.com/a"}},
		{`"https://example.com/a"`, []string{"https://example.com/a"}},
		{"<https://example.com/a>", []string{"https://example.com/a"}},
		{"“https://example.com/a”", []string{"https://example.com/a"}},
		{"‘https://example.com’", []string{"https://example.com"}},
		{"「https://example.com/a」", []string{"https://example.com/a"}},
		{"“https://example.com/a”에서", []string{"https://example.com/a"}},
		{"‘https://example.com’을 봐", []string{"https://example.com"}},
		{"“https://example.com/a.”", []string{"https://example.com/a"}},
		{"（https://example.com/a）", []string{"https://example.com/a"}},

		// Ports and addresses without a name.
		{"http://localhost:3000", []string{"http://localhost:3000"}},
		{"http://127.0.0.1:8080/x", []string{"http://127.0.0.1:8080/x"}},

		// Schemes that must not become links.
		{"javascript:alert(1)", nil},
		{"javascript://example.com/%0aalert(1)", nil},
		{"data:text/html;base64,PHNjcmlwdD4=", nil},
		{"ftp://example.com file:///etc/passwd vbscript://x", nil},
		{"example.com www.example.com", nil},
		{"https:// example.com https://", nil},
		{`https://example.com/"onmouseover="alert(1)`, []string{"https://example.com/"}},
		{"https://example.com/<script>", []string{"https://example.com/"}},
	} {
		text, links := read(t, string(withLinks(c.text)))
		if text != c.text {
			t.Errorf("%q becomes the text %q", c.text, text)
		}
		if !slices.Equal(links, c.links) {
			t.Errorf("%q links to %q, want %q", c.text, links, c.links)
		}
	}
}

func FuzzLinks(f *testing.F) {
	for _, seed := range []string{
		"https://example.com에서", "(https://en.wikipedia.org/wiki/A_(b))을", `https://a.kr/"'<>&amp;&#34;`, "javascript://https://x", "https://http://a", "://", "https://한국.kr/\u202e가",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean, p := sns.Text("content", raw)
		if p != nil {
			t.Skip() // such a text never reaches a page
		}
		text, links := read(t, string(withLinks(clean)))
		if text != clean {
			t.Errorf("%q becomes the text %q", clean, text)
		}
		for _, link := range links {
			if lower := strings.ToLower(link); !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
				t.Errorf("%q links to %q", clean, link)
			}
		}
	})
}
