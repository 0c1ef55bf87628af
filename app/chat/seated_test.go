package chat_test

import (
	"context"
	"fmt"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// exits are the ways out of a room.
var exits = map[string]func(*replica, context.Context, sns.Room, sns.User, sns.User) error{
	"left": func(r *replica, ctx context.Context, room sns.Room, _, user sns.User) error {
		return r.Leave(ctx, room.ID, user)
	},
	"removed": func(r *replica, ctx context.Context, room sns.Room, mentor, user sns.User) error {
		return r.Remove(ctx, room, mentor, user)
	},
}

// A user who has left or was removed at a replica says nothing at another one, where a moment ago
// everybody was known to be inside. No event tells that replica.
func TestWhoIsOutsideSaysNothingAtAnotherReplica(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		near := w.replica(t, setup{})
		far := w.replica(t, setup{mortal: true})
		for name, exits := range exits {
			t.Run(name, func(t *testing.T) {
				room, mentor, members := near.party(t, 2)
				for i, user := range members {
					far.says(t, room, user, "들려요?", fmt.Sprint("before-", i))
				}
				if err := exits(near, t.Context(), room, mentor, members[0]); err != nil {
					t.Fatal(err)
				}
				_, _, err := far.Say(t.Context(), room.ID, members[0], "아직 있어요", "after")
				wantError(t, "say outside", err, sns.ErrForbidden)
				_, _, err = far.Say(t.Context(), room.ID, members[0], "들려요?", "before-0")
				wantError(t, "say again outside", err, sns.ErrForbidden)
				far.says(t, room, members[1], "저는 남았어요", "stays")
				if name == "left" { // and whoever comes back may speak at once
					near.enters(t, room, members[0])
					far.says(t, room, members[0], "다시 왔어요", "back")
				}
			})
		}
	})
}

// If the buffer cannot be told, nobody is told to be outside before all replicas have
// forgotten who was inside.
func TestLeavingWaitsUntilNobodyRemembers(t *testing.T) {
	t.Parallel()
	w := replicated(t)
	near, buffer := w.onShaky(t, setup{}, 0)
	far := w.replica(t, setup{mortal: true})
	for name, exits := range exits {
		t.Run(name, func(t *testing.T) {
			room, mentor, members := near.party(t, 1)
			buffer.on("before Vacate 1", func(context.Context) error { return fmt.Errorf("%w: no answer", sns.ErrUnavailable) })
			far.says(t, room, members[0], "마지막으로 하는 말", "last") // known from now on
			if err := exits(near, t.Context(), room, mentor, members[0]); err != nil {
				t.Fatal(err)
			}
			_, _, err := far.Say(t.Context(), room.ID, members[0], "아직 있어요", "after")
			wantError(t, "say outside", err, sns.ErrForbidden)
		})
	}
}

// Messages of people who are known to be inside ask the database nothing.
func TestTalkingAsksTheDatabaseOnceASecond(t *testing.T) {
	t.Parallel()
	w := replicated(t)
	r := w.replica(t, setup{mortal: true, still: true})
	room, mentor, members := r.party(t, 2)
	r.says(t, room, mentor, "시작해요", "first")
	if err := r.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		r.says(t, room, members[i%2], "끊겨도 말해요", fmt.Sprint("said-", i))
		r.clock.Store(int64(store.RecentFor) * int64(i) / 40)
	}
	r.clock.Store(int64(store.RecentFor))
	if _, _, err := r.Say(t.Context(), room.ID, mentor, "아직도요?", "late"); err == nil {
		t.Error("a second later the database was not asked")
	}
}
