package view

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/static"
	"xxsns/templates"
)

// TestFramesShowWhatTheWholePageShows changes each value of the pages that come from
// frames. The bytes must be those of the page rendered whole, while the frame of the page
// before the change is kept: a value that a slot does not fill, and that the key lacks,
// would show what another viewer saw.
func TestFramesShowWhatTheWholePageShows(t *testing.T) {
	t.Parallel()
	for name := range sampleFrames() {
		for person, viewer := range sampleViewers() {
			t.Run(name+" of "+person, func(t *testing.T) {
				t.Parallel()
				l, sample := sampleLocale(t), sampleFrames()[name]
				p := Page{Title: "홈", Nav: "home", Topics: "topic=timeline&topic=post:17", Write: "#compose-content"}
				page := func() Page {
					whole := p
					whole.Viewer = &viewer
					whole.Data = sample.data(viewer)
					return whole
				}
				compareFrame(t, l, name, "nothing", page())
				try := func(field string) {
					compareFrame(t, l, name, field, page())
					compareFrame(t, l, name, field+", again", page())
				}
				eachChange(t, "Viewer", reflect.ValueOf(&viewer).Elem(), try)
				for path, part := range sample.parts {
					eachChange(t, path, reflect.ValueOf(part).Elem(), try)
				}
				for _, field := range []string{"Title", "Nav", "Topics", "Toast", "Plain", "NoDock", "Write", "Unread", "Socket"} {
					eachChange(t, field, reflect.ValueOf(&p).Elem().FieldByName(field), try)
				}
				for _, title := range []string{"a&b", "'", "שלום"} { // escaped, or isolated from the text around
					p.Title = title
					try("Title")
				}
				if l.frames.Len() == 0 {
					t.Error("no frame was kept")
				}
			})
		}
	}
}

func compareFrame(t *testing.T, l *Locale, name, changed string, p Page) {
	t.Helper()
	got, err := l.AppendPage([]byte("before"), name, &p)
	if err != nil {
		t.Fatalf("%s changed: %v", changed, err)
	}
	want, err := l.whole(name, &p)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != "before"+string(want) {
		t.Errorf("%s changed: the frame shows another page than the whole", changed)
	}
	for _, mark := range marks {
		if strings.Contains(string(got), mark) {
			t.Errorf("%s changed: a slot is not filled", changed)
		}
	}
}

// samplePages returns templates and their locale, which compare no pages by themselves.
func samplePages(t *testing.T) (*Templates, *Locale) {
	t.Helper()
	pages, err := Load(templates.FS, static.Files(), time.UTC, time.Now, false)
	if err != nil {
		t.Fatal(err)
	}
	l, err := pages.Locale("")
	if err != nil {
		t.Fatal(err)
	}
	return pages, l
}

// sampleLocale returns the locale of samplePages.
func sampleLocale(t *testing.T) *Locale {
	t.Helper()
	_, l := samplePages(t)
	return l
}

// sampleViewers returns viewers whose pages differ.
func sampleViewers() map[string]Author {
	return map[string]Author{
		"a member":             {ID: 9, Name: "민지", URL: HomePath("민지"), Initial: "민", Hue: 3},
		"a mentor":             {ID: 10, Name: "서준", URL: HomePath("서준"), Initial: "서", Hue: 4, Image: "/uploads/face.jpg", Mentor: true},
		"an administrator":     {ID: 12, Name: "하은", URL: HomePath("하은"), Initial: "하", Admin: true},
		"a name to be escaped": {ID: 13, Name: "a&b", URL: "/users/a b'", Initial: "<", Hue: 1, Image: `/uploads/"`},
	}
}

// A sampleFrame is the data of a page of sampleFrames. parts points to the values that
// data returns together.
type sampleFrame struct {
	data  func(viewer Author) any
	parts map[string]any
}

