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

func (l *Locale) Comment(c sns.Comment, now time.Time) Comment {
	return Comment{
		ID: c.ID, Post: c.PostID, Author: l.Author(c.Author), Time: l.Time(c.CreatedAt, now),
		Edited: !c.EditedAt.IsZero(), Text: withLinks(c.Content),
	}
}

// Comments is comment/_list: comments, oldest first, below the way to
// older ones.
type Comments struct {
	Items  []Comment
	Before string // URL of the comments before these, or empty
}

// Reply is comment/_reply: the form of a new comment.
type Reply struct {
	Post  int64
	Me    Author
	Form  Form
	Key   string
	Limit int // graphemes
}

// EditComment is comment/_edit.
type EditComment struct {
	ID    int64
	Post  int64
	Form  Form
	Limit int // graphemes
}
