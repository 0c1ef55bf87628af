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
		Edited: !c.EditedAt.IsZero(), Text: formatted(c.Content, c.Mentions),
	}
}

// Comments is comment/_list: comments, oldest first, below the link to older
// comments.
type Comments struct {
	Items  *List  // of comment/_item
	Before string // URL of the older comments, or empty
}

// Comments renders comments in their order, with ages as of now.
func (l *Locale) Comments(comments []sns.Comment, now time.Time) (*List, error) {
	return l.comments.list(l, comments, scene{now: now})
}

// commentItems are the comments of a list.
var commentItems = kind[sns.Comment, aged[sns.Comment]]{
	fragment: "comment/_item",
	data:     func(l *Locale, c sns.Comment, s scene) any { return l.Comment(c, s.now) },
	key: func(l *Locale, c sns.Comment, s scene) aged[sns.Comment] {
		return aged[sns.Comment]{c, l.reads(c.CreatedAt, s.now)}
	},
	same:    func(a, b *sns.Comment) bool { return *a == *b },
	created: func(c *sns.Comment) time.Time { return c.CreatedAt },
	id:      func(c *sns.Comment) int64 { return c.ID },
}

// LatestComments is comment/_latest: the newest comments on a post, oldest first, and
// the form of a new comment, below the post in a list.
type LatestComments struct {
	Post  int64
	Items []Comment
	Reply Reply
}

// Reply is comment/_reply: the form of a new comment.
type Reply struct {
	Post  int64
	Under bool // part of comment/_latest
	Me    Author
	Form  Form
	Key   string // random, so that sending the form twice makes one comment
	Limit int    // graphemes
}

// ID returns the id of the form. A list may show the forms of many posts.
func (r Reply) ID() string {
	if r.Under {
		return "reply-" + Itoa(r.Post)
	}
	return "reply"
}

// EditComment is comment/_edit: the form of the text of a comment.
type EditComment struct {
	ID    int64
	Post  int64
	Form  Form
	Limit int // graphemes
}
