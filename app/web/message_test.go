package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// writes appends count lines of the authors to the buffer of a room: the first at at, the
// next ones at intervals of gap.
func (v *siteWithMembers) writes(room string, count int, at time.Time, gap time.Duration, authors ...string) {
	v.t.Helper()
	tx, err := v.database().Begin()
	if err != nil {
		v.t.Fatal(err)
	}
	var first int
	if err := tx.QueryRow("SELECT seq FROM buffers WHERE room_id = ?", room).Scan(&first); err != nil {
		v.t.Fatal(err)
	}
	for i := range count {
		_, err := tx.Exec(`INSERT INTO buffered_messages (room_id, seq, user_id, kind, content, created_at, client_id) VALUES (?, ?, ?, 'said', ?, ?, ?)`,
			room, first+i+1, authors[i%len(authors)], fmt.Sprint("말 ", i+1), at.Add(time.Duration(i)*gap).UnixMicro(), fmt.Sprint("w-", first+i+1))
		if err != nil {
			v.t.Fatal(err)
		}
	}
	if _, err := tx.Exec("UPDATE buffers SET seq = seq + ?, line_count = line_count + ? WHERE room_id = ?", count, count, room); err != nil {
		v.t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		v.t.Fatal(err)
	}
}

// numbers returns the seqs of the lines on a page, in the order of the page.
func numbers(p *apptest.Page) (all []int) {
	for _, n := range p.Find("[data-seq]").EachIter() {
		seq, _ := strconv.Atoi(n.AttrOr("data-seq", ""))
		all = append(all, seq)
	}
	return all
}

// upTo returns the numbers from from to to.
func upTo(from, to int) (all []int) {
	for i := from; i <= to; i++ {
		all = append(all, i)
	}
	return all
}

// In the original a participant did not see the messages from before entering.
func TestEnteringARoomShowsItsHistory(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.writes(room, 100, time.Now().Add(-time.Hour), time.Second, suaID)
	v.enters(room, v.minji) // line 102
	p := v.minji.Get("/rooms/" + room).Want(200)
	if got := numbers(p); !slices.Equal(got, upTo(102-web.Backlog+1, 102)) {
		t.Errorf("the page shows %v", got)
	}
	older := p.Find("#messages .older a.more").AttrOr("href", "")
	for to := 102 - web.Backlog; to > 0; to -= web.Backlog {
		plain, hx := v.minji.Get(older).Want(200), v.minji.HX().Get(older).Want(200).Lacks("#reply, meta")
		plain.Has("#reply").Has(`a.more[href="/rooms/1"]`).Lacks("#socket")
		for _, p := range []*apptest.Page{plain, hx} {
			if got := numbers(p); !slices.Equal(got, upTo(max(1, to-web.Backlog+1), to)) {
				t.Errorf("%s shows %v", older, got)
			}
		}
		older = hx.Find(".older a.more").AttrOr("href", "")
	}
	if older != "" {
		t.Errorf("before the first line there is %s", older)
	}
}

func TestWhatWasMissedComesOnceAndInOrder(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	v.writes(room, web.MostCaughtUp+50, time.Now(), time.Millisecond, suaID, minjiID)
	v.sua.Post("/rooms/"+room, "name", "새 이름", "notice", "새 공지").Want(303)
	p := v.minji.HX().Get("/rooms/" + room + "/messages?after=2").Want(200)
	if got := numbers(p); !slices.Equal(got, upTo(3, web.MostCaughtUp+2)) || p.Header.Get("X-More") == "" {
		t.Errorf("after 2 come %d: %v …", len(got), got[:min(3, len(got))])
	}
	p = v.minji.HX().Get(fmt.Sprintf("/rooms/%s/messages?after=%d", room, web.MostCaughtUp+2)).Want(200)
	if got := numbers(p); !slices.Equal(got, upTo(web.MostCaughtUp+3, web.MostCaughtUp+52)) || p.Header.Get("X-More") != "" {
		t.Errorf("then come %v", got)
	}
	p = v.minji.HX().Get("/rooms/" + room + "/messages?after=" + strconv.Itoa(web.MostCaughtUp+52)).Want(200).Lacks("[data-seq]")
	p.Has(`[hx-target="#participants"] #participants > #participant-` + suaID)
	if p.Text(`[hx-target="#room-title"]`) != "새 이름" || !strings.Contains(p.Text(`[hx-target="#room-notice"]`), "새 공지") || p.Text(`[hx-target="#room-1-seats"] #room-1-count`) != "2" {
		t.Errorf("what is in the room now: %s", p.Body)
	}
	v.ends(v.sua, room)
	p = v.minji.HX().Get("/rooms/" + room + "/messages?after=" + strconv.Itoa(web.MostCaughtUp+50)).Want(200)
	if p.Header.Get("HX-Refresh") != "true" || len(numbers(p)) != 2 {
		t.Errorf("after the end: HX-Refresh %q with %v", p.Header.Get("HX-Refresh"), numbers(p))
	}
}

