package chat

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"xxsns/app/sns"
)

// A Line is a message and its position. Its JSON leaves out the fields of the author that
// events do not hold. buffer_append.lua writes the same JSON: a field added here must be
// added there and to appendMessage. Replicas of the version before send all fields, and
// read both forms.
type Line struct {
	Position Position
	Message  sns.Message
}

// A Position is the seq of a line, and the data that decides whether the line
// continues the bubble of the line before.
type Position struct {
	Seq      int64
	PrevUser int64 // author of the line before; 0: a notice, such as "entered"
	PrevAt   int64 // time of the line before, in microseconds of UTC; 0: the first line
}

// encode returns the JSON of a line.
func (l Line) encode() json.RawMessage {
	b := strconv.AppendInt(append(make([]byte, 0, 512), `{"Position":{"Seq":`...), l.Position.Seq, 10)
	b = strconv.AppendInt(append(b, `,"PrevUser":`...), l.Position.PrevUser, 10)
	b = strconv.AppendInt(append(b, `,"PrevAt":`...), l.Position.PrevAt, 10)
	b = appendMessage(append(b, `},"Message":`...), l.Message)
	return append(b, '}')
}

// appendMessage appends the JSON of a message to dst. Of the author, events hold the
// fields of publicUser alone.
func appendMessage(dst []byte, m sns.Message) []byte {
	dst = strconv.AppendInt(append(dst, `{"Room":`...), m.Room, 10)
	dst = strconv.AppendInt(append(dst, `,"Seq":`...), m.Seq, 10)
	dst = appendText(append(dst, `,"Kind":`...), string(m.Kind))
	dst = strconv.AppendInt(append(dst, `,"Author":{"ID":`...), m.Author.ID, 10)
	dst = appendText(append(dst, `,"Username":`...), m.Author.Username)
	dst = appendText(append(dst, `,"Role":`...), string(m.Author.Role))
	dst = appendText(append(dst, `,"Image":`...), m.Author.Image)
	dst = appendText(append(dst, `},"Content":`...), m.Content)
	dst = m.At.AppendFormat(append(dst, `,"At":"`...), time.RFC3339Nano)
	dst = strconv.AppendBool(append(dst, `","Deleted":`...), m.Deleted)
	dst = appendText(append(dst, `,"ClientID":`...), m.ClientID)
	if m.Mentions != "" { // as few messages do
		dst = appendText(append(dst, mentionsField...), string(m.Mentions))
	}
	return append(dst, '}')
}

// mentionsField begins the last field of a message, which is missing if nobody is mentioned.
const mentionsField = `,"Mentions":`

// appendText appends a string of JSON.
func appendText(dst []byte, s string) []byte {
	if !isPlain(s) {
		return append(dst, encode(s)...)
	}
	return append(append(append(dst, '"'), s...), '"')
}

// isPlain reports whether a string of JSON holds a text as it is.
func isPlain[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			return false
		}
	}
	return utf8.ValidString(string(s))
}

// ParseLine is json.Unmarshal of a line. The form that encode makes is read in one pass,
// since each replica reads each message.
func ParseLine(data []byte) (l Line, err error) {
	c := cutter{rest: data}
	l.Position = Position{Seq: c.number(`{"Position":{"Seq":`), PrevUser: c.number(`,"PrevUser":`), PrevAt: c.number(`,"PrevAt":`)}
	m := &l.Message
	m.Room, m.Seq = c.number(`},"Message":{"Room":`), c.number(`,"Seq":`)
	m.Kind = sns.MessageKind(c.text(`,"Kind":`))
	m.Author = sns.User{ID: c.number(`,"Author":{"ID":`), Username: c.text(`,"Username":`), Role: sns.Role(c.text(`,"Role":`)), Image: c.text(`,"Image":`)}
	m.Content = c.text(`},"Content":`)
	m.At = c.time(`,"At":`)
	m.Deleted = c.bool(`,"Deleted":`)
	m.ClientID = c.text(`,"ClientID":`)
	if bytes.HasPrefix(c.rest, []byte(mentionsField)) {
		m.Mentions = sns.Mentioned(c.text(mentionsField))
	}
	c.cut(`}}`)
	if c.failed || len(c.rest) > 0 {
		l = Line{}
		err = json.Unmarshal(data, &l)
	}
	return l, err
}

// A cutter reads JSON of a known form. Of any other form it has failed, also of one that
// means the same.
type cutter struct {
	rest   []byte
	failed bool
}

// cut cuts a text off that must come next.
func (c *cutter) cut(text string) {
	if len(c.rest) < len(text) || string(c.rest[:len(text)]) != text {
		c.failed, c.rest = true, nil
		return
	}
	c.rest = c.rest[len(text):]
}

// numberDigits is the most digits that a cutter reads: no such number is too large.
const numberDigits = 18

// number reads an integer behind a text.
func (c *cutter) number(before string) int64 {
	c.cut(before)
	n, end := int64(0), 0
	for end < len(c.rest) && end <= numberDigits && '0' <= c.rest[end] && c.rest[end] <= '9' {
		n = 10*n + int64(c.rest[end]-'0')
		end++
	}
	if end == 0 || end > numberDigits || end > 1 && c.rest[0] == '0' {
		c.failed, end = true, 0
	}
	c.rest = c.rest[end:]
	return n
}

// text reads a string behind a text.
func (c *cutter) text(before string) string {
	c.cut(before)
	c.cut(`"`)
	end := bytes.IndexByte(c.rest, '"')
	if end < 0 || !isPlain(c.rest[:end]) {
		c.failed = true
		return ""
	}
	text := c.rest[:end]
	c.rest = c.rest[end+1:]
	return string(text)
}

// time reads a time behind a text.
func (c *cutter) time(before string) (t time.Time) {
	if err := t.UnmarshalText([]byte(c.text(before))); err != nil {
		c.failed = true
	}
	return t
}

// bool reads a boolean behind a text.
func (c *cutter) bool(before string) bool {
	c.cut(before)
	if len(c.rest) > 0 && c.rest[0] == 't' {
		c.cut(`true`)
		return true
	}
	c.cut(`false`)
	return false
}
