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

// rooms makes rooms of a number of messages, open ones and ended ones.
func rooms(messages int) (all []Room) {
	for i := range uint64(30) {
		all = append(all, EndedRoom(source(i), begins, ends, messages), OpenRoom(source(i), begins, ends, messages))
	}
	return all
}

func TestRoomsHaveValidNamesAndTimes(t *testing.T) {
	pinned := 0
	for _, messages := range []int{0, 1, 60, 5000, 500_000} {
		for _, r := range rooms(messages) {
			change, err := sns.RoomForm{Name: r.Name, UserLimit: "5", Notice: r.Notice}.Check(5)
			if err != nil || change.Name != r.Name || change.Notice != r.Notice {
				t.Errorf("%q, %q: %v", r.Name, r.Notice, err)
			}
			if r.Notice != "" {
				pinned++
			}
			if r.Opened.Before(begins) || !r.Closed.After(r.Opened) || r.Closed.After(ends) {
				t.Errorf("%d messages between %v and %v", messages, r.Opened, r.Closed)
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
			for _, r := range []Room{EndedRoom(source(i), begins, end, 9000), OpenRoom(source(i), begins, end, 9000)} {
				if r.Opened.Before(begins.Add(-day)) || !r.Closed.After(r.Opened) || r.Closed.After(end) {
					t.Errorf("between %v and %v", r.Opened, r.Closed)
				}
			}
		}
	}
}

// inside follows who is in a room and fails where that makes no sense.
func inside(t *testing.T, steps []Step) (said int) {
	t.Helper()
	in := map[int]bool{}
	for i, s := range steps {
		if i == 0 && (s.Who != 0 || s.Kind != sns.MessageEntered) {
			t.Fatalf("a room begins with %+v", s)
		}
		switch s.Kind {
		case sns.MessageEntered:
			if in[s.Who] {
				t.Errorf("step %d: %d enters again", i, s.Who)
			}
			in[s.Who] = true
		case sns.MessageLeft:
			if !in[s.Who] || s.Who == 0 {
				t.Errorf("step %d: %d leaves", i, s.Who)
			}
			in[s.Who] = false
		default:
			if said++; !in[s.Who] || s.Text == "" {
				t.Errorf("step %d: %d says %q outside", i, s.Who, s.Text)
			}
		}
	}
	return said
}

func TestOnlyPeopleInsideTalkAndAsMuchAsPlanned(t *testing.T) {
	for _, messages := range []int{0, 1, 2, 7, 24, 60, 200} {
		for i, r := range rooms(messages) {
			for _, n := range []int{2, 3, 5, len(people)} {
				steps := r.Steps(source(uint64(i)), people[:n])
				if said := inside(t, steps); said != messages {
					t.Errorf("%d people say %d of %d messages", n, said, messages)
				}
			}
		}
	}
	if said := inside(t, rooms(50)[0].Steps(source(1), people[:1])); said != 0 {
		t.Errorf("a mentor alone says %d messages", said)
	}
}

func TestPeopleComeLaterAndLeave(t *testing.T) {
	left, back, late := 0, 0, 0
	for i, r := range rooms(300) {
		gone := map[int]bool{}
		for k, s := range r.Steps(source(uint64(i)), people) {
			switch {
			case s.Kind == sns.MessageLeft:
				gone[s.Who] = true
				left++
			case s.Kind == sns.MessageEntered && gone[s.Who]:
				back++
			case s.Kind == sns.MessageEntered && k > len(people):
				late++
			}
		}
	}
	if left < 30 || back == 0 || back >= left || late < 30 {
		t.Errorf("in 60 rooms of ten %d leave, %d come back, %d come late", left, back, late)
	}
}

// A conversation is lines within seconds and then nothing for hours.
func TestConversationsHaveTheirTimes(t *testing.T) {
	for _, messages := range []int{60, 700, 8000} {
		for i, r := range rooms(messages)[:12] {
			steps := r.Steps(source(uint64(i)), people)
			if !steps[0].At.Equal(r.Opened) || steps[len(steps)-1].At.After(r.Closed) {
				t.Errorf("from %v to %v, the room from %v to %v", steps[0].At, steps[len(steps)-1].At, r.Opened, r.Closed)
			}
			var gaps []time.Duration
			for k := range steps[1:] {
				gaps = append(gaps, steps[k+1].At.Sub(steps[k].At))
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
		for _, s := range r.Steps(source(uint64(i)), people[:6]) {
			if s.Kind == sns.MessageSaid {
				texts[s.Text]++
				speakers[s.Who]++
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

// No exchange is heard again before all others were.
func TestNobodySaysTheSameThingSoonAgain(t *testing.T) {
	for i, r := range rooms(60) {
		questions := map[string]bool{}
		for _, s := range r.Steps(source(uint64(i)), people) {
			if s.Kind == sns.MessageSaid && sns.Length(s.Text) > 18 {
				if questions[s.Text] {
					t.Errorf("room %d: %q is said twice", i, s.Text)
				}
				questions[s.Text] = true
			}
		}
	}
}

func TestTheSameSourceMakesTheSameRoom(t *testing.T) {
	told := func(seed uint64) []Step {
		rng := source(seed)
		return EndedRoom(rng, begins, ends, 200).Steps(rng, people)
	}
	if !reflect.DeepEqual(told(3), told(3)) || reflect.DeepEqual(told(3), told(4)) {
		t.Error("rooms are not made of their source alone")
	}
}
