package web

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// What is told, by topic. Every stream joins those of its user and its session
// by itself.
const topicTimeline = "timeline"

// topicPost is what happens below one post.
func topicPost(id int64) string { return "post:" + itoa(id) }

var followable = regexp.MustCompile(`^(timeline|rooms|post:[1-9][0-9]{0,17})$`)

// mayFollow tells whether a stream of the viewer may be about a topic. What
// happens inside a room goes to its sockets alone.
func (r *request) mayFollow(topic string) bool {
	return followable.MatchString(topic) || (r.viewer.Role.Is(sns.RoleMentor) && topic == chat.TopicSettlement(r.viewer.ID)) ||
		(r.viewer.Role.Is(sns.RoleAdmin) && settlementTopic.MatchString(topic))
}

var settlementTopic = regexp.MustCompile(`^settlement:[1-9][0-9]{0,17}$`)

// Kinds of events.
const (
	kindCounts      = "counts"       // sns.Counts: a post's counts changed
	kindPost        = "post"         // an id: there is a newer post
	kindGone        = "gone"         // an id: a post was deleted
	kindComment     = "comment"      // sns.Comment: somebody commented
	kindCommentGone = "comment-gone" // an id: a comment was deleted
)

// renderers says how an event of a kind looks. A fragment is the same for
// every viewer.
var renderers = map[string]renderEvent{
	kindCounts: of(func(e *eventRenderer, c sns.Counts) (live.Message, error) { return e.fragment("post/_counts", c) }),
	kindPost: func(_ *eventRenderer, data json.RawMessage) (live.Message, error) {
		return live.Message{Name: kindPost, HTML: data}, nil
	},
	kindGone: func(e *eventRenderer, data json.RawMessage) (live.Message, error) {
		return e.to("#post-"+string(data), "outerHTML", "post/_gone", string(data))
	},
	kindComment: of(func(e *eventRenderer, c sns.Comment) (live.Message, error) {
		return e.to("#comments", "beforeend", "comment/_item", e.texts.viewComment(c, e.pages.now(), e.pages.zone))
	}),
	kindCommentGone: func(_ *eventRenderer, data json.RawMessage) (live.Message, error) {
		return live.Message{HTML: envelope("#comment-"+string(data), "delete", nil)}, nil
	},

	chat.KindLine:       of((*eventRenderer).line),
	chat.KindErased:     of((*eventRenderer).erased),
	chat.KindPresence:   of((*eventRenderer).presence),
	chat.KindSeats:      of((*eventRenderer).seats),
	chat.KindRoom:       of((*eventRenderer).room),
	chat.KindListed:     of((*eventRenderer).listed),
	chat.KindOpened:     of((*eventRenderer).opened),
	chat.KindEnded:      of((*eventRenderer).ended),
	chat.KindOver:       of((*eventRenderer).over),
	chat.KindDeparted:   of((*eventRenderer).departed),
	chat.KindSeat:       of((*eventRenderer).seat),
	chat.KindSettlement: of((*eventRenderer).settlement),
}

// renderEvent renders the data of an event.
type renderEvent func(*eventRenderer, json.RawMessage) (live.Message, error)

// of renders what the data of an event is.
func of[T any](render func(*eventRenderer, T) (live.Message, error)) renderEvent {
	return func(e *eventRenderer, data json.RawMessage) (live.Message, error) {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return live.Message{}, err
		}
		return render(e, v)
	}
}

// eventRenderer renders one event in one language.
type eventRenderer struct {
	pages  *Pages
	loaded *loaded
	texts  *Texts
}

// RenderEvent makes of an event what its receivers get; it is a live.Render.
func (p *Pages) RenderEvent(ev live.Event, lang string) (live.Message, error) {
	render := renderers[ev.Kind]
	if render == nil {
		return live.Message{}, fmt.Errorf("no renderer for events of kind %q", ev.Kind)
	}
	l, err := p.get()
	if err != nil {
		return live.Message{}, err
	}
	return render(&eventRenderer{pages: p, loaded: l, texts: l.set(lang).texts}, ev.Data)
}

func (e *eventRenderer) fragment(name string, data any) (live.Message, error) {
	html, err := e.loaded.fragment(e.texts.Lang, name, data)
	return live.Message{HTML: html}, err
}

func (e *eventRenderer) to(target, swap, name string, data any) (live.Message, error) {
	m, err := e.fragment(name, data)
	m.HTML = envelope(target, swap, m.HTML)
	return m, err
}

// tell publishes an event after its change was committed. When telling fails
// the change stands, and catching up repairs what people see.
func (r *request) tell(ev live.Event) {
	if err := r.web.Bus.Publish(r.ctx(), ev); err != nil {
		r.web.Log.WarnContext(r.ctx(), "event not told", "topic", ev.Topic, "kind", ev.Kind, "error", err)
		if ev.Kind == live.KindDisconnect { // others hang up when they check
			r.web.Hub.Deliver(ev)
		}
	}
}

// tellCounts tells the counts of a post, gathered.
func (r *request) tellCounts(c sns.Counts) {
	data, _ := json.Marshal(c) // numbers only: it cannot fail
	r.web.Counts.Add(live.Event{Topic: topicTimeline, Kind: kindCounts, Key: "post-" + itoa(c.Post), Version: c.Version, Data: data})
}

// tellID tells an event about nothing but an id.
func (r *request) tellID(topic, kind string, id int64) {
	r.tell(live.Event{Topic: topic, Kind: kind, Data: strconv.AppendInt(nil, id, 10)})
}
