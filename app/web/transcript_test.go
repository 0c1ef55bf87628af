package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

func TestWhoMayReadAfterTheEnd(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 10)
	v.enters(room, v.minji, v.seojun, v.haneul)
	speaks(t, talks(v.minji, room), "기억할 말")
	v.seojun.Post("/rooms/" + room + "/leave").Want(303)
	v.sua.Post("/rooms/" + room + "/participants/" + haneulID + "/remove").Want(303)
	leadsTo(t, v.sua.Post("/rooms/"+room+"/end"), "/rooms/"+room)
	look := func(when string) {
		for name, c := range map[string]*apptest.Client{"mentor": v.sua, "who was inside": v.minji, "who left": v.seojun, "administrator": v.hyunwoo} {
			if got := spoken(c.Get("/rooms/" + room).Want(200)); !slices.Equal(got, []string{"기억할 말"}) {
				t.Errorf("%s %s reads %q", when, name, got)
			}
			c.Get("/rooms/" + room + "/transcript").Want(200)
			c.Get("/rooms/" + room + "/messages").Want(200)
		}
		for name, c := range map[string]*apptest.Client{"who was removed": v.haneul, "another mentor": v.doyun} {
			p := c.Get("/rooms/" + room).Want(200)
			says(t, p, "room.door_ended")
			if strings.Contains(p.Body, "기억할 말") {
				t.Errorf("%s %s reads it", when, name)
			}
			for _, path := range []string{"/transcript", "/transcript?format=json", "/messages", "/messages?after=0"} {
				c.Get("/rooms/" + room + path).Want(403)
				c.HX().Get("/rooms/" + room + path).Want(403)
			}
			if strings.Contains(c.Get("/rooms/"+room+"?q="+url.QueryEscape("기억")).Body, "기억할 말") {
				t.Errorf("%s %s finds it", when, name)
			}
		}
	}
	look("while it is saved")
	v.saved(room)
	look("when it is saved")
}

// A record is the JSON of a transcript.
type record struct {
	Room struct {
		ID           int64
		Name, Mentor string
		CreatedAt    time.Time  `json:"created_at"`
		EndedAt      *time.Time `json:"ended_at"`
	}
	Messages []struct {
		Seq                 int64
		Kind, User, Content string
		At                  time.Time
		Deleted             bool
	}
}

func download(t *testing.T, c *apptest.Client, room string) (r record) {
	t.Helper()
	p := c.Get("/rooms/" + room + "/transcript?format=json").Want(200)
	if err := json.Unmarshal([]byte(p.Body), &r); err != nil {
		t.Fatalf("%v\n%.600s", err, p.Body)
	}
	return r
}

// transcript returns the texts of a room's messages, in order.
func transcript(t *testing.T, c *apptest.Client, room string) (said []string) {
	t.Helper()
	for _, m := range download(t, c, room).Messages {
		if m.Kind == "said" {
			said = append(said, m.Content)
		}
	}
	return said
}

func TestALongTranscriptIsReadPageByPage(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "긴 방", 5)
	const lines = 2*web.TranscriptSize + 50
	v.writes(room, lines-1, time.Now(), time.Millisecond, suaID)
	v.ends(v.sua, room)

	var forward, pages []string
	for path := "/rooms/" + room; path != ""; {
		p := v.sua.Get(path).Want(200)
		forward, pages = append(forward, spoken(p)...), append(pages, path)
		next := hrefs(p, `a.more[href*="after="]`)
		if path = ""; len(next) > 0 {
			path = next[0]
		}
	}
	if len(pages) != 3 || len(forward) != lines-1 || forward[0] != "말 1" || forward[len(forward)-1] != fmt.Sprint("말 ", lines-1) {
		t.Errorf("%d messages on %v", len(forward), pages)
	}
	back := v.sua.Get(pages[2]).Want(200)
	path := hrefs(back, `a.more[href*="before="]`)
	if len(path) != 1 {
		t.Fatalf("from %s there is no way back: %v", pages[2], path)
	}
	p := v.sua.Get(path[0]).Want(200)
	if got := numbers(p); !slices.Equal(got, upTo(web.TranscriptSize+1, 2*web.TranscriptSize)) {
		t.Errorf("%s shows %d to %d", path[0], got[0], got[len(got)-1])
	}
	first := v.sua.Get(hrefs(p, `a.more[href*="before="]`)[0]).Want(200).Lacks(`a.more[href*="before="]`)
	if got := numbers(first); !slices.Equal(got, upTo(1, web.TranscriptSize)) {
		t.Errorf("the first page shows %d to %d", got[0], got[len(got)-1])
	}
	for _, cursor := range []string{"-1", "x"} {
		v.sua.Get("/rooms/" + room + "?after=" + cursor).Want(400)
	}
	v.sua.Get("/rooms/" + room + "?after=99999").Want(200)

	found := v.sua.Get("/rooms/" + room + "?q=" + url.QueryEscape("말 44")).Want(200)
	if got := spoken(found); !slices.Equal(got, append([]string{"말 44"}, numbered("말 ", 440, lines-1)...)) {
		t.Errorf("found are %q", got)
	}
	many := v.sua.Get("/rooms/" + room + "?q=" + url.QueryEscape("말")).Want(200)
	says(t, many, "room.found_more", "Count", lines-1, "Shown", web.FoundMost)
	if got := spoken(many); len(got) != web.FoundMost || got[len(got)-1] != fmt.Sprint("말 ", lines-1) {
		t.Errorf("of many are shown %d", len(got))
	}
}

