package view

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

// cardFixed lists the fields of a post that never change, with the reason: the
// key of a card needs no copy of those fields.
var cardFixed = map[string]string{
	"CreatedAt":     "a post is created once; only the wording of the age changes, and the key has the wording",
	"Images.Name":   "an edit changes the text alone",
	"Images.Width":  "as the name",
	"Images.Height": "as the name",
	"Images.Alt":    "as the name",
	"Board.Slug":    "a board keeps its slug, and a post stays on its board",
}

// cardCoupled lists the fields of a post that change only together with another
// field, and makes that second change.
var cardCoupled = map[string]func(*sns.Post){
	"Content":  func(p *sns.Post) { p.EditedAt = p.EditedAt.Add(time.Second) }, // store.EditPost sets both
	"Likes":    func(p *sns.Post) { p.Version++ },                              // as documented at sns.Post
	"Comments": func(p *sns.Post) { p.Version++ },
}

// TestCardKeyCoversPost changes each field of a post, of the boards that name the
// post's options, and the time of the request. If the HTML of the card changes,
// the key must change, too, or else the cache would serve the card from before
// the change.
func TestCardKeyCoversPost(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	missing, needed := map[string]bool{}, map[string]bool{}
	for _, p := range samplePosts() {
		boards := []sns.Board{sampleBoard(p.Board.Slug)}
		now := p.CreatedAt.Add(48 * time.Hour)
		stale := staleCard(t, l, func() (sns.Post, []sns.Board, time.Time) { return p, boards, now })

		eachChange(t, "", reflect.ValueOf(&p).Elem(), func(field string) {
			if !stale() {
				return
			}
			if listed := listedAs(cardFixed, field); listed != "" {
				needed[listed] = true
				return
			}
			if change := cardCoupled[field]; change != nil {
				needed[field] = true
				before := p
				change(&p)
				defer func() { p = before }()
			}
			missing[field] = missing[field] || stale()
		})
		eachChange(t, "boards", reflect.ValueOf(&boards).Elem(), func(field string) { missing[field] = missing[field] || stale() })
		eachChange(t, "now", reflect.ValueOf(&now).Elem(), func(field string) { missing[field] = missing[field] || stale() })
	}
	for field, isMissing := range missing {
		if isMissing {
			t.Errorf("a change of %s shows in the card, but leaves cardKey as it was: add the field to cardKey", field)
		}
	}
	for _, field := range slices.Concat(slices.Collect(maps.Keys(cardFixed)), slices.Collect(maps.Keys(cardCoupled))) {
		if !needed[field] {
			t.Errorf("%s needs no exception: remove the entry", field)
		}
	}
}

// staleCard returns a function that reports whether the HTML of a card has changed
// since staleCard was called, while the key of the card has not.
func staleCard(t *testing.T, l *Locale, values func() (sns.Post, []sns.Board, time.Time)) func() bool {
	t.Helper()
	render := func() (string, cardKey) {
		p, boards, now := values()
		tags := tagsOf(p, boards)
		html, err := l.Fragment("post/_card", l.card(p, tags, now))
		if err != nil {
			t.Fatal(err)
		}
		return string(html), l.cardKey(p, tags, now)
	}
	oldHTML, oldKey := render()
	return func() bool {
		html, key := render()
		return html != oldHTML && key == oldKey
	}
}

// TestCardThatDiffersIsNoticed changes a text without the version of the post, as a fault
// of the store would: the card from before is an error, and is dropped.
func TestCardThatDiffersIsNoticed(t *testing.T) {
	t.Parallel()
	pages, l := samplePages(t)
	var told []string
	pages.Prove(1, func(page string) { told = append(told, page) })
	p := samplePosts()[0]
	show := func() error { _, err := l.Cards([]sns.Post{p}, nil, p.CreatedAt.Add(time.Hour)); return err }
	if err := show(); err != nil || len(told) > 0 {
		t.Fatalf("%v, told of %q", err, told)
	}
	p.Content = "혼자 읽어요"
	if err := show(); err == nil || !slices.Equal(told, []string{"post/_card"}) {
		t.Errorf("a card with the text of before: %v, told of %q", err, told)
	}
	if err := show(); err != nil || len(told) > 1 || pages.Compared() != 3 {
		t.Errorf("the next card: %v, told of %q, %d compared", err, told, pages.Compared())
	}
}

