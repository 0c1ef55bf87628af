// Package live tells open browsers what has just changed. Events travel over a
// Bus to the Hub of every replica; the Hub renders each one once per language
// that looks on and hands the bytes to all clients of its topic.
//
// The package moves events and bytes. How an event becomes HTML, and who may
// look on which topic, is handed to it.
package live

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"
)

// KindDisconnect closes every client on the topic of the event, after it has
// been sent what already waits for it: sign-out, suspension, leaving. Sockets
// close with the code 1000, after which a page does not come back.
const KindDisconnect = "disconnect"

// An Event is small data about one change, told after the commit.
type Event struct {
	Topic string // "timeline", "rooms", "room:3", "user:9", "session:…"
	Kind  string // "counts", "post", …

	// Key is what Version counts ("post-17"). An event without a Key is never
	// dropped and never merged.
	Key string

	// Version rises with every change of Key. Of events with the same Topic,
	// Kind and Key only rising versions are sent.
	Version int64

	Data json.RawMessage
}

// subject is what a version belongs to. Kinds and topics count separately, so
// that two of them with the same Key do not hide each other.
type subject struct{ topic, kind, key string }

func (ev Event) subject() subject { return subject{ev.Topic, ev.Kind, ev.Key} }

// An envelope is what travels with the Data of an event.
type envelope struct {
	From    string `json:"from"` // the process that encoded it
	At      int64  `json:"at"`   // when, in microseconds of its clock
	Topic   string `json:"topic"`
	Kind    string `json:"kind"`
	Key     string `json:"key"`
	Version int64  `json:"version"`
}

// process tells events of this process from those of others, whose clocks go
// differently.
var process = rand.Text()[:8]

var errNoEvent = errors.New("live: no topic or kind")

// Encode returns ev as a Redis bus publishes it: a JSON object that ends in the
// Data as it stands, so that a script can tell what it has just filled in. It
// is to be published at once: the time is in it.
func (ev Event) Encode() []byte {
	object, _ := json.Marshal(envelope{ // texts and numbers, which do not fail
		From: process, At: time.Now().UnixMicro(),
		Topic: ev.Topic, Kind: ev.Kind, Key: ev.Key, Version: ev.Version,
	})
	if len(ev.Data) == 0 {
		return object
	}
	object = append(object[:len(object)-1], `,"data":`...)
	return append(append(object, ev.Data...), '}')
}

// decode undoes Encode. If this process encoded the event, sent says when.
func decode(payload string) (ev Event, sent time.Time, err error) {
	var object struct {
		envelope
		Data json.RawMessage `json:"data"`
	}
	if err = json.Unmarshal([]byte(payload), &object); err != nil {
		return Event{}, sent, err
	}
	if object.Topic == "" || object.Kind == "" {
		return Event{}, sent, errNoEvent
	}
	if object.From == process {
		sent = time.UnixMicro(object.At)
	}
	ev = Event{Topic: object.Topic, Kind: object.Kind, Key: object.Key, Version: object.Version, Data: object.Data}
	return ev, sent, nil
}

// A Bus carries events to the Hub of every replica.
type Bus interface {
	// Publish tells ev to all replicas, this one included. An error means that
	// some may not have heard it; the change itself stands.
	Publish(ctx context.Context, ev Event) error

	// Close releases what the bus holds. Nothing may be published afterwards.
	Close() error
}

// Local is the Bus of a single replica: it delivers to its Hub directly.
type Local struct{ Hub *Hub }

// Publish delivers ev before it returns, even when ctx has ended: the change
// is made, and people should see it. It never fails.
func (l Local) Publish(_ context.Context, ev Event) error {
	l.Hub.Deliver(ev)
	return nil
}

// Close does nothing: the Hub belongs to whoever made it.
func (l Local) Close() error { return nil }
