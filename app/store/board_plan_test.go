package store_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Ids of the users and boards of crowded.
const (
	localBoard  = 2 // exists in every database
	facetBoard  = 3
	fewFollowed = 3 // follows three people
	allFollowed = 4 // follows three hundred
	kinds       = 40
)

// placeOf returns the board and bucket of a post of crowded: a third on the
// default board, a third on the local board in ten areas, and a third on a
// board with forty buckets.
func placeOf(post int) (board, bucket int) {
	switch post % 3 {
	case 1:
		return localBoard, kinds + 1 + post/3%10
	case 2:
		return facetBoard, 1 + post/3%kinds
	}
	return 1, 0
}

// hotBoardReads are the hotReads about boards and follows.
func (d *database) hotBoardReads() map[string]func(context.Context) error {
	all := map[string]func(context.Context) error{
		"boards":                 func(ctx context.Context) error { _, err := d.Boards(ctx); return err },
		"board":                  func(ctx context.Context) error { _, err := d.BoardBySlug(ctx, "facets"); return err },
		"board of a facet":       func(ctx context.Context) error { _, err := d.Facet(ctx, 1); return err },
		"board of an option":     func(ctx context.Context) error { _, err := d.Option(ctx, 1); return err },
		"buckets":                func(ctx context.Context) error { _, err := d.Buckets(ctx, facetBoard, ""); return err },
		"buckets of an area":     func(ctx context.Context) error { _, err := d.Buckets(ctx, localBoard, "서울 3구"); return err },
		"followers":              func(ctx context.Context) error { _, err := d.Followers(ctx, leader, 0, 0, pageSize); return err },
		"followers, second page": func(ctx context.Context) error { _, err := d.Followers(ctx, leader, 0, 700, pageSize); return err },
		"followees":              func(ctx context.Context) error { _, err := d.Followees(ctx, allFollowed, 0, 0, pageSize); return err },
		"followees, second page": func(ctx context.Context) error { _, err := d.Followees(ctx, allFollowed, 0, 200, pageSize); return err },
		"whom one follows": func(ctx context.Context) error {
			_, err := d.Follows(ctx, allFollowed, []int64{5, 90, 120})
			return err
		},
		"devices": func(ctx context.Context) error { _, err := d.Sessions(ctx, 5, noon); return err },
		"seats":   func(ctx context.Context) error { _, err := d.SeatsOf(ctx, 3); return err },
	}
	for name, of := range mergedTimelines() {
		all["page of "+name] = func(ctx context.Context) error { _, err := d.Timeline(ctx, of); return err }
		if of.After == 0 {
			continue
		}
		count := of
		count.Limit, count.Except = 100, 3
		all["count of "+name] = func(ctx context.Context) error { _, err := d.CountPosts(ctx, count); return err }
	}
	return all
}

// mergedTimelines are timelines of buckets and of followed users: the first
// page, one in the middle, the last one, and new posts.
func mergedTimelines() map[string]sns.Timeline {
	all := map[string]sns.Timeline{}
	for name, of := range map[string]sns.Timeline{
		"a board":             {Board: facetBoard},
		"one bucket":          {Buckets: bucketIDs(1)},
		"three buckets":       {Buckets: bucketIDs(3)},
		"forty buckets":       {Buckets: bucketIDs(kinds)},
		"an area":             {Buckets: []int64{kinds + 3}},
		"a follower of three": {Follower: fewFollowed},
		"a follower of 300":   {Follower: allFollowed},
	} {
		of.Viewer, of.Limit = 3, pageSize
		all[name] = of
		of.Before = 2000
		all[name+", second page"] = of
		of.Before = 10
		all[name+", last page"] = of
		of.Before, of.After = 0, 2900
		all[name+", new"] = of
	}
	return all
}

func bucketIDs(n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	return ids
}

// crowdedBoards makes the boards and buckets for the posts of crowded, the
// facets of a hundred other boards, and the follows.
func (d *database) crowdedBoards(t *testing.T, people int) {
	t.Helper()
	boards := []string{fmt.Sprintf("(%d, 'facets', '방 구하기', 3)", facetBoard)}
	var facets, options, buckets, follows []string
	for board := facetBoard; board < facetBoard+40; board++ {
		if board > facetBoard {
			boards = append(boards, fmt.Sprintf("(%d, 'board%d', '게시판', %d)", board, board, board))
		}
		for f := range sns.FacetsMax {
			facet := (board-facetBoard)*sns.FacetsMax + f + 1
			facets = append(facets, fmt.Sprintf("(%d, %d, '질문 %d', %d)", facet, board, f, f+1))
			for o := range 10 {
				options = append(options, fmt.Sprintf("(%d, %d, '답 %d', %d)", (facet-1)*10+o+1, facet, o, o+1))
			}
		}
	}
	for kind := 1; kind <= kinds; kind++ {
		buckets = append(buckets, fmt.Sprintf("(%d, %d, '', '%d', 25)", kind, facetBoard, kind))
	}
	for area := 1; area <= 10; area++ {
		buckets = append(buckets, fmt.Sprintf("(%d, %d, '서울 %d구', '', 100)", kinds+area, localBoard, area))
	}
	for board := facetBoard + 1; board < facetBoard+40; board++ {
		for kind := 1; kind <= kinds; kind++ {
			buckets = append(buckets, fmt.Sprintf("(%d, %d, '', '%d', 25)", 1000*board+kind, board, kind))
		}
	}
	follow := func(follower, followee int) {
		follows = append(follows, fmt.Sprintf("(%d, %d, 1)", follower, followee))
	}
	for other := 6; other < min(people, 306); other++ { // if there are fewer users, all of them
		follow(allFollowed, other)
		follow(other, leader)
	}
	for other := 6; other < 9; other++ {
		follow(fewFollowed, other)
	}
	for person := 10; person <= people-7; person++ {
		for step := 1; step <= 7; step++ {
			follow(person, person+step)
		}
	}
	d.insert(t, "boards (id, slug, name, position)", boards)
	d.insert(t, "facets (id, board_id, name, position)", facets)
	d.insert(t, "facet_options (id, facet_id, name, position)", options)
	d.insert(t, "buckets (id, board_id, area, options, post_count)", buckets)
	d.insert(t, "follows (follower_id, followee_id, created_at)", follows)
}