// numbered returns copies of a text with the numbers from from to to.
func numbered(text string, from, to int) (all []string) {
	for _, n := range upTo(from, to) {
		all = append(all, fmt.Sprint(text, n))
	}
	return all
}

func TestTheTranscriptIsDownloadedWhole(t *testing.T) {
	v := openWithRooms(t)
	const name = `자바/스프링: "질문" <1>?`
	room := v.opens(v.sua, name, 5)
	v.enters(room, v.minji)
	talk := talks(v.minji, room)
	speaks(t, talk, "첫 줄\n둘째 줄 <b>")
	gone := speaks(t, talk, "지울 말")
	v.minji.Post("/rooms/" + room + "/messages/" + gone + "/delete").Want(303)
	const more = 1100 // more than the program reads or saves at once
	v.writes(room, more, time.Now(), time.Microsecond, suaID)
	check := func(when string, ended bool) {
		p := v.minji.Get("/rooms/" + room + "/transcript").Want(200)
		kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || params["filename"] != "자바_스프링_ _질문_ _1__-1.txt" {
			t.Errorf("%s: the file is %q (%v)", when, p.Header.Get("Content-Disposition"), err)
		}
		if p.Header.Get("Content-Type") != "text/plain; charset=utf-8" || p.Header.Get("X-Content-Type-Options") != "nosniff" || p.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: headers %v", when, p.Header)
		}
		if head, _, _ := strings.Cut(p.Body, "\n["); !strings.HasPrefix(head, "\ufeff"+name+"\n") || !strings.HasSuffix(head, "\n"+web.Korean("transcript.zone", "Zone", "KST", "Offset", "+09:00")+"\n") {
			t.Errorf("%s: the head is %q", when, head)
		}
		for _, line := range []string{"] 민지: 첫 줄\n    둘째 줄 <b>\n", "] 민지: " + web.Korean("message.gone") + "\n", "] " + web.Korean("message.entered", "Name", "민지") + "\n", "] 수아: 말 1100\n"} {
			if !strings.Contains(p.Body, line) {
				t.Errorf("%s: the text lacks %q", when, line)
			}
		}
		if n := strings.Count(p.Body, "\n["); n != more+4 || strings.Contains(p.Body, "지울 말") {
			t.Errorf("%s: the text has %d lines", when, n)
		}
		_, params, _ = mime.ParseMediaType(v.minji.Get("/rooms/" + room + "/transcript?format=json").Header.Get("Content-Disposition"))
		if params["filename"] != "자바_스프링_ _질문_ _1__-1.json" {
			t.Errorf("%s: the other file is %q", when, params["filename"])
		}
		r := download(t, v.minji, room)
		if r.Room.ID != 1 || r.Room.Name != name || r.Room.Mentor != "수아" || r.Room.CreatedAt.IsZero() || (r.Room.EndedAt != nil) != ended {
			t.Errorf("%s: the room is %+v", when, r.Room)
		}
		for i, m := range r.Messages {
			if m.Seq != int64(i+1) || m.At.IsZero() {
				t.Fatalf("%s: number %d is %+v", when, i+1, m)
			}
		}
		if len(r.Messages) != more+4 || r.Messages[1].Kind != "entered" || r.Messages[2].Content != "첫 줄\n둘째 줄 <b>" || !r.Messages[3].Deleted || r.Messages[3].Content != "" {
			t.Errorf("%s: there are %d messages, at first %+v", when, len(r.Messages), r.Messages[:min(4, len(r.Messages))])
		}
	}
	check("open", false)
	v.ends(v.sua, room)
	check("ended", true)
	links := hrefs(v.minji.Get("/rooms/"+room), "a[download]")
	if !slices.Equal(links, []string{"/rooms/1/transcript?format=txt", "/rooms/1/transcript?format=json"}) {
		t.Errorf("the page offers %v", links)
	}
}

// A found message links to the message's place in the transcript.
func TestWhatIsFoundLeadsToItsPlace(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "책 이야기", 5)
	for i := range 30 {
		v.sua.Post("/rooms/"+room+"/messages", "content", fmt.Sprintf("%d쪽을 읽었어요", i)).Want(303)
	}
	found := v.sua.Get("/rooms/" + room + "?q=" + url.QueryEscape("3쪽을")).Want(200)
	link, _ := found.Find("#message-1-5 a.found").Attr("href")
	path, _, _ := strings.Cut(link, "#")
	v.sua.Get(path).Want(200).Has("#message-1-5")
	if !strings.HasSuffix(link, "#message-1-5") {
		t.Errorf("the link leads to %q", link)
	}
}

// A download that breaks off must not look like a whole file.
func TestAnAnswerThatBreaksOffIsNoWholeOne(t *testing.T) {
	server := httptest.NewServer(web.CutOff("the first half"))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	res, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("read to its end: %q", body)
	}
}