func TestWhatWasDeletedMeanwhileIsCaughtUpOn(t *testing.T) {
	v := openWithRooms(t)
	room, _, minji := pair(t, v)
	gone, kept := speaks(t, minji, "지울 말"), speaks(t, minji, "남을 말")
	v.minji.Post("/rooms/" + room + "/messages/" + gone + "/delete").Want(303)
	p := v.sua.HX().Get("/rooms/" + room + "/messages?after=" + kept).Want(200).Lacks("[data-seq]")
	if got := p.Text(`[hx-target="#message-1-` + gone + ` .message-body"][hx-swap=outerHTML] .message-body.gone`); got != web.Korean("message.gone") || p.Find(".message-body").Length() != 1 {
		t.Errorf("deleted was one, and it brings %s", p.Body)
	}
	// A page whose `after` is greater than the last seq must load again.
	if to := v.sua.HX().Get("/rooms/" + room + "/messages?after=99").Want(200).Header.Get("HX-Refresh"); to != "true" {
		t.Errorf("HX-Refresh is %q", to)
	}
}

func TestDaysAreDividedAndMessagesContinued(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	if _, err := v.database().Exec("UPDATE buffered_messages SET created_at = ?", time.Date(2026, 1, 5, 9, 0, 0, 0, apptest.Seoul).UnixMicro()); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 5, 23, 58, 10, 0, apptest.Seoul) // a Monday
	v.writes(room, 3, at, 20*time.Second, minjiID)            // 3, 4, 5: 23:58:10, :30, :50
	v.writes(room, 1, at.Add(45*time.Second), 0, suaID)       // 6: a different author
	v.writes(room, 1, at.Add(60*time.Second), 0, suaID)       // 7: a different minute
	v.writes(room, 2, at.Add(110*time.Second), 0, suaID)      // 8, 9: 0:00, the next day
	p := v.minji.Get("/rooms/" + room)
	var got []string
	for _, n := range p.Find("#messages > li").EachIter() {
		switch {
		case n.Is(".day"):
			got = append(got, n.Text())
		case n.Is(".read"): // see TestTheLogOpensWhereOneWas
		case n.Is(".cont"):
			got = append(got, n.AttrOr("data-seq", "")+" cont")
		default:
			got = append(got, n.AttrOr("data-seq", ""))
		}
	}
	want := []string{"2026년 1월 5일 월요일", "1", "2", "3", "4 cont", "5 cont", "6", "7", "2026년 1월 6일 화요일", "8", "9 cont"}
	if !slices.Equal(got, want) {
		t.Errorf("the page is %q, want %q", got, want)
	}

	// Missed lines continue the lines on the page.
	p = v.minji.HX().Get("/rooms/" + room + "/messages?after=4")
	if n := p.Find(".day").Length(); n != 1 || !p.Find("#message-1-5").Is(".cont") {
		t.Errorf("%d days, and number 5 is %s", n, p.Find("#message-1-5").AttrOr("class", ""))
	}
	// Older lines of the same day take the place of the divider below them.
	v.minji.HX().Get("/rooms/" + room + "/messages?before=6").Has(`[hx-target="#day-1-6"][hx-swap=delete]`)
	v.minji.HX().Get("/rooms/" + room + "/messages?before=8").Lacks(`[hx-swap=delete]`)
}