// Queries that may sort, since the number of their rows is bounded by other
// means.
var (
	// All boards, or one board, with facets and options: there are few.
	ofBoards = regexp.MustCompile(`FROM (boards|facets f|facet_options o) `)
	// The sessions of a user, and the open rooms of a user.
	ofOnePerson = regexp.MustCompile(`FROM sessions WHERE user_id = |FROM participants p JOIN rooms r ON r.id = p.room_id\s+WHERE p.user_id = `)
	// The heads of a merge: as many rows as the user follows users, or as the
	// board has buckets.
	ofHeads = regexp.MustCompile(`^SELECT \S+ AS source, `)
	// The users that a user follows: at most sns.FollowMost.
	ofFollower = regexp.MustCompile(`FROM follows f LEFT JOIN users u ON u.id = f.followee_id WHERE f.follower_id = `)
	// A page of posts from each source of a merge. The subqueries must neither
	// sort nor read their source to its end.
	ofPages = regexp.MustCompile(`^SELECT \* FROM \(.*( UNION ALL SELECT |\) s0 ORDER BY id DESC LIMIT)`)
	page    = regexp.MustCompile(`^SCAN s\d+$`)
)

// boundedOnSQLite reports whether the last step of a plan may sort or scan,
// because the query is one of the above. SQLite merges sorted parts, and each
// part is a page from a scan.
func boundedOnSQLite(steps []string, query string) bool {
	step := steps[len(steps)-1]
	sorts := step == "USE TEMP B-TREE FOR ORDER BY"
	switch {
	case ofBoards.MatchString(query):
		return sorts || !strings.Contains(query, "WHERE")
	case ofOnePerson.MatchString(query), ofOpenTakedowns.MatchString(query):
		return sorts
	case ofHeads.MatchString(query): // the subquery would sort the posts before the outer query
		return sorts && len(steps) > 1 && strings.HasPrefix(steps[0], "SEARCH") && !strings.HasPrefix(steps[0], "SEARCH p")
	case ofDeeds.MatchString(query):
		return strings.HasPrefix(step, "SCAN s")
	case ofPages.MatchString(query):
		return page.MatchString(step) || sorts && page.MatchString(steps[len(steps)-2])
	}
	return false
}

// bounded reports whether a step may sort or scan, because the query is one of
// the above.
func (s step) bounded(query string) bool {
	switch {
	case ofBoards.MatchString(query):
		return slices.Contains([]string{"boards", "f", "o"}, s.table)
	case ofOnePerson.MatchString(query), ofOpenTakedowns.MatchString(query):
		return s.how == "ref" || s.how == "range"
	case ofIDs.MatchString(query): // of a table that is hardly greater than the list
		return s.how == "ALL" && !strings.Contains(s.extra, "temporary")
	case ofFollower.MatchString(query):
		return s.table == "f" && s.how == "ref"
	case ofHeads.MatchString(query):
		return s.table == "f" && s.how == "ref" || s.table == "k" && s.how != "ALL"
	case ofPages.MatchString(query), ofDeeds.MatchString(query), ofPeople.MatchString(query):
		return strings.HasPrefix(s.table, "<derived") || strings.HasPrefix(s.table, "<union")
	}
	return false
}

// The queries of heads have no prepared statement, and so are missing from
// Queries.
func (d *database) wantGoodHeads(t *testing.T) {
	t.Helper()
	for name, of := range mergedTimelines() {
		if of.Follower == 0 && len(of.Buckets) <= of.Limit {
			continue
		}
		query, sorts := store.HeadsQuery(of), 0
		steps := sqlitePlan(t, d.raw, query)
		for i, step := range steps {
			if sqliteSort.MatchString(step) {
				sorts++
			}
			if !goodOnSQLite(step, query) && !boundedOnSQLite(steps[:i+1], query) {
				t.Errorf("%s: %s\n\tin %s", name, step, query)
			}
		}
		if sorts != 1 {
			t.Errorf("%s: it sorts %d times: %v\n\tin %s", name, sorts, steps, query)
		}
	}
}
