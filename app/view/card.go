package view

import (
	"html/template"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/app/sns"
)

const cardName = "post/_card"

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

// cachedCard renders a post. Cards are cached: executing the template costs a hundred
// times as much as a lookup.
func (l *Locale) cachedCard(p sns.Post, boards []sns.Board, now time.Time) (template.HTML, error) {
	tags := tagsOf(p, boards)
	key := l.cardKey(p, tags, now)
	if card, ok := l.cards.Get(key); ok {
		if l.proof.due() {
			return card, l.proveCard(key, card, l.card(p, tags, now))
		}
		return card, nil
	}
	body, err := l.Fragment(cardName, l.card(p, tags, now))
	if err != nil {
		return "", err
	}
	card := template.HTML(body) //nolint:gosec // html/template escaped the texts
	if len(body) <= largestCard {
		l.cards.Add(key, card)
	}
	return card, nil
}

// Bounds of the cache of cards. Most cards have about 3 kB, and people rarely
// look at old posts.
const (
	cardsKept   = 4096     // cards of a locale
	largestCard = 16 << 10 // bytes of a card that is cached
)

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
}

// clearCards gives the locale empty caches of cards and of lists.
func (l *Locale) clearCards() (err error) {
	if l.cards, err = lru.New[cardKey, template.HTML](cardsKept); err != nil {
		return err
	}
	l.posts, err = newKeeper(samePost)
	return err
}

// cardKey returns the key under which the card of a post is cached.
func (l *Locale) cardKey(p sns.Post, tags []Tag, now time.Time) cardKey {
	return cardKey{
		time: l.relative(p.CreatedAt.In(l.zone), now.In(l.zone)), post: p.ID, version: p.Version, edited: p.EditedAt.UnixMicro(), liked: p.Liked,
		author: p.Author.ID, username: p.Author.Username, image: p.Author.Image, role: p.Author.Role,
		board: p.Board.Name, tags: joinNames(tags), area: p.Location.Area, town: p.Location.Town,
		sized: joinSized(p.Images),
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
		Text: formatted(p.Content), Fold: postFold.class(p.Content), Images: Images(p.Images), Like: newLike(p), Comments: Count{p.ID, p.Comments, p.Version},
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
