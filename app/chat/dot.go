package chat

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
)

const (
	// dotEvery is how often the streams of this process are told of rooms, and dotUsers how many
	// users at most are told at once; the others are next. An event names dotReaders at most.
	dotEvery   = time.Second
	dotUsers   = 200
	dotReaders = 1000
)

// Dots tells open pages whether something is unread in the viewer's rooms: the streams of this
// process alone, since each process hears every line. Who has read rooms here is told to all
// processes, in one event for many: other devices of a user may have streams anywhere. Pages
// with a socket show a room themselves.
type dots struct {
	chat *Chat
	wake chan struct{} // receives when rooms or users are added

	mu      sync.Mutex // guards the fields below
	rooms   map[int64]bool
	users   map[int64]bool // to be told
	readers map[int64]bool // of whom all processes are to know
}

func newDots(c *Chat) *dots {
	return &dots{chat: c, wake: make(chan struct{}, 1), rooms: map[int64]bool{}, users: map[int64]bool{}, readers: map[int64]bool{}}
}

// changed says that what is unread of a room may be something else now.
func (d *dots) changed(room int64) { d.add(d.rooms, room) }

// read says that a user has read a room at this process.
func (d *dots) read(user int64) { d.add(d.readers, user) }

// haveRead says that users have read or left rooms at any process.
func (d *dots) haveRead(users []int64) { d.add(d.users, users...) }

func (d *dots) add(to map[int64]bool, ids ...int64) {
	d.mu.Lock()
	for _, id := range ids {
		to[id] = true
	}
	d.mu.Unlock()
	d.wakeUp()
}

func (d *dots) wakeUp() {
	select {
	case d.wake <- struct{}{}:
	default: // run is awake
	}
}

// run tells streams until ctx ends.
func (d *dots) run(ctx context.Context) {
	for {
		select {
		case <-d.wake:
		case <-ctx.Done():
			return
		}
		if err := d.tell(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, sns.ErrUnavailable) { // others tell of an outage
			d.chat.Log.Warn("pages not told of unread rooms", "error", err)
		}
		select {
		case <-time.After(dotEvery):
		case <-ctx.Done():
			return
		}
	}
}

// tell tells the streams of the users whose rooms have changed.
func (d *dots) tell(ctx context.Context) error {
	d.tellReaders(ctx)
	inside, err := d.chat.Store.InsideLast(ctx, d.take(d.rooms, math.MaxInt))
	for _, users := range inside {
		d.haveRead(users)
	}
	for _, user := range d.takeUsers() {
		unread, failed := d.chat.Unread(ctx, user)
		if failed != nil {
			return failed // the page shows the dot when it is loaded again
		}
		tells := false
		for _, u := range unread {
			tells = tells || u.Tells()
		}
		d.chat.Hub.Deliver(live.Event{Topic: live.UserTopic(user), Kind: KindDot, Data: encode(tells)})
	}
	return err
}

// tellReaders tells all processes, or this one alone if the others cannot be told, who has read
// rooms here.
func (d *dots) tellReaders(ctx context.Context) {
	readers := d.take(d.readers, dotReaders)
	if len(readers) == 0 {
		return
	}
	ev := live.Event{Topic: TopicRead, Kind: KindRead, Data: encode(readers)}
	if err := d.chat.Bus.Publish(ctx, ev); err != nil {
		d.haveRead(readers)
	}
}

// take removes at most so many ids from a set, and returns them; if others are left, run goes on.
func (d *dots) take(from map[int64]bool, limit int) (ids []int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range from {
		if len(ids) == limit {
			d.wakeUp()
			break
		}
		delete(from, id)
		ids = append(ids, id)
	}
	return ids
}

// takeUsers takes at most dotUsers users who have a stream here, and forgets those without.
func (d *dots) takeUsers() (users []int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for user := range d.users {
		if len(users) == dotUsers {
			d.wakeUp()
			return users
		}
		delete(d.users, user)
		if d.chat.Hub.Streams(live.UserTopic(user)) > 0 {
			users = append(users, user)
		}
	}
	return users
}
