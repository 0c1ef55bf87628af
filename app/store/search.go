package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// A searchKind is a kind of texts, in the tables search_waits and search_states.
type searchKind int

const (
	searchedPosts searchKind = iota + 1
	searchedComments
	searchedMessages // by room
	searchedPeople
)

// tables are the tables whose ids search_states has, by kind.
var tables = map[searchKind]string{searchedPosts: `posts`, searchedComments: `comments`, searchedMessages: `rooms`, searchedPeople: `users`}

// indexTables are the tables that hold grams.
var indexTables = []string{"search_posts", "search_comments", "search_messages"}

// index returns the name of the table that holds the grams of a kind.
func (k searchKind) index() string {
	return map[searchKind]string{searchedPosts: "search_posts", searchedComments: "search_comments", searchedMessages: "search_messages"}[k]
}

// searchTime bounds the time of a search. After that, the search returns what was found.
const searchTime = time.Second

// A finder finds the texts of a kind, newest first. Candidates come from the index and from
// the texts that wait to be indexed; each is compared with the question, so that the index may
// have too many, and every database finds the same.
type finder[T any] struct {
	kind searchKind
	read func(ctx context.Context, ids []int64) (map[int64]T, error) // those that match and the viewer may see

	// walk returns ids below before, newest first, instead of the index, if a condition of
	// the question selects few; or nil.
	walk func(ctx context.Context, before int64, limit int) ([]int64, error)
}

// find returns a page of what a question finds, and the cursor of the next page, which is
// empty after the last one. sns.ErrSlow comes with what was found.
func find[T any](ctx context.Context, d *database, q sns.Search, f finder[T]) (found []T, next string, err error) {
	before, err := searchCursor(q.Before)
	if err != nil || !q.FindsTexts() {
		return nil, "", err
	}
	brief, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	found, next, err = findBefore(brief, d, q, f, before)
	if err != nil && ctx.Err() == nil && brief.Err() != nil {
		err = sns.ErrSlow
	}
	return found, next, err
}

// searchCursor returns the id of a cursor. An empty cursor is that of the newest.
func searchCursor(raw string) (int64, error) {
	if raw == "" {
		return maxID, nil
	}
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || id < 1 {
		return 0, sns.ErrNotFound
	}
	return id, nil
}

// maxID is above all ids.
const maxID = 1<<63 - 1

// mostCandidates is how many candidates are compared at once. The first ones are a page.
const mostCandidates = 500

func findBefore[T any](ctx context.Context, d *database, q sns.Search, f finder[T], before int64) (found []T, next string, err error) {
	next = strconv.FormatInt(before, 10)
	grams, err := d.dialect.grams.order(ctx, d, f.kind.index(), questionGrams(q.Question))
	for n := q.Limit + 1; err == nil; n = min(4*n, mostCandidates) {
		ids, floor, errNext := f.candidates(ctx, d, grams, before, n)
		if errNext != nil {
			return found, next, errNext
		}
		texts, errNext := f.read(ctx, ids)
		if errNext != nil {
			return found, next, errNext
		}
		for _, id := range ids {
			text, ok := texts[id]
			if ok && len(found) == q.Limit {
				return found, next, nil
			}
			if ok {
				found, next = append(found, text), strconv.FormatInt(id, 10)
			}
		}
		if floor == 0 {
			return found, "", nil
		}
		before, next = floor, strconv.FormatInt(floor, 10)
	}
	return found, next, err
}

// candidates returns candidates with ids below before, newest first, and the least id down to
// which these are all, or 0 if there are no more. The waits are read first: a text that is
// indexed meanwhile is then found at least once.
func (f finder[T]) candidates(ctx context.Context, d *database, grams []gram, before int64, n int) (ids []int64, floor int64, err error) {
	if f.walk != nil {
		ids, err = f.walk(ctx, before, n)
		return ids, lastOf(ids, n), err
	}
	err = d.list(ctx, &ids, `SELECT DISTINCT doc FROM search_waits WHERE kind = ? AND doc < ? ORDER BY doc DESC`+limited(n), f.kind, before)
	if err != nil {
		return nil, 0, err
	}
	indexed, err := d.dialect.grams.candidates(ctx, d, f.kind.index(), grams, before, n)
	floor = max(lastOf(ids, n), lastOf(indexed, n))
	ids = append(ids, indexed...)
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Compare(b, a) })
	ids = slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id < floor })
	return ids, floor, err
}

// lastOf returns the last of ids if there are n, after which there may be more, or else 0.
func lastOf(ids []int64, n int) int64 {
	if len(ids) < n {
		return 0
	}
	return ids[len(ids)-1]
}

// padded returns ids with the last one repeated up to one of few lengths, so that there are
// few prepared statements.
func padded(ids []int64) []int64 {
	n := len(ids)
	for _, length := range []int{1, 10, 25, 100, mostCandidates} {
		if n <= length {
			return append(slices.Clip(ids), slices.Repeat(ids[n-1:], length-n)...)
		}
	}
	return ids
}

// A narrowing is what from: and board: of a question select, and whom the viewer does not see.
// none is true if there is no such person or board.
type narrowing struct {
	blocks sns.Blocks
	author int64
	boards []int64
	none   bool
}

