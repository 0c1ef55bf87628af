package view

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"xxsns/app/sns"
)

// shown is what a page shows of a text.
type shown struct {
	text   string // text content, boxes of code included
	prose  string // text without boxes of code
	boxes  []string
	inline []string
	links  []string
}

// look reads a fragment of formatted. Elements other than code, hidden ticks and links,
// and elements inside code, are errors.
func look(t *testing.T, fragment string) (s shown) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		text := n.Data
		if n.Type == html.ElementNode {
			inner := n.FirstChild
			if n.Data == "pre" && inner != nil && inner.Data == "code" && inner.NextSibling == nil {
				inner = inner.FirstChild
			}
			if inner == nil || inner.Type != html.TextNode || inner.NextSibling != nil {
				t.Fatalf("%q: <%s> holds more than text", fragment, n.Data)
			}
			text = inner.Data
		}
		s.text += text
		switch {
		case n.Type == html.TextNode, n.Data == "span" && text == "`" && len(n.Attr) == 1 && n.Attr[0].Key == "hidden":
		case n.Data == "pre":
			s.boxes = append(s.boxes, text)
			continue
		case n.Data == "code" && len(n.Attr) == 0:
			s.inline = append(s.inline, text)
		case n.Data == "a" && n.Attr[0].Key == "href":
			s.links = append(s.links, n.Attr[0].Val)
		default:
			t.Fatalf("%q holds <%s %v>", fragment, n.Data, n.Attr)
		}
		s.prose += text
	}
	return s
}

func TestWhatIsCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, text   string // text: of the page, if not as typed
		boxes, inline []string
	}{
		{typed: "  들여쓰기  와   여러 칸\n\t탭"},
		{typed: "```\na\n```", text: "a\n", boxes: []string{"a\n"}},
		{typed: "앞\n```\n  if x {\n\n\n\n\n  }\n```\n뒤", text: "앞\n  if x {\n\n\n\n\n  }\n뒤", boxes: []string{"  if x {\n\n\n\n\n  }\n"}},
		{typed: "```go\nx := `a`\n```\t\n```c++\n<b>\n````", text: "x := `a`\n<b>\n", boxes: []string{"x := `a`\n", "<b>\n"}},
		{typed: "``` go\nx\n```", text: "x\n", boxes: []string{"x\n"}},
		{typed: "````\n```\n````", text: "```\n", boxes: []string{"```\n"}},
		{typed: "  ```\nhttps://a.kr/\n  ```", text: "https://a.kr/\n", boxes: []string{"https://a.kr/\n"}},
		{typed: "```\n끝이 없어요"},
		{typed: "```\n```"},
		{typed: "```\n \n```\n가"},
		{typed: "```한 줄```", inline: nil},
		{typed: "```이건 코드가 아니에요\n```"},
		{typed: "말 ```\n코드\n```"},
		{typed: "`a` 와 `<b>`, `https://a.kr/`", inline: []string{"a", "<b>", "https://a.kr/"}},
		{typed: "`줄을\n넘어요` `", inline: nil},
		{typed: "`` ` `` ``두 개``", inline: nil},
		{typed: "` ` `x`", inline: []string{"x"}},
		{typed: "# 제목\n- 하나\n**굵게** _기울임_ [글](https://a.kr/) > 인용"},
		{typed: "가\n\n\n나\n\n\n\n다\n \n\t\n\u3000\n\u200b\n\n  라", text: "가\n\n\n나\n\n\n다\n \n\t\n  라"},
	} {
		got := look(t, string(formatted(c.typed, "")))
		if c.text == "" {
			c.text = c.typed
		}
		if got.text != c.text || !slices.Equal(got.boxes, c.boxes) || !slices.Equal(got.inline, c.inline) {
			t.Errorf("%q becomes %q with the boxes %q and the code %q", c.typed, got.text, got.boxes, got.inline)
		}
	}
}

func TestNoLinksInCode(t *testing.T) {
	t.Parallel()
	got := look(t, string(formatted("https://a.kr/1 `https://a.kr/2`\n```\nhttps://a.kr/3\n```\nhttps://a.kr/4", "")))
	if !slices.Equal(got.links, []string{"https://a.kr/1", "https://a.kr/4"}) {
		t.Errorf("links to %q", got.links)
	}
}

// fenceLike finds the lines that may be fences.
var fenceLike = regexp.MustCompile("^`{3,}[\\s\\v\\x{85}\\p{Z}]*[^`\\s\\v\\x{85}\\p{Z}]*$")

// longestBlank returns the most blank lines in a row.
func longestBlank(text string) (most int) {
	blank := 0
	for line := range strings.SplitSeq(text, "\n") {
		if blank++; !sns.IsBlank(line) {
			blank = 0
		}
		most = max(most, blank)
	}
	return most
}

// inky returns the lines of a text that are neither blank nor may be fences, and how
// many lines may be fences.
func inky(text string) (lines []string, fences int) {
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case fenceLike.MatchString(strings.TrimSpace(line)):
			fences++
		case !sns.IsBlank(line):
			lines = append(lines, line)
		}
	}
	return lines, fences
}

func FuzzFormatted(f *testing.F) {
	for _, seed := range []string{
		"```\na\n```", "```go\n`a`\n```\n`b` https://a.kr/`c`", "`` ` ``", "```\n<script>\n```\n```", "a\n\n\n\n\n\nb\n```\n\n\n\n\nc\n```", "````\n```\n````", `<b onclick="x">&amp;&#34;` + "`</code>`",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean, p := sns.Text("content", raw)
		if p != nil {
			t.Skip() // such a text never reaches a page
		}
		got := look(t, string(formatted(clean, "")))
		want, typed := inky(clean)
		lines, left := inky(got.text)
		if !slices.Equal(lines, want) {
			t.Errorf("%q becomes the text %q", clean, got.text)
		}
		if typed-left != 2*len(got.boxes) {
			t.Errorf("%q: %d fences of %d stay beside %d boxes", clean, left, typed, len(got.boxes))
		}
		if len(got.boxes) == 0 && longestBlank(got.text) > 2 {
			t.Errorf("%q still has a run of blank lines: %q", clean, got.text)
		}
		if !strings.Contains(clean, "```") && longestBlank(clean) <= 2 && got.text != clean {
			t.Errorf("%q becomes the text %q", clean, got.text)
		}
	})
}
