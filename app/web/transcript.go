package web

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

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// How many messages of a transcript are shown at once, and how many that match
// a search.
const (
	transcriptSize = 200
	foundMost      = 100
	foundContext   = 20 // messages below one that was found, on the page it leads to
)

// transcriptPage shows an ended room to who may read it, from the message after
// ?after= on, or up to the one before ?before=.
func (r *request) transcriptPage(room sns.Room, standing sns.Standing) error {
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	messages, err := r.Rooms.Messages(r.ctx(), room, sns.MessagePage{After: after, Before: before, Limit: transcriptSize + 1})
	if err != nil {
		return err
	}
	v, err := r.newTranscript(room, standing)
	if err != nil {
		return err
	}
	v.Messages, v.After = r.transcriptMessages(room, messages, after, before)
	return r.page(http.StatusOK, "room/transcript", r.transcriptLayout(room, v))
}

// transcriptMessages cuts the one message too many, which tells that there is
// more: at the end, or at the beginning when one goes backwards.
func (r *request) transcriptMessages(room sns.Room, messages []sns.Message, after, before int64) (v messagesView, next string) {
	path := "/rooms/" + itoa(room.ID)
	more := len(messages) > transcriptSize
	switch {
	case more && before > 0:
		messages = messages[1:]
	case more:
		messages = messages[:transcriptSize]
	}
	v = messagesView{Room: room.ID, Items: r.locale.viewMessages(messages, nil)}
	if len(messages) == 0 {
		return v, ""
	}
	if after > 0 || (before > 0 && more) {
		v.Before = path + "?before=" + itoa(messages[0].Seq)
	}
	if before > 0 || more {
		next = path + "?after=" + itoa(messages[len(messages)-1].Seq)
	}
	return v, next
}

// newTranscript is what stands around the messages.
func (r *request) newTranscript(room sns.Room, standing sns.Standing) (transcriptView, error) {
	v := transcriptView{Room: r.locale.viewRoomFor(r.viewer.User, room, standing, r.now)}
	everybody := func(p sns.Participant) bool { return room.Ended() || p.ExitedAt.IsZero() }
	var err error
	if v.People, err = r.people(room, everybody); err != nil || !room.Ended() {
		return v, err
	}
	s, err := r.Store.Settlement(r.ctx(), room.ID)
	if err != nil {
		return v, err
	}
	settlement := viewSettlement(s)
	settlement.Retry = settlement.Failed && v.Room.Manager
	if !v.Room.Manager {
		settlement.Error = ""
	}
	v.Settlement = &settlement
	return v, nil
}

func (r *request) transcriptLayout(room sns.Room, v transcriptView) page {
	p := page{Title: room.Name, Nav: "rooms", Data: v}
	if v.Settlement != nil && !v.Settlement.Done && r.mayFollow(chat.TopicSettlement(room.Mentor.ID)) {
		p.Topics = "topic=" + chat.TopicSettlement(room.Mentor.ID)
	}
	return p
}

// foundPage shows the messages of a room, open or ended, that hold ?q=.
func (r *request) foundPage(room sns.Room, standing sns.Standing) error {
	if err := r.limit(limitTranscript); err != nil {
		return err
	}
	v, err := r.newTranscript(room, standing)
	if err != nil {
		return err
	}
	v.Query = r.query()
	found, count, err := r.Rooms.Search(r.ctx(), room, v.Query, foundMost)
	if err != nil {
		return err
	}
	v.Found, v.Capped = count, count > len(found)
	v.Messages = messagesView{Room: room.ID, Items: r.locale.viewMessages(found, nil)}
	for i, m := range v.Messages.Items {
		v.Messages.Items[i].Link = fmt.Sprintf("/rooms/%d?before=%d#message-%d-%d", room.ID, m.Seq+foundContext, room.ID, m.Seq)
	}
	return r.page(http.StatusOK, "room/transcript", r.transcriptLayout(room, v))
}

// downloadTranscript sends the whole conversation as a file: ?format=txt or
// json.
func (r *request) downloadTranscript() error {
	room, err := r.readableRoom()
	if err != nil {
		return err
	}
	format := r.DefaultQuery("format", "txt")
	write, known := map[string]func(*request, io.Writer, sns.Room, iter.Seq2[sns.Message, error]) error{
		"txt": (*request).writeText, "json": (*request).writeJSON,
	}[format]
	if !known {
		return errBadRequest
	}
	if err := r.limit(limitTranscript); err != nil {
		return err
	}
	// Asked once before anything is sent: an error can still be a page.
	if _, err := r.Rooms.Messages(r.ctx(), room, sns.MessagePage{Limit: 1}); err != nil {
		return err
	}
	h := r.Writer.Header()
	h.Set("Content-Type", map[string]string{"txt": "text/plain; charset=utf-8", "json": "application/json"}[format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(room) + "." + format}))
	h.Set("Cache-Control", "private, no-store")
	r.Status(http.StatusOK)
	out := bufio.NewWriter(r.Writer)
	if err := write(r, out, room, r.Rooms.Transcript(r.ctx(), room)); err != nil {
		// Half a file must not look like a whole one.
		r.warn("transcript cut off", err)
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
	return fmt.Sprintf("%s-%d", strings.Trim(start(name, 120), ". "), room.ID)
}

func (r *request) writeText(w io.Writer, room sns.Room, messages iter.Seq2[sns.Message, error]) error {
	_, _ = fmt.Fprintf(w, "%s\n%s\n\n", room.Name, r.T("transcript.head", "Name", r.locale.nameOf(room.Mentor), "Time", r.locale.date("time.full", room.CreatedAt)))
	for m, err := range messages {
		if err != nil {
			return err
		}
		at := r.locale.Stamp(m.At)
		if _, err := fmt.Fprintf(w, "[%s] %s\n", at, r.plainLine(m)); err != nil {
			return err
		}
	}
	return nil
}

// plainLine is a message without its time.
func (r *request) plainLine(m sns.Message) string {
	switch {
	case m.Kind != sns.MessageSaid:
		return r.locale.sayOf("message."+string(m.Kind), m.Author)
	case m.Deleted:
		return r.locale.nameOf(m.Author) + ": " + r.T("message.gone")
	}
	return r.locale.nameOf(m.Author) + ": " + strings.ReplaceAll(m.Content, "\n", "\n    ")
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
func (r *request) writeJSON(w io.Writer, room sns.Room, messages iter.Seq2[sns.Message, error]) error {
	head, err := json.Marshal(map[string]any{
		"id": room.ID, "name": room.Name, "mentor": r.locale.nameOf(room.Mentor), "created_at": room.CreatedAt, "ended_at": endedAt(room),
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
		line, err := json.Marshal(transcriptLine{m.Seq, string(m.Kind), r.locale.nameOf(m.Author), m.Content, m.At, m.Deleted})
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
