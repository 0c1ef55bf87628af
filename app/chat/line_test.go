package chat

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"xxsns/app/sns"
)

// sampleLines returns lines with texts of all kinds.
func sampleLines() []Line {
	at := time.Date(2026, 3, 2, 12, 0, 0, 123456000, time.UTC)
	said := Line{Position{17, 9, at.UnixMicro()}, sns.Message{
		Room: 3, Kind: sns.MessageSaid, Author: sns.User{ID: 9, Username: "민지", Role: sns.RoleMentor, Image: "a.jpg"},
		Content: "내일 저녁에는 어디에서 만날까요?", At: at, ClientID: "a-1",
	}}
	mentioning := said
	mentioning.Message.Mentions = "17 민지 23 하루"
	all := []Line{{}, said, mentioning}
	for _, text := range []string{"", "\"안녕\"", "역\\슬래시", "줄\n바꿈\t", "\u2028<b>&", "\x00\x1f\x7f", "👩‍👩‍👧", "\u00e9\ufeff\ufffd"} {
		odd := said
		odd.Message.Content, odd.Message.ClientID, odd.Message.Author.Username, odd.Message.Author.Image = text, text, text, text
		odd.Message.Kind, odd.Message.Author.Role, odd.Message.Mentions, odd.Message.Deleted = sns.MessageKind(text), sns.Role(text), sns.Mentioned(text), true
		all = append(all, odd)
	}
	return all
}

// A line arrives as it was sent, also at and from replicas of the version before, which
// send all fields and know encoding/json alone.
func TestALineIsTheSameAfterItsWay(t *testing.T) {
	for _, l := range sampleLines() {
		var old Line
		if err := json.Unmarshal(l.encode(), &old); err != nil || !reflect.DeepEqual(old, l) {
			t.Errorf("%s means %+v, %v; not %+v", l.encode(), old, err, l)
		}
		for _, sent := range [][]byte{l.encode(), encode(l)} {
			if got, err := ParseLine(sent); err != nil || !reflect.DeepEqual(got, l) {
				t.Errorf("%s became %+v, %v", sent, got, err)
			}
		}
	}
}

// FuzzParseLine: a line means to ParseLine what it means to encoding/json.
func FuzzParseLine(f *testing.F) {
	for _, l := range sampleLines() {
		f.Add([]byte(l.encode()))
		f.Add([]byte(encode(l)))
	}
	f.Add([]byte(`{"Position":{"Seq":-0,"PrevUser":01,"PrevAt":1e3}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var want Line
		errWant := json.Unmarshal(data, &want)
		got, err := ParseLine(data)
		if (err == nil) != (errWant == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%q means %+v, %v; not %+v, %v", data, got, err, want, errWant)
		}
		if err == nil {
			got.Message.Author = publicUser(got.Message.Author)
			if again, err := ParseLine(got.encode()); err == nil && !reflect.DeepEqual(again, got) {
				t.Errorf("%+v becomes %+v", got, again)
			}
		}
	})
}

func BenchmarkParseLine(b *testing.B) {
	sent := sampleLines()[1].encode()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseLine(sent); err != nil {
			b.Fatal(err)
		}
	}
}
