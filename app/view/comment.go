package view

import (
	"html/template"
	"time"

	"xxsns/app/sns"
)

// Comment is comment/_item.
type Comment struct {
	ID     int64
	Post   int64
	Author Author
	Time   Time
	Edited bool
	Text   template.HTML
}

// Comment returns the view of a comment, with the age as of now.
func (l *Locale) Comment(c sns.Comment, now time.Time) Comment {
	return Comment{
		ID: c.ID, Post: c.PostID, Author: l.Author(c.Author), Time: l.Time(c.CreatedAt, now),
		Edited: !c.EditedAt.IsZero(), Text: formatted(c.Content),
	}
}

// Comments is comment/_list: comments, oldest first, below the link to older
// comments.
type Comments struct {
	Items  []Comment
	Before string // URL of the older comments, or empty
}

// Reply is comment/_reply: the form of a new comment.
type Reply struct {
	Post  int64
	Me    Author
	Form  Form
	Key   string // random, so that sending the form twice makes one comment
	Limit int    // graphemes
}

// EditComment is comment/_edit: the form of the text of a comment.
type EditComment struct {
	ID    int64
	Post  int64
	Form  Form
	Limit int // graphemes
}
