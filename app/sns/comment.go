package sns

import "time"

// CommentMax is the longest comment, in graphemes.
const CommentMax = 500

// A Comment stands under a post.
type Comment struct {
	ID        int64
	PostID    int64
	Author    User
	Content   string
	CreatedAt time.Time
	EditedAt  time.Time // zero: never edited
}

// EditableBy tells whether the user may change or delete the comment.
func (c Comment) EditableBy(user int64) bool { return c.Author.ID == user }

// CommentContent cleans and checks the text of a comment.
func CommentContent(raw string) (string, *Problem) {
	return TextWithin("content", raw, 1, CommentMax)
}
