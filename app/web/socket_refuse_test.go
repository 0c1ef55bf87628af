package web_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// refusedOf waits for the refusal of a message and returns the frame. The sentence must go
// to the field, without a seq.
func refusedOf(t *testing.T, talk *apptest.Talk, clientID string) apptest.Frame {
	t.Helper()
	f := talk.Until("a refusal", func(f apptest.Frame) bool { return f.Find(".refusal").Length() > 0 })
	if f.Find(`[hx-target="#refusals"] .refusal`).AttrOr("data-client-id", "") != clientID || f.Find("[data-seq]").Length() > 0 {
		t.Errorf("the refusal of %q is %s", clientID, f.Body)
	}
	return f
}

func TestWhatCannotBeSaidIsRefusedToTheSenderAlone(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	long := web.Korean("invalid.long", "Max", sns.MessageMax, "Length", 5000)
	for i, bad := range []struct{ content, says string }{
		{"", web.Korean("invalid.empty")},
		{" \n\t \u3000", web.Korean("invalid.empty")},
		{"\u200b\u3164\ufeff", web.Korean("invalid.empty")},
		{strings.Repeat("가", 5000), long},
		{"이거 x" + strings.Repeat("\u0301\u0302", 5000), web.Korean("invalid.bytes")},
	} {
		id := fmt.Sprint("bad-", i)
		minji.Say(bad.content, id)
		if got := refusedOf(t, minji, id).Find(".refusal").Text(); got != bad.says {
			t.Errorf("of %.20q it says %q, want %q", bad.content, got, bad.says)
		}
	}
	frame, id := web.Korean("message.frame"), web.Korean("message.client_id")
	for raw, want := range map[string]string{
		"":                                   frame,
		"안녕":                                 frame,
		"{":                                  frame,
		"[]":                                 frame,
		`"안녕"`:                               frame,
		`{"content":1}`:                      frame,
		`{"content":["안녕"],"client_id":"a"}`: frame,
		`{"content":"안녕","client_id":7}`:     frame,
		strings.Repeat("[", 20_000):          frame,
		`{"content":"안녕"}`:                   id,
		`{"content":"안녕","client_id":""}`:    id,
		`{"content":"안녕","client_id":"` + strings.Repeat("a", 65) + `"}`: id,
		`{"content":"안녕","client_id":"\"><b data-xss>"}`:                 id,
		`{"content":"안녕","client_id":"entered:1"}`:                       id,
		`null`: id,
		`{}`:   id,
	} {
		minji.Send(raw)
		f := refusedOf(t, minji, "")
		if got := f.Find(".refusal").Text(); got != want || f.Find("[data-xss]").Length() > 0 {
			t.Errorf("of %.60q it says %q, want %q", raw, got, want)
		}
	}
	minji.SendBinary(`{"content":"안녕","client_id":"a"}`)
	if got := refusedOf(t, minji, "").Find(".refusal").Text(); got != frame {
		t.Errorf("of a binary frame it says %q", got)
	}

	// The socket is still open, and the other sockets received nothing.
	speaks(t, minji, "이제 진짜")
	for {
		f, ok := sua.Next(patience)
		if !ok || f.Find(".refusal").Length() > 0 {
			t.Fatalf("another one gets %s", f.Body)
		}
		if f.Find(".message-body").Text() == "이제 진짜" {
			break
		}
	}
	if n := v.count("SELECT COUNT(*) FROM buffered_messages WHERE kind = 'said'"); n != 1 {
		t.Errorf("%d messages are kept", n)
	}
}

func TestTalkingTooMuchIsLimitedAndNotCut(t *testing.T) {
	clock := newHeldClock()
	v := openWithRooms(t, clock.limits)
	_, sua, minji := pair(t, v)
	flood := web.BurstMessage + 5
	for i := range flood {
		minji.Say(fmt.Sprint("말 ", i), fmt.Sprint("flood-", i))
	}
	var said []string
	notices := 0
	for len(said) < flood {
		f := minji.Until("an answer", func(f apptest.Frame) bool { return f.Find(".refusal, .message-body").Length() > 0 })
		if body := f.Find(".message-body"); body.Length() > 0 {
			said = append(said, body.Text())
			continue
		}
		notices++
		if r := f.Find(".refusal"); r.Text() != web.Korean("message.slow") || len(said) < web.BurstMessage {
			t.Errorf("after %d messages comes %s", len(said), f.Body)
		}
		clock.passes(time.Minute)
	}
	if notices != 1 || !slices.Equal(said, numbered("말 ", 0, flood-1)) {
		t.Errorf("with %d notices are said %q", notices, said)
	}
	speaks(t, sua, "나는 천천히")
	hears(t, minji, ".message-body", "나는 천천히")
}

