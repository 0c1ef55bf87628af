package chat_test

import (
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// otherRoom is a second room in tests of a buffer alone.
const otherRoom = 8

// marks returns the marks of the seats of both rooms. The table has none.
func (b bufferTest) marks(t *testing.T) map[int64]string {
	t.Helper()
	marks, err := b.SeatMarks(t.Context(), []int64{bufferRoom, otherRoom})
	if err != nil {
		t.Fatal(err)
	}
	if _, table := b.Buffer.(*chat.Table); !table && (marks[bufferRoom] == "" || marks[otherRoom] == "") {
		t.Fatalf("no marks: %v", marks)
	}
	return marks
}

// under appends a line with a mark. A line with an empty mark is never refused for it.
func (b bufferTest) under(t *testing.T, mark string, m sns.Message) (int64, error) {
	t.Helper()
	done, err := b.Buffer.Append(t.Context(), m, chat.AppendRule{Spilled: b.epoch * sns.SeqEpoch, Mark: mark})
	return done.Seq, err
}

// A mark stays while people talk, and until somebody leaves the same room.
func TestAMarkStaysUntilASeatIsVacated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		if err := b.Open(t.Context(), otherRoom, 0, nil); err != nil {
			t.Fatal(err)
		}
		before := b.marks(t)
		for _, id := range []string{"a", "b"} {
			if _, err := b.under(t, before[bufferRoom], words(1, "들려요?", id)); err != nil {
				t.Errorf("with the mark: %v", err)
			}
		}
		if err := b.Vacate(t.Context(), bufferRoom); err != nil {
			t.Fatal(err)
		}
		elsewhere := words(1, "여기는요?", "a")
		elsewhere.Room = otherRoom
		if _, err := b.under(t, before[otherRoom], elsewhere); err != nil {
			t.Errorf("in another room: %v", err)
		}
		if seq, err := b.under(t, b.marks(t)[bufferRoom], words(1, "이제는요?", "d")); seq != 3 || err != nil {
			t.Errorf("with the new mark: %d, %v", seq, err)
		}
		b.says(t, 1, "표시 없이", "e")
	})
}

// With an older mark nothing is said, nor is a repeat answered.
func TestAnOlderMarkIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		old := b.marks(t)[bufferRoom]
		if old == "" {
			t.Skip("this buffer has no marks")
		}
		first := b.says(t, 1, "처음", "a")
		for range 2 { // exits are counted one by one
			if err := b.Vacate(t.Context(), bufferRoom); err != nil {
				t.Fatal(err)
			}
			for _, m := range []sns.Message{words(1, "아직 있어요", "b"), words(1, "처음", "a")} {
				_, err := b.under(t, old, m)
				wantError(t, m.ClientID, err, chat.ErrVacated)
			}
			old = b.marks(t)[bufferRoom]
		}
		b.has(t, first)
		wantSeqs(t, b.tells(t, 1), 1)
	})
}

// A room that the buffer has lost, and that is opened again, has another mark, though it
// counts its exits anew.
func TestTheMarkOfALostRoomIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		lost := b.marks(t)[bufferRoom]
		b.epoch = 1
		if err := b.Open(t.Context(), bufferRoom, b.epoch, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := b.under(t, lost, words(1, "아직 있어요", "a")); lost != "" {
			wantError(t, "with the mark of the unknown room", err, chat.ErrVacated)
		}
	})
}
