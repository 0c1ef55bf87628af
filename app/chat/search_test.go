package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// searched returns the messages that all pages of a search have.
func (r *replica) searched(t testing.TB, viewer sns.User, typed string, limit int) (all []sns.FoundMessage) {
	t.Helper()
	question, _ := sns.ParseQuestion(typed)
	q := sns.Search{Question: question, Viewer: viewer, Limit: limit}
	for {
		page, next, err := r.SearchMessages(t.Context(), q)
		for end := time.Now().Add(patience); (errors.Is(err, sns.ErrSlow) || errors.Is(err, context.DeadlineExceeded)) && time.Now().Before(end); {
			page, next, err = r.SearchMessages(t.Context(), q) // once more, on a busy machine
		}
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		if all = append(all, page...); next == "" {
			return all
		}
		if q.Before = next; len(page) != limit || len(all) > 10_000 {
			t.Fatalf("%q: %d on a page of %d, %d in all", typed, len(page), limit, len(all))
		}
	}
}

// indexed works off all messages that wait to be indexed.
func (w *world) indexed(t testing.TB) {
	t.Helper()
	for {
		n, err := w.store.IndexSearch(t.Context(), 20)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if n, err := w.store.CheckSearch(t.Context()); err != nil || n > 0 {
		t.Errorf("%d blocks and messages differ, %v", n, err)
	}
}

// word returns a text that is said once.
func word(room, i int) string { return fmt.Sprintf("낱말%d번%d호", room, i) }

// TestMessagesAreFoundByThoseWhoMayRead has a table of people: rooms × viewers, in each state of
// the messages.
func TestMessagesAreFoundByThoseWhoMayRead(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		admin, stranger := w.person(t, sns.RoleAdmin), w.person(t, sns.RoleUser)
		room, mentor, members := r.party(t, 3) // one stays, one leaves, one is removed
		for i, user := range members {
			r.says(t, room, user, fmt.Sprintf("카드결제 %d", i), fmt.Sprint("id-", i))
		}
		gone := r.says(t, room, mentor, "결제는 지운 말", "gone")
		if err := r.Erase(t.Context(), room, mentor, gone.Seq); err != nil {
			t.Fatal(err)
		}
		if err := r.Leave(t.Context(), room.ID, members[1]); err != nil {
			t.Fatal(err)
		}
		if err := r.Remove(t.Context(), room, mentor, members[2]); err != nil {
			t.Fatal(err)
		}
		want := func(state string, who map[string]sns.User, n int) {
			t.Helper()
			for name, viewer := range who {
				found := r.searched(t, viewer, "결제", 2)
				if len(found) != n {
					t.Errorf("%s: %s finds %d messages, want %d", state, name, len(found), n)
				}
				for i, m := range found {
					if m.Room.ID != room.ID || m.Room.Name != room.Name || m.Author.Username != members[2-i].Username {
						t.Errorf("%s: %s finds %+v", state, name, m)
					}
				}
			}
		}
		inside := map[string]sns.User{"mentor": mentor, "member": members[0]}
		outside := map[string]sns.User{"removed": members[2], "stranger": stranger, "nobody": {}}
		before := map[string]sns.User{"who left": members[1], "administrator": admin}
		check := func(state string, ended bool) {
			t.Helper()
			want(state, inside, 3)
			want(state, outside, 0)
			want(state, before, map[bool]int{false: 0, true: 3}[ended])
		}
		check("open", false)
		r.spillsTo(t, room, 1)
		check("spilled", false)
		w.indexed(t)
		check("spilled and indexed", false)
		r.ends(t, room, mentor)
		check("saved", true)
		w.indexed(t)
		check("indexed", true)
		if n := len(r.searched(t, mentor, "결제 from:"+members[0].Username, 5)); n != 1 {
			t.Errorf("%d messages of one person", n)
		}
		for _, typed := range []string{"결제 board:free", "결제 from:없음", "지운", "결", "들어왔"} {
			if found := r.searched(t, mentor, typed, 5); len(found) > 0 {
				t.Errorf("%q finds %+v", typed, found)
			}
		}
		if err := w.store.EraseMessage(t.Context(), room.ID, r.said(t, room.ID)[0].Seq); err != nil {
			t.Fatal(err)
		}
		if n := len(r.searched(t, mentor, "결제", 5)); n != 2 {
			t.Errorf("%d messages after one was erased", n)
		}
		w.indexed(t)
	})
}

// Messages of several rooms, saved at several moments, are found in the order of their times,
// whatever the sizes of pages.
func TestMessagesOfManyRoomsAreFoundNewestFirst(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		mentor, admin := w.person(t, sns.RoleMentor), w.person(t, sns.RoleAdmin)
		var rooms []sns.Room
		for range 4 {
			rooms = append(rooms, r.opens(t, mentor, 5))
		}
		var said []store.MessageCursor
		for i := range 400 {
			room := rooms[(i*7+i/30)%len(rooms)]
			text := []string{"결제 이야기", "다른 말", "카드결제", word(i%4, i)}[i%4]
			m := r.says(t, room, mentor, text, fmt.Sprint("id-", i))
			if i%2 == 0 {
				said = append(said, store.CursorOf(m))
			}
		}
		slices.SortFunc(said, store.MessageCursor.Compare)
		check := func(state string, viewer sns.User, want []store.MessageCursor) {
			t.Helper()
			for _, limit := range []int{3, 20, 500} {
				var got []store.MessageCursor
				for _, m := range r.searched(t, viewer, "결제", limit) {
					got = append(got, store.CursorOf(m.Message))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, pages of %d: %d messages found, want %d: %.300v", state, limit, len(got), len(want), fmt.Sprint(got))
				}
			}
		}
		check("open", mentor, said)
		check("open", admin, nil)
		r.spillsTo(t, rooms[0], 5)
		w.indexed(t)
		r.spillsTo(t, rooms[1], 30)
		check("two spilled", mentor, said)
		for i, room := range rooms {
			r.ends(t, room, mentor)
			if i == 1 {
				w.indexed(t)
			}
		}
		check("saved", mentor, said)
		check("saved", admin, said)
		w.indexed(t)
		check("indexed", mentor, said)
		check("indexed", admin, said)
		if err := w.store.ReindexSearch(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.indexed(t)
		check("indexed again", admin, said)
		if found := r.searched(t, admin, word(3, 399), 5); len(found) != 1 || found[0].Content != word(3, 399) {
			t.Errorf("found %+v", found)
		}
	})
}
