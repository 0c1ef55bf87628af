package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
)

// said returns n messages from the seq first on, by two users in turn, one per
// second.
func said(room, first int64, n int) []sns.Message {
	all := make([]sns.Message, n)
	for i := range all {
		seq := first + int64(i)
		all[i] = sns.Message{
			Room: room, Seq: seq, Kind: sns.MessageSaid, Author: sns.User{ID: 1 + seq%5},
			Content: fmt.Sprintf("%d번째 말: 오늘 읽은 책 이야기", seq), At: noon.Add(time.Duration(seq) * time.Second),
		}
	}
	return all
}

// save saves messages of a room whose settlement the token holds.
func (d *database) save(t testing.TB, room int64, token string, batch []sns.Message) {
	t.Helper()
	if err := d.SaveMessages(t.Context(), room, token, batch); err != nil {
		t.Fatal(err)
	}
}

// wantMessages checks the saved messages of a room.
func (d *database) wantMessages(t testing.TB, room int64, want []sns.Message) {
	t.Helper()
	got, err := d.Messages(t.Context(), room, sns.MessagePage{Limit: len(want) + 1000})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d messages, want %d (%v)", len(got), len(want), err)
	}
	if n, err := d.CountMessages(t.Context(), room); err != nil || n != int64(len(want)) {
		t.Errorf("%d are counted, want %d (%v)", n, len(want), err)
	}
}

func TestMessagesAreReadBackAsSaved(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.endedRoom(t, d.user(t, "민지"))
		d.claim(t, room, "a")
		batch := said(room, 1, 5)
		batch[1].Kind, batch[1].Content = sns.MessageEntered, ""
		batch[2].Deleted, batch[2].Content = true, ""
		batch[3].Content = "줄\n바꿈 😀 'quoted' \\ \"twice\" ?"
		batch[4].Seq = 2*sns.SeqEpoch + 1
		d.save(t, room, "a", batch)
		d.save(t, room, "a", nil)
		d.wantMessages(t, room, batch)
		if got, err := d.Message(t.Context(), room, batch[4].Seq); err != nil || got != batch[4] {
			t.Errorf("one: %+v, %v", got, err)
		}
		if _, err := d.Message(t.Context(), room, 6); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	})
}

// pages are the pages of the messages 1 to 9 that both the buffer and the saved
// messages must return.
var pages = []struct {
	page sns.MessagePage
	want []int64
}{
	{sns.MessagePage{Limit: 3}, []int64{1, 2, 3}},
	{sns.MessagePage{After: 3, Limit: 3}, []int64{4, 5, 6}},
	{sns.MessagePage{After: 7, Limit: 3}, []int64{8, 9}},
	{sns.MessagePage{After: 9, Limit: 3}, nil},
	{sns.MessagePage{Before: 9, Limit: 3}, []int64{6, 7, 8}},
	{sns.MessagePage{Before: 3, Limit: 3}, []int64{1, 2}},
	{sns.MessagePage{Before: 1, Limit: 3}, nil},
	{sns.MessagePage{After: 4, Before: 9, Limit: 9}, []int64{5, 6, 7, 8}},
	{sns.LastMessages(2), []int64{8, 9}},
	{sns.LastMessages(100), []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
}

func seqs(all []sns.Message) (seqs []int64) {
	for _, m := range all {
		seqs = append(seqs, m.Seq)
	}
	return seqs
}

func TestPagesOfMessages(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		for range 3 { // rooms before and after this one
			room := d.endedRoom(t, minji)
			d.claim(t, room, "a")
			d.save(t, room, "a", said(room, 1, 9))
		}
		for _, p := range pages {
			if got, err := d.Messages(t.Context(), 2, p.page); err != nil || !slices.Equal(seqs(got), p.want) {
				t.Errorf("%+v: %v, %v, want %v", p.page, seqs(got), err, p.want)
			}
		}
	})
}

func TestEachMessageIsSavedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		room, other := d.endedRoom(t, minji), d.endedRoom(t, minji)
		d.claim(t, room, "a")
		d.claim(t, other, "a")
		all := said(room, 1, 1000)
		d.save(t, other, "a", said(other, 1, 10))
		for _, step := range []struct{ from, to, saved int }{
			{0, 500, 500}, {0, 500, 500}, {300, 800, 800}, {790, 801, 801}, {600, 1000, 1000}, {0, 1, 1000},
		} {
			d.save(t, room, "a", all[step.from:step.to])
			if s, err := d.Settlement(t.Context(), room); err != nil || s.Saved != int64(step.saved) {
				t.Errorf("after %d to %d: %d are saved, want %d (%v)", step.from, step.to, s.Saved, step.saved, err)
			}
		}
		d.wantMessages(t, room, all)
		d.wantMessages(t, other, said(other, 1, 10))
		d.save(t, other, "a", append(said(other, 5, 10), said(other, 12, 3)...)) // the batch itself has duplicates
		d.wantMessages(t, other, said(other, 1, 14))
		if s, err := d.Settlement(t.Context(), other); err != nil || s.Saved != 14 {
			t.Errorf("%d are saved, %v", s.Saved, err)
		}
	})
}

// A message that is saved already wins: it may have been erased since.
func TestSavingAgainChangesNoMessage(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.endedRoom(t, d.user(t, "민지"))
		d.claim(t, room, "a")
		all := said(room, 1, 4)
		d.save(t, room, "a", all[:3])
		for range 2 {
			if err := d.EraseMessage(t.Context(), room, 2); err != nil {
				t.Error(err)
			}
		}
		d.save(t, room, "a", all)
		all[1].Content, all[1].Deleted = "", true
		d.wantMessages(t, room, all)
		if err := d.EraseMessage(t.Context(), room, 5); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	})
}

// Two calls with the same token, as after a context that ended too early, save
// overlapping batches.
func TestOverlappingMessagesSavedAtOnce(t *testing.T) { each(t, overlappingMessages) }

func overlappingMessages(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	var rooms [3]int64
	for i := range rooms {
		rooms[i] = d.endedRoom(t, minji)
		d.claim(t, rooms[i], "a")
	}
	together(12, func(i int) {
		room := rooms[i%len(rooms)]
		for from := int64(1); from < 200; from += 20 + int64(i) {
			if err := d.SaveMessages(t.Context(), room, "a", said(room, from, 60)); err != nil {
				t.Errorf("%d from %d: %v", i, from, err)
			}
		}
	})
	for _, room := range rooms {
		n, err := d.CountMessages(t.Context(), room)
		if s, errs := d.Settlement(t.Context(), room); err != nil || errs != nil || s.Saved != n || n < 200 {
			t.Errorf("%d are counted as saved, %d are there (%v, %v)", s.Saved, n, err, errs)
		}
		got, err := d.Messages(t.Context(), room, sns.MessagePage{Limit: 1000})
		for i, m := range got {
			if m.Seq != int64(i+1) {
				t.Fatalf("message %d is at place %d (%v)", m.Seq, i+1, err)
			}
		}
	}
}

func TestUsersByID(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ids := d.users(t, 3)
		asked := []int64{ids[2], ids[0], 9999, ids[0]}
		for i := range int64(1100) {
			asked = append(asked, 1_000_000+i)
		}
		got, err := d.Users(t.Context(), asked)
		want := map[int64]sns.User{}
		for _, i := range []int{0, 2} {
			want[ids[i]] = sns.User{ID: ids[i], Username: fmt.Sprint("사람", i), Role: sns.RoleUser, CreatedAt: noon}
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if got, err := d.Users(t.Context(), nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %+v, %v", got, err)
		}
	})
}