// samplePosts returns posts that show every part of a card between them. Every
// slice has an element, so that eachChange reaches the fields of the element.
func samplePosts() []sns.Post {
	created := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	p := sns.Post{
		ID: 17, Content: "@하루님, 같이 읽어요 https://example.com/", Mentions: "7 하루", Likes: 3, Comments: 2, Version: 5, CreatedAt: created, EditedAt: created.Add(time.Hour),
		Author:  sns.User{ID: 9, Username: "민지", Role: sns.RoleMentor, Image: "face.jpg"},
		Board:   sampleBoard("books"),
		Images:  []sns.PostImage{{Name: "cover.jpg", Width: 640, Height: 480, Alt: "책 표지", Sized: "webp"}},
		Options: []int64{4},
	}
	local := p
	local.Board, local.Location = sampleBoard(sns.LocalBoard), sns.Location{Area: "서울특별시 성동구", Town: "성수동1가"}
	plain := p
	plain.EditedAt, plain.Author.Role, plain.Author.Image = time.Time{}, sns.RoleUser, ""
	return []sns.Post{p, local, plain}
}

// sampleBoard returns a board with the option of samplePosts.
func sampleBoard(slug string) sns.Board {
	return sns.Board{ID: 3, Slug: slug, Name: "책", Facets: []sns.Facet{{ID: 2, Name: "갈래", Options: []sns.Option{{ID: 4, Name: "소설"}}}}}
}

// eachChange changes every value inside v, calls try with the path of the changed
// field, and takes the change back. Elements of a slice have the path of the slice.
func eachChange(t *testing.T, path string, v reflect.Value, try func(field string)) {
	t.Helper()
	set := func(changed any) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(reflect.ValueOf(changed).Convert(v.Type()))
		try(path)
		v.Set(old)
	}
	if !v.CanSet() {
		t.Fatalf("%s cannot be changed by reflection: keep the fields of sns.Post exported", path)
	}
	if moment, ok := v.Interface().(time.Time); ok {
		set(moment.Add(time.Second))
		set(moment.Add(-24 * time.Hour))
		set(time.Time{})
		return
	}
	switch v.Kind() { //nolint:exhaustive // the default is a failure
	case reflect.Struct:
		for i := range v.NumField() {
			eachChange(t, strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), v.Field(i), try)
		}
	case reflect.Slice:
		if v.Len() == 0 {
			t.Fatalf("%s is empty: give the sample an element", path)
		}
		for i := range v.Len() {
			eachChange(t, path, v.Index(i), try)
		}
		set(reflect.Zero(v.Type()).Interface())
	case reflect.String:
		for _, text := range []string{"", v.String() + "가", "x.gif", sns.LocalBoard, string(sns.RoleUser), string(sns.RoleMentor), string(sns.RoleAdmin)} {
			set(text)
		}
	case reflect.Int, reflect.Int64:
		set(v.Int() + 1)
		set(int64(0))
	case reflect.Bool:
		set(!v.Bool())
	case reflect.Pointer:
		set(reflect.Zero(v.Type()).Interface())
	default:
		t.Fatalf("%s is a %s: teach eachChange to change one", path, v.Kind())
	}
}

// listedAs returns the entry of a list for a field or for a field around the
// field, or "" if the list has neither.
func listedAs(list map[string]string, field string) string {
	for field != "" && list[field] == "" {
		field = field[:max(0, strings.LastIndexByte(field, '.'))]
	}
	return field
}