func TestSayingSomethingWithoutScripts(t *testing.T) {
	v := openWithRooms(t)
	room, sua, _ := pair(t, v)
	page := v.minji.Get("/rooms/" + room)
	form := page.Find("form#reply")
	if form.AttrOr("method", "") != "post" || form.AttrOr("action", "") != "/rooms/1/messages" || form.Find("[name=content]").Length() != 1 {
		t.Fatal("there is no form that works without scripts")
	}
	id := form.Find("[name=client_id]").AttrOr("value", "")
	leadsTo(t, v.minji.Post("/rooms/"+room+"/messages", "content", "스크립트 없이", "client_id", id), "/rooms/1#message-1-3")
	leadsTo(t, v.minji.Post("/rooms/"+room+"/messages", "content", "스크립트 없이", "client_id", id), "/rooms/1#message-1-3") // sent twice by a double click
	f := hears(t, sua, ".message-body", "스크립트 없이")
	if f.Find("li").AttrOr("data-client-id", "") != id {
		t.Errorf("it is heard as %s", f.Body)
	}
	leadsTo(t, v.minji.Post("/rooms/"+room+"/messages", "content", "이름 없이"), "/rooms/1#message-1-4")
	if got := spoken(v.minji.Get("/rooms/" + room)); !slices.Equal(got, []string{"스크립트 없이", "이름 없이"}) {
		t.Errorf("the room says %q", got)
	}
	p := v.minji.HX().Post("/rooms/"+room+"/messages", "content", "조각으로", "client_id", "c").Want(200)
	p.Has(`[hx-target="#messages"] > li#message-1-5[data-client-id=c]`)
}

func TestARefusedMessageKeepsItsText(t *testing.T) {
	v := openWithRooms(t)
	room, sua, _ := pair(t, v)
	long := strings.Repeat("가", sns.MessageMax+1)
	for text, says := range map[string]string{
		long:     web.Korean("invalid.long", "Max", sns.MessageMax, "Length", sns.MessageMax+1),
		"\u3164": web.Korean("invalid.empty"),
	} {
		p := v.minji.Post("/rooms/"+room+"/messages", "content", text, "client_id", "a").Want(422).Has("#messages")
		if got := beside(p, "content"); got != says {
			t.Errorf("of %.20q it says %q, want %q", text, got, says)
		}
		if got := p.Text("#reply [name=content]"); got != strings.TrimSpace(text) {
			t.Errorf("kept is %.20q, want %.20q", got, text)
		}
		p = v.minji.HX().Post("/rooms/"+room+"/messages", "content", text, "client_id", "a").Want(422).Lacks("[data-seq]")
		if r := p.Find(`[hx-target="#refusals"] .refusal`); r.Text() != says || r.AttrOr("data-client-id", "") != "a" {
			t.Errorf("htmx gets %s", p.Body)
		}
	}
	v.minji.Post("/rooms/"+room+"/messages", "content", "안녕", "client_id", "<a>").Want(422)
	hearsNothingOf(t, sua, "message-body")
}

func TestADeletedMessageLeavesItsPlace(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	v.enters(room, v.seojun) // 3
	mine, theirs, kept := speaks(t, minji, "지울 말"), speaks(t, sua, "멘토의 말"), speaks(t, minji, "남을 말")
	path := "/rooms/" + room + "/messages/" + mine + "/delete"
	for _, c := range []*apptest.Client{v.seojun, v.doyun, v.haneul} {
		c.Post(path).Want(403)
		c.HX().Post(path).Want(403)
		c.Get(path).Want(403)
	}
	v.minji.Post("/rooms/" + room + "/messages/" + theirs + "/delete").Want(403)
	v.sua.Post("/rooms/" + room + "/messages/1/delete").Want(403) // the line about entering
	v.sua.Post("/rooms/" + room + "/messages/99/delete").Want(404)

	v.minji.Get(path).Want(200).Has(`form[method=post][action="` + path + `"]`)
	p := v.minji.HX().Post(path).Want(200)
	toasts(t, p, "done.deleted")
	where := "#message-1-" + mine + " .message-body"
	for name, f := range map[string]apptest.Frame{
		"the mentor's page": hears(t, sua, ".message-body", web.Korean("message.gone")),
		"her own page":      hears(t, minji, ".message-body", web.Korean("message.gone")),
	} {
		if f.Find(`[hx-target="`+where+`"][hx-swap=outerHTML]`).Length() != 1 {
			t.Errorf("%s gets %s", name, f.Body)
		}
	}
	for _, p := range []*apptest.Page{v.seojun.Get("/rooms/" + room), v.seojun.HX().Get("/rooms/" + room + "/messages?after=3")} {
		if got := spoken(p); !slices.Equal(got, []string{web.Korean("message.gone"), "멘토의 말", "남을 말"}) {
			t.Errorf("left are %q", got)
		}
		if strings.Contains(p.Body, "지울 말") {
			t.Error("the deleted text is still sent")
		}
	}
	if n := v.count("SELECT COUNT(*) FROM buffered_messages WHERE content LIKE '%지울%'"); n != 0 {
		t.Error("the deleted text is still kept")
	}
	leadsTo(t, v.minji.Post(path), "/rooms/"+room) // again changes nothing
	hearsNothingOf(t, sua, "남을 말")

	// The mentor and administrators may delete any message, after the end, too.
	leadsTo(t, v.hyunwoo.Post("/rooms/"+room+"/messages/"+theirs+"/delete"), "/rooms/"+room)
	v.ends(v.sua, room)
	leadsTo(t, v.sua.Post("/rooms/"+room+"/messages/"+kept+"/delete"), "/rooms/"+room)
	gone := web.Korean("message.gone")
	for _, c := range []*apptest.Client{v.minji, v.seojun, v.hyunwoo} {
		if got := spoken(c.Get("/rooms/" + room).Want(http.StatusOK)); !slices.Equal(got, []string{gone, gone, gone}) {
			t.Errorf("the transcript says %q", got)
		}
	}
	if n := v.count("SELECT COUNT(*) FROM messages WHERE deleted = 1 AND content = ''"); n != 3 {
		t.Errorf("%d messages are empty", n)
	}
}

