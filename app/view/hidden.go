package view

import (
	"time"

	"xxsns/app/sns"
)

// HiddenPost is post/_hidden: what stands in the place of a hidden post.
type HiddenPost struct {
	Title string
	Help  string
	Text  string // of the post, for the author and administrators
	When  Time   // of hiding, for these as well
	URL   string // of the page of the takedown, for the author and administrators, or empty
}

// HiddenPost returns what stands in the place of a hidden post. takedown is the zero Takedown if
// reports alone hide the post; reads is whether the viewer may read the text.
func (l *Locale) HiddenPost(post sns.HiddenPost, takedown sns.Takedown, reads bool, viewer sns.User, now time.Time) HiddenPost {
	v := HiddenPost{Title: l.T("report.hidden"), Help: l.T("report.hidden_help")}
	if takedown.ID != 0 {
		v.Title = l.T("takedown.hidden")
		v.Help = l.T("takedown.hidden_help", "Until", l.Date("time.full", takedown.Until))
	}
	if !reads {
		return v
	}
	v.Text, v.When = post.Content, l.Time(post.At, now)
	switch {
	case takedown.ID == 0:
	case viewer.ID == post.Author.ID:
		v.URL = AuthorTakedownPath(takedown.ID)
	default:
		v.URL = TakedownsPath + "/" + Itoa(takedown.ID)
	}
	return v
}
