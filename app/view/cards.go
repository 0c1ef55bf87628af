package view

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"xxsns/app/sns"
)

// Cards are the posts of a list, each as post/_card. nil has no posts.
type Cards struct {
	list  *kept[sns.Post]
	liked []bool        // the posts that the viewer likes
	mark  template.HTML // in a frame, instead of the list
}

// HTML returns the cards, whose forms name no account yet.
func (c *Cards) HTML() template.HTML {
	if c.list == nil {
		return c.mark
	}
	return template.HTML(c.list.appendTo(nil, "", c.liked)) //nolint:gosec // made of what templates have written
}

// Cards renders posts in their order. boards name the options of the posts; now is the
// time from which ages are counted. All viewers share the cards, whatever they like.
func (l *Locale) Cards(posts []sns.Post, boards []sns.Board, now time.Time) (*Cards, error) {
	if len(posts) == 0 {
		return nil, nil //nolint:nilnil // no posts
	}
	c := &Cards{liked: make([]bool, len(posts))}
	for i := range posts {
		c.liked[i] = posts[i].Liked
	}
	key := l.posts.key(posts, func(p *sns.Post) int64 { return p.ID })
	if c.list = l.posts.get(key, posts, boards, now); c.list != nil {
		return c, proveList(l, l.posts, key, "post/_list", func() string { return string(c.HTML()) }, func() (string, error) { return l.wholeCards(posts, boards, now) })
	}
	var err error
	if c.list, err = l.keptCards(posts, boards, now); err == nil {
		l.posts.lists.Add(key, c.list)
	}
	return c, err
}

// keptCards makes a list of the cards of posts.
func (l *Locale) keptCards(posts []sns.Post, boards []sns.Board, now time.Time) (*kept[sns.Post], error) {
	list := &kept[sns.Post]{items: slices.Clone(posts), boards: boards, from: now, until: now.Add(24 * time.Hour)}
	eager := false
	for i, p := range posts {
		var states [2]string
		for j, liked := range []bool{false, true} {
			p.Liked = liked
			card, err := l.cachedCard(p, boards, now)
			if err != nil {
				return nil, err
			}
			states[j] = string(card)
		}
		if !eager && strings.Contains(states[0], lazyPicture) {
			eager = true
			states[0], states[1] = eagerFirst(states[0]), eagerFirst(states[1])
		}
		list.addStates(i, states[0], states[1])
		list.until = earlier(list.until, l.readsUntil(p.CreatedAt, now))
	}
	return list, nil
}

// wholeCards renders posts without a cache.
func (l *Locale) wholeCards(posts []sns.Post, boards []sns.Board, now time.Time) (string, error) {
	var b strings.Builder
	eager := false
	for _, p := range posts {
		card, err := l.Fragment("post/_card", l.card(p, tagsOf(p, boards), now))
		if err != nil {
			return "", err
		}
		text := string(card)
		if !eager && strings.Contains(text, lazyPicture) {
			eager, text = true, eagerFirst(text)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// How post/_card loads a picture of a post, and how eagerFirst does.
const (
	lazyPicture  = ` loading="lazy" decoding="async"`
	eagerPicture = ` fetchpriority="high" decoding="async"`
)

// eagerFirst makes the browser load the first picture of a list at once: this picture
// decides when the page looks ready.
func eagerFirst(card string) string { return strings.Replace(card, lazyPicture, eagerPicture, 1) }

// samePost reports whether two posts have the same values, but for Liked. The facets of
// their boards do not count: the boards of the list name the options.
func samePost(a, b *sns.Post) bool {
	return a.ID == b.ID && a.Version == b.Version && a.Likes == b.Likes && a.Comments == b.Comments &&
		a.CreatedAt.Equal(b.CreatedAt) && a.EditedAt.Equal(b.EditedAt) && a.Content == b.Content && a.Author == b.Author &&
		a.Board.ID == b.Board.ID && a.Board.Slug == b.Board.Slug && a.Board.Name == b.Board.Name && a.Location == b.Location &&
		slices.Equal(a.Options, b.Options) && slices.Equal(a.Images, b.Images)
}