// After the Back button the form may have the client id of a sent message.
func TestAnotherTextUnderTheSameNameIsNotLost(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	for _, text := range []string{"첫 번째 말", "첫 번째 말", "두 번째 말"} {
		v.sua.Post("/rooms/"+room+"/messages", "content", text, "client_id", "same").Want(303)
	}
	if got := spoken(v.sua.Get("/rooms/" + room)); !slices.Equal(got, []string{"첫 번째 말", "두 번째 말"}) {
		t.Errorf("said are %q", got)
	}
}

// The door shows the notice to a viewer who may enter; the list, and what its page is
// told, does not.
func TestAnOutsiderNeverHearsTheNotice(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	s := v.listen(v.seojun, "topic=rooms")
	v.sua.Post("/rooms/"+room, "name", "새 이름", "notice", "우리끼리 비밀").Want(303)
	for told := ""; !strings.Contains(told, "새 이름"); {
		e, ok := s.next(patience)
		if !ok {
			t.Fatal("the new name is not told")
		}
		told = e.data
		if strings.Contains(told, "비밀") {
			t.Errorf("the list is told %s", told)
		}
	}
	if e, ok := s.next(700 * time.Millisecond); ok && strings.Contains(e.data, "비밀") {
		t.Errorf("the list is told %s", e.data)
	}
}

func TestDeletingTwiceIsToldOnce(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	seq := speaks(t, minji, "지울 말")
	for range 3 {
		v.minji.Post("/rooms/" + room + "/messages/" + seq + "/delete").Want(303)
	}
	speaks(t, minji, "다음 말")
	gone := 0
	sua.Until("the next message", func(f apptest.Frame) bool {
		gone += f.Find(".message-body.gone").Length()
		return strings.Contains(f.Body, "다음 말")
	})
	if gone != 1 {
		t.Errorf("told %d times", gone)
	}
}

// Each message has one menu, which is the same for every viewer; without scripting a
// link deletes.
func TestAMessageHasOneMenu(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	said, gone := speaks(t, minji, "남을 말"), speaks(t, sua, "지울 말")
	v.sua.Post("/rooms/" + room + "/messages/" + gone + "/delete").Want(303)
	check := func(p *apptest.Page) {
		t.Helper()
		p.Has(`#message-menu[popover] [data-copy]`).Has(`#message-menu a.own[hx-target="#dialog"]`)
		p.Has(`#message-1-` + said + ` > button.act.scripted[popovertarget="message-menu"][tabindex="-1"]`)
		p.Has(`#message-1-` + said + ` > a.own.plain[href="/rooms/1/messages/` + said + `/delete"]`)
		p.Lacks(`#message-1-` + gone + ` > .btn`).Lacks(`.event > .btn`)
	}
	check(v.minji.Get("/rooms/" + room).Want(200).Lacks(`.manages #message-menu`))
	check(v.sua.Get("/rooms/" + room).Want(200).Has(`.manages #message-menu`))
	v.ends(v.sua, room)
	check(v.minji.Get("/rooms/" + room).Want(200))
}
