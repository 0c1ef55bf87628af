package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// told fails the test unless the newest notice of c has a kind and a sentence, and returns
// the path of the notice.
func told(t *testing.T, c *apptest.Client, kind, sentence string) string {
	t.Helper()
	p := c.Get("/notifications").Want(http.StatusOK)
	first := p.Find("#notifications li[id^=notification-]").First()
	if got := first.AttrOr("data-kind", ""); got != kind || !strings.Contains(first.Text(), sentence) {
		t.Errorf("the newest notice is %s, %q, not %s, %q", got, first.Text(), kind, sentence)
	}
	return first.Find("a").AttrOr("href", "")
}

// unread fails the test unless the badge of c is as wanted.
func unread(t *testing.T, c *apptest.Client, want string) {
	t.Helper()
	if got := c.Get("/").Want(http.StatusOK).Text("#unread"); got != want {
		t.Errorf("the badge is %q, not %q", got, want)
	}
}

func TestInboxTellsOfComments(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	unread(t, v.minji, "")
	comment := v.comments(v.haneul, post, "저도 건너요")
	unread(t, v.minji, "1")
	unread(t, v.haneul, "")
	path := told(t, v.minji, "comment", "하늘님이 내 글에 댓글을 남겼어요.")
	p := v.minji.Get("/notifications?in=me").Want(http.StatusOK)
	p.Has("#notifications li.unread").Has(`.tabs [aria-current="page"][href="/notifications?in=me"]`)
	if text := p.Text("#notifications li"); !strings.Contains(text, "저도 건너요") || !strings.Contains(text, "다리를 건너요") {
		t.Errorf("the notice reads %q", text)
	}
	v.minji.Get("/notifications?in=news").Want(http.StatusOK).Lacks("#notifications li")

	v.haneul.Get(path).Want(http.StatusSeeOther)
	unread(t, v.minji, "1")
	if to := v.minji.Get(path).Want(http.StatusSeeOther).Header.Get("Location"); to != "/comments/"+comment {
		t.Errorf("the notice leads to %s", to)
	}
	unread(t, v.minji, "")
	v.minji.Get("/notifications").Want(http.StatusOK).Has("#notifications li").Lacks("#notifications li.unread")
}

func TestReadingThePostReadsItsNotices(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	v.comments(v.haneul, post, "저도요")
	v.comments(v.seojun, post, "저도 갈래요")
	told(t, v.minji, "comment", "서준님 외 1명이")
	told(t, v.haneul, "thread", "서준님이 내가 댓글을 단 글에")
	unread(t, v.minji, "1")
	v.minji.Get("/posts/" + post).Want(http.StatusOK).Has("#unread:empty")
	unread(t, v.minji, "")
	unread(t, v.haneul, "1")
	v.haneul.HX().Post("/notifications/read", "post", post).Want(http.StatusOK).Has("#unread:empty")
	unread(t, v.haneul, "")
}

func TestLookingAtMyFollowersReadsTheirNotices(t *testing.T) {
	v := open(t)
	for _, c := range []*apptest.Client{v.haneul, v.seojun} {
		c.Post(homeOf("민지")+"/follow", "on", "true").Want(http.StatusSeeOther)
	}
	path := told(t, v.minji, "follow", "서준님 외 1명이 나를 팔로우해요.")
	v.haneul.Get(homeOf("민지") + "/followers").Want(http.StatusOK)
	v.minji.Get(homeOf("민지") + "/following").Want(http.StatusOK).Has("#unread[data-news]")
	v.minji.Get(homeOf("민지") + "/followers").Want(http.StatusOK).Lacks("#unread[data-news]")
	if to := v.minji.Get(path).Want(http.StatusSeeOther).Header.Get("Location"); to != homeOf("민지")+"/followers" {
		t.Errorf("the notice leads to %s", to)
	}
}

func TestNewsAreADotWithoutNumber(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	for _, c := range []*apptest.Client{v.haneul, v.seojun} {
		c.Post("/posts/"+post+"/like", "on", "true").Want(http.StatusSeeOther)
	}
	v.haneul.Post(homeOf("민지")+"/follow", "on", "true").Want(http.StatusSeeOther)
	v.minji.Get("/").Want(http.StatusOK).Has("#unread[data-news]:empty").Has("#unread-dock[data-news]:empty")
	path := told(t, v.minji, "follow", "하늘님이 나를 팔로우해요.")
	if to := v.minji.Get(path).Want(http.StatusSeeOther).Header.Get("Location"); to != homeOf("하늘") {
		t.Errorf("the notice leads to %s", to)
	}
	p := v.minji.Get("/notifications?in=news").Want(http.StatusOK).Has("li[data-kind=like].unread").Has("li[data-kind=follow]:not(.unread)")
	if text := p.Text("li[data-kind=like]"); !strings.Contains(text, "서준님 외 1명이 내 글을 좋아해요.") {
		t.Errorf("the notice reads %q", text)
	}
	v.seojun.Post("/posts/"+post+"/like", "on", "false").Want(http.StatusSeeOther)
	if text := v.minji.Get("/notifications?in=news").Text("li[data-kind=like]"); !strings.Contains(text, "하늘님이 내 글을") {
		t.Errorf("after one has taken it back the notice reads %q", text)
	}
	v.minji.Post("/notifications/read", "in", "news").Want(http.StatusSeeOther)
	v.minji.Get("/").Want(http.StatusOK).Lacks("#unread[data-news]")
}

