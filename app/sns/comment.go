package sns

import "time"

// CommentMax is the limit of a comment, in graphemes.
const CommentMax = 500

// A Comment is a text under a post.
type Comment struct {
	ID        int64
	PostID    int64
	Author    User
	Content   string
	Mentions  Mentioned // whom the Content mentions
	CreatedAt time.Time
	EditedAt  time.Time // zero if never edited
}

// EditableBy reports whether a user may edit or delete the comment: only the
// author may.
func (c Comment) EditableBy(user int64) bool { return c.Author.ID == user }

// CommentContent normalises and checks the text of a comment.
func CommentContent(raw string) (string, *Problem) {
	return TextWithin("content", raw, 1, CommentMax)
}
