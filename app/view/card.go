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
	Board    Link   // without a name if Place says the same
	Place    string // author's location at that time, on a local board
	Tags     []Tag
	Text     template.HTML
	Fold     string // classes of a Text that lists show folded, or empty
	Images   []Image
	Like     Like
	Comments Count
}

// A Tag is an option that a post has chosen; the link leads to the posts with the
// same option.
type Tag struct{ Name, URL string }

// Cards renders posts in their order. boards name the options of the posts; now is the
// time from which ages are counted.
func (l *Locale) Cards(posts []sns.Post, boards []sns.Board, now time.Time) (*List, error) {
	return l.posts.list(l, posts, scene{boards, now})
}

// cards are the posts of a list.
var cards = kind[sns.Post, cardKey]{
	fragment: "post/_card",
	data:     func(l *Locale, p sns.Post, s scene) any { return l.card(p, tagsOf(p, s.boards), s.now) },
	key:      func(l *Locale, p sns.Post, s scene) cardKey { return l.cardKey(p, tagsOf(p, s.boards), s.now) },
	same:     samePost,
	created:  func(p *sns.Post) time.Time { return p.CreatedAt },
	id:       func(p *sns.Post) int64 { return p.ID },
	on:       func(p *sns.Post) *bool { return &p.Liked },
}

// samePost reports whether two posts have the same values, but for Liked. The facets of
// their boards do not count: the boards of the scene name the options.
func samePost(a, b *sns.Post) bool {
	return a.ID == b.ID && a.Version == b.Version && a.Likes == b.Likes && a.Comments == b.Comments &&
		a.CreatedAt.Equal(b.CreatedAt) && a.EditedAt.Equal(b.EditedAt) && a.Content == b.Content && a.Mentions == b.Mentions && a.Author == b.Author &&
		a.Board.ID == b.Board.ID && a.Board.Slug == b.Board.Slug && a.Board.Name == b.Board.Name && a.Location == b.Location &&
		slices.Equal(a.Options, b.Options) && slices.Equal(a.Images, b.Images)
}

// A cardKey holds every value of a card that can change on its own. If a value
// were missing, the cache would serve stale cards after a change of that value;
// TestCardKeyCoversPost tries every field of a post.
type cardKey struct {
	time                   string
	post, version, edited  int64
	liked                  bool
	author                 int64
	username, image, board string
	role                   sns.Role
	tags, area, town       string
	sized                  string
	mentions               sns.Mentioned
}

// cardKey returns the key under which the card of a post is cached.
func (l *Locale) cardKey(p sns.Post, tags []Tag, now time.Time) cardKey {
	return cardKey{
		time: l.reads(p.CreatedAt, now), post: p.ID, version: p.Version, edited: p.EditedAt.UnixMicro(), liked: p.Liked,
		author: p.Author.ID, username: p.Author.Username, image: p.Author.Image, role: p.Author.Role,
		board: p.Board.Name, tags: joinNames(tags), area: p.Location.Area, town: p.Location.Town,
		sized: joinSized(p.Images), mentions: p.Mentions,
	}
}

// joinSized returns the Sized of images, one per line: the sizes of old images are made
// at some time after the post.
func joinSized(images []sns.PostImage) string {
	if len(images) == 0 {
		return ""
	}
	var b strings.Builder
	for _, image := range images {
		b.WriteString(image.Sized)
		b.WriteByte('\n')
	}
	return b.String()
}

// joinNames returns the names of tags, one per line. A name has no line ends.
func joinNames(tags []Tag) string {
	if len(tags) == 0 {
		return ""
	}
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return strings.Join(names, "\n")
}

// card returns the values that the template of a card shows.
func (l *Locale) card(p sns.Post, tags []Tag, now time.Time) Card {
	board := BoardLink(p.Board)
	if p.Board.Slug == sns.LocalBoard && p.Location.Known() {
		board.Name = "" // the place is enough
	}
	return Card{
		ID: p.ID, Author: l.Author(p.Author), Time: l.Time(p.CreatedAt, now), Edited: !p.EditedAt.IsZero(),
		Board: board, Place: PlaceName(p.Location), Tags: tags,
		Text: formatted(p.Content, p.Mentions), Fold: postFold.class(p.Content), Images: Images(p.Images), Like: newLike(p), Comments: Count{p.ID, p.Comments, p.Version},
	}
}

// tagsOf returns the options of a post in the order of the post's board.
func tagsOf(p sns.Post, boards []sns.Board) []Tag {
	if len(p.Options) == 0 {
		return nil
	}
	at := slices.IndexFunc(boards, func(b sns.Board) bool { return b.ID == p.Board.ID })
	if at < 0 { // boards are cached: the board was created a moment ago
		return nil
	}
	options := boards[at].Options(p.Options)
	tags := make([]Tag, len(options))
	for i, o := range options {
		tags[i] = Tag{o.Name, BoardPath(p.Board) + "?f=" + Itoa(o.ID)}
	}
	return tags
}
