package store_test

import (
	"context"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// boardReads and boardWrites are the calls about boards, follows and accounts,
// on board 3 with facet 1 and its options 1 and 2, and on user 4.
func (d *database) boardReads() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Board":     func(ctx context.Context) error { _, err := d.Board(ctx, 3); return err },
		"Boards":    func(ctx context.Context) error { _, err := d.Boards(ctx); return err },
		"Buckets":   func(ctx context.Context) error { _, err := d.Buckets(ctx, 3, ""); return err },
		"Facet":     func(ctx context.Context) error { _, err := d.Facet(ctx, 1); return err },
		"Followees": func(ctx context.Context) error { _, err := d.Followees(ctx, 4, 0, 0, 5); return err },
		"Followers": func(ctx context.Context) error { _, err := d.Followers(ctx, 1, 0, 0, 5); return err },
		"Follows":   func(ctx context.Context) error { _, err := d.Follows(ctx, 4, []int64{1}); return err },
		"Option":    func(ctx context.Context) error { _, err := d.Option(ctx, 1); return err },
		"SeatsOf":   func(ctx context.Context) error { _, err := d.SeatsOf(ctx, 1); return err },
		"Sessions":  func(ctx context.Context) error { _, err := d.Sessions(ctx, 1, noon); return err },
		"Timeline of follows": func(ctx context.Context) error {
			_, err := d.Timeline(ctx, sns.Timeline{Follower: 4, Limit: 5})
			return err
		},
		"Timeline of buckets": func(ctx context.Context) error {
			_, err := d.Timeline(ctx, sns.Timeline{Buckets: []int64{1, 2, 3}, Limit: 2})
			return err
		},
		"CountPosts of buckets": func(ctx context.Context) error {
			_, err := d.CountPosts(ctx, sns.Timeline{Buckets: []int64{1, 2}, Limit: 2})
			return err
		},
	}
}

func (d *database) boardWrites() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"AddOptions":  func(ctx context.Context) error { return d.AddOptions(ctx, 1, []string{"매매"}) },
		"ChangeFacet": func(ctx context.Context) error { return d.ChangeFacet(ctx, 1, "거래", true) },
		"CloseBoard":  func(ctx context.Context) error { return d.CloseBoard(ctx, 3, true, noon) },
		"CloseFacet":  func(ctx context.Context) error { return d.CloseFacet(ctx, 1, true, noon) },
		"CloseOption": func(ctx context.Context) error { return d.CloseOption(ctx, 1, true, noon) },
		"CreateBoard": func(ctx context.Context) error {
			_, err := d.CreateBoard(ctx, store.NewBoard{Slug: "new", Name: "새 게시판"})
			return err
		},
		"CreateFacet": func(ctx context.Context) error {
			_, err := d.CreateFacet(ctx, 3, "층", false, []string{"1층"})
			return err
		},
		"CreatePost of a new kind": func(ctx context.Context) error {
			_, err := d.CreatePost(ctx, store.NewPost{Author: 1, Board: 3, Options: []int64{2}, Content: "글", CreatedAt: noon})
			return err
		},
		"DeletePost of a bucket": func(ctx context.Context) error { _, err := d.DeletePost(ctx, 2, 1); return err },
		"DeleteUser":             func(ctx context.Context) error { _, err := d.DeleteUser(ctx, 4, noon); return err },
		"EndOtherSessions":       func(ctx context.Context) error { _, err := d.EndOtherSessions(ctx, 1, ""); return err },
		"EndSessionOf":           func(ctx context.Context) error { return d.EndSessionOf(ctx, 1, "s") },
		"MoveBoard":              func(ctx context.Context) error { return d.MoveBoard(ctx, 3, true) },
		"MoveFacet":              func(ctx context.Context) error { return d.MoveFacet(ctx, 2, true) },
		"MoveOption":             func(ctx context.Context) error { return d.MoveOption(ctx, 1, false) },
		"RenameBoard":            func(ctx context.Context) error { return d.RenameBoard(ctx, 3, "집") },
		"RenameOption":           func(ctx context.Context) error { return d.RenameOption(ctx, 1, "전세금") },
		"SetFollow":              func(ctx context.Context) error { _, err := d.SetFollow(ctx, 1, 4, true, noon); return err },
		"SetLocation":            func(ctx context.Context) error { return d.SetLocation(ctx, 1, sns.Location{Area: "서울"}) },
	}
}

// aBoard makes the rows for boardReads and boardWrites.
func (d *database) aBoard(t testing.TB) {
	board := d.board(t, "flats")
	facet := d.facet(t, board, "종류", "전세", "월세")
	d.facet(t, board, "방")
	post, fan := d.write(t, 1, board, sns.Location{}, 1), d.user(t, "구독자")
	d.follow(t, fan, 1, true)
	if board != 3 || facet.ID != 1 || facet.Options[0].ID != 1 || post != 2 || fan != 4 {
		t.Fatalf("board %d with %+v, post %d, user %d; want the first of each", board, facet, post, fan)
	}
}

// Each of the writes succeeds if its context does not end.
func TestCallsAboutBoardsSucceed(t *testing.T) {
	little := migrated(t, sqliteFile(t))
	little.aLittle(t)
	for name := range little.boardWrites() {
		t.Run(name, func(t *testing.T) {
			d := little.copied(t)
			before := d.everything(t)
			if err := d.boardWrites()[name](t.Context()); err != nil {
				t.Error(err)
			}
			if d.everything(t) == before {
				t.Error("it changed nothing")
			}
		})
	}
}
