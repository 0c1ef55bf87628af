package server

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"xxsns/app/chat"
	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// What open rooms hold is said line by line, which takes longer than saving it
// in bulk: there are not many of them, nor much in each. A room has not more
// people than roomPeople, however many seats there are.
const (
	openRoomsMax    = 40
	openMessagesMax = 80
	roomPeople      = 15
)

// openRooms is how many rooms stay open: two of five. One room alone is an
// ended one when more is said than an open one holds.
func (z SeedSize) openRooms() int {
	open := min((2*z.Rooms+4)/5, openRoomsMax)
	if open == z.Rooms && z.Messages > open*openMessagesMax {
		open--
	}
	return open
}

// A plannedRoom will be made when it is its turn by the time of opening.
type plannedRoom struct {
	seed.Room
	open bool
}

// planRooms makes up all rooms, as far as possible of different names.
func (s *seeder) planRooms() []plannedRoom {
	rng, named := s.source(forRooms), map[string]bool{}
	open := s.size.openRooms()
	inOpen := s.size.Messages
	if open < s.size.Rooms {
		inOpen = min(inOpen/6, open*openMessagesMax)
	}
	var all []plannedRoom
	for _, messages := range roomShares(rng, inOpen, open, openMessagesMax) {
		all = append(all, plannedRoom{s.newRoom(rng, named, seed.OpenRoom, messages), true})
	}
	for _, messages := range roomShares(rng, s.size.Messages-inOpen, s.size.Rooms-open, math.MaxInt) {
		all = append(all, plannedRoom{s.newRoom(rng, named, seed.EndedRoom, messages), false})
	}
	slices.SortFunc(all, func(a, b plannedRoom) int { return a.Opened.Compare(b.Opened) })
	return all
}

// roomShares splits messages among rooms: in some more is said than in others.
func roomShares(rng *rand.Rand, messages, rooms, most int) []int {
	weights := make([]float64, rooms)
	for i := range weights {
		weights[i] = 0.4 + rng.Float64()
	}
	return seed.Shares(messages, weights, most)
}

type roomMaker = func(rng *rand.Rand, begin, end time.Time, messages int) seed.Room

func (s *seeder) newRoom(rng *rand.Rand, named map[string]bool, make roomMaker, messages int) seed.Room {
	const tries = 8
	r := make(rng, s.clock.Begin(), s.clock.End(), messages)
	for range tries {
		if !named[r.Name] {
			break
		}
		r = make(rng, s.clock.Begin(), s.clock.End(), messages)
	}
	named[r.Name] = true
	return r
}

// addRooms makes all rooms, each with what is said in it.
func (s *seeder) addRooms(ctx context.Context) error {
	for i, r := range s.planRooms() {
		rng := s.source(uint64(i+1)<<8 + forRooms)
		limits := sns.RoomLimits(s.seats)
		limit := limits[rng.IntN(len(limits))]
		people, err := s.people(ctx, s.guests(rng, s.users[s.mentors[i%len(s.mentors)]], limit))
		if err != nil {
			return err
		}
		steps := r.Steps(rng, names(people))
		if r.open {
			err = s.addOpenRoom(ctx, r.Room, limit, people, steps)
		} else {
			err = s.addEndedRoom(ctx, r.Room, limit, people, steps)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// guests chooses the mentor of a room, and others as far as there are seats: the
// room is full, or nearly so.
func (s *seeder) guests(rng *rand.Rand, mentor int64, limit int) []int64 {
	chosen, taken := []int64{mentor}, map[int64]bool{mentor: true}
	n := min(limit-rng.IntN(1+2*limit/5), roomPeople, len(s.users))
	for len(chosen) < n {
		i := seed.Member(rng, len(s.users))
		for taken[s.users[i]] {
			i = (i + 1) % len(s.users)
		}
		taken[s.users[i]] = true
		chosen = append(chosen, s.users[i])
	}
	return chosen
}

// people reads users in the order of their ids.
func (s *seeder) people(ctx context.Context, ids []int64) ([]sns.User, error) {
	users, err := s.store.Users(ctx, ids)
	people := make([]sns.User, len(ids))
	for i, id := range ids {
		people[i] = users[id]
	}
	return people, err
}

func names(people []sns.User) []string {
	all := make([]string, len(people))
	for i, u := range people {
		all[i] = u.Username
	}
	return all
}

// addEndedRoom makes a room that was ended and saved.
func (s *seeder) addEndedRoom(ctx context.Context, r seed.Room, limit int, people []sns.User, steps []seed.Step) error {
	room := store.EndedRoom{
		NewRoom: store.NewRoom{Mentor: people[0].ID, Name: r.Name, UserLimit: limit, Buffer: chat.BufferTable, CreatedAt: r.Opened},
		Notice:  r.Notice, EndedAt: r.Closed, Messages: make([]sns.Message, len(steps)),
	}
	if r.Notice != "" {
		room.NoticeAt = r.Opened
	}
	stays, said := make([]int, len(people)), 0 // the latest stay of each
	for i, step := range steps {
		switch step.Kind {
		case sns.MessageEntered:
			stays[step.Who] = len(room.Stays)
			room.Stays = append(room.Stays, sns.Participant{User: people[step.Who], EnteredAt: step.At})
		case sns.MessageLeft:
			room.Stays[stays[step.Who]].ExitedAt = step.At
		default:
			said++
		}
		room.Messages[i] = sns.Message{Seq: int64(i + 1), Kind: step.Kind, Author: people[step.Who], Content: step.Text, At: step.At}
	}
	if _, err := s.store.InsertEndedRoom(ctx, room); err != nil {
		return err
	}
	s.tell(SeedResult{Rooms: 1, Messages: said})
	return nil
}
