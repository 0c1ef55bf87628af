package view

import (
	"html/template"
	"net/url"
	"time"

	"xxsns/app/sns"
)

// Results is search/show: what a search in everything has found.
type Results struct {
	Query    string // as typed
	In       string // the kind that is searched alone, or empty
	Tabs     []Tab
	Chips    []Narrowing
	Notes    []string    // sentences about the question and the answer
	Indexing *Indexing   // nil: all texts can be found
	Kinds    []KindFound // kinds of which something was found
	Nothing  bool        // the question has words, and nothing was found
	Wider    string      // URL of a search that finds more if there is nothing, or empty
}

// A Narrowing is a word of the question that narrows the search, or may narrow it. The URL
// is that of the search without the word, or with it.
type Narrowing struct {
	Name  string
	URL   string
	Added bool
}

// Indexing is how far the texts of before can be found.
type Indexing struct{ Percent int64 }

// NewIndexing returns how far texts can be found, or nil if all can.
func NewIndexing(done, total int64) *Indexing {
	if done >= total {
		return nil
	}
	return &Indexing{Percent: done * 100 / total}
}

// KindFound is search/_kind: what was found of a kind, below a heading unless the page shows
// one kind alone.
type KindFound struct {
	Kind  string // as in the URL
	Title string
	All   string // URL of all that was found of the kind, or empty
	Alone bool
	List  FoundList
}

// FoundList is search/_list: found things of one kind, newest first. The lists of the other
// kinds are empty.
type FoundList struct {
	Posts    *List // of post/_card
	Comments []FoundComment
	Items    []FoundItem
	Next     string // cursor of the next page, or empty
	More     string // URL of the next page, or empty
}

// Empty reports whether nothing was found.
func (v FoundList) Empty() bool { return v.Posts == nil && len(v.Comments) == 0 && len(v.Items) == 0 }

// FoundComment is search/_comment: a comment with the words marked, and the beginning of its
// post.
type FoundComment struct {
	Comment
	URL  string
	Post string // the first words of the post
}

// FoundItem is search/_item: a person, board, room or message, with the words marked.
type FoundItem struct {
	ID     string // of the element
	URL    string
	Author *Author // whose face stands beside the name, or nil: Icon does
	Icon   string
	Name   template.HTML
	Badge  bool          // the Author's role stands beside the name
	About  template.HTML // of a room and a message, what else is known
	Time   *Time
	Text   template.HTML // or empty
}

// Suggestions is search/_suggestions: people, boards and rooms for a question that is being
// typed.
type Suggestions struct {
	Items []FoundItem
	All   string // URL of the whole search
	Query string
}

// SearchPath returns the path of a search. in is the kind that is searched alone, and before
// the cursor of a page; both may be empty.
func SearchPath(query, in, before string) string {
	values := url.Values{"q": {query}}
	for name, value := range map[string]string{"in": in, "before": before} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return "/search?" + values.Encode()
}

// FoundPosts renders posts that a search found, with the words of the question marked.
func (l *Locale) FoundPosts(posts []sns.Post, boards []sns.Board, q sns.Question, now time.Time) (*List, error) {
	if len(posts) == 0 {
		return nil, nil //nolint:nilnil // an empty list
	}
	html := ""
	for _, p := range posts {
		card := l.card(p, tagsOf(p, boards), now)
		card.Text, card.Fold = foundText(p, card.Fold, q.Marks)
		for _, image := range p.Images {
			if len(q.Marks(image.Alt)) > 0 {
				card.Text += `<span class="meta alt">` + markedText(l.T("search.alt", "Alt", image.Alt), q.Marks) + `</span>`
			}
		}
		body, err := l.Fragment("post/_card", card)
		if err != nil {
			return nil, err
		}
		html += string(body)
	}
	list := &List{}
	list.runs.addText(eagerFirst(html))
	return list, nil
}

// shownLines is how many lines of a folded post are shown (see content.css).
const shownLines = 12

// foundText returns the text of a post with marks, and the classes of a folded
// text: the formatted text or, if the first mark would be folded away, the words around it.
func foundText(p sns.Post, fold string, find finder) (template.HTML, string) {
	content := p.Content
	marks := find(content)
	if fold != "" && len(marks) > 0 && linesOf(sns.Passages(content[:marks[0][0]]), postFold.narrow) > shownLines {
		return excerpt(content, find), ""
	}
	return marked(formatted(content, p.Mentions), find), fold
}

// FoundComment shows a comment that a search found.
func (l *Locale) FoundComment(c sns.FoundComment, q sns.Question, now time.Time) FoundComment {
	v := FoundComment{Comment: l.Comment(c.Comment, now), URL: "/comments/" + Itoa(c.ID), Post: c.PostContent}
	v.Text = marked(v.Text, q.Marks)
	return v
}

// FoundPerson shows a person whom a search found.
func (l *Locale) FoundPerson(u sns.User, q sns.Question) FoundItem {
	author := l.Author(u)
	return FoundItem{
		ID: "person-" + Itoa(u.ID), URL: author.URL, Author: &author, Badge: true,
		Name: markedText(author.Name, q.Marks), Text: excerpt(u.StatusMessage, q.Marks),
	}
}

// FoundBoard shows a board that a search found.
func (l *Locale) FoundBoard(b sns.Board, q sns.Question) FoundItem {
	return FoundItem{ID: "board-" + Itoa(b.ID), URL: BoardPath(b), Icon: "boards", Name: markedText(b.Name, q.Marks)}
}

// FoundRoom shows a room that a search found. The notice is shown if a word stands in it.
func (l *Locale) FoundRoom(room sns.Room, q sns.Question, now time.Time) FoundItem {
	v := FoundItem{ID: "room-" + Itoa(room.ID), URL: RoomPath(room.ID), Icon: "rooms", Name: markedText(room.Name, q.Marks)}
	state := l.T("search.seats", "Count", room.HeadCount, "Limit", room.UserLimit)
	if room.Ended() {
		state = l.T("room.ended", "Time", l.Time(room.EndedAt, now).Text)
	}
	v.About = isolatedHTML(markedText(l.Name(room.Mentor), q.Marks)) + " · " + markedText(state, nothing)
	if len(q.Marks(room.Notice)) > 0 {
		v.Text = excerpt(room.Notice, q.Marks)
	}
	return v
}

// FoundMessage shows a message that a search found.
func (l *Locale) FoundMessage(m sns.FoundMessage, q sns.Question, now time.Time) FoundItem {
	author, at := l.Author(m.Author), l.Time(m.At, now)
	return FoundItem{
		ID: MessageSelector(m.Room.ID, m.Seq)[1:], URL: FoundPath(m.Message), Author: &author, Name: markedText(author.Name, nothing),
		About: isolatedHTML(markedText(m.Room.Name, nothing)), Time: &at, Text: excerpt(m.Content, q.Marks),
	}
}

// nothing is the finder of a text that is not searched.
func nothing(string) [][2]int { return nil }

// isolatedHTML keeps the direction of a name from its neighbours.
func isolatedHTML(name template.HTML) template.HTML { return "<bdi>" + name + "</bdi>" }
