package view

import (
	"net/url"
	"strconv"

	"xxsns/app/sns"
)

// Itoa shortens making URLs.
func Itoa(id int64) string { return strconv.FormatInt(id, 10) }

// BoardPath is the page of a board.
func BoardPath(b sns.Board) string {
	if b.Slug == sns.LocalBoard {
		return "/local"
	}
	return "/boards/" + url.PathEscape(b.Slug)
}

func UploadPath(name string) string { return "/uploads/" + name }

// Link is a board's name and where it is.
type Link struct{ Name, URL string }

// Shown is where it is as people read it.
func (b Link) Shown() string {
	if shown, err := url.PathUnescape(b.URL); err == nil {
		return shown
	}
	return b.URL
}

func BoardLink(b sns.Board) Link { return Link{b.Name, BoardPath(b)} }