// narrow returns the narrowing of a question.
func (s searchStore) narrow(ctx context.Context, q sns.Search) (n narrowing, err error) {
	if n.blocks, err = s.Blocks(ctx, q.Viewer.ID); err != nil {
		return n, err
	}
	if q.From != "" {
		user, err := userStore(s).UserCalled(ctx, q.From, q.Now)
		if n.author = user.ID; errors.Is(err, sns.ErrNotFound) {
			return narrowing{none: true}, nil
		}
		if err != nil {
			return n, err
		}
	}
	if q.Board == "" {
		return n, nil
	}
	boards, err := boardStore(s).Boards(ctx)
	wanted := sns.FoldText(q.Board)
	for _, b := range boards {
		if sns.FoldText(b.Name) == wanted || b.Slug == wanted {
			n.boards = append(n.boards, b.ID)
		}
	}
	n.none = len(n.boards) == 0
	return n, err
}

// takes reports whether a text of an author on a board passes.
func (n narrowing) takes(author, board int64) bool {
	return (n.author == 0 || author == n.author) && (n.boards == nil || slices.Contains(n.boards, board))
}

// walkMost is the number of texts of an author or a board that are read one by one instead of
// the index: a common word would have to pass over all others.
const walkMost = 2000

// walk returns the walk of a finder for the texts of the narrowing's author, or the posts of its
// board, or nil if there is none or they are too many. table is posts or comments.
func (s searchStore) walk(ctx context.Context, table string, n narrowing) (func(context.Context, int64, int) ([]int64, error), error) {
	column, of := `t.user_id`, n.author
	if of == 0 && len(n.boards) == 1 && table == `posts` {
		column, of = `t.board_id`, n.boards[0]
	}
	if of == 0 {
		return nil, nil
	}
	var count int
	err := s.get(ctx, &count, `SELECT COUNT(*) FROM (SELECT t.id FROM `+table+` t WHERE `+column+` = ?`+limited(walkMost+1)+`) counted`, of)
	if err != nil || count > walkMost {
		return nil, err
	}
	return func(ctx context.Context, before int64, limit int) (ids []int64, err error) {
		err = s.list(ctx, &ids, `SELECT t.id FROM `+table+` t WHERE `+column+` = ? AND t.id < ? ORDER BY t.id DESC`+limited(limit), of, before)
		return ids, err
	}, nil
}

// SearchPosts returns the posts that a question finds, newest first, and the cursor of the
// next page. sns.ErrSlow comes with what was found; sns.ErrNotFound if there is no such
// cursor.
func (s searchStore) SearchPosts(ctx context.Context, q sns.Search) ([]sns.Post, string, error) {
	n, err := s.narrow(ctx, q)
	if err != nil || n.none {
		return nil, "", err
	}
	walk, err := s.walk(ctx, `posts`, n)
	if err != nil {
		return nil, "", err
	}
	read := func(ctx context.Context, ids []int64) (map[int64]sns.Post, error) {
		found := make(map[int64]sns.Post)
		if len(ids) == 0 {
			return found, nil
		}
		ids = padded(ids)
		posts, err := postStore(s).readPosts(ctx, in(`WHERE p.id IN (?)`, ids), q.Viewer.ID, anys(ids))
		for _, p := range posts {
			if !n.blocks.Hide(p.Author.ID) && n.takes(p.Author.ID, p.Board.ID) && q.Matches(p.Searched()) {
				found[p.ID] = p
			}
		}
		return found, err
	}
	return find(ctx, s.database, q, finder[sns.Post]{searchedPosts, read, walk})
}

type foundCommentRow struct {
	commentRow
	Board  int64  `db:"board_id"`
	PostBy int64  `db:"post_by"`
	Post   string `db:"post_content"`
}

// SearchComments is SearchPosts for comments.
func (s searchStore) SearchComments(ctx context.Context, q sns.Search) ([]sns.FoundComment, string, error) {
	n, err := s.narrow(ctx, q)
	if err != nil || n.none {
		return nil, "", err
	}
	walk, err := s.walk(ctx, `comments`, n)
	if err != nil {
		return nil, "", err
	}
	read := func(ctx context.Context, ids []int64) (map[int64]sns.FoundComment, error) {
		found := make(map[int64]sns.FoundComment)
		if len(ids) == 0 {
			return found, nil
		}
		var rows []foundCommentRow
		ids = padded(ids)
		err := s.list(ctx, &rows, in(foundCommentQuery, ids), anys(ids)...)
		for _, row := range rows {
			c, seen := row.comment(), !n.blocks.Hide(row.AuthorID) && !n.blocks.Hide(row.PostBy)
			if seen && n.takes(row.AuthorID, row.Board) && q.Matches(sns.FoldText(c.Content)) {
				found[row.ID] = sns.FoundComment{Comment: c, PostContent: row.Post}
			}
		}
		return found, err
	}
	return find(ctx, s.database, q, finder[sns.FoundComment]{searchedComments, read, walk})
}

var foundCommentQuery = `SELECT c.id, c.post_id, c.content, c.mentions, c.created_at, c.edited_at,
	` + authorColumns + `, p.board_id, p.user_id AS post_by, SUBSTR(p.content, 1, ` + strconv.Itoa(sns.FoundPostMost) + `) AS post_content
	FROM comments c LEFT JOIN posts p ON p.id = c.post_id LEFT JOIN users u ON u.id = c.user_id WHERE c.id IN (?)`