// The longest messages use up the limit of bytes with the second one.
func TestTalkingInManyBytesIsLimitedAndNotCut(t *testing.T) {
	clock := newHeldClock()
	v := openWithRooms(t, clock.limits)
	_, sua, minji := pair(t, v)
	long := strings.Repeat("👍🏽", sns.MessageMax) // 8,000 bytes
	for i := range 2 {
		minji.Say(long, fmt.Sprint("long-", i))
	}
	for said, notices := 0, 0; said < 2; {
		f := minji.Until("an answer", func(f apptest.Frame) bool { return f.Find(".refusal, .message-body").Length() > 0 })
		if f.Find(".message-body").Length() > 0 {
			said++
			continue
		}
		if notices++; f.Find(".refusal").Text() != web.Korean("message.slow") || said != 1 || notices > 1 {
			t.Errorf("after %d messages comes notice %d: %s", said, notices, f.Find(".refusal").Text())
		}
		clock.passes(time.Minute)
	}
	speaks(t, sua, "나는 짧게")
}

func TestTalkingInManyBytesByTheForm(t *testing.T) {
	v := openWithRooms(t, limited)
	room, _, _ := pair(t, v)
	long := strings.Repeat("👍🏽", sns.MessageMax)
	p := until429(t, 1, func(i int) *apptest.Page {
		if i > 1 {
			t.Fatal("16 kB are not too much")
		}
		return v.minji.Post("/rooms/"+room+"/messages", "content", long, "client_id", fmt.Sprint("long-", i))
	})
	if p.Text("#reply [name=content]") != long {
		t.Error("the text is not kept")
	}
}

// In a room in which too much is said, the sender alone is told, and may send again.
func TestTooMuchIsSaidInARoom(t *testing.T) {
	v := openWithRooms(t, limited)
	room, sua, minji := pair(t, v)
	busyUntil := func(until int64) {
		if _, err := v.database().Exec("UPDATE buffers SET busy_until = ? WHERE room_id = ?", until, room); err != nil {
			t.Fatal(err)
		}
	}
	busyUntil(time.Now().Add(2 * time.Minute).UnixMicro())
	minji.Say("한마디만", "late")
	if f := refusedOf(t, minji, "late"); f.Find(".refusal").Text() != web.Korean("message.busy") || f.Find(".refusal[data-retry]").Length() == 0 {
		t.Errorf("the refusal is %s", f.Body)
	}
	p := v.haneul.Post("/rooms/"+room+"/messages", "content", "나도", "client_id", "form")
	if p.Status != 403 { // not inside: the room is not asked
		t.Errorf("an outsider gets %d", p.Status)
	}
	p = v.minji.Post("/rooms/"+room+"/messages", "content", "폼으로", "client_id", "form")
	if after := p.Header.Get("Retry-After"); p.Status != 429 || after == "" || p.Text("#reply [name=content]") != "폼으로" {
		t.Errorf("the form gets %d, Retry-After %q, and keeps %q", p.Status, after, p.Text("#reply [name=content]"))
	}
	busyUntil(0)
	minji.Say("한마디만", "late")
	for f, ok := sua.Next(patience); ; f, ok = sua.Next(patience) {
		if !ok || f.Find(".refusal").Length() > 0 {
			t.Fatalf("another one gets %s", f.Body)
		}
		if f.Find(".message-body").Text() == "한마디만" {
			return
		}
	}
}

// A malformed frame counts like a message: otherwise a client could flood the server.
func TestNonsenseIsLimitedToo(t *testing.T) {
	v := openWithRooms(t, limited)
	_, _, minji := pair(t, v)
	for range web.BurstMessage + 2 {
		minji.Send("nonsense")
	}
	minji.Until("the notice", func(f apptest.Frame) bool { return f.Find(".refusal").Text() == web.Korean("message.slow") })
}

