// Package live pushes changes to open browsers. Events travel over a Bus to the
// Hub of every replica; the Hub renders each event once per language and sends
// the bytes to all clients that subscribed to its topic.
//
// The package moves events and bytes. The caller renders events (Render) and
// decides who may subscribe to a topic.
package live

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"
)

// KindDisconnect is the Kind of an event that closes every client of its topic
// gracefully: sign-out, suspension, leaving a room. Sockets close with the code
// 1000, after which a page does not reconnect.
const KindDisconnect = "disconnect"

// KindRole is the Kind of an event that tells the present role of a user. Of the clients
// of its topic, those whose topics were granted by another role close gracefully; their
// pages connect again and get what the new role permits. Data is the role.
const KindRole = "role"

// RoleEvent returns the event of KindRole for the clients of topic: a UserTopic or a
// SessionTopic.
func RoleEvent(topic, role string) Event {
	data, _ := json.Marshal(role) // a string: cannot fail
	return Event{Topic: topic, Kind: KindRole, Data: data}
}

// An Event is small data about one change, published after the commit.
type Event struct {
	Topic string // "timeline", "rooms", "room:3", "user:9", "session:…"
	Kind  string // "counts", "post", …

	// Key names the thing that Version counts ("post-17"). An event without a Key
	// is never dropped and never merged.
	Key string

	// Version rises with every change of Key. Of the events with the same Topic,
	// Kind and Key, only rising versions are delivered.
	Version int64

	Data json.RawMessage // valid JSON, or empty

	Except []int64 // users who do not get the event
}

// A versionKey is the scope of a version: events of different kinds or topics
// with the same Key do not hide each other.
type versionKey struct{ topic, kind, key string }

func (ev Event) versionKey() versionKey { return versionKey{ev.Topic, ev.Kind, ev.Key} }

// An envelope is the JSON of an event except its Data.
type envelope struct {
	From    string `json:"from"` // processID of the process that encoded the event
	At      int64  `json:"at"`   // time of encoding, in microseconds of that process's clock
	Topic   string `json:"topic"`
	Kind    string `json:"kind"`
	Key     string `json:"key"`
	Version int64  `json:"version"`

	Except []int64 `json:"except,omitempty"`
}

// processID tells the events of this process from those of other processes,
// whose clocks differ.
var processID = rand.Text()[:8]

var errNoEvent = errors.New("live: no topic or kind")

// Encode returns the JSON of ev as a Redis bus publishes it, with Data verbatim
// at the end. Publish the result at once: it holds the time of encoding.
func (ev Event) Encode() []byte {
	if len(ev.Data) == 0 {
		return ev.envelope()
	}
	return append(append(ev.EncodeHead(), ev.Data...), '}')
}

// EncodeHead returns the beginning of Encode: data in JSON and a "}" must follow.
func (ev Event) EncodeHead() []byte {
	object := ev.envelope()
	return append(object[:len(object)-1], `,"data":`...)
}

func (ev Event) envelope() []byte {
	object, _ := json.Marshal(envelope{ // strings and numbers: cannot fail
		From: processID, At: time.Now().UnixMicro(),
		Topic: ev.Topic, Kind: ev.Kind, Key: ev.Key, Version: ev.Version, Except: ev.Except,
	})
	return object
}

// decode is the inverse of Encode. sent is the time of encoding if this process
// encoded the event, or zero.
func decode(payload string) (ev Event, sent time.Time, err error) {
	object, data, ok := cutEnvelope(payload)
	if !ok {
		if object, data, err = parseEnvelope(payload); err != nil {
			return Event{}, sent, err
		}
	}
	if object.Topic == "" || object.Kind == "" {
		return Event{}, sent, errNoEvent
	}
	if object.From == processID {
		sent = time.UnixMicro(object.At)
	}
	ev = Event{Topic: object.Topic, Kind: object.Kind, Key: object.Key, Version: object.Version, Data: data, Except: object.Except}
	return ev, sent, nil
}

// parseEnvelope decodes any JSON of an event.
func parseEnvelope(payload string) (envelope, json.RawMessage, error) {
	var object struct {
		envelope
		Data json.RawMessage `json:"data"`
	}
	err := json.Unmarshal([]byte(payload), &object)
	if len(object.Except) == 0 {
		object.Except = nil
	}
	return object.envelope, object.Data, err
}
