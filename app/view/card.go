package view

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"xxsns/app/sns"
)

// Card is post/_card: a post in a list or on its own page.
type Card struct {
	ID       int64
	Author   Author
	Time     Time
	Edited   bool
	Board    Link   // without a name where Place stands for it
	Place    string // where it was written, on a local board
	Tags     []Tag
	Text     template.HTML
	Images   []Image
	Like     Like
	Comments Count
}

// card shows a post as of now.
func (l *Locale) card(p sns.Post, tags []Tag, now time.Time) Card {
	board := BoardLink(p.Board)
	if p.Board.Slug == sns.LocalBoard && p.Location.Known() {
		board.Name = "" // its place says so
	}
	return Card{
		ID: p.ID, Author: l.Author(p.Author), Time: l.Time(p.CreatedAt, now), Edited: !p.EditedAt.IsZero(),
		Board: board, Place: PlaceName(p.Location), Tags: tags,
		Text: withLinks(p.Content), Images: Images(p.Images), Like: viewLike(p), Comments: Count{p.ID, p.Comments},
	}
}

// A locale remembers cardsKept cards, and none above largestCard bytes: most
// cards have about 3 kB, and people look at few posts often.
const (
	cardsKept   = 4096
	largestCard = 16 << 10
)

// A cardKey is everything of a post that its card shows and that can change:
// two posts with equal keys have equal cards.
type cardKey struct {
	time                   string
	post, version, edited  int64
	liked                  bool
	author                 int64
	username, image, board string
	role                   sns.Role
	tags, area, town       string
}

// Card renders a post as of now, with its options named after the boards. Cards
// are cached: executing the template costs a hundred times as much as a lookup.
func (l *Locale) Card(p sns.Post, boards []sns.Board, now time.Time) (template.HTML, error) {
	tags := tagsOf(p, boards)
	key := cardKey{
		time: l.Time(p.CreatedAt, now).Text, post: p.ID, version: p.Version, edited: p.EditedAt.UnixMicro(),
		liked: p.Liked, author: p.Author.ID, username: p.Author.Username, image: p.Author.Image, role: p.Author.Role, board: p.Board.Name,
		tags: joinTags(tags), area: p.Location.Area, town: p.Location.Town,
	}
	if card, ok := l.cards.Get(key); ok {
		return card, nil
	}
	body, err := l.Fragment("post/_card", l.card(p, tags, now))
	if err != nil {
		return "", err
	}
	card := template.HTML(body) //nolint:gosec // html/template made it
	if len(body) <= largestCard {
		l.cards.Add(key, card)
	}
	return card, nil
}

// Cards renders posts in their order.
func (l *Locale) Cards(posts []sns.Post, boards []sns.Board, now time.Time) ([]template.HTML, error) {
	cards := make([]template.HTML, len(posts))
	for i, p := range posts {
		card, err := l.Card(p, boards, now)
		if err != nil {
			return nil, err
		}
		cards[i] = card
	}
	return cards, nil
}

// Tag is an option that a post has chosen; it leads to the posts like it.
type Tag struct{ Name, URL string }

// tagsOf are the options of a post in the order of its board.
func tagsOf(p sns.Post, boards []sns.Board) []Tag {
	if len(p.Options) == 0 {
		return nil
	}
	at := slices.IndexFunc(boards, func(b sns.Board) bool { return b.ID == p.Board.ID })
	if at < 0 { // made a moment ago
		return nil
	}
	options := boards[at].Options(p.Options)
	tags := make([]Tag, len(options))
	for i, o := range options {
		tags[i] = Tag{o.Name, BoardPath(p.Board) + "?f=" + Itoa(o.ID)}
	}
	return tags
}

func joinTags(tags []Tag) string {
	if len(tags) == 0 {
		return ""
	}
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return strings.Join(names, "\n")
}
