package view

import (
	"github.com/rivo/uniseg"

	"xxsns/app/sns"
)

// Author is user/_avatar and the name beside it.
type Author struct {
	ID      int64
	Name    string
	URL     string // of their home; empty: the account was deleted
	Initial string
	Hue     int64
	Image   string // URL, or empty
	Mentor  bool
	Admin   bool
}

func (l *Locale) Author(u sns.User) Author {
	if u.Deleted() {
		return Author{ID: u.ID, Name: l.Name(u), Hue: noHue}
	}
	initial, _, _, _ := uniseg.FirstGraphemeClusterInString(u.Username, -1)
	v := Author{
		ID: u.ID, Name: u.Username, URL: HomePath(u.Username), Initial: initial, Hue: u.ID % 6,
		Mentor: u.Role == sns.RoleMentor, Admin: u.Role == sns.RoleAdmin,
	}
	if u.Image != "" {
		v.Image = UploadPath(u.Image)
	}
	return v
}

// noHue is the grey of nobody.
const noHue = 6

// Name is what a user is called: their username, or that the account was
// deleted.
func (l *Locale) Name(u sns.User) string {
	if u.Deleted() {
		return l.T("user.deleted")
	}
	return u.Username
}

// TUser says a sentence about a user, whose Name it is about. Of somebody who left
// there is another one, since titles and particles fit names alone.
func (l *Locale) TUser(key string, u sns.User) string {
	if gone := key + "_deleted"; u.Deleted() && l.Has(gone) {
		key = gone
	}
	return l.T(key, "Name", u.Username)
}
