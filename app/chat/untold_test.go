package chat_test

import (
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// dies says a message as a replica does that dies before it tells who is mentioned.
func (r *replica) dies(t *testing.T, room sns.Room, author, mentioned sns.User, clientID string, at time.Time) {
	t.Helper()
	if _, err := r.Store.AddUntold(t.Context(), store.Untold{Room: room.ID, Author: author.ID, ClientID: clientID, At: at}); err != nil {
		t.Fatal(err)
	}
	_, err := r.buffer.Append(t.Context(), sns.Message{
		Room: room.ID, Kind: sns.MessageSaid, Author: author, Content: "@" + mentioned.Username, At: at,
		ClientID: clientID, Mentions: sns.NewMentioned([]sns.User{mentioned}),
	}, store.AppendRule{Spilled: r.world.room(t, room.ID).SavedUpTo()})
	if err != nil {
		t.Fatal(err)
	}
}

// wantMentions fails unless a user has as many notices of mentions, and so many messages are
// left of which nobody was told.
func (r *replica) wantMentions(t *testing.T, user sns.User, notices, untold int) {
	t.Helper()
	if err := r.TellUntold(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := r.Store.Notices(t.Context(), user.ID, nil, 0, 10)
	if err != nil || len(got) != notices {
		t.Errorf("%d notices, %v, want %d", len(got), err, notices)
	}
	left, err := r.Store.Untolds(t.Context(), 0, time.Now().Add(time.Hour), 10)
	if err != nil || len(left) != untold {
		t.Errorf("untold are %+v, %v, want %d", left, err, untold)
	}
}

// Another replica tells, once, whomever the last words of a replica mention.
func TestTheLastWordsOfAReplicaAreTold(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r, other := w.replica(t, setup{still: true}), w.replica(t, setup{still: true})
		room, mentor, members := r.party(t, 2)
		r.says(t, room, mentor, "@"+members[1].Username, "told")
		other.wantMentions(t, members[1], 1, 0)

		r.dies(t, room, mentor, members[0], "young", r.Now())
		other.wantMentions(t, members[0], 0, 1) // the replica may still be alive
		if _, again, err := r.Say(t.Context(), room.ID, mentor, "@"+members[0].Username, "young"); !again || err != nil {
			t.Fatalf("again = %t, %v", again, err)
		}
		other.wantMentions(t, members[0], 1, 1)

		old := r.Now().Add(-time.Minute / 2)
		r.dies(t, room, mentor, members[0], "old", old)
		r.says(t, room, members[1], "다른 말", "other")
		r.spillsTo(t, room, 1)
		r.dies(t, room, members[1], mentor, "in the buffer", old)
		if err := r.Store.ReadNotices(t.Context(), members[0].ID, nil); err != nil {
			t.Fatal(err)
		}
		other.wantMentions(t, members[0], 2, 1)
		r.wantMentions(t, members[0], 2, 1)
		r.wantMentions(t, mentor, 1, 1)
	})
}

// Another replica takes the notices along of a message that a replica has erased which died
// before it could.
func TestTheNoticesOfAMessageErasedByADyingReplicaGo(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r, other := w.replica(t, setup{still: true}), w.replica(t, setup{still: true})
		room, mentor, members := r.party(t, 1)
		said := []sns.Message{r.says(t, room, mentor, "@"+members[0].Username, "one"), r.says(t, room, mentor, "@"+members[0].Username+" 또", "two")}
		if err := r.Store.ReadNotices(t.Context(), members[0].ID, nil); err != nil {
			t.Fatal(err)
		}
		said = append(said, r.says(t, room, mentor, "@"+members[0].Username+" 끝", "three"))
		other.wantMentions(t, members[0], 2, 0)
		for i, m := range said {
			u := store.Untold{Room: room.ID, Author: mentor.ID, ClientID: m.ClientID, At: r.Now().Add(-time.Minute / 2)}
			if _, err := r.Store.AddUntold(t.Context(), u); err != nil {
				t.Fatal(err)
			}
			if err := r.EraseUntold(t.Context(), w.room(t, room.ID), m.Seq); err != nil {
				t.Fatal(err)
			}
			other.wantMentions(t, members[0], []int{2, 1, 0}[i], 0)
		}
	})
}

// A message that was never said, or whose room has ended, is forgotten.
func TestWordsThatWereNeverSaidAreForgotten(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{still: true})
		room, mentor, members := r.party(t, 1)
		untold := func(room int64, clientID string, age time.Duration) {
			t.Helper()
			u := store.Untold{Room: room, Author: mentor.ID, ClientID: clientID, At: r.Now().Add(-age)}
			if _, err := r.Store.AddUntold(t.Context(), u); err != nil {
				t.Fatal(err)
			}
		}
		untold(room.ID, "perhaps on its way", time.Minute/2)
		r.wantMentions(t, members[0], 0, 1)
		untold(room.ID, "never", 2*time.Minute)
		untold(99, "in no room", time.Minute/2)
		r.wantMentions(t, members[0], 0, 1)

		r.dies(t, room, mentor, members[0], "before the end", r.Now().Add(-time.Minute/2))
		r.ends(t, w.room(t, room.ID), mentor)
		r.wantMentions(t, members[0], 0, 0)
	})
}
