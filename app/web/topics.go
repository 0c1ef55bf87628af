package web

import (
	"encoding/json"
	"regexp"
	"strconv"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

var followable = regexp.MustCompile(`^(timeline|rooms|post:[1-9][0-9]{0,17})$`)

// mayFollow tells whether a stream of the viewer may be about a topic. What
// happens inside a room goes to its sockets alone.
func (r *request) mayFollow(topic string) bool {
	return followable.MatchString(topic) || (r.viewer.Role.Is(sns.RoleMentor) && topic == chat.TopicSettlement(r.viewer.ID)) ||
		(r.viewer.Role.Is(sns.RoleAdmin) && settlementTopic.MatchString(topic))
}

var settlementTopic = regexp.MustCompile(`^settlement:[1-9][0-9]{0,17}$`)

// tell publishes an event after its change was committed. When telling fails
// the change stands, and catching up repairs what people see.
func (r *request) tell(ev live.Event) {
	if err := r.Bus.Publish(r.ctx(), ev); err != nil {
		r.Log.WarnContext(r.ctx(), "event not told", "topic", ev.Topic, "kind", ev.Kind, "error", err)
		if ev.Kind == live.KindDisconnect { // others hang up when they check
			r.Hub.Deliver(ev)
		}
	}
}

// tellCounts tells the counts of a post, gathered.
func (r *request) tellCounts(c sns.Counts) {
	data, _ := json.Marshal(c) // numbers only: it cannot fail
	r.Counts.Add(live.Event{Topic: TopicTimeline, Kind: KindCounts, Key: "post-" + itoa(c.Post), Version: c.Version, Data: data})
}

// tellID tells an event about nothing but an id.
func (r *request) tellID(topic, kind string, id int64) {
	r.tell(live.Event{Topic: topic, Kind: kind, Data: strconv.AppendInt(nil, id, 10)})
}
