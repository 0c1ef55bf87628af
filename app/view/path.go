package view

import (
	"net/url"
	"strconv"

	"xxsns/app/sns"
)

// Itoa returns an id as it stands in paths and in ids of elements.
func Itoa(id int64) string { return strconv.FormatInt(id, 10) }

// PostPath returns the path of the page of a post.
func PostPath(id int64) string { return "/posts/" + Itoa(id) }

// RoomPath returns the path of the page of a room.
func RoomPath(id int64) string { return "/rooms/" + Itoa(id) }

// HomePath returns the path of the home of a user.
func HomePath(username string) string { return "/users/" + url.PathEscape(username) }

// LastingHomePath returns the path of the home of a user in a text that stays: the path leads to
// the user also when the user has another name by then, or somebody else has this one.
func LastingHomePath(u sns.User) string { return HomePath(u.Username) + "?id=" + Itoa(u.ID) }

// BoardPath returns the path of the page of a board.
func BoardPath(b sns.Board) string {
	if b.Slug == sns.LocalBoard {
		return "/local"
	}
	return "/boards/" + url.PathEscape(b.Slug)
}

// UploadPath returns the path of an image.
func UploadPath(name string) string { return "/uploads/" + name }

// A Link is a name and the path that it leads to.
type Link struct{ Name, URL string }

// Shown returns the path unescaped, as people read it.
func (l Link) Shown() string {
	if shown, err := url.PathUnescape(l.URL); err == nil {
		return shown
	}
	return l.URL
}

// BoardLink returns the link to a board.
func BoardLink(b sns.Board) Link { return Link{b.Name, BoardPath(b)} }

// PageURL returns the path of a list with the parts of its query that are not empty: pairs of
// a name and a value.
func PageURL(path string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
