package view

import (
	"encoding/json"
	"fmt"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// TopicTimeline is the topic of all posts: new posts, deleted posts, and counts.
const TopicTimeline = "timeline"

// TopicPost returns the topic of the comments below a post.
func TopicPost(id int64) string { return "post:" + Itoa(id) }

// Kinds of events about posts, each with the type of its data. Package chat
// defines the kinds of events about rooms.
const (
	KindCounts      = "counts"       // sns.Counts: the present counts of a post
	KindPost        = "post"         // a post's id: a newer post exists
	KindGone        = "gone"         // a post's id: the post was deleted
	KindComment     = "comment"      // sns.Comment: a new comment
	KindCommentGone = "comment-gone" // a comment's id: the comment was deleted
	KindInbox       = "inbox"        // sns.Inbox: the present numbers of a user's inbox, for that user alone
)

// GoneEvent says that a post was deleted.
func GoneEvent(post int64) live.Event {
	return live.Event{Topic: TopicTimeline, Kind: KindGone, Data: []byte(Itoa(post))}
}

// CommentGoneEvent says that a comment of a post was deleted.
func CommentGoneEvent(post, comment int64) live.Event {
	return live.Event{Topic: TopicPost(post), Kind: KindCommentGone, Data: []byte(Itoa(comment))}
}

// CountsEvent says how many likes and comments a post has now.
func CountsEvent(c sns.Counts) live.Event {
	data, _ := json.Marshal(c) // cannot fail: the fields are numbers
	return live.Event{Topic: TopicTimeline, Kind: KindCounts, Key: "post-" + Itoa(c.Post), Version: c.Version, Data: data}
}

// renderers has the fragment of each kind of event. The fragment is the same for
// every receiver; elements that are not on a receiver's page are ignored there.
var renderers = map[string]renderer{
	KindCounts:      fragmentOf[sns.Counts]("post/_counts"),
	KindPost:        eventLocale.newer,
	KindGone:        eventLocale.gone,
	KindComment:     of(eventLocale.comment),
	KindCommentGone: eventLocale.commentGone,
	KindInbox:       of(eventLocale.inbox),

	chat.KindLine:       eventLocale.parsedLine,
	chat.KindErased:     of(eventLocale.erased),
	chat.KindPresence:   of(eventLocale.presence),
	chat.KindHeadCount:  of(eventLocale.seats),
	chat.KindRoom:       of(eventLocale.room),
	chat.KindListed:     of(eventLocale.listed),
	chat.KindOpened:     of(eventLocale.opened),
	chat.KindEnded:      of(eventLocale.ended),
	chat.KindOver:       of(eventLocale.over),
	chat.KindExited:     of(eventLocale.departed),
	chat.KindSeatFree:   of(eventLocale.seat),
	chat.KindDot:        of(eventLocale.dot),
	chat.KindSettlement: of(eventLocale.settlement),
}

// A renderer makes the message for browsers of the data of an event.
type renderer func(eventLocale, json.RawMessage) (live.Message, error)

// of adapts a function of typed data: the data of the event is decoded first.
func of[T any](render func(eventLocale, T) (live.Message, error)) renderer {
	return func(e eventLocale, data json.RawMessage) (live.Message, error) {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return live.Message{}, err
		}
		return render(e, v)
	}
}

// fragmentOf renders the data of an event as a fragment that shows a T.
func fragmentOf[T any](fragment string) renderer {
	return of(func(e eventLocale, data T) (live.Message, error) { return e.message(fragment, data) })
}

// An eventLocale is a locale at the time of an event.
type eventLocale struct {
	*Locale
	now time.Time
}

// RenderEvent makes the message for all receivers who read the same language;
// the hub calls RenderEvent once per event and language (live.Render).
func (t *Templates) RenderEvent(ev live.Event, lang string) (live.Message, error) {
	render := renderers[ev.Kind]
	if render == nil {
		return live.Message{}, fmt.Errorf("no renderer for events of kind %q", ev.Kind)
	}
	e, err := t.edition()
	if err != nil {
		return live.Message{}, err
	}
	return render(eventLocale{e.locale(lang), t.now()}, ev.Data)
}

// message renders a fragment; the fragment itself names the elements to replace.
func (e eventLocale) message(fragment string, data any) (live.Message, error) {
	html, err := e.Fragment(fragment, data)
	return live.Message{HTML: html}, err
}

// addressed renders a fragment in an envelope for target.
func (e eventLocale) addressed(target, swap, fragment string, data any) (live.Message, error) {
	m, err := e.message(fragment, data)
	m.HTML = Envelope(target, swap, m.HTML)
	return m, err
}

// toast renders a fragment in an envelope for the list of toasts.
func (e eventLocale) toast(fragment string, data any) (live.Message, error) {
	return e.addressed("#toasts", "beforeend", fragment, data)
}

// newer sends the id alone: each page asks for the posts itself, after a random
// delay.
func (e eventLocale) newer(id json.RawMessage) (live.Message, error) {
	return live.Message{Name: KindPost, HTML: id}, nil
}

func (e eventLocale) inbox(i sns.Inbox) (live.Message, error) {
	return e.message("notification/_unread", NewUnread(i))
}

func (e eventLocale) dot(on bool) (live.Message, error) {
	return e.message("shared/_dots", Dots(on))
}

func (e eventLocale) gone(id json.RawMessage) (live.Message, error) {
	return e.addressed("#post-"+string(id), "outerHTML", "post/_gone", string(id))
}

func (e eventLocale) comment(c sns.Comment) (live.Message, error) {
	return e.addressed("#comments", "beforeend", "comment/_item", e.Comment(c, e.now))
}

func (e eventLocale) commentGone(id json.RawMessage) (live.Message, error) {
	return live.Message{HTML: Envelope("#comment-"+string(id), "delete", nil)}, nil
}