// sampleFrames returns pages that show every part of what comes from frames.
func sampleFrames() map[string]sampleFrame {
	board := sampleBoard("books")
	composer := Composer{
		Boards: []BoardChoice{{"books", "책", true}}, Board: "books", Place: "성수동1가", Facets: NewFacets(board, []int64{4}, true),
		From: "/", Key: "KEY", Limit: 2000, Max: 1, MaxBytes: 10,
	}
	list := Posts{Cards: sampleCards(), More: "/?before=17"}
	fresh := Banner{After: 18, Source: "/posts/new?", Page: "/"}
	tabs := []Tab{NewTab("모두", "/", true)}
	filter := NewFilter(board, sns.Filter{}, nil)
	parts := map[string]any{"List": &list, "Fresh": &fresh, "Tabs": &tabs}
	ofComposer := map[string]any{
		"Boards": &composer.Boards, "Board": &composer.Board, "Place": &composer.Place, "Facets": &composer.Facets, "From": &composer.From,
		"Key": &composer.Key, "Keep": &composer.Keep, "Limit": &composer.Limit, "Max": &composer.Max, "MaxBytes": &composer.MaxBytes,
	}
	of := func(more ...map[string]any) map[string]any {
		all := map[string]any{}
		for _, m := range append(more, parts) {
			for path, part := range m {
				all[path] = part
			}
		}
		return all
	}
	me := func(viewer Author) *Composer { c := composer; c.Me = viewer; return &c }
	rooms := Rooms{Mine: sampleCards(), Rooms: sampleCards(), More: "/rooms?before=3&q=", Past: Past{Rooms: sampleCards(), More: "/rooms?past=2"}}
	post := Post{ID: 17, Card: sampleCards(), Comments: Comments{Items: sampleCards(), Before: "/posts/17/comments?before=3"}, Reply: Reply{Key: "KEY", Limit: 500}}
	link, closed, local := BoardLink(board), false, "서울특별시 성동구"
	return map[string]sampleFrame{
		"post/timeline":  {func(v Author) any { return Timeline{Tabs: tabs, Composer: me(v), List: list, Fresh: fresh} }, of(ofComposer)},
		"post/following": {func(Author) any { return Timeline{Tabs: tabs, List: list, Fresh: fresh} }, of()},
		"board/show": {
			func(v Author) any {
				return Board{Tabs: tabs, Board: link, Closed: closed, Local: local, Filter: filter, Composer: me(v), List: list, Fresh: fresh}
			},
			of(ofComposer, map[string]any{"Board": &link, "Closed": &closed, "Local": &local, "Filter": &filter}),
		},
		"room/list": {
			func(Author) any { return rooms },
			map[string]any{
				"Mine": &rooms.Mine, "Rooms": &rooms.Rooms, "More": &rooms.More, "Past": &rooms.Past.Rooms, "Past.More": &rooms.Past.More,
				"Query": &rooms.Query, "Only": &rooms.Only, "Open": &rooms.Open,
			},
		},
		"post/show": {
			func(v Author) any {
				post.Reply.Me, post.Reply.Post, post.Mute.Post = v, post.ID, post.ID
				return post
			},
			map[string]any{
				"ID": &post.ID, "Items": &post.Comments.Items, "Before": &post.Comments.Before, "Older": &post.Older,
				"Key": &post.Reply.Key, "Under": &post.Reply.Under, "Limit": &post.Reply.Limit, "On": &post.Mute.On,
			},
		},
	}
}

// sampleCards returns two cards, of which the viewer likes one.
func sampleCards() *List {
	list := &List{on: []bool{true, false}}
	list.runs.addStates(0, "<article>"+noAccount+"글 false"+noAccount+"</article>", "<article>"+noAccount+"글 true"+noAccount+"</article>")
	list.runs.addStates(1, "<article>"+noAccount+"0</article>", "<article>"+noAccount+"1</article>")
	return list
}

// spoil changes the last byte of every frame that is kept.
func spoil(l *Locale) {
	for _, fr := range l.frames.Values() {
		last := fr.pieces[len(fr.pieces)-1]
		last[len(last)-1] = '!'
	}
}

// TestFrameThatDiffersIsNoticed spoils a frame. Where each page is compared, the page is
// an error; where one of some is, the page is told of in the background. Both drop the
// frame, so that the next page is right again.
func TestFrameThatDiffersIsNoticed(t *testing.T) {
	t.Parallel()
	for _, every := range []int{1, 3} {
		pages, l := samplePages(t)
		told := make(chan string, 1000)
		pages.Prove(every, func(page string) { told <- page })
		viewer := sampleViewers()["a member"]
		show := func() error {
			p := Page{Viewer: &viewer, Data: sampleFrames()["post/timeline"].data(viewer)}
			_, err := l.AppendPage(nil, "post/timeline", &p)
			return err
		}
		if err := show(); err != nil || l.frames.Len() != 1 {
			t.Fatalf("%v, %d frames", err, l.frames.Len())
		}
		spoil(l)
		for tries := 0; len(told) == 0 && tries < 1000; tries++ {
			if err := show(); (err != nil) != (every == 1) {
				t.Errorf("one of %d: %v", every, err)
			}
		}
		if page := <-told; page != "post/timeline" {
			t.Errorf("one of %d: told of %q", every, page)
		}
		if every > 1 {
			continue // others may have been chosen before the first was compared
		}
		if err := show(); err != nil || len(told) > 0 {
			t.Errorf("one of %d: the next page: %v", every, err)
		}
	}
}
