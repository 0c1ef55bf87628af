package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"xxsns/app/sns"
)

const (
	lives       = 5   // rooms of a run of the test, in each world
	actsOfALife = 200 // in a room
	cast        = 6   // people of a room, beside its mentor
)

// Rooms live by chance: users enter, talk, repeat messages without acknowledgement,
// delete, leave, are removed and restored, and reconnect, while messages are spilled and
// replicas die in the middle of it. In the end the mentor ends
// the room while users talk and the settling replica dies. Then the transcript holds
// exactly the acknowledged messages. The name of a failed test holds its seed;
// SEED=… runs it again.
func TestLivesOfRooms(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		for range lives {
			seed := rand.Uint64()
			if again, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
				seed = again
			}
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { w.life(t, seed).runs(t) })
		}
	})
}

// A life is a room and its expected state.
type life struct {
	*world
	chance  *rand.Rand
	at      *replica // of all users: the replica of a user does not matter
	buffer  *shaky
	room    sns.Room
	mentor  sns.User
	people  []*character
	said    map[int64]*sns.Message // acknowledged, by seq
	unheard map[string]bool        // client ids of messages whose acknowledgement was lost
	words   int
}

// A character is a user in a life.
type character struct {
	user            sns.User
	inside, removed bool
	clientIDs       []string
	contents        map[string]string // by client id
	first           map[string]int64  // seq of acknowledged messages, by client id
	seen            int64             // the last seq of the page
	page            []int64           // the seqs that the page has shown
}

// life starts a life.
func (w *world) life(t *testing.T, seed uint64) *life {
	l := &life{world: w, chance: rand.New(rand.NewPCG(seed, 1)), said: make(map[int64]*sns.Message), unheard: make(map[string]bool)}
	l.connects(t)
	l.mentor = w.person(t, sns.RoleMentor)
	l.room = l.at.opens(t, l.mentor, cast+1)
	for _, user := range append(w.persons(t, cast), l.mentor) {
		l.people = append(l.people, &character{user: user, inside: user.ID == l.mentor.ID, contents: make(map[string]string), first: make(map[string]int64)})
	}
	return l
}

// connects starts another replica, with a buffer whose replies may be lost.
func (l *life) connects(t *testing.T) {
	l.at, l.buffer = l.onShaky(t, setup{spill: littleBuffer}, 0)
}

func (l *life) runs(t *testing.T) {
	acts := []func(*testing.T, *character){
		l.enters, l.enters, l.says, l.says, l.says, l.says, l.saysUnheard, l.saysAgain, l.saysAgain,
		l.leaves, l.isRemoved, l.isRestored, l.deletes, l.catchesUp, l.catchesUp, l.allTalk,
		l.spills, l.diesSpilling, l.readsBack,
	}
	for range actsOfALife {
		if t.Failed() {
			return
		}
		acts[l.chance.IntN(len(acts))](t, l.people[l.chance.IntN(len(l.people))])
		if l.chance.IntN(60) == 0 {
			l.connects(t)
		}
	}
	l.wantTranscript(t)
	l.ends(t)
}

func (l *life) enters(t *testing.T, c *character) {
	_, err := l.at.Enter(t.Context(), l.room.ID, c.user)
	if c.removed {
		wantError(t, "a removed one enters", err, sns.ErrForbidden)
		return
	}
	wantError(t, "enter", err, nil)
	c.inside = true
}

func (l *life) leaves(t *testing.T, c *character) {
	wantError(t, "leave", l.at.Leave(t.Context(), l.room.ID, c.user), nil)
	c.inside = false
}

func (l *life) isRemoved(t *testing.T, c *character) {
	err := l.at.Remove(t.Context(), l.room, l.mentor, c.user)
	switch {
	case c.user.ID == l.mentor.ID:
		wantError(t, "remove the mentor", err, sns.ErrForbidden)
	case errors.Is(err, sns.ErrNotFound) && !c.inside: // never inside
	default:
		wantError(t, "remove", err, nil)
		c.inside, c.removed = false, true
	}
}

func (l *life) isRestored(t *testing.T, c *character) {
	want := sns.ErrNotFound
	if c.removed {
		want = nil
	}
	wantError(t, "restore", l.at.Restore(t.Context(), l.room, l.mentor, c.user.ID), want)
	c.removed = false
}

