package seed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/district"
	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// boardsFit fails if posts are on boards where members could not write them.
func (s *seeding) boardsFit(t *testing.T) {
	t.Helper()
	s.none(t, "posts are in a bucket of another board", "posts p WHERE bucket_id <> 0 AND NOT EXISTS (SELECT 1 FROM buckets k WHERE k.id = p.bucket_id AND k.board_id = p.board_id)")
	s.none(t, "local posts are not where their authors live", `posts p JOIN users u ON u.id = p.user_id JOIN boards b ON b.id = p.board_id
		LEFT JOIN buckets k ON k.id = p.bucket_id WHERE b.local = 1 AND (k.area IS NULL OR k.area = '' OR k.area <> u.area OR p.town <> u.town)`)
	s.none(t, "posts on other boards have a place", "posts p JOIN boards b ON b.id = p.board_id LEFT JOIN buckets k ON k.id = p.bucket_id WHERE b.local = 0 AND (p.town <> '' OR k.area <> '')")
}

// followsFit fails if people show other counts than there are follows.
func (s *seeding) followsFit(t *testing.T) {
	t.Helper()
	s.none(t, "people show wrong counts of follows", `users u WHERE follower_count <> (SELECT COUNT(*) FROM follows f WHERE f.followee_id = u.id)
		OR following_count <> (SELECT COUNT(*) FROM follows f WHERE f.follower_id = u.id)`)
	s.none(t, "follows of nobody", "follows WHERE follower_id = followee_id OR follower_id NOT IN (SELECT id FROM users) OR followee_id NOT IN (SELECT id FROM users)")
}

// open opens the store until the test ends.
func (s *seeding) open(t *testing.T) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), s.cfg.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// board returns a board.
func (s *seeding) board(t *testing.T, slug string) sns.Board {
	t.Helper()
	board, err := s.open(t).BoardBySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return board
}

// on returns the number of posts on a board.
func (s *seeding) on(t *testing.T, slug string) int64 {
	t.Helper()
	return s.number(t, "SELECT COUNT(*) FROM posts WHERE board_id = ?", s.board(t, slug).ID)
}

func TestSeedSpreadsPostsOverBoards(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		const n = 1500
		s.seed(t, seed.Size{Users: 60, Posts: n, Password: password})
		s.fits(t)
		for slug, share := range map[string]int64{sns.DefaultBoard: 60, "invest": 18, "gossip": 10, sns.LocalBoard: 12} {
			if percent := 100 * s.on(t, slug) / n; percent < share-6 || percent > share+6 {
				t.Errorf("%d%% of the posts are on %s, want %d%%", percent, slug, share)
			}
		}
		s.optionsFit(t, "invest", "gossip")
		for _, area := range s.texts(t, "SELECT DISTINCT area FROM users WHERE area <> ''") {
			if _, _, ok := district.SplitArea(area); !ok {
				t.Errorf("somebody lives in %q, which is not on the list", area)
			}
		}
	})
}

// optionsFit checks that posts have an option of every facet, and name the company
// of the option.
func (s *seeding) optionsFit(t *testing.T, slugs ...string) {
	t.Helper()
	db := s.open(t)
	for _, slug := range slugs {
		board := s.board(t, slug)
		buckets, err := db.Buckets(t.Context(), board.ID, "")
		if err != nil || len(buckets) < 4 {
			t.Fatalf("%s: %d kinds of posts, %v", slug, len(buckets), err)
		}
		posts, err := db.Timeline(t.Context(), sns.Timeline{Board: board.ID, Limit: 100})
		if err != nil || len(posts) < 50 {
			t.Fatalf("%s: %d posts, %v", slug, len(posts), err)
		}
		for _, p := range posts {
			if clean, problem := board.Choose(p.Options); problem != nil || !slices.Equal(clean, p.Options) {
				t.Errorf("post %d chose %v: %v", p.ID, p.Options, problem)
			}
			if name := company(board, p); name == "" || !strings.Contains(p.Content, name) {
				t.Errorf("post %d is not about %q: %q", p.ID, name, p.Content)
			}
		}
	}
}

func company(board sns.Board, p sns.Post) string {
	for _, id := range p.Options {
		if f, o, _ := board.Option(id); f.Name == "관심종목" {
			return o.Name
		}
	}
	return ""
}

// Changes of administrators to the boards stay. If a board no longer accepts
// example posts, the posts go to the default board.
func TestSeedUsesTheBoardsThereAre(t *testing.T) {
	s := onSQLite(t)
	size := seed.Size{Users: 30, Posts: 600, Password: password}
	s.seed(t, size)
	db, invest, gossip := s.open(t), s.board(t, "invest"), s.board(t, "gossip")
	for _, err := range []error{
		db.RenameBoard(t.Context(), invest.ID, "재테크"),
		db.MoveFacet(t.Context(), invest.Facets[0].ID, false),
		db.AddOptions(t.Context(), invest.Facets[1].ID, []string{"다른 회사"}),
		db.CloseOption(t.Context(), gossip.Facets[0].Options[2].ID, true, time.Now()),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	before, kept := s.on(t, "invest"), s.on(t, "gossip")
	s.seed(t, size)
	s.optionsFit(t, "invest")
	if n := s.on(t, "invest"); n <= before+10 {
		t.Errorf("%d posts on a board whose facets are in another order, %d before", n, before)
	}
	if n := s.on(t, "gossip"); n != kept {
		t.Errorf("%d posts on a board that lacks an option, %d before", n, kept)
	}
	if name := s.board(t, "invest").Name; name != "재테크" {
		t.Errorf("the board is called %s", name)
	}
	s.fits(t)
}

func TestSeedLeavesOutBoardsThatTakeNothing(t *testing.T) {
	s := onSQLite(t)
	s.seed(t, seed.Size{Users: 3, Password: password})
	db, size := s.open(t), seed.Size{Users: 30, Posts: 200, Password: password}
	if err := db.CloseBoard(t.Context(), s.board(t, "invest").ID, true, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.CreateFacet(t.Context(), s.board(t, sns.LocalBoard).ID, "말머리", false, []string{"질문"}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.CreateFacet(t.Context(), s.board(t, "gossip").ID, "말머리", true, []string{"질문"}); err != nil {
		t.Fatal(err)
	}
	s.seed(t, size)
	for _, slug := range []string{"invest", sns.LocalBoard} {
		if n := s.on(t, slug); n > 0 {
			t.Errorf("%d posts on the board %s", n, slug)
		}
	}
	if n := s.on(t, "gossip"); n < 10 {
		t.Errorf("%d posts on a board with a facet that may be left out", n)
	}
	s.fits(t)
}

func TestSeedPutsPicturesWhereTheyBelong(t *testing.T) {
	s := onSQLite(t)
	s.seed(t, seed.Size{Users: 6, Posts: 30, Images: true, Password: password})
	s.none(t, "pictures on boards of companies", "post_images i JOIN posts p ON p.id = i.post_id JOIN boards b ON b.id = p.board_id WHERE b.slug NOT IN ('free', 'local')")
	s.fits(t)
}
