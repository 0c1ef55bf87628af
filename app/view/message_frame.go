package view

import (
	"crypto/rand"
	"html/template"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// A saidFrame is message/_item of a message that was said, rendered once, without the
// values that differ from message to message. Filling the frame costs a twentieth of
// executing the template, which each language on each replica would do for each message.
type saidFrame struct {
	pieces []string   // what stands before each slot, and after the last
	slots  []saidSlot // of the values between the pieces
}

// saidFrames are the frames of a locale, by the message with marks: a field that has no
// slot is part of the key by itself.
type saidFrames = lru.Cache[Message, *saidFrame]

// saidFramesKept is how many frames a locale keeps. The frames differ in the look of the
// message and in the roles of the author alone.
const saidFramesKept = 64

func newSaidFrames() *saidFrames {
	frames, _ := lru.New[Message, *saidFrame](saidFramesKept) // fails for a size below 1 alone
	return frames
}

// A saidSlot is a value that a saidFrame leaves out.
type saidSlot int

const (
	saidRoom saidSlot = iota
	saidSeq
	saidAuthor
	saidHue
	saidName
	saidInitial
	saidHome
	saidImage
	saidText
	saidISO
	saidClock
	saidFull
	saidClientID
	saidSlots
)

// saidMarks stand for the slots while a frame is rendered. No text of a person holds one.
var saidMarks = newSaidMarks()

func newSaidMarks() (m Message) {
	m.Room, m.Seq, m.Author.ID, m.Author.Hue = markNumber(), markNumber(), markNumber(), markNumber()
	m.Author.Name, m.Author.Initial = rand.Text(), rand.Text()
	m.Author.URL, m.Author.Image = "/"+rand.Text(), "/"+rand.Text()
	m.Text = template.HTML(rand.Text()) //nolint:gosec // letters and digits
	m.Time = Time{ISO: rand.Text(), Text: rand.Text(), Full: rand.Text()}
	m.ClientID = rand.Text()
	return m
}

// saidValues returns the values of the slots.
func saidValues(m *Message) [saidSlots]string {
	return [saidSlots]string{
		saidRoom: Itoa(m.Room), saidSeq: Itoa(m.Seq), saidAuthor: Itoa(m.Author.ID), saidHue: Itoa(m.Author.Hue),
		saidName: m.Author.Name, saidInitial: m.Author.Initial, saidHome: m.Author.URL, saidImage: m.Author.Image,
		saidText: string(m.Text), saidISO: m.Time.ISO, saidClock: m.Time.Text, saidFull: m.Time.Full, saidClientID: m.ClientID,
	}
}

// marked returns m with marks instead of the values of slots. A value that html/template
// would escape, or that decides what is shown, stays in the frame.
func (m Message) marked() Message {
	marks := &saidMarks
	m.Room, m.Seq, m.Author.ID, m.Author.Hue = marks.Room, marks.Seq, marks.Author.ID, marks.Author.Hue
	for _, v := range []struct {
		of    *string
		mark  string
		plain func(string) bool
	}{
		{&m.Author.Name, marks.Author.Name, isPlain}, {&m.Author.Initial, marks.Author.Initial, isPlain},
		{&m.Author.URL, marks.Author.URL, isPlainPath}, {&m.Author.Image, marks.Author.Image, isPlainPath},
		{&m.Time.ISO, marks.Time.ISO, isPlain}, {&m.Time.Text, marks.Time.Text, isPlain}, {&m.Time.Full, marks.Time.Full, isPlain},
		{&m.ClientID, marks.ClientID, isPlain},
	} {
		if *v.of != "" && v.plain(*v.of) {
			*v.of = v.mark
		}
	}
	if m.Text != "" {
		m.Text = marks.Text
	}
	m.Date = "" // no template shows the date
	return m
}

// appendMessage appends message/_item to dst.
func (l *Locale) appendMessage(dst []byte, m Message) ([]byte, error) {
	if m.Line != "" || m.Day != nil || m.Deleted || m.Link != "" { // a notice, or seldom
		body, err := l.Fragment("message/_item", m)
		return append(dst, body...), err
	}
	key := m.marked()
	frame, known := l.said.Get(key)
	if !known {
		body, err := l.Fragment("message/_item", key)
		if err != nil {
			return nil, err
		}
		frame = newSaidFrame(string(body))
		l.said.Add(key, frame)
	}
	begin := len(dst)
	dst = frame.appendTo(dst, saidValues(&m))
	return dst, l.proveMessage(m, dst[begin:])
}

// newSaidFrame cuts a message that was rendered with marks into pieces.
func newSaidFrame(body string) *saidFrame {
	frame, marks := &saidFrame{}, saidValues(&saidMarks)
	for {
		at, found := len(body), saidSlots
		for slot, mark := range marks {
			if i := strings.Index(body[:at], mark); i >= 0 {
				at, found = i, saidSlot(slot)
			}
		}
		frame.pieces = append(frame.pieces, strings.Clone(body[:at]))
		if found == saidSlots {
			return frame
		}
		frame.slots = append(frame.slots, found)
		body = body[at+len(marks[found]):]
	}
}

func (f *saidFrame) appendTo(dst []byte, values [saidSlots]string) []byte {
	for i, slot := range f.slots {
		dst = append(append(dst, f.pieces[i]...), values[slot]...)
	}
	return append(dst, f.pieces[len(f.slots)]...)
}

// proveMessage compares a message if its turn has come.
func (l *Locale) proveMessage(m Message, body []byte) error {
	if !l.proof.due() {
		return nil
	}
	return l.proof.compare("message/_item", body, func() ([]byte, error) { return l.Fragment("message/_item", m) }, func() { l.said.Remove(m.marked()) })
}
