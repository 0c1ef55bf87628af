package load

import "testing"

// TestLedger: a missing message is lost until the message comes, and disordered
// from then on.
func TestLedger(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		came                      []int64
		lost, doubled, disordered int
	}{
		{nil, 0, 0, 0},
		{[]int64{7, 8, 9}, 0, 0, 0},
		{[]int64{7, 9}, 1, 0, 0},
		{[]int64{7, 11, 8}, 2, 0, 1},
		{[]int64{7, 8, 8, 9, 7}, 0, 2, 0},
		{[]int64{7, 9, 8, 8}, 0, 1, 1},
		{[]int64{7, 6}, 0, 1, 0},
	} {
		var l Ledger
		for _, seq := range c.came {
			l.Note(seq)
		}
		if l.Lost() != c.lost || l.Doubled != c.doubled || l.Disordered != c.disordered {
			t.Errorf("%v: lost %d, doubled %d, disordered %d; want %+v", c.came, l.Lost(), l.Doubled, l.Disordered, c)
		}
	}
}

// TestParseSaid: a message is known by its number; frames without a number are
// no messages.
func TestParseSaid(t *testing.T) {
	t.Parallel()
	for frame, want := range map[string]struct {
		seq int64
		id  string
		ok  bool
	}{
		`<li class="message" id="message-3-12" data-seq="12" data-from="5" data-client-id="a-1"><b>`: {12, "a-1", true},
		`<li class="event" data-seq="13">`:                          {13, "", true},
		`<span id="room-3-count">4</span>`:                          {},
		`<p class="refusal" data-client-id="a-1">`:                  {},
		`<li data-seq="`:                                            {},
		`<li data-seq="x">`:                                         {},
		`{"event":"gap"}`:                                           {},
		`<li data-seq="99999999999999999999999" data-client-id="">`: {},
	} {
		seq, id, ok := parseSaid([]byte(frame))
		if seq != want.seq && ok || string(id) != want.id || ok != want.ok {
			t.Errorf("%s: %d, %q, %v; want %+v", frame, seq, id, ok, want)
		}
	}
}
