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
	"xxsns/app/web/request"
)

// Download sends the whole conversation as a file: ?format=txt or
// json.
func (Messages) Download(r *request.Request) error {
	room, err := loadReadable(r)
	if err != nil {
		return err
	}
	format := r.DefaultQuery("format", "txt")
	write, known := map[string]func(*request.Request, io.Writer, sns.Room, iter.Seq2[sns.Message, error]) error{
		"txt": writeText, "json": writeJSON,
	}[format]
	if !known {
		return request.ErrBadRequest
	}
	if err := r.Limit(request.LimitTranscript); err != nil {
		return err
	}
	// Asked once before anything is sent: an error can still be a page.
	if _, err := r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{Limit: 1}); err != nil {
		return err
	}
	h := r.Writer.Header()
	h.Set("Content-Type", map[string]string{"txt": "text/plain; charset=utf-8", "json": "application/json"}[format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(room) + "." + format}))
	h.Set("Cache-Control", "private, no-store")
	r.Status(http.StatusOK)
	out := bufio.NewWriter(r.Writer)
	if err := write(r, out, room, r.Rooms.Transcript(r.Ctx(), room)); err != nil {
		// Half a file must not look like a whole one.
		r.Warn("transcript cut off", err)
		panic(http.ErrAbortHandler)
	}
	return out.Flush()
}

// fileName is the room's name without what a file system may not like.
func fileName(room sns.Room) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, room.Name)
	return fmt.Sprintf("%s-%d", strings.Trim(request.Start(name, 120), ". "), room.ID)
}

func writeText(r *request.Request, w io.Writer, room sns.Room, messages iter.Seq2[sns.Message, error]) error {
	_, _ = fmt.Fprintf(w, "%s\n%s\n\n", room.Name, r.T("transcript.head", "Name", r.Locale.Name(room.Mentor), "Time", r.Locale.Date("time.full", room.CreatedAt)))
	for m, err := range messages {
		if err != nil {
			return err
		}
		at := r.Locale.Stamp(m.At)
		if _, err := fmt.Fprintf(w, "[%s] %s\n", at, plainLine(r, m)); err != nil {
			return err
		}
	}
	return nil
}

// plainLine is a message without its time.
func plainLine(r *request.Request, m sns.Message) string {
	switch {
	case m.Kind != sns.MessageSaid:
		return r.Locale.TUser("message."+string(m.Kind), m.Author)
	case m.Deleted:
		return r.Locale.Name(m.Author) + ": " + r.T("message.gone")
	}
	return r.Locale.Name(m.Author) + ": " + strings.ReplaceAll(m.Content, "\n", "\n    ")
}

// transcriptLine is a message in the JSON of a transcript.
type transcriptLine struct {
	Seq     int64     `json:"seq"`
	Kind    string    `json:"kind"`
	User    string    `json:"user"`
	Content string    `json:"content"`
	At      time.Time `json:"at"`
	Deleted bool      `json:"deleted,omitempty"`
}

// writeJSON writes one object, message by message.
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
		line, err := json.Marshal(transcriptLine{m.Seq, string(m.Kind), r.Locale.Name(m.Author), m.Content, m.At, m.Deleted})
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

// endedAt is when a room ended, or nil.
func endedAt(room sns.Room) *time.Time {
	if !room.Ended() {
		return nil
	}
	return &room.EndedAt
}
