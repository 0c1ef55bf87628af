package chat_test

import (
	"slices"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// A message mentions who is inside when it is said, wherever it is read: in the event, from
// the buffer, from the database after a spill, and from the transcript. A repeat tells nobody
// again.
func TestMessagesMentionWhoIsInside(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		outside, left := w.person(t, sns.RoleUser), members[1]
		if err := r.Leave(t.Context(), room.ID, left); err != nil {
			t.Fatal(err)
		}
		text := "@" + members[0].Username + "님 @" + outside.Username + " @" + left.Username + "에게 `@" + mentor.Username + "`"
		m := r.says(t, room, mentor, text, "mention")
		want := sns.NewMentioned(members[:1])
		if m.Mentions != want {
			t.Errorf("%q mentions %q, want %q", text, m.Mentions, want)
		}
		if _, again, err := r.Say(t.Context(), room.ID, mentor, text, "mention"); !again || err != nil {
			t.Errorf("again = %t, %v", again, err)
		}
		plain := r.says(t, room, mentor, "아무도 부르지 않아요 "+outside.Username, "plain")
		erased := r.says(t, room, mentor, "@"+members[0].Username, "erased")
		if err := r.Erase(t.Context(), room, mentor, erased.Seq); err != nil {
			t.Fatal(err)
		}
		notices, err := r.Store.Notices(t.Context(), members[0].ID, nil, 0, 10)
		if err != nil || len(notices) != 1 || notices[0].Kind != sns.NoticeMention || notices[0].Room != room.ID || notices[0].Seq != m.Seq {
			t.Errorf("told %+v, %v", notices, err)
		}
		for _, u := range []sns.User{mentor, outside, left} {
			if inbox, err := r.Store.Inbox(t.Context(), u.ID); err != nil || inbox.Mine > 0 {
				t.Errorf("%s has %+v, %v", u.Username, inbox, err)
			}
		}
		read := func(when string) {
			t.Helper()
			for _, line := range r.said(t, room.ID) {
				if of := map[int64]sns.Mentioned{m.Seq: want, plain.Seq: "", erased.Seq: ""}[line.Seq]; line.Mentions != of {
					t.Errorf("%s, %q mentions %q, want %q", when, line.Content, line.Mentions, of)
				}
			}
		}
		read("in the buffer")
		r.spillsTo(t, room, 1)
		read("in the database")
		r.says(t, room, mentor, "마지막 말", "last")
		r.ends(t, w.room(t, room.ID), mentor)
		read("in the transcript")
	})
}

// The event has the names, so that pages show them as links at once.
func TestMentionsAreInTheEvent(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 1)
		r.looksOn(t, chat.Topic(room.ID))
		m := r.says(t, room, mentor, "@"+members[0].Username, "mention")
		eventually(t, "the message is told", func() bool {
			lines := all[chat.Line](t, &r.told, chat.Topic(room.ID), chat.KindLine)
			return slices.ContainsFunc(lines, func(l chat.Line) bool { return l.Message.Content == m.Content && l.Message.Mentions == m.Mentions })
		})
	})
}
