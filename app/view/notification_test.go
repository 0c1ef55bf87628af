package view

import (
	"testing"
	"time"

	"xxsns/app/sns"
)

// TestNoticesAreSentences: each kind has a sentence with right particles, a path to its place,
// and a push whose second line says what the notice is about.
func TestNoticesAreSentences(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	haneul, gone := sns.User{ID: 2, Username: "하늘"}, sns.User{ID: 3}
	for _, c := range []struct {
		notice           sns.Notice
		text, path, body string
	}{
		{sns.Notice{Kind: sns.NoticeComment, Post: 17, Comment: 5, Actors: []sns.User{haneul}, Title: "산책", Words: "저도요"}, "하늘님이 내 글에 댓글을 남겼어요.", "/comments/5", "저도요"},
		{sns.Notice{Kind: sns.NoticeThread, Post: 17, Comment: 5, Actors: []sns.User{haneul, gone}, Title: "산책"}, "하늘님 외 1명이 내가 댓글을 단 글에 댓글을 남겼어요.", "/comments/5", "산책"},
		{sns.Notice{Kind: sns.NoticeThread, Post: 17, Comment: 5, Actors: []sns.User{gone}}, "탈퇴한 사용자가 내가 댓글을 단 글에 댓글을 남겼어요.", "/comments/5", ""},
		{sns.Notice{Kind: sns.NoticeMention, Post: 17, Actors: []sns.User{haneul}, Title: "@민지"}, "하늘님이 나를 불렀어요.", "/posts/17", "@민지"},
		{sns.Notice{Kind: sns.NoticeMention, Room: 3, Seq: 12, Actors: []sns.User{haneul}, Title: "독서"}, "하늘님이 단톡방에서 나를 불렀어요.", "/rooms/3#message-3-12", "독서"},
		{sns.Notice{Kind: sns.NoticeLike, Post: 17, Actors: []sns.User{haneul, gone}, Others: 2, Image: true}, "하늘님 외 3명이 내 글을 좋아해요.", "/posts/17", "사진"},
		{sns.Notice{Kind: sns.NoticeFollow, Actors: []sns.User{haneul}}, "하늘님이 나를 팔로우해요.", HomePath("하늘"), ""},
		{sns.Notice{Kind: sns.NoticeFollow, Actors: []sns.User{haneul, gone}}, "하늘님 외 1명이 나를 팔로우해요.", "", ""},
		{sns.Notice{Kind: sns.NoticeRoom, Room: 3, Actors: []sns.User{haneul}, Title: "독서"}, "하늘님이 단톡방을 열었어요.", "/rooms/3", "독서"},
		{sns.Notice{Kind: sns.NoticeSeat, Room: 3, Title: "독서"}, "기다리던 방에 자리가 났어요.", "/rooms/3", "독서"},
		{sns.Notice{Kind: sns.NoticeReport, Decided: sns.DecisionReport, Words: "고마워요"}, "신고한 내용을 살펴봤어요.", "/reports", "고마워요"},
		{sns.Notice{Kind: sns.NoticeReport, Decided: sns.DecisionReport, Others: 2}, "신고한 내용을 살펴봤어요. (외 2건)", "/reports", ""},
		{sns.Notice{Kind: sns.NoticeReport, Decided: "later"}, "나에 대한 결정이 있어요.", "/reports", ""},
	} {
		v, push := l.Notification(c.notice, time.Now()), l.NoticePush(c.notice, sns.Inbox{Mine: 4})
		if v.Text != c.text || v.Icon == "" || v.Kind != c.notice.Kind.String() {
			t.Errorf("%+v", v)
		}
		if path := NoticePath(c.notice); path != c.path {
			t.Errorf("%s leads to %q, not %q", c.text, path, c.path)
		}
		if push.Title != c.text || push.Body != c.body {
			t.Errorf("pushed as %q, %q, not %q, %q", push.Title, push.Body, c.text, c.body)
		}
	}
}

func TestABadgeHasAnEnd(t *testing.T) {
	t.Parallel()
	for mine, want := range map[int]string{0: "", 1: "1", 999: "999", 1000: "999+"} {
		if v := NewUnread(sns.Inbox{Mine: mine, News: 1, Version: 7}); v.Count != want || !v.News || v.Version != 7 {
			t.Errorf("%d reads %+v", mine, v)
		}
	}
}
