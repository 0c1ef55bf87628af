package view

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/static"
	"xxsns/templates"
)

// sampleMessages returns messages that look different.
func sampleMessages() map[string]Message {
	said := Message{
		Room: 3, Seq: 17, Author: Author{ID: 9, Name: "민지", URL: HomePath("민지"), Initial: "민", Hue: 3}, Text: "안녕 <b>&amp;</b>",
		Time: Time{ISO: "2026-03-02T03:00:00Z", Text: "12:00", Full: "2026년 3월 2일 12:00"}, ClientID: "a-1", Date: "2026-03-02",
	}
	all := map[string]Message{"said": said}
	for name, change := range map[string]func(*Message){
		"continued": func(m *Message) { m.Cont = true }, "with an image": func(m *Message) { m.Author.Image = "/uploads/a.jpg" },
		"by a mentor": func(m *Message) { m.Author.Mentor = true }, "by an administrator": func(m *Message) { m.Author.Admin = true },
		"with a mention": func(m *Message) { m.Text = formatted("@하루님", "7 하루") },
		"folded":         func(m *Message) { m.Fold = "fold fold-phone" }, "without an id": func(m *Message) { m.ClientID = "" },
		"by a deleted account": func(m *Message) { m.Author = Author{ID: 9, Name: "떠난 사람", Hue: noHue} },
		"by an odd name":       func(m *Message) { m.Author.Name, m.Author.Initial, m.Author.URL = "a&b+", "<", "/users/a b'" },
		"deleted":              func(m *Message) { m.Deleted, m.Text = true, "" },
		"first of a day":       func(m *Message) { m.Day = &Day{"2026-03-02", "3월 2일 월요일"} },
		"a notice":             func(m *Message) { m.Line, m.Text = "민지님이 들어왔어요", "" },
		"found":                func(m *Message) { m.Link = "/rooms/3?before=37#message-3-17" },
		"empty":                func(m *Message) { *m = Message{} },
	} {
		m := said
		change(&m)
		all[name] = m
	}
	return all
}

// TestMessagesFromFramesAreThoseOfTheTemplate changes each value of a message. The bytes
// must be those of the template, while the frame of the message before is kept.
func TestMessagesFromFramesAreThoseOfTheTemplate(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	for name, m := range sampleMessages() {
		compareMessage(t, l, name, m)
		fields := reflect.ValueOf(&m).Elem()
		for i := range fields.NumField() {
			if fields.Field(i).Kind() == reflect.Pointer { // the day, which a sample has
				continue
			}
			eachChange(t, name+": "+fields.Type().Field(i).Name, fields.Field(i), func(field string) {
				compareMessage(t, l, field, m)
				compareMessage(t, l, field+", again", m)
			})
		}
	}
	if l.said.Len() == 0 {
		t.Error("no frame was kept")
	}
}

func compareMessage(t *testing.T, l *Locale, what string, m Message) {
	t.Helper()
	got, err := l.appendMessage([]byte("before"), m)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	want, err := l.Fragment("message/_item", m)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != "before"+string(want) {
		t.Errorf("%s: the frame makes\n%s, the template\n%s", what, got[len("before"):], want)
	}
	for _, mark := range saidValues(&saidMarks) {
		if strings.Contains(string(got), mark) {
			t.Errorf("%s: a slot is not filled", what)
		}
	}
}

// Few frames serve many people.
func TestAFrameServesManyMessages(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	for id := range int64(1000) {
		u := sns.User{ID: id, Username: "회원" + Itoa(id), Role: sns.RoleUser}
		compareMessage(t, l, u.Username, l.Message(saidBy(u, id, "안녕하세요")))
	}
	if n := l.said.Len(); n > 4 {
		t.Errorf("%d frames", n)
	}
}

// saidBy is a message below another one of the same minute and author.
func saidBy(u sns.User, seq int64, content string) chat.Line {
	at := time.UnixMicro(1_772_452_800_000_000 + seq*1e6).UTC()
	return chat.Line{
		Message:  sns.Message{Room: seq % 7, Kind: sns.MessageSaid, Author: u, Content: content, At: at, ClientID: Itoa(seq)},
		Position: chat.Position{Seq: seq, PrevUser: u.ID, PrevAt: at.UnixMicro()},
	}
}

// FuzzMessage: a message from a frame is the message of the template, whatever people are
// called and say.
func FuzzMessage(f *testing.F) {
	f.Add(int64(3), "민지", "face.jpg", "안녕 <b> & `code` https://example.com", "a-1", int64(1), true)
	f.Add(int64(-1), "a&b+'\"", "/../\"", "```\n<x>\n```", "\x00<", int64(-1), false)
	f.Add(int64(1<<62), "", "", strings.Repeat("줄\n", 99), "", int64(1<<60), true)
	frames, whole := messageLocale(f), messageLocale(f)
	f.Fuzz(func(t *testing.T, id int64, name, image, content, clientID string, seq int64, mentor bool) {
		u := sns.User{ID: id, Username: name, Image: image, Role: sns.RoleUser}
		if mentor {
			u.Role = sns.RoleMentor
		}
		line := saidBy(u, seq%1e12, content)
		line.Message.ClientID = clientID
		m := whole.Message(line)
		got, err := frames.appendMessage(nil, frames.Message(line))
		want, errWhole := whole.Fragment("message/_item", m)
		if (err == nil) != (errWhole == nil) || string(got) != string(want) {
			t.Errorf("%+v becomes\n%s, %v, not\n%s, %v", line, got, err, want, errWhole)
		}
	})
}

// messageLocale is sampleLocale, also for benchmarks.
func messageLocale(tb testing.TB) *Locale {
	tb.Helper()
	pages, err := Load(templates.FS, static.Files(), time.UTC, time.Now, false)
	if err != nil {
		tb.Fatal(err)
	}
	l, err := pages.Locale("")
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// A frame that differs from the template is an error while every message is compared.
func TestAMessageThatDiffersFromTheTemplateIsNotShown(t *testing.T) {
	t.Parallel()
	l, told := sampleLocale(t), 0
	l.proof = &proof{every: 1, differs: func(string) { told++ }}
	m := sampleMessages()["said"]
	compareMessage(t, l, "said", m)
	frame, _ := l.said.Get(m.marked())
	frame.pieces[0] = "<li>"
	if html, err := l.appendMessage(nil, m); err == nil || told != 1 {
		t.Errorf("shown is %s; told %d times", html, told)
	}
	compareMessage(t, l, "the next one", m)
}

// BenchmarkLine is the work of a replica for each message and language.
func BenchmarkLine(b *testing.B) {
	l := messageLocale(b)
	e := eventLocale{Locale: l}
	line := saidBy(sns.User{ID: 9, Username: "민지", Role: sns.RoleMentor}, 17, "내일 저녁에는 어디에서 만날까요? 저는 아무 데나 좋아요.")
	var m live.Message
	b.ReportAllocs()
	for b.Loop() {
		m, _ = e.line(line)
	}
	if len(m.HTML) == 0 {
		b.Error("no message")
	}
}
