package view

import (
	"github.com/rivo/uniseg"

	"xxsns/app/sns"
)

// Author is user/_avatar and the name beside the avatar.
type Author struct {
	ID      int64
	Name    string
	URL     string // of the home; empty: the account was deleted
	Initial string
	Hue     int64
	Image   string // URL, or empty
	Mentor  bool
	Admin   bool
}

// Author returns the name and avatar of a user. Those of a deleted account are the
// same for every account.
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

// noHue is the grey of deleted accounts.
const noHue = 6

// Name returns the username, or the words for a deleted account.
func (l *Locale) Name(u sns.User) string {
	if u.Deleted() {
		return l.T("user.deleted")
	}
	return u.Username
}

// TUser returns the text of a key with the argument Name, a user's name. For a deleted
// account TUser prefers the text of key_deleted: the particles of a Korean sentence
// fit a name, but not the words for a deleted account.
func (l *Locale) TUser(key string, u sns.User) string {
	if deleted := key + "_deleted"; u.Deleted() && l.Has(deleted) {
		key = deleted
	}
	return l.T(key, "Name", u.Username)
}
