package web

import (
	"html/template"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/app/sns"
)

// A process remembers so many cards, and none that is larger, in bytes: most
// have about 3 kB, and those that people look at are few, and looked at often.
const (
	cardsKept   = 4096
	largestCard = 16 << 10
)

// A cardKey is everything that a card shows and that can change: whatever is
// rendered from the same key is the same.
type cardKey struct {
	lang, time             string
	post, version, edited  int64
	liked                  bool
	author                 int64
	username, image, board string
	role                   sns.Role
	tags, area, town       string
}

// cards renders posts, and remembers what it has rendered: executing a template
// costs a hundred times as much as remembering.
type cards struct {
	known *lru.Cache[cardKey, template.HTML]
}

func newCards() (cards, error) {
	known, err := lru.New[cardKey, template.HTML](cardsKept)
	return cards{known}, err
}

// card renders a post as of the request.
func (r *request) card(p sns.Post) (template.HTML, error) {
	boards, err := r.web.boards.all(r.ctx())
	if err != nil {
		return "", err
	}
	return r.loaded.card(r.texts, p, tagsOf(p, boards), r.now(), r.zone())
}

// cardOf loads a post through the viewer and renders it.
func (r *request) cardOf(id int64) (template.HTML, error) {
	post, err := r.web.Store.Post(r.ctx(), id, r.viewer.ID)
	if err != nil {
		return "", err
	}
	return r.card(post)
}

// card renders a post as of now.
func (l *loaded) card(t *Texts, p sns.Post, tags []tagView, now time.Time, zone *time.Location) (template.HTML, error) {
	key := cardKey{
		lang: t.Lang, time: t.when(p.CreatedAt, now, zone).Text, post: p.ID, version: p.Version, edited: p.EditedAt.UnixMicro(),
		liked: p.Liked, author: p.Author.ID, username: p.Author.Username, image: p.Author.Image, role: p.Author.Role, board: p.Board.Name,
		tags: joinTags(tags), area: p.Location.Area, town: p.Location.Town,
	}
	if card, ok := l.cards.known.Get(key); ok {
		return card, nil
	}
	body, err := l.fragment(t.Lang, "post/_card", t.viewCard(p, tags, now, zone))
	if err != nil {
		return "", err
	}
	card := template.HTML(body) //nolint:gosec // html/template made it
	if len(body) <= largestCard {
		l.cards.known.Add(key, card)
	}
	return card, nil
}
