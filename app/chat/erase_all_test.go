package chat_test

import (
	"errors"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// The words of a person are emptied, in open rooms, also what was spilled, and in
// settled ones. What others said stays, and so do the seqs.
func TestEverythingThatSomebodySaidIsErased(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		open, mentor, members := r.party(t, 2)
		ended := r.opens(t, mentor, 5)
		minji, seojun := members[0], members[1]
		for _, u := range members {
			r.enters(t, ended, u)
		}
		for i, room := range []sns.Room{open, ended, open, ended} {
			key := string(rune('a' + i))
			r.says(t, room, minji, "지울 말", key)
			r.says(t, room, seojun, "남는 말", key)
		}
		if err := r.End(t.Context(), w.room(t, ended.ID), mentor); err != nil {
			t.Fatal(err)
		}
		w.settled(t, ended.ID)
		sees := r.looksOn(t, chat.Topic(open.ID))

		pages := 0
		if err := r.EraseAll(t.Context(), minji.ID, func() error { pages++; return nil }); err != nil {
			t.Fatal(err)
		}
		for _, room := range []int64{open.ID, ended.ID} {
			gone, left := 0, 0
			for _, m := range r.transcript(t, room) {
				switch {
				case m.Kind != sns.MessageSaid:
				case m.Author.ID == minji.ID && m.Deleted && m.Content == "":
					gone++
				case m.Author.ID == seojun.ID && m.Content == "남는 말":
					left++
				default:
					t.Errorf("in room %d stands %+v", room, m)
				}
			}
			if gone != 2 || left != 2 {
				t.Errorf("in room %d %d are gone and %d left", room, gone, left)
			}
		}
		eventually(t, "it is told", func() bool { return len(r.told.of(chat.Topic(open.ID), chat.KindErased)) >= 2 })
		if got := all[chat.Erased](t, &r.told, chat.Topic(open.ID), chat.KindErased); len(got) != 2 {
			t.Errorf("told are %+v", got)
		}
		if sees.hungUp() {
			t.Error("who looks on was hung up on")
		}
		if pages != 2 {
			t.Errorf("%d pages", pages)
		}

		lost := errors.New("the lease is lost")
		if err := r.EraseAll(t.Context(), seojun.ID, func() error { return lost }); !errors.Is(err, lost) {
			t.Errorf("after the lease was lost: %v", err)
		}
	})
}
