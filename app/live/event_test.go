package live

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestEventsAreTheSameAfterTheirWay(t *testing.T) {
	for _, ev := range []Event{
		{Topic: "rooms", Kind: "room"},
		{Topic: "room:3", Kind: "line", Data: json.RawMessage(`{"Content":"안녕 </b> & \"끝\""}`)},
		{Topic: "timeline", Kind: "counts", Key: "post-17", Version: -9007199254740993, Data: json.RawMessage("[1,\n 2]")},
		{Topic: "post:3", Kind: "comment", Data: json.RawMessage(`{"ID":5}`), Except: []int64{7, 9007199254740993}},
		{Topic: `quo"ted\`, Kind: "줄\n바꿈", Key: "\u2028", Data: json.RawMessage("null")},
		{Topic: "room:3", Kind: "line", Data: json.RawMessage(`"` + strings.Repeat("가", 30_000) + `"`)},
	} {
		before := time.Now().Truncate(time.Microsecond)
		encoded := ev.Encode()
		got, sent, err := decode(string(encoded))
		if err != nil || !reflect.DeepEqual(got, ev) {
			t.Errorf("%s became %+v, %v", encoded, got, err)
		}
		if sent.Before(before) || sent.After(time.Now()) {
			t.Errorf("sent at %v", sent)
		}
		if len(ev.Data) > 0 && !bytes.HasSuffix(encoded, append(ev.Data, '}')) {
			t.Errorf("%.200s does not end in its data", encoded)
		}
	}
}

// The clock of another machine may differ: the delay of its events is unknown.
func TestDelayIsThatOfThisProcess(t *testing.T) {
	encoded := Event{Topic: "rooms", Kind: "room"}.Encode()
	foreign := bytes.Replace(encoded, []byte(processID), []byte("elsewhere"), 1)
	if _, sent, err := decode(string(foreign)); err != nil || !sent.IsZero() {
		t.Errorf("%s: sent at %v, %v", foreign, sent, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(string(said(3).Encode()))
	f.Add(string(Event{Topic: "room:3", Kind: "line", Data: json.RawMessage(`{"Seq":1}`)}.Encode()))
	f.Add(string(Event{Topic: "post:3", Kind: "comment", Data: json.RawMessage(`{"ID":1}`), Except: []int64{7, 9}}.Encode()))
	f.Add(`{"topic":"rooms","kind":"room","except":[]}`)
	f.Add(`{"topic":"rooms","kind":"room","data":null,"version":1e3}`)
	f.Add(`{"from":"x","at":-1,"topic":"","kind":""}`)
	f.Add(`{"from":"x","at":1,"topic":"a","kind":"b","key":"c","version":1,"data":{"a":1},"topic":"d"}`)
	f.Add(`{"from":"x","at":1,"topic":"a","kind":"b","key":"c","version":-0,"data": 1 }`)
	f.Add(`{"from":"x","at":01,"topic":"a\u0041","kind":"ÿ","key":"","version":1,"data":1}}`)
	f.Fuzz(func(t *testing.T, payload string) {
		ev, _, err := decode(payload)
		if object, data, ok := cutEnvelope(payload); ok {
			whole, wholeData, errWhole := parseEnvelope(payload)
			if !reflect.DeepEqual(object, whole) || string(data) != string(wholeData) || (data == nil) != (wholeData == nil) || errWhole != nil {
				t.Errorf("%q: cut into %+v, %s; means %+v, %s, %v", payload, object, data, whole, wholeData, errWhole)
			}
		}
		if err != nil {
			if !reflect.DeepEqual(ev, Event{}) {
				t.Errorf("%q: returned %+v, too", payload, ev)
			}
			return
		}
		if ev.Topic == "" || ev.Kind == "" || (ev.Data != nil && !json.Valid(ev.Data)) {
			t.Errorf("%q: %+v", payload, ev)
		}
		again, _, err := decode(string(ev.Encode()))
		if err != nil || !reflect.DeepEqual(again, ev) {
			t.Errorf("%q: %+v, then %+v, %v", payload, ev, again, err)
		}
	})
}

// The events of both forms are cut, and so are not decoded twice.
func TestEncodedEventsAreCut(t *testing.T) {
	for _, ev := range []Event{
		{Topic: "rooms", Kind: "room"}, {Topic: "post:3", Kind: "counts", Key: "post-3", Version: -17, Data: json.RawMessage("null")},
		{Topic: "room:3", Kind: "line", Data: json.RawMessage(`{"Content":"안녕 \"<끝>\",\"data\":1"}`)},
	} {
		if object, data, ok := cutEnvelope(string(ev.Encode())); !ok || object.Topic != ev.Topic || string(data) != string(ev.Data) {
			t.Errorf("%s: %+v, %s, %t", ev.Encode(), object, data, ok)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	payload := string(Event{Topic: "room:3", Kind: "line", Data: json.RawMessage(
		`{"Position":{"Seq":17,"PrevUser":9,"PrevAt":1772452800000000},"Message":{"Content":"내일 저녁에는 어디에서 만날까요? 저는 아무 데나 좋아요.","Deleted":false}}`)}.Encode())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := decode(payload); err != nil {
			b.Fatal(err)
		}
	}
}
