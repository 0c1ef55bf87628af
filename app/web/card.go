package web

import (
	"html/template"
	"time"

	"xxsns/app/sns"
)

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
		time: l.when(p.CreatedAt, now).Text, post: p.ID, version: p.Version, edited: p.EditedAt.UnixMicro(),
		liked: p.Liked, author: p.Author.ID, username: p.Author.Username, image: p.Author.Image, role: p.Author.Role, board: p.Board.Name,
		tags: joinTags(tags), area: p.Location.Area, town: p.Location.Town,
	}
	if card, ok := l.cards.Get(key); ok {
		return card, nil
	}
	body, err := l.Fragment("post/_card", l.viewCard(p, tags, now))
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
