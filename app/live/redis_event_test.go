package live_test

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/live"
)

// encoded are events that Lua and Go must encode alike. Topics, kinds and keys of
// the program are plain; the odd strings here must still mean the same.
var encoded = map[string]struct {
	live.Event
	sameBytes bool
}{
	"plain":        {live.Event{Topic: "room:3", Kind: "line", Key: "room:3:9", Version: 17, Data: json.RawMessage(`{"Seq":1,"Text":"안녕"}`)}, true},
	"no data":      {live.Event{Topic: "rooms", Kind: "opened"}, true},
	"null":         {live.Event{Topic: "rooms", Kind: "opened", Data: json.RawMessage("null")}, true},
	"large":        {live.Event{Topic: "room:3", Kind: "line", Version: math.MaxInt64, Data: json.RawMessage("9223372036854775807")}, true},
	"negative":     {live.Event{Topic: "room:3", Kind: "line", Version: math.MinInt64}, true},
	"odd data":     {live.Event{Topic: "room:3", Kind: "line", Data: json.RawMessage("[\"\\u0000 \u2028 </b> %d %s \\\\ \\\"\",\n 2]")}, true},
	"quotes":       {live.Event{Topic: `to"pic\`, Kind: `"`, Key: `\\"'`}, true},
	"controls":     {live.Event{Topic: "줄\n바꿈\t", Kind: "\x00\x01\x1f\x7f", Key: "\r"}, false},
	"separators":   {live.Event{Topic: "\u2028", Kind: "\u2029", Key: "\ufeff"}, false},
	"HTML":         {live.Event{Topic: "<a href='/'>&amp;</a>", Kind: "a/b", Key: "&"}, false},
	"not in UTF-8": {live.Event{Topic: "\xff", Kind: "\xed\xa0\x80", Key: "가\xea"}, false},
	"in Lua":       {live.Event{Topic: "]] .. x .. [[", Kind: "%d %s %%", Key: "👩‍👩‍👧 \\u0041"}, false},
}

// subscribed returns a Redis and a subscription to its channel of events.
func subscribed(t *testing.T) (redis.UniversalClient, *redis.PubSub) {
	t.Helper()
	client := connect(t, apptest.Redis(t))
	sub := client.Subscribe(t.Context(), live.Channel)
	t.Cleanup(func() { _ = sub.Close() })
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	return client, sub
}

func TestLuaAndGoEncodeAlike(t *testing.T) {
	client, sub := subscribed(t)
	script := live.EventScript("publish_event(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]) return #ARGV")
	at := regexp.MustCompile(`"at":\d+`)
	for name, c := range encoded {
		ev := c.Event
		args := live.EventArgs(ev.Topic, ev.Kind, ev.Key, strconv.FormatInt(ev.Version, 10), string(ev.Data))
		if n, err := script.Run(t.Context(), client, nil, args...).Int(); n != 5 || err != nil {
			t.Fatalf("%s: the script sees %d arguments, %v", name, n, err)
		}
		m, err := sub.ReceiveMessage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		inGo := string(ev.Encode())
		got, sent, err := live.Decode(m.Payload)
		want, _, errGo := live.Decode(inGo)
		if err != nil || errGo != nil || sent.IsZero() || !sameEvent(got, want) {
			t.Errorf("%s: Lua means %+v, %v, sent %v; Go means %+v, %v", name, got, err, sent, want, errGo)
		}
		if byLua, byGo := at.ReplaceAllString(m.Payload, ""), at.ReplaceAllString(inGo, ""); c.sameBytes && byLua != byGo {
			t.Errorf("%s:\nLua %s\n Go %s", name, byLua, byGo)
		}
	}
}

func sameEvent(a, b live.Event) bool {
	return a.Topic == b.Topic && a.Kind == b.Kind && a.Key == b.Key && a.Version == b.Version && string(a.Data) == string(b.Data)
}

// A version that Lua computes is a number there.
func TestLuaVersionsAreWhole(t *testing.T) {
	client, sub := subscribed(t)
	script := live.EventScript("#!lua flags=allow-oom\npublish_event('rooms', 'opened', 'room:3', 9007199254740991) return 1")
	if err := script.Run(t.Context(), client, nil, live.EventArgs()...).Err(); err != nil {
		t.Fatal(err)
	}
	m, err := sub.ReceiveMessage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if ev, _, err := live.Decode(m.Payload); err != nil || ev.Version != 1<<53-1 {
		t.Errorf("%s: %+v, %v", m.Payload, ev, err)
	}
}
