package web

import (
	"cmp"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// Views are what fragments show: one typed struct a fragment, the same
// wherever it stands.

// authorView is user/_avatar and the name beside it.
type authorView struct {
	ID      int64
	Name    string
	URL     string // of their home; empty: the account was deleted
	Initial string
	Hue     int64
	Image   string // URL, or empty
	Mentor  bool
	Admin   bool
}

func (l *Locale) viewAuthor(u sns.User) authorView {
	if u.Deleted() {
		return authorView{ID: u.ID, Name: l.nameOf(u), Hue: noHue}
	}
	initial, _, _, _ := uniseg.FirstGraphemeClusterInString(u.Username, -1)
	v := authorView{
		ID: u.ID, Name: u.Username, URL: "/users/" + url.PathEscape(u.Username), Initial: initial, Hue: u.ID % 6,
		Mentor: u.Role == sns.RoleMentor, Admin: u.Role == sns.RoleAdmin,
	}
	if u.Image != "" {
		v.Image = uploadURL(u.Image)
	}
	return v
}

// noHue is the grey of nobody.
const noHue = 6

// nameOf is what a user is called: their username, or that the account was
// deleted.
func (l *Locale) nameOf(u sns.User) string {
	if u.Deleted() {
		return l.T("user.deleted")
	}
	return u.Username
}

// sayOf says a sentence about a user, whose Name it is about. Of somebody who left
// there is another one, since titles and particles fit names alone.
func (l *Locale) sayOf(key string, u sns.User) string {
	if gone := key + "_deleted"; u.Deleted() && l.Has(gone) {
		key = gone
	}
	return l.T(key, "Name", u.Username)
}

func uploadURL(name string) string { return "/uploads/" + name }

// cardView is post/_card: a post in a list or on its own page.
type cardView struct {
	ID       int64
	Author   authorView
	Time     timeView
	Edited   bool
	Board    namedLink // without a name where Place stands for it
	Place    string    // where it was written, on a local board
	Tags     []tagView
	Text     template.HTML
	Images   []imageView
	Like     likeView
	Comments countView
}

// imageView is an image of a post.
type imageView struct {
	URL, Thumb    string
	Width, Height int
	Moves         bool // an animation, of which Thumb is the first frame
	Alt           string
}

// likeView is post/_like: the heart shows mine, the number is everybody's.
type likeView struct {
	ID    int64
	Liked bool
	Likes int
}

// countView is the number of a post's comments.
type countView struct {
	ID    int64
	Count int
}

// viewCard shows a post as of now.
func (l *Locale) viewCard(p sns.Post, tags []tagView, now time.Time) cardView {
	board := linkBoard(p.Board)
	if p.Board.Slug == sns.LocalBoard && p.Location.Known() {
		board.Name = "" // its place says so
	}
	return cardView{
		ID: p.ID, Author: l.viewAuthor(p.Author), Time: l.when(p.CreatedAt, now), Edited: !p.EditedAt.IsZero(),
		Board: board, Place: placeName(p.Location), Tags: tags,
		Text: withLinks(p.Content), Images: viewImages(p.Images), Like: viewLike(p), Comments: countView{p.ID, p.Comments},
	}
}

func viewImages(images []sns.PostImage) (all []imageView) {
	for _, image := range images {
		all = append(all, imageView{
			URL: uploadURL(image.Name), Thumb: uploadURL(media.Thumb(image.Name)),
			Width: image.Width, Height: image.Height, Alt: image.Alt, Moves: strings.HasSuffix(image.Name, ".gif"),
		})
	}
	return all
}

func viewLike(p sns.Post) likeView { return likeView{p.ID, p.Liked, p.Likes} }

// commentView is comment/_item.
type commentView struct {
	ID     int64
	Post   int64
	Author authorView
	Time   timeView
	Edited bool
	Text   template.HTML
}

func (l *Locale) viewComment(c sns.Comment, now time.Time) commentView {
	return commentView{
		ID: c.ID, Post: c.PostID, Author: l.viewAuthor(c.Author), Time: l.when(c.CreatedAt, now),
		Edited: !c.EditedAt.IsZero(), Text: withLinks(c.Content),
	}
}

// A field is an input of a form with what was typed and what is wrong with it.
type field struct {
	Value string
	Error string
	First bool // the first wrong one takes the focus
	order int  // of its problem among those of the form
}

// form is the fields of a form by name.
type form map[string]field

// Field returns a field by its name; one that was not filled in is empty.
func (f form) Field(name string) field { return f[name] }

// Summary says all that is wrong, for a form that says it in one place.
func (f form) Summary() string { return f.Without("") }

// Without is Summary for a form that says elsewhere what is wrong with one of
// its fields.
func (f form) Without(elsewhere string) string {
	names := slices.SortedFunc(maps.Keys(f), func(a, b string) int { return cmp.Compare(f[a].order, f[b].order) })
	var sentences []string
	for _, name := range names {
		if e := f[name].Error; e != "" && name != elsewhere && !slices.Contains(sentences, e) {
			sentences = append(sentences, e)
		}
	}
	return strings.Join(sentences, " ")
}

// newForm holds what was typed: pairs of a field's name and its value.
func newForm(pairs ...string) form {
	f := make(form, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		f[pairs[i]] = field{Value: pairs[i+1]}
	}
	return f
}

// withProblems says beside each field what is wrong with it.
func (f form) withProblems(t *Locale, problems sns.Invalid) form {
	for i, p := range problems {
		entry := f[p.Field]
		if entry.Error == "" {
			entry.order = i
		}
		entry.Error = strings.TrimSpace(entry.Error + " " + t.TWith(p.Key, p.Args))
		entry.First = entry.First || i == 0
		f[p.Field] = entry
	}
	return f
}

// itoa shortens making URLs.
func itoa(id int64) string { return strconv.FormatInt(id, 10) }
