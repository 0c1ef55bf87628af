package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// unread returns what a user has not read, by room.
func (r *replica) unread(t testing.TB, user sns.User) map[int64]sns.Unread {
	t.Helper()
	all, err := r.Unread(t.Context(), user.ID)
	for end := time.Now().Add(patience); (errors.Is(err, sns.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)) && time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		r.clock.Add(int64(time.Second)) // the buffer was too slow for a page, and is not asked at once
		all, err = r.Unread(t.Context(), user.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	rooms := make(map[int64]sns.Unread, len(all))
	for _, u := range all {
		rooms[u.Room] = u
	}
	return rooms
}

func (r *replica) reads(t testing.TB, room sns.Room, user sns.User, seq int64) {
	t.Helper()
	if err := r.Read(t.Context(), r.world.room(t, room.ID), user.ID, seq); err != nil {
		t.Fatalf("%s reads up to %d: %v", user.Username, seq, err)
	}
}

// Messages of others are unread until they are read on any device; a lower seq is no way
// back, and a message that is not there yet cannot be read.
func TestReadMarks(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r, other := w.replica(t, setup{}), w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		minji, haru := members[0], members[1]
		if got := r.unread(t, minji)[room.ID]; got.Count != 0 || got.Mark == 0 || got.Last.Seq != 0 {
			t.Errorf("after entering: %+v", got)
		}
		first := r.says(t, room, haru, "하나", "1")
		last := r.says(t, room, mentor, "@"+minji.Username+" 둘", "2")
		got := other.unread(t, minji)[room.ID]
		if got.Count != 2 || got.Mentions != 1 || got.Mark >= first.Seq || got.Newest != last.Seq || got.Last.Content != last.Content || got.Last.Author.ID != mentor.ID || !got.Tells() {
			t.Errorf("%+v", got)
		}
		if got := r.unread(t, mentor)[room.ID]; got.Count != 0 || got.Mark != last.Seq {
			t.Errorf("who has said the last word: %+v", got)
		}
		for _, step := range []struct {
			seq, mark int64
			count     int
		}{{first.Seq, first.Seq, 1}, {1, first.Seq, 1}, {-5, first.Seq, 1}, {last.Seq + 1000, last.Seq, 0}} {
			other.reads(t, room, minji, step.seq)
			if got := r.unread(t, minji)[room.ID]; got.Count != step.count || got.Mark != step.mark {
				t.Errorf("after reading up to %d: %+v", step.seq, got)
			}
		}
		gone := r.says(t, room, haru, "지울 말", "3")
		if got := r.unread(t, minji)[room.ID].Count; got != 1 {
			t.Errorf("%d are unread", got)
		}
		if err := r.Erase(t.Context(), room, haru, gone.Seq); err != nil {
			t.Fatal(err)
		}
		if got := r.unread(t, minji)[room.ID]; got.Count != 0 || got.Last.Content != last.Content {
			t.Errorf("after the message was deleted: %+v", got)
		}
		outside := w.person(t, sns.RoleUser)
		wantError(t, "an outsider reads", r.Read(t.Context(), room, outside.ID, 1), sns.ErrForbidden)
		if got := r.unread(t, outside); len(got) != 0 {
			t.Errorf("an outsider: %v", got)
		}
	})
}

// Counting ends at a hundred messages. A mention that stands above them is found for people
// who want to hear of mentions alone.
func TestManyUnread(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		minji := members[0]
		r.says(t, room, mentor, "@"+minji.Username, "first")
		r.saysMany(t, room, mentor, 150)
		for _, c := range []struct {
			alerts sns.Alerts
			tells  bool
		}{{sns.AlertsAll, true}, {sns.AlertsMentions, true}, {sns.AlertsNone, false}} {
			if err := w.store.SetAlerts(t.Context(), minji.ID, room.ID, c.alerts); err != nil {
				t.Fatal(err)
			}
			got := r.unread(t, minji)[room.ID]
			if got.Count != sns.UnreadMost || got.Tells() != c.tells || got.Alerts != c.alerts {
				t.Errorf("%s: %+v", c.alerts, got)
			}
		}
		for _, left := range []int64{40, 1} {
			r.spillsTo(t, room, left)
			if got := r.unread(t, minji)[room.ID]; got.Count != sns.UnreadMost || got.Last.Content != "149번째 말" {
				t.Errorf("%d lines in the buffer: %+v", left, got)
			}
		}
		mine := func(user sns.User) int {
			t.Helper()
			inbox, err := w.store.Inbox(t.Context(), user.ID)
			if err != nil {
				t.Fatal(err)
			}
			return inbox.Mine
		}
		r.reads(t, room, minji, r.unread(t, minji)[room.ID].Newest)
		if n := mine(minji); n != 0 {
			t.Errorf("who has read the room has %d notices of it", n)
		}
		r.says(t, room, mentor, "@"+minji.Username+" @"+members[1].Username, "silent")
		if mine(minji) != 0 || mine(members[1]) != 1 {
			t.Errorf("who wants to hear nothing has %d notices, the other %d", mine(minji), mine(members[1]))
		}
		if err := w.store.SetAlerts(t.Context(), minji.ID, room.ID, sns.AlertsMentions); err != nil {
			t.Fatal(err)
		}
		last := r.unread(t, minji)[room.ID].Newest
		r.reads(t, room, minji, last)
		r.says(t, room, mentor, "모두에게", "all")
		if got := r.unread(t, minji)[room.ID]; got.Count != 1 || got.Tells() {
			t.Errorf("mentions alone: %+v", got)
		}
	})
}

