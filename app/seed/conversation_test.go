package seed

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
)

var (
	seoul  = time.FixedZone("KST", 9*60*60)
	begins = time.Date(2026, 1, 1, 0, 0, 0, 0, seoul)
	ends   = time.Date(2026, 3, 30, 14, 31, 5, 0, seoul)
	people = []string{"하늘", "민지", "서준", "유진", "지우", "도윤", "서연", "하준", "지민", "수아"}
)

// rooms makes open and ended rooms with a number of messages.
func rooms(messages int) (all []room) {
	for i := range uint64(30) {
		all = append(all, newEndedRoom(source(i), begins, ends, messages), newOpenRoom(source(i), begins, ends, messages))
	}
	return all
}

func TestRoomsHaveValidNamesAndTimes(t *testing.T) {
	pinned := 0
	for _, messages := range []int{0, 1, 60, 5000, 500_000} {
		for _, r := range rooms(messages) {
			change, err := sns.RoomForm{Name: r.name, UserLimit: "5", Notice: r.notice}.Check(5)
			if err != nil || change.Name != r.name || change.Notice != r.notice {
				t.Errorf("%q, %q: %v", r.name, r.notice, err)
			}
			if r.notice != "" {
				pinned++
			}
			if r.opened.Before(begins) || !r.closed.After(r.opened) || r.closed.After(ends) {
				t.Errorf("%d messages between %v and %v", messages, r.opened, r.closed)
			}
		}
	}
	if pinned < 100 || pinned > 200 {
		t.Errorf("%d of 300 rooms have a notice", pinned)
	}
}

func TestRoomsOfAFewDaysAreMadeInAFewDays(t *testing.T) {
	for _, end := range []time.Time{begins.Add(time.Hour), begins.Add(30 * time.Hour)} {
		for i := range uint64(20) {
			for _, r := range []room{newEndedRoom(source(i), begins, end, 9000), newOpenRoom(source(i), begins, end, 9000)} {
				if r.opened.Before(begins.Add(-day)) || !r.closed.After(r.opened) || r.closed.After(end) {
					t.Errorf("between %v and %v", r.opened, r.closed)
				}
			}
		}
	}
}

// inside counts the messages of a room, and fails for people who speak or leave
// without being inside.
func inside(t *testing.T, steps []entry) (said int) {
	t.Helper()
	in := map[int]bool{}
	for i, s := range steps {
		if i == 0 && (s.who != 0 || s.kind != sns.MessageEntered) {
			t.Fatalf("a room begins with %+v", s)
		}
		switch s.kind {
		case sns.MessageEntered:
			if in[s.who] {
				t.Errorf("step %d: %d enters again", i, s.who)
			}
			in[s.who] = true
		case sns.MessageLeft:
			if !in[s.who] || s.who == 0 {
				t.Errorf("step %d: %d leaves", i, s.who)
			}
			in[s.who] = false
		default:
			if said++; !in[s.who] || s.text == "" {
				t.Errorf("step %d: %d says %q outside", i, s.who, s.text)
			}
		}
	}
	return said
}

func TestOnlyPeopleInsideTalkAndAsMuchAsPlanned(t *testing.T) {
	for _, messages := range []int{0, 1, 2, 7, 24, 60, 200} {
		for i, r := range rooms(messages) {
			for _, n := range []int{2, 3, 5, len(people)} {
				steps := r.entries(source(uint64(i)), people[:n])
				if said := inside(t, steps); said != messages {
					t.Errorf("%d people say %d of %d messages", n, said, messages)
				}
			}
		}
	}
	if said := inside(t, rooms(50)[0].entries(source(1), people[:1])); said != 0 {
		t.Errorf("a mentor alone says %d messages", said)
	}
}

func TestPeopleComeLaterAndLeave(t *testing.T) {
	left, back, late := 0, 0, 0
	for i, r := range rooms(300) {
		gone := map[int]bool{}
		for k, s := range r.entries(source(uint64(i)), people) {
			switch {
			case s.kind == sns.MessageLeft:
				gone[s.who] = true
				left++
			case s.kind == sns.MessageEntered && gone[s.who]:
				back++
			case s.kind == sns.MessageEntered && k > len(people):
				late++
			}
		}
	}
	if left < 30 || back == 0 || back >= left || late < 30 {
		t.Errorf("in 60 rooms of ten %d leave, %d come back, %d come late", left, back, late)
	}
}

// A conversation consists of lines within seconds, with hours between the sittings.
func TestConversationsHaveTheirTimes(t *testing.T) {
	for _, messages := range []int{60, 700, 8000} {
		for i, r := range rooms(messages)[:12] {
			steps := r.entries(source(uint64(i)), people)
			if !steps[0].at.Equal(r.opened) || steps[len(steps)-1].at.After(r.closed) {
				t.Errorf("from %v to %v, the room from %v to %v", steps[0].at, steps[len(steps)-1].at, r.opened, r.closed)
			}
			var gaps []time.Duration
			for k := range steps[1:] {
				gaps = append(gaps, steps[k+1].at.Sub(steps[k].at))
			}
			slices.Sort(gaps)
			if gaps[0] < 0 || gaps[len(gaps)/2] > 20*time.Second || (messages > 60 && gaps[len(gaps)-1] < 2*time.Hour) {
				t.Errorf("%d messages: pauses from %v to %v, in the middle %v", messages, gaps[0], gaps[len(gaps)-1], gaps[len(gaps)/2])
			}
		}
	}
}

func TestTalkVaries(t *testing.T) {
	for i, r := range rooms(300)[:8] {
		texts, speakers := map[string]int{}, map[int]int{}
		for _, s := range r.entries(source(uint64(i)), people[:6]) {
			if s.kind == sns.MessageSaid {
				texts[s.text]++
				speakers[s.who]++
			}
		}
		if len(texts) < 150 || len(speakers) != 6 {
			t.Errorf("%d different messages of 300 by %d of 6 people", len(texts), len(speakers))
		}
		for who, n := range speakers {
			if n > 150 {
				t.Errorf("%d says %d of 300 messages", who, n)
			}
		}
	}
}

// An exchange comes again only after all other exchanges of the rule.
func TestNobodySaysTheSameThingSoonAgain(t *testing.T) {
	for i, r := range rooms(60) {
		questions := map[string]bool{}
		for _, s := range r.entries(source(uint64(i)), people) {
			if s.kind == sns.MessageSaid && sns.Length(s.text) > 18 {
				if questions[s.text] {
					t.Errorf("room %d: %q is said twice", i, s.text)
				}
				questions[s.text] = true
			}
		}
	}
}

func TestTheSameSourceMakesTheSameRoom(t *testing.T) {
	told := func(seed uint64) []entry {
		rng := source(seed)
		return newEndedRoom(rng, begins, ends, 200).entries(rng, people)
	}
	if !reflect.DeepEqual(told(3), told(3)) || reflect.DeepEqual(told(3), told(4)) {
		t.Error("rooms are not made of their source alone")
	}
}
