package store_test

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// tableRead finds the tables from which a query reads.
var tableRead = regexp.MustCompile(`(?:FROM|JOIN) ([a-z_]+)`)

// TestMemoryKnowsItsRegions asks for everything that the memory keeps, and looks at the tables
// of the queries: a commit in any of them must let the answer be forgotten.
func TestMemoryKnowsItsRegions(t *testing.T) {
	url := apptest.MariaDB(t)
	stampOf.Store(url, &stamp{})
	t.Cleanup(func() { stampOf.Delete(url) })
	direct := migrated(t, url)
	w, through := startWire(t, url)
	stampOf.Store(through, &stamp{})
	t.Cleanup(func() { stampOf.Delete(through) })
	d := &database{Store: opened(t, through), url: url, raw: direct.raw}
	d.Prove(0, nil)
	minji, seojun := d.user(t, "민지"), d.user(t, "서준")
	post := d.post(t, minji, "글")
	d.follow(t, seojun, minji, true)
	board := d.newPost(t, minji, "").Board
	kept := map[string]bool{}
	for what, ask := range map[string]func(context.Context) error{
		"the timeline": func(ctx context.Context) error {
			_, err := d.Timeline(ctx, sns.Timeline{Viewer: seojun, Limit: 21})
			return err
		},
		"a board": func(ctx context.Context) error {
			_, err := d.Timeline(ctx, sns.Timeline{Viewer: seojun, Board: board, Limit: 21})
			return err
		},
		"those who are followed": func(ctx context.Context) error {
			_, err := d.Timeline(ctx, sns.Timeline{Viewer: seojun, Follower: seojun, Limit: 21})
			return err
		},
		"a post":          func(ctx context.Context) error { _, err := d.Post(ctx, post, seojun); return err },
		"the newest post": func(ctx context.Context) error { _, err := d.NewestPost(ctx); return err },
		"buckets":         func(ctx context.Context) error { _, err := d.Buckets(ctx, board, ""); return err },
		"the badge":       func(ctx context.Context) error { _, err := d.Inbox(ctx, seojun); return err },
		"its notices":     func(ctx context.Context) error { return d.ReadPost(ctx, seojun, post) },
		"muting":          func(ctx context.Context) error { _, err := d.Muted(ctx, seojun, post); return err },
		"blocks":          func(ctx context.Context) error { _, err := d.Blocks(ctx, seojun); return err },
		"rooms": func(ctx context.Context) error {
			_, err := d.Rooms(ctx, store.RoomFilter{Viewer: seojun, Limit: 21})
			return err
		},
		"past rooms": func(ctx context.Context) error { _, err := d.PastRooms(ctx, seojun, 0, 21); return err },
		"free seats": func(ctx context.Context) error { _, err := d.FreedRooms(ctx, seojun); return err },
		"users":      func(ctx context.Context) error { _, err := d.Users(ctx, []int64{minji, seojun}); return err },
		"read marks": func(ctx context.Context) error { _, err := d.RoomReads(ctx, seojun); return err },
	} {
		store.ForgetMemory(d.Store)
		var err error
		heard := w.statements(func() { err = ask(t.Context()) })
		if err != nil {
			t.Fatal(what, err)
		}
		for _, query := range heard {
			for _, found := range tableRead.FindAllStringSubmatch(query, -1) {
				forgotten, all := store.ForgottenWith(d.Store, found[1])
				if len(all) == 0 || len(forgotten) == 0 {
					t.Errorf("%s: a change of %s lets nothing be forgotten of %q:\n%s", what, found[1], all, query)
				}
				for _, key := range all {
					kept[key] = true
				}
			}
		}
	}
	if len(kept) < 10 {
		t.Errorf("the memory kept %d kinds of answers, fewer than are asked for: %v", len(kept), kept)
	}
}

// TestALikeCostsWhatShowsIt asks what an answer costs after somebody else has liked a post.
func TestALikeCostsWhatShowsIt(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	d.Prove(0, nil)
	minji, seojun := d.user(t, "민지"), d.user(t, "서준")
	post := d.post(t, minji, "글")
	other := opened(t, d.url)
	read := func() (known []string) {
		for _, err := range []error{
			func() error { _, err := d.NewestPost(t.Context()); return err }(),
			func() error { _, err := d.Blocks(t.Context(), seojun); return err }(),
			func() error { _, err := d.Rooms(t.Context(), store.RoomFilter{Viewer: seojun, Limit: 21}); return err }(),
			func() error { _, err := d.Post(t.Context(), post, seojun); return err }(),
		} {
			must(t, err)
		}
		return store.KnownNow(t.Context(), d.Store)
	}
	all := read()
	d.like(t, post, seojun)
	slices.Sort(all)
	left := store.KnownNow(t.Context(), d.Store)
	if want := slices.DeleteFunc(slices.Clone(all), func(key string) bool { return key == "store.postKey" }); !slices.Equal(left, want) {
		t.Errorf("after a like the memory knows %v, not %v", left, want)
	}
	read()
	_, err := other.CreatePost(t.Context(), d.newPost(t, minji, "또 글"))
	must(t, err)
	if left := store.KnownNow(t.Context(), d.Store); len(left) > 0 {
		t.Errorf("after a commit of another process the memory knows %v", left)
	}
}

// TestOwnCommitHidesNoOther lets another process commit, and this one right after, before
// anybody asks: the commit of the other must not pass for one of this process.
func TestOwnCommitHidesNoOther(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	minji, seojun := d.user(t, "민지"), d.user(t, "서준")
	post := d.post(t, minji, "글")
	other := opened(t, d.url)
	for _, on := range []bool{true, false, true} {
		_, err := d.Blocks(t.Context(), seojun)
		must(t, err)
		_, err = other.SetBlock(t.Context(), seojun, minji, on, noon)
		must(t, err)
		d.like(t, post, minji)
		d.unlike(t, post, minji)
		blocks, err := d.Blocks(t.Context(), seojun)
		if err != nil || blocks.Hide(minji) != on {
			t.Errorf("another process has set the block to %v, and here 서준 has %v: %v", on, blocks, err)
		}
	}
}
