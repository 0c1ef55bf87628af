package view

import (
	"fmt"
	"html/template"
	"time"

	"xxsns/app/sns"
)

// ExportPage is export/_page: a page of an export, which opens without a network. All addresses
// are relative to the page.
type ExportPage struct {
	Lang, Title, Help string
	Root              string // leads to the first page: "", "../" …
	Contents          []ExportLink
	Image             string // address of the profile image, or empty
	Facts             []ExportFact
	Items             []ExportItem
	Empty             bool // the page would have items, and there are none
	Previous, Next    string
}

// An ExportLink leads to a part of an export.
type ExportLink struct {
	Link
	Here bool // the page is of that part
}

// An ExportFact is a name with a value.
type ExportFact struct{ Name, Value string }

// An ExportItem is a post, comment, message … of an export.
type ExportItem struct {
	ID     string // of the element, or empty
	URL    string // where the Head leads, or empty
	Head   string // usually who
	Time   string
	Text   template.HTML
	Images []Link // with the description as the name
	Note   string
}

// ExportText returns a text of an export: links lead to other sites alone, since people have no
// pages there.
func ExportText(text string) template.HTML { return formatted(text, "") }

// ExportTime returns a moment as exports show it: in full, since nobody knows when they are
// read.
func (l *Locale) ExportTime(moment time.Time) string { return l.Date("time.full", moment) }

// Export is user/_export: what has become of the viewer's export.
type Export struct {
	Name    string // the username, for password managers
	Form    Form   // the field current_password
	Waiting bool
	Failed  bool
	File    string // address of the file, or empty
	Size    string
	Until   string // how long the file may be fetched
	Next    string // from when on another one may be asked for; empty: now
	Proved  bool   // the file may be fetched without the password
	Once    bool   // the viewer has just asked again too early
}

// Export shows an export; the zero value is none.
func (l *Locale) Export(e sns.Export, now time.Time) Export {
	v := Export{Waiting: e.Waiting, Failed: e.Failed()}
	if e.Ready(now) {
		v.File, v.Size, v.Until = "/settings/export/"+e.Name+".zip", Bytes(e.Size), l.ExportTime(e.Until())
	}
	if next := e.Next(); now.Before(next) {
		v.Next = l.ExportTime(next)
	}
	return v
}

// Proof returns the field of the password.
func (v Export) Proof() Proof { return newProof("export-password", v.Name, v.Form) }

// May reports whether the viewer may ask for an export.
func (v Export) May() bool { return !v.Waiting && v.Next == "" }

// Bytes returns a number of bytes as people read sizes: "12 kB", "3.4 MB".
func Bytes(n int64) string {
	const kB, MB, GB = 1000, 1000 * 1000, 1000 * 1000 * 1000
	switch {
	case n < MB:
		return fmt.Sprintf("%d kB", (n+kB-1)/kB)
	case n < GB:
		return fmt.Sprintf("%.1f MB", float64(n)/MB)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/GB)
}