func TestTalkingTooMuchByTheForm(t *testing.T) {
	v := openWithRooms(t, limited)
	room, _, _ := pair(t, v)
	p := until429(t, web.BurstMessage, func(i int) *apptest.Page {
		return v.minji.Post("/rooms/"+room+"/messages", "content", fmt.Sprint("말 ", i))
	})
	if p.Text("#reply [name=content]") == "" || p.Header.Get("Retry-After") == "" {
		t.Errorf("the form keeps %q, Retry-After %q", p.Text("#reply [name=content]"), p.Header.Get("Retry-After"))
	}
}

// A room page works without the room's messages, as when Redis is away.
func TestWhenNothingCanBeSaidTheTextIsKept(t *testing.T) {
	v := openWithRooms(t)
	room, _, minji := pair(t, v)
	said := speaks(t, minji, "먼저 한 말")
	become := func(buffer string) {
		if _, err := v.database().Exec("UPDATE rooms SET buffer = ?", buffer); err != nil {
			t.Fatal(err)
		}
	}
	become("redis") // Redis is not configured here
	minji.Say("지금 하는 말", "now")
	if f := refusedOf(t, minji, "now"); f.Find(".refusal[data-retry]").Text() != web.Korean("message.unavailable") {
		t.Errorf("the sender gets %s", f.Body)
	}
	path := "/rooms/" + room + "/messages"
	p := v.minji.Post(path, "content", "지금 하는 말", "client_id", "now").Want(503)
	if p.Text("#reply [name=content]") != "지금 하는 말" || !strings.Contains(p.Text("#reply"), web.Korean("error.unavailable_help")) {
		t.Errorf("the form keeps %q and says %q", p.Text("#reply [name=content]"), p.Text("#reply"))
	}
	p.Has(`#reply [name=client_id][value=now]`) // the same client id: the message may have been stored
	says(t, p, "message.stale")
	v.minji.HX().Post(path, "content", "지금 하는 말", "client_id", "now").Want(503).Has(".refusal[data-client-id=now][data-retry]")
	says(t, v.minji.Get("/rooms/"+room).Want(200).Lacks("#socket").Has("#participants"), "message.stale")
	v.minji.HX().Get(path + "?after=0").Want(503)
	v.minji.Post(path + "/" + said + "/delete").Want(503)
	v.minji.Get("/rooms/" + room + "/transcript").Want(503)
	v.sua.Get("/desk").Want(200)
	v.enters(room, v.seojun) // the line about entering is missing, and the rest is right
	v.seojun.Get("/rooms/" + room).Want(200).Has("#participant-" + seojunID)

	become("table")
	minji.Say("지금 하는 말", "now") // the retry of the script
	hears(t, minji, ".message-body", "지금 하는 말")
	if got := spoken(v.minji.Get("/rooms/" + room)); !slices.Equal(got, []string{"먼저 한 말", "지금 하는 말"}) {
		t.Errorf("the room says %q", got)
	}
}

func TestARoomThatWasLostSaysSoAndGoesOn(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	speaks(t, minji, "잃을 말")
	for _, table := range []string{"buffers", "buffered_messages"} {
		if _, err := v.database().Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
	}
	if got := spoken(v.minji.Get("/rooms/" + room).Want(200).Has("#messages")); len(got) != 0 {
		t.Errorf("the room says %q", got)
	}
	seq := speaks(t, minji, "그래도 계속")
	f := hears(t, sua, "li.event", web.Korean("message.lost"))
	lost, _ := strconv.ParseInt(seqOf(f), 10, 64)
	if got, _ := strconv.ParseInt(seq, 10, 64); got != lost+1 || lost <= sns.SeqEpoch {
		t.Errorf("it goes on at %d after %d", got, lost)
	}
	v.ends(v.sua, room)
	if got := spoken(v.minji.Get("/rooms/" + room)); !slices.Equal(got, []string{"그래도 계속"}) {
		t.Errorf("kept are %q", got)
	}
}
