package view

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"html/template"
	"reflect"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// A frame is a rendered page without the values that differ from viewer to viewer and
// from request to request: a slot stands for each. Executing the template of a page costs
// some twenty times as much as filling its frame.
type frame struct {
	pieces [][]byte // what stands before each slot, and after the last
	slots  []slot
}

// A slot is a value that a frame leaves out.
type slot int

const (
	slotCards   slot = iota // the posts of the list, or open rooms
	slotItems               // the comments on a post, or the viewer's open rooms
	slotPast                // ended rooms
	slotPost                // the id of the post
	slotTitle               // of the page
	slotMore                // the id in the link to older posts
	slotAfter               // the newest post
	slotKey                 // the key of the composer
	slotID                  // the viewer's id, also in the field that names the account
	slotHue                 // of the viewer's avatar
	slotName                // the viewer's name
	slotInitial             // of the viewer's name
	slotHome                // path of the viewer's home
	slotImage               // path of the viewer's image
	slotUnread              // the number of the viewer's notices
	slotInbox               // the version of the viewer's inbox
	slotFolds               // end of the address of /me.css
	slotCount
)

// framesKept is how many frames a locale keeps. A frame has about 10 kB, and all
// viewers who see the same menu and boards share the frames.
const framesKept = 256

// marks stand for the slots while a frame is rendered. Nobody can know the marks, so that
// no text of a person holds one.
var marks = newMarks()

func newMarks() (m [slotCount]string) {
	for s := range slotCount {
		m[s] = rand.Text()
	}
	for _, s := range []slot{slotPost, slotMore, slotAfter, slotID, slotHue, slotInbox} {
		m[s] = Itoa(markNumber())
	}
	m[slotHome], m[slotImage] = "/"+m[slotHome], "/"+m[slotImage]
	return m
}

// markNumber returns a number that is no id.
func markNumber() int64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return 1e18 + int64(binary.BigEndian.Uint64(b[:])%8e18)
}

// number returns the mark of a slot whose value is a number.
func (s slot) number() int64 {
	n, _ := strconv.ParseInt(marks[s], 10, 64) // newMarks has written the number
	return n
}

// A filling holds the values of the slots of a page.
type filling struct {
	text   [slotCount]string
	lists  [slotPast + 1]*List
	viewer Author // as the page has it
	marked Author // the same with marks
}

// A framed is the data of a page whose frame can be kept. mark moves the values of slots
// to a filling, and gives the page marks and its data with marks. mark returns false if
// the page must be rendered as a whole, as with typed text in a form.
type framed interface {
	mark(f *filling, p *Page) bool
}

// split moves the values of a page's slots to a filling, and returns the page with marks.
func split(p *Page) (marked Page, f *filling, ok bool) {
	data, ok := p.Data.(framed)
	if !ok || p.Viewer == nil || p.Toast != "" {
		return marked, nil, false
	}
	f, marked = &filling{}, *p
	f.setViewer(*p.Viewer)
	marked.Viewer = &f.marked
	f.text[slotUnread], f.text[slotInbox] = p.Unread.Count, Itoa(p.Unread.Version)
	marked.Unread.Count, marked.Unread.Version = marks[slotUnread], slotInbox.number()
	f.text[slotFolds], marked.Folds = p.Folds, marks[slotFolds]
	ok = data.mark(f, &marked)
	return marked, f, ok
}

// setViewer gives the values of the viewer's slots. A value that html/template would
// escape stays in the frame.
func (f *filling) setViewer(v Author) {
	f.viewer, f.marked = v, v
	f.text[slotID], f.text[slotHue] = Itoa(v.ID), Itoa(v.Hue)
	f.marked.ID, f.marked.Hue = slotID.number(), slotHue.number()
	for _, value := range []struct {
		slot  slot
		of    *string
		plain func(string) bool
	}{
		{slotName, &f.marked.Name, isPlain}, {slotInitial, &f.marked.Initial, isPlain},
		{slotHome, &f.marked.URL, isPlainPath}, {slotImage, &f.marked.Image, isPlainPath},
	} {
		if *value.of != "" && value.plain(*value.of) {
			f.text[value.slot], *value.of = *value.of, marks[value.slot]
		}
	}
}

// author returns an author of a page with marks if the author is the viewer.
func (f *filling) author(a Author) Author {
	if a == f.viewer {
		return f.marked
	}
	return a
}