// newWords returns a new text of a character.
func (l *life) newWords(c *character) (content, clientID string) {
	l.words++
	content, clientID = fmt.Sprintf("%s의 말 %d 🙂", c.user.Username, l.words), fmt.Sprint("id-", l.words)
	c.clientIDs = append(c.clientIDs, clientID)
	c.contents[clientID] = content
	return content, clientID
}

func (l *life) says(t *testing.T, c *character) {
	if !c.inside {
		_, _, err := l.at.Say(t.Context(), l.room.ID, c.user, "밖에서", "outside")
		wantError(t, "an outsider says", err, sns.ErrForbidden)
		return
	}
	content, clientID := l.newWords(c)
	m, again, err := l.at.Say(t.Context(), l.room.ID, c.user, content, clientID)
	if err != nil || again {
		t.Errorf("say: again = %t, %v", again, err)
		return
	}
	l.heard(c, m)
}

// heard notes what was acknowledged.
func (l *life) heard(c *character, m sns.Message) {
	c.first[m.ClientID] = m.Seq
	l.said[m.Seq] = &m
}

// saysUnheard says something, but hears only that it failed.
func (l *life) saysUnheard(t *testing.T, c *character) {
	if !c.inside {
		return
	}
	content, clientID := l.newWords(c)
	l.buffer.on("after Append 1", func(context.Context) error { return fmt.Errorf("%w: no answer", sns.ErrUnavailable) })
	_, _, err := l.at.Say(t.Context(), l.room.ID, c.user, content, clientID)
	l.buffer.on("", nil)
	wantError(t, "say without an answer", err, sns.ErrUnavailable)
	l.unheard[clientID] = true
}

// saysAgain says something once more, as a page does that is not sure.
func (l *life) saysAgain(t *testing.T, c *character) {
	if !c.inside || len(c.clientIDs) == 0 {
		return
	}
	clientID := c.clientIDs[l.chance.IntN(len(c.clientIDs))]
	m, again, err := l.at.Say(t.Context(), l.room.ID, c.user, c.contents[clientID], clientID)
	first, known := c.first[clientID]
	if err != nil || again != (known || l.unheard[clientID]) || known && m.Seq != first {
		t.Errorf("say again: %d, again = %t, %v; first was %d", m.Seq, again, err, first)
		return
	}
	if !known {
		l.heard(c, m)
		delete(l.unheard, clientID)
	}
}

func (l *life) deletes(t *testing.T, c *character) {
	if len(l.said) == 0 {
		return
	}
	seqs := l.seqs()
	m := l.said[seqs[l.chance.IntN(len(seqs))]]
	err := l.at.Erase(t.Context(), l.room, c.user, m.Seq)
	if m.Author.ID != c.user.ID && c.user.ID != l.mentor.ID {
		wantError(t, "delete the word of another", err, sns.ErrForbidden)
		return
	}
	wantError(t, "delete", err, nil)
	m.Content, m.Deleted = "", true
}