// The number on every stream and socket of the reader is absolute, and has the version of
// the inbox.
func TestBadgeIsLive(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	stream := v.minji.Listen("me")
	v.comments(v.haneul, post, "저도요")
	stream.Shows("#unread", "1")
	v.minji.Post("/notifications/read").Want(http.StatusSeeOther)
	stream.Shows("#unread", "")
}

func TestMutedPostsTellNothing(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	v.minji.Post("/posts/"+post+"/mute", "on", "true").Want(http.StatusSeeOther)
	v.minji.Get("/posts/" + post).Want(http.StatusOK).Has("#post-" + post + `-mute[aria-pressed="true"][value="false"]`)
	v.comments(v.haneul, post, "저도요")
	unread(t, v.minji, "")
	v.minji.HX().Post("/posts/"+post+"/mute", "on", "false").Want(http.StatusOK).Has("#post-" + post + `-mute[aria-pressed="false"]`)
	v.comments(v.haneul, post, "정말요")
	unread(t, v.minji, "1")
}

func TestSwitchesOfNotices(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	p := v.minji.Get("/settings/notifications").Want(http.StatusOK)
	p.Has(`[name="comment.inbox"][checked]`).Has(`[name="comment.push"][checked]`).Has(`[name="like.inbox"][checked]`).Has(`[name="like.push"]:not([checked])`)
	p.Has(`[name="quiet"]:not([checked])`)
	v.minji.Post("/settings/notifications", "mention.inbox", "on", "quiet", "on", "quiet_from", "23:30", "quiet_to", "06:00", "zone", "Europe/Berlin").Want(http.StatusSeeOther)
	p = v.minji.Get("/settings/notifications").Want(http.StatusOK)
	p.Has(`[name="mention.inbox"][checked]`).Has(`[name="comment.inbox"]:not([checked])`).Has(`[name="quiet"][checked]`)
	p.Has(`[name="quiet_from"][value="23:30"]`).Has(`[name="quiet_to"][value="06:00"]`).Has(`[value="Europe/Berlin"][selected]`)
	v.comments(v.haneul, post, "저도요")
	unread(t, v.minji, "")
	for _, bad := range [][]string{{"quiet_from", "25:00"}, {"quiet_to", "06:00"}, {"zone", "Mars/Olympus"}} {
		fields := map[string]string{"quiet": "on", "quiet_from": "06:00", "quiet_to": "07:00", "zone": "", bad[0]: bad[1]}
		var pairs []string
		for name, value := range fields {
			pairs = append(pairs, name, value)
		}
		v.minji.Post("/settings/notifications", pairs...).Want(http.StatusUnprocessableEntity).Has("#switches .error").Has("#switches [aria-invalid]")
	}
}

// A notice whose thing is gone goes along; its link says so.
func TestNoticesOfDeletedThings(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "다리를 건너요")
	comment := v.comments(v.haneul, post, "저도요")
	path := told(t, v.minji, "comment", "하늘님이")
	v.haneul.Post("/comments/" + comment + "/delete").Want(http.StatusSeeOther)
	unread(t, v.minji, "")
	v.minji.Get("/notifications").Want(http.StatusOK).Lacks("#notifications li").Has("#notifications .empty")
	v.minji.Get(path).Want(http.StatusSeeOther)
	if text := v.minji.Get("/notifications").Text("#toasts"); !strings.Contains(text, web.Korean("done.notice_gone")) {
		t.Errorf("the toast reads %q", text)
	}
}

// The inbox is paged by keyset, and each half lists its own.
func TestInboxHasPages(t *testing.T) {
	v := open(t)
	for range web.InboxSize + 5 {
		post := v.posts(v.minji, "글")
		v.comments(v.haneul, post, "댓글")
	}
	p := v.minji.Get("/notifications").Want(http.StatusOK)
	unread(t, v.minji, "35")
	more := p.Find(".inbox .more").AttrOr("href", "")
	next := v.minji.HX().Get(more).Want(http.StatusOK)
	seen := map[string]bool{}
	for _, page := range []*apptest.Page{p, next} {
		for _, id := range regexp.MustCompile(`id="notification-\d+"`).FindAllString(page.Body, -1) {
			seen[id] = true
		}
	}
	if len(seen) != web.InboxSize+5 {
		t.Errorf("two pages have %d notices", len(seen))
	}
}

// Opening the door of a room reads the notice of the room, and the transcript those of the
// mentions in it.
func TestLookingAtARoomReadsItsNotices(t *testing.T) {
	v := openWithRooms(t)
	v.follows(v.minji, "수아")
	room := v.opens(v.sua, "주말 산책", 5)
	told(t, v.minji, "room", "수아님이 단톡방을 열었어요.")
	v.minji.Get("/").Want(http.StatusOK).Has("#unread[data-news]")
	v.minji.Get("/rooms/" + room).Want(http.StatusOK).Lacks("#unread[data-news]")
	v.enters(room, v.minji)
	stream := v.minji.Listen("me")
	speaks(t, talks(v.sua, room), "@민지님 같이 가요")
	stream.Shows("#unread", "1") // notices follow the message
	path := told(t, v.minji, "mention", "수아님이 단톡방에서 나를 불렀어요.")
	if to := v.minji.Get(path).Want(http.StatusSeeOther).Header.Get("Location"); !strings.HasPrefix(to, "/rooms/"+room+"#message-"+room+"-") {
		t.Errorf("the notice leads to %s", to)
	}
	stream.Shows("#unread", "")
	speaks(t, talks(v.sua, room), "@민지 어디예요")
	stream.Shows("#unread", "1")
	v.ends(v.sua, room)
	v.saved(room)
	v.minji.Get("/rooms/" + room).Want(http.StatusOK).Has("#unread:empty")
	unread(t, v.minji, "")
}