// list returns the mark of a list.
func (f *filling) list(s slot, list *List) *List {
	if f.lists[s] = list; list == nil {
		return nil
	}
	return &List{mark: template.HTML(marks[s])} //nolint:gosec // a mark is letters and digits
}

// posts returns a list of posts with marks.
func (f *filling) posts(v Posts) Posts {
	v.Cards = f.list(slotCards, v.Cards)
	path, id := v.More[:strings.LastIndexByte(v.More, '=')+1], v.More[strings.LastIndexByte(v.More, '=')+1:]
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 && Itoa(n) == id {
		f.text[slotMore], v.More = id, path+marks[slotMore]
	}
	return v
}

// banner returns a banner with marks.
func (f *filling) banner(v Banner) Banner {
	f.text[slotAfter] = Itoa(v.After)
	v.After = slotAfter.number()
	return v
}

// composer returns a composer with marks, or false if there is typed text in the form.
func (f *filling) composer(v *Composer) (*Composer, bool) {
	if v == nil {
		return nil, true
	}
	if len(v.Form) > 0 || v.Key == "" || !isPlain(v.Key) {
		return v, false
	}
	marked := *v
	marked.Me = f.author(v.Me)
	f.text[slotKey], marked.Key = v.Key, marks[slotKey]
	return &marked, true
}

// reply returns the form of a comment with marks, or false if there is typed text in the
// form.
func (f *filling) reply(v Reply) (Reply, bool) {
	if len(v.Form) > 0 || v.Key == "" || !isPlain(v.Key) {
		return v, false
	}
	v.Me = f.author(v.Me)
	f.text[slotKey], v.Key = v.Key, marks[slotKey]
	return v, true
}

// isPlain reports whether a text stands in HTML as it is.
func isPlain(s string) bool { return !strings.ContainsAny(s, "&<>\"'+\x00") }

// isPlainPath reports whether a path stands in an attribute of HTML as it is.
func isPlainPath(s string) bool {
	return s[0] == '/' && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("/%_.-", c)
	})
}

// newFrame cuts a page that was rendered with marks into pieces.
func newFrame(body []byte) *frame {
	fr := &frame{}
	field := []byte(noAccount)
	for {
		at, length, found := len(body), 0, slot(-1)
		for s := range slotCount {
			if i := bytes.Index(body[:at], []byte(marks[s])); i >= 0 {
				at, length, found = i, len(marks[s]), s
			}
		}
		if i := bytes.Index(body[:at], field); i >= 0 {
			at, length, found = i+len(accountField), 0, slotID
		}
		if found < 0 {
			fr.pieces = append(fr.pieces, bytes.Clone(body))
			return fr
		}
		fr.pieces, fr.slots = append(fr.pieces, bytes.Clone(body[:at])), append(fr.slots, found)
		body = body[at+length:]
	}
}

// appendTo appends the frame with the values of its slots.
func (fr *frame) appendTo(dst []byte, f *filling) []byte {
	for i, s := range fr.slots {
		dst = append(dst, fr.pieces[i]...)
		if s > slotPast {
			dst = append(dst, f.text[s]...)
		} else {
			dst = f.lists[s].runs.appendTo(dst, f.text[slotID], f.lists[s].on)
		}
	}
	return append(dst, fr.pieces[len(fr.slots)]...)
}

// frames are the frames of a locale. The key holds all values of the page.
type frames = lru.Cache[string, *frame]

// appendKey appends all values inside v, each of which tells where it ends. appendKey
// returns false if v holds a value that no key can hold.
func appendKey(b []byte, v reflect.Value) ([]byte, bool) {
	ok := true
	switch v.Kind() { //nolint:exhaustive // the default refuses what no page has
	case reflect.String:
		return append(binary.AppendUvarint(b, uint64(v.Len())), v.String()...), true
	case reflect.Int, reflect.Int64:
		return binary.AppendVarint(b, v.Int()), true
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1), true
		}
		return append(b, 0), true
	case reflect.Struct:
		for i := 0; ok && i < v.NumField(); i++ {
			b, ok = appendKey(b, v.Field(i))
		}
		return b, ok
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := 0; ok && i < v.Len(); i++ {
			b, ok = appendKey(b, v.Index(i))
		}
		return b, ok
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(b, 0), true
		}
		return appendKey(append(b, 1), v.Elem())
	case reflect.Map:
		return append(b, 0), v.Len() == 0
	default:
		return b, false
	}
}