// seqs returns the seqs of the acknowledged messages, in order.
func (l *life) seqs() []int64 {
	seqs := make([]int64, 0, len(l.said))
	for seq := range l.said {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	return seqs
}

// catchesUp fetches the lines that a page has missed: each once.
func (l *life) catchesUp(t *testing.T, c *character) {
	for {
		lines, err := l.at.Messages(t.Context(), l.room, sns.MessagePage{After: c.seen, Limit: 1 + l.chance.IntN(9)})
		if err != nil {
			t.Error("catch up: ", err)
			return
		}
		if len(lines) == 0 {
			break
		}
		for _, m := range lines {
			c.page, c.seen = append(c.page, m.Seq), m.Seq
		}
	}
	for i, seq := range c.page {
		if seq != int64(i+1) {
			t.Fatalf("line %d of a page has number %d", i, seq)
		}
	}
}

// allTalk lets all users inside talk at once.
func (l *life) allTalk(t *testing.T, _ *character) {
	heard := l.burst(t, func(c *character) int { return 1 + int(c.user.ID%3) })
	for i, messages := range heard {
		for _, m := range messages {
			l.heard(l.people[i], m)
		}
	}
}

// burst lets each user inside say count messages, all users at once, and returns the
// acknowledged messages by character. After the end no message is acknowledged.
func (l *life) burst(t *testing.T, count func(*character) int) [][]sns.Message {
	heard := make([][]sns.Message, len(l.people))
	type word struct{ content, clientID string }
	words := make([][]word, len(l.people))
	for i, c := range l.people {
		for range count(c) {
			if !c.inside {
				break
			}
			content, clientID := l.newWords(c)
			words[i] = append(words[i], word{content, clientID})
		}
	}
	together(len(l.people), func(i int) {
		for _, word := range words[i] {
			m, _, err := l.at.Say(t.Context(), l.room.ID, l.people[i].user, word.content, word.clientID)
			switch {
			case err == nil:
				heard[i] = append(heard[i], m)
			case errors.Is(err, sns.ErrRoomEnded):
				return
			default:
				t.Error("say: ", err)
			}
		}
	})
	return heard
}

// ends ends the room while all talk, and kills the settling replica a few times.
func (l *life) ends(t *testing.T) {
	ended, dying := make(chan struct{}), l.dying(t)
	after := time.Duration(l.chance.IntN(20)) * time.Millisecond
	go func() {
		defer close(ended)
		time.Sleep(after)
		_ = dying.End(t.Context(), l.room, l.mentor)
	}()
	heard := l.burst(t, func(*character) int { return 20 })
	<-ended
	for i, messages := range heard {
		for _, m := range messages {
			l.heard(l.people[i], m)
		}
	}
	eventually(t, "it is ended", func() bool { return l.world.room(t, l.room.ID).Ended() })
	for range l.chance.IntN(3) {
		dying = l.dying(t)
		l.endLease(t, l.room.ID)
		inGoroutine(func() { _, _ = dying.Settle(t.Context(), l.room.ID) })
		l.wantTranscript(t)
	}
	l.connects(t)
	eventually(t, "it is settled", func() bool {
		l.endLease(t, l.room.ID)
		_, _ = l.at.Sweep(t.Context())
		return l.settlement(t, l.room.ID).Done()
	})
	if s := l.settlement(t, l.room.ID); s.Total != s.Saved || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
	_, _ = l.at.Sweep(t.Context()) // a replica may have died between finish and drop
	l.at.wantDropped(t, l.room.ID)
	l.wantTranscript(t)
}

// dying returns a replica that is killed at a random step of ending or settling.
func (l *life) dying(t *testing.T) *replica {
	r, buffer := l.onShaky(t, setup{mortal: true}, 50)
	steps := l.steps()
	buffer.on(steps[l.chance.IntN(len(steps))].moment, func(context.Context) error { r.kill(); runtime.Goexit(); return nil })
	return r
}

// wantTranscript checks that the transcript holds the acknowledged messages, and
// otherwise only messages whose acknowledgement was lost.
func (l *life) wantTranscript(t *testing.T) {
	t.Helper()
	var known []sns.Message
	last := make(map[int64]int64) // by author
	for _, m := range l.at.said(t, l.room.ID) {
		if m.Seq <= last[m.Author.ID] {
			t.Errorf("line %d of %s is out of order", m.Seq, m.Author.Username)
		}
		last[m.Author.ID] = m.Seq
		if l.said[m.Seq] != nil {
			known = append(known, m)
		} else if !l.isUnheard(m) {
			t.Errorf("nobody said %+v", m)
		}
	}
	seqs := l.seqs()
	if len(known) != len(seqs) {
		t.Fatalf("the transcript has %d of %d acknowledged messages", len(known), len(seqs))
	}
	for i, seq := range seqs {
		if want := *l.said[seq]; !sameWords(known[i], want) {
			t.Fatalf("the transcript has\n%+v, acknowledged was\n%+v", known[i], want)
		}
	}
	l.wantOwnOrder(t)
}

// sameWords is same without the time: a repeated message keeps the time of the first
// attempt.
func sameWords(a, b sns.Message) bool {
	a.At = b.At
	return same(a, b)
}

func (l *life) isUnheard(m sns.Message) bool {
	for _, c := range l.people {
		if c.user.ID != m.Author.ID {
			continue
		}
		for id := range l.unheard {
			if c.contents[id] == m.Content {
				return true
			}
		}
	}
	return false
}

// wantOwnOrder checks that the messages of each user are in the order of saying.
func (l *life) wantOwnOrder(t *testing.T) {
	t.Helper()
	for _, c := range l.people {
		var before int64
		for _, id := range c.clientIDs {
			seq, ok := c.first[id]
			if ok && seq <= before {
				t.Errorf("%s said line %d after line %d", c.user.Username, seq, before)
			}
			before = max(before, seq)
		}
	}
}