// While the buffer is away, pages do not wait for it again and again.
func TestUnreadWithoutABuffer(t *testing.T) {
	t.Parallel()
	w := embedded(t)
	asked := 0
	r := w.replica(t, setup{wrap: func(b chat.Buffer) chat.Buffer { return &awayUnread{b, &asked} }, still: true})
	room, _, members := r.party(t, 1)
	if err := w.store.SetAlerts(t.Context(), members[0].ID, room.ID, sns.AlertsNone); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		all, err := r.Unread(t.Context(), members[0].ID)
		if !errors.Is(err, sns.ErrUnavailable) || len(all) != 1 || all[0].Room != room.ID || all[0].Alerts != sns.AlertsNone || all[0].Count != 0 {
			t.Errorf("%+v, %v", all, err)
		}
	}
	if asked != 1 {
		t.Errorf("the buffer was asked %d times", asked)
	}
	r.clock.Add(int64(3 * time.Second))
	if _, err := r.Unread(t.Context(), members[0].ID); !errors.Is(err, sns.ErrUnavailable) || asked != 2 {
		t.Errorf("three seconds later: %v, asked %d times", err, asked)
	}
	if _, err := r.Unread(t.Context(), w.person(t, sns.RoleUser).ID); err != nil {
		t.Errorf("of somebody without a seat: %v", err)
	}
}

type awayUnread struct {
	chat.Buffer
	asked *int
}

func (b *awayUnread) Unread(context.Context, []*sns.UnreadTally, map[int64]int64) error {
	*b.asked++
	return sns.ErrUnavailable
}

// A reading is the expected state of two rooms: a list of lines, and how far each person has
// read.
type reading struct {
	*world
	chance *rand.Rand
	at     []*replica // which act
	hears  []*replica // those of them that ask only what they have not heard
	mentor sns.User
	people []sns.User
	rooms  []*readRoom
	acted  *replica // the last
}

type readRoom struct {
	sns.Room
	lines  []sns.Message
	inside map[int64]bool
	marks  map[int64]int64
	words  int
}

const readActs = 250

// Two rooms live by chance; after each act, what each person has not read is what a simple
// list of the lines says.
func TestUnreadNumbersAreThoseOfAModel(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		seed := rand.Uint64()
		if again, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
			seed = again
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := &reading{world: w, chance: rand.New(rand.NewPCG(seed, 2)), at: []*replica{w.replica(t, setup{}), w.replica(t, setup{})}}
			m.hears = []*replica{w.replica(t, setup{hears: true, still: true})} // what is known grows not too old
			if w.redis == "" {                                                  // what is said elsewhere is not heard
				m.at = m.hears
			} else {
				m.at = append(m.at, m.hears...)
			}
			m.mentor, m.people = w.person(t, sns.RoleMentor), w.persons(t, 3)
			m.people = append(m.people, m.mentor)
			for i := 0; i < readActs && !t.Failed(); i++ {
				m.acts(t)
				m.compares(t)
			}
		})
	})
}

func (m *reading) replica() *replica { return m.at[m.chance.IntN(len(m.at))] }

// acting returns a replica that is about to act.
func (m *reading) acting() *replica {
	m.acted = m.replica()
	return m.acted
}

