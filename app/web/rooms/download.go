package rooms

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"strings"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// A transcriptFormat is a format of downloaded transcripts.
type transcriptFormat struct {
	contentType string
	write       func(*request.Request, io.Writer, sns.Room, iter.Seq2[sns.Message, error]) error
}

// transcriptFormats are the values of ?format=, which are also the extensions of the
// files.
var transcriptFormats = map[string]transcriptFormat{
	"txt":  {"text/plain; charset=utf-8", writeText},
	"json": {"application/json", writeJSON},
}

// Download sends all messages of a room as a file: ?format=txt, the default, or
// ?format=json. The viewer must be allowed to read the conversation.
func (Messages) Download(r *request.Request) error {
	room, _, err := loadReadable(r)
	if err != nil {
		return err
	}
	extension := r.DefaultQuery("format", "txt")
	format, ok := transcriptFormats[extension]
	if !ok {
		return request.ErrBadRequest
	}
	if err := r.Limit(request.LimitTranscript); err != nil {
		return err
	}
	// A first read before the status is sent: an error can still become a page.
	if _, err := r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{Limit: 1}); err != nil {
		return err
	}
	h := r.Writer.Header()
	h.Set("Content-Type", format.contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(room) + "." + extension}))
	h.Set("Cache-Control", "private, no-store")
	r.Status(http.StatusOK)
	out := bufio.NewWriter(r.Writer)
	if err := format.write(r, out, room, r.Rooms.Transcript(r.Ctx(), room)); err != nil {
		// Abort the connection: half a file must not look like a whole one.
		r.Warn("transcript cut off", err)
		panic(http.ErrAbortHandler)
	}
	return out.Flush()
}

// fileName returns the room's name without characters that file systems forbid, and
// the room's id.
func fileName(room sns.Room) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, room.Name)
	return fmt.Sprintf("%s-%d", strings.Trim(request.Start(name, 120), ". "), room.ID)
}

// byteOrderMark begins a text file, for programs that otherwise take the text for the
// code page of the system.
const byteOrderMark = "\ufeff"

// writeText writes a head with the time zone, and a line for each message. Continuation
// lines of a message are indented, so that no text looks like the next message.
func writeText(r *request.Request, w io.Writer, room sns.Room, messages iter.Seq2[sns.Message, error]) error {
	head := r.T("transcript.head", "Name", r.Locale.Name(room.Mentor), "Time", r.Locale.Date("time.full", room.CreatedAt))
	zone, offset := r.Locale.Zone(room.CreatedAt)
	_, _ = fmt.Fprintf(w, "%s%s\n%s\n%s\n\n", byteOrderMark, room.Name, head, r.T("transcript.zone", "Zone", zone, "Offset", offset))
	for m, err := range messages {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "[%s] %s\n", r.Locale.Stamp(m.At), plainText(r, m)); err != nil {
			return err
		}
	}
	return nil
}

// plainText returns a message with the author's name as text.
func plainText(r *request.Request, m sns.Message) string {
	switch {
	case m.Kind != sns.MessageSaid:
		return r.Locale.TUser("message."+string(m.Kind), m.Author)
	case m.Deleted:
		return view.Isolated(r.Locale.Name(m.Author)) + ": " + r.T("message.gone")
	}
	return view.Isolated(r.Locale.Name(m.Author)) + ": " + strings.ReplaceAll(m.Content, "\n", "\n    ")
}

// transcriptMessage is a message in a JSON transcript.
type transcriptMessage struct {
	Seq     int64     `json:"seq"`
	Kind    string    `json:"kind"`
	User    string    `json:"user"`
	Content string    `json:"content"`
	At      time.Time `json:"at"`
	Deleted bool      `json:"deleted,omitempty"`
}

// writeJSON writes {"room": …, "messages": […]}, a message on each line. Messages are
// encoded while being read, so that a long transcript is never in memory as a whole.
func writeJSON(r *request.Request, w io.Writer, room sns.Room, messages iter.Seq2[sns.Message, error]) error {
	head, err := json.Marshal(map[string]any{
		"id": room.ID, "name": room.Name, "mentor": r.Locale.Name(room.Mentor), "created_at": room.CreatedAt, "ended_at": endedAt(room),
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w, "{\"room\":%s,\"messages\":[", head)
	separator := "\n"
	for m, err := range messages {
		if err != nil {
			return err
		}
		line, err := json.Marshal(transcriptMessage{m.Seq, string(m.Kind), r.Locale.Name(m.Author), m.Content, m.At, m.Deleted})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", separator, line); err != nil {
			return err
		}
		separator = ",\n"
	}
	_, err = io.WriteString(w, "\n]}\n")
	return err
}

// endedAt returns when a room ended, or nil, which JSON shows as null.
func endedAt(room sns.Room) *time.Time {
	if !room.Ended() {
		return nil
	}
	return &room.EndedAt
}