// acts does something by chance.
func (m *reading) acts(t *testing.T) {
	if len(m.rooms) < 2 {
		room := m.acting().opens(t, m.mentor, 10)
		m.rooms = append(m.rooms, &readRoom{Room: room, inside: map[int64]bool{m.mentor.ID: true}, marks: map[int64]int64{}})
		m.rooms[len(m.rooms)-1].grows(t, m)
		return
	}
	r, person := m.rooms[m.chance.IntN(len(m.rooms))], m.people[m.chance.IntN(len(m.people))]
	switch act := m.chance.IntN(100); {
	case act < 40:
		m.says(t, r, person)
	case act < 55:
		m.reads(t, r, person)
	case act < 65:
		if _, err := m.acting().Enter(t.Context(), r.ID, person); err != nil {
			t.Fatal(err)
		}
		r.inside[person.ID] = true
	case act < 72 && person.ID != m.mentor.ID:
		if err := m.acting().Leave(t.Context(), r.ID, person); err != nil {
			t.Fatal(err)
		}
		delete(r.inside, person.ID)
	case act < 85:
		m.deletes(t, r)
	case act < 97:
		if _, err := m.acting().SpillTo(t.Context(), r.ID, int64(1+m.chance.IntN(8))); err != nil {
			t.Fatal(err)
		}
	case act < 98:
		m.acting().ends(t, m.room(t, r.ID), m.mentor)
		m.rooms = slices.DeleteFunc(m.rooms, func(other *readRoom) bool { return other == r })
		return
	}
	r.grows(t, m)
}

func (m *reading) says(t *testing.T, r *readRoom, person sns.User) {
	if !r.inside[person.ID] {
		return
	}
	r.words++
	text := fmt.Sprint(r.words, "번째 말 @", m.people[m.chance.IntN(len(m.people))].Username, "님")
	m.acting().says(t, m.room(t, r.ID), person, text, fmt.Sprint("w-", r.ID, "-", r.words))
}

func (m *reading) reads(t *testing.T, r *readRoom, person sns.User) {
	if !r.inside[person.ID] {
		return
	}
	last := r.lines[len(r.lines)-1].Seq
	seq := r.lines[m.chance.IntN(len(r.lines))].Seq
	if m.chance.IntN(5) == 0 {
		seq = last + 7
	}
	m.acting().reads(t, r.Room, person, seq)
	r.marks[person.ID] = max(r.marks[person.ID], min(seq, last))
}

func (m *reading) deletes(t *testing.T, r *readRoom) {
	line := r.lines[m.chance.IntN(len(r.lines))]
	if line.Kind != sns.MessageSaid {
		return
	}
	if err := m.acting().Erase(t.Context(), m.room(t, r.ID), m.mentor, line.Seq); err != nil {
		t.Fatal(err)
	}
}

// grows takes over the lines of the room. A line of one's own reads what is above.
func (r *readRoom) grows(t *testing.T, m *reading) {
	r.lines = m.at[0].transcript(t, r.ID)
	for _, line := range r.lines {
		r.marks[line.Author.ID] = max(r.marks[line.Author.ID], line.Seq)
	}
}

// compares compares the unread numbers of everybody with the model. A replica that has done
// the last act knows at once, another as soon as it hears of the act.
func (m *reading) compares(t *testing.T) {
	t.Helper()
	for _, person := range m.people {
		r := m.replica()
		wrong := m.wrong(r.unread(t, person), person)
		for end := time.Now().Add(patience); wrong != "" && slices.Contains(m.hears, r) && r != m.acted && time.Now().Before(end); time.Sleep(time.Millisecond) {
			wrong = m.wrong(r.unread(t, person), person)
		}
		if wrong != "" {
			t.Error(wrong)
		}
	}
}

// wrong says how the unread numbers of a person differ from the model; "" if they do not.
func (m *reading) wrong(got map[int64]sns.Unread, person sns.User) string {
	seats := 0
	for _, r := range m.rooms {
		if !r.inside[person.ID] {
			continue
		}
		seats++
		count, mentions, last := 0, 0, int64(0)
		for _, line := range r.lines {
			if line.Kind != sns.MessageSaid || line.Deleted {
				continue
			}
			last = line.Seq
			if line.Seq > r.marks[person.ID] && line.Author.ID != person.ID {
				count++
				if slices.Contains(line.Mentions.IDs(), person.ID) {
					mentions++
				}
			}
		}
		u, known := got[r.ID]
		if !known || u.Count != count || u.Mentions != mentions || u.Mark != r.marks[person.ID] || u.Last.Seq != last || u.Newest != r.lines[len(r.lines)-1].Seq {
			return fmt.Sprintf("%s in room %d: %+v; by the model %d unread, %d mentions, read up to %d, the last word is %d", person.Username, r.ID, u, count, mentions, r.marks[person.ID], last)
		}
	}
	if len(got) != seats {
		return fmt.Sprintf("%s has %d rooms, by the model %d", person.Username, len(got), seats)
	}
	return ""
}
