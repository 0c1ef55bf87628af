package chat

import (
	"context"
	"encoding/json"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// KindRenamed is the kind of the event that a user has another name: an sns.User, on
// TopicRenamed. Processes hear the event (Heard), clients do not.
const (
	KindRenamed  = "renamed"
	TopicRenamed = "renamed"
)

// Renamed tells all processes that a user has another name, which is committed, and shows the
// name among the participants of open rooms. Other pages show the name when they are loaded
// again.
func (c *Chat) Renamed(ctx context.Context, user sns.User) {
	ctx, cancel := afterCommit(ctx)
	defer cancel()
	c.publishData(ctx, TopicRenamed, KindRenamed, publicUser(user))
	seats, err := c.Store.SeatsOf(ctx, user.ID)
	if err == nil {
		var inside map[int64]sns.Room
		inside, err = c.Store.RoomsByID(ctx, seats)
		for id, r := range inside {
			c.publishData(ctx, Topic(id), KindPresence, Presence{
				Room: id, User: publicUser(user), Online: c.Online(id)[user.ID], Leads: r.Mentor.ID == user.ID,
			})
		}
	}
	if err != nil {
		c.Log.WarnContext(ctx, "the new name is not shown in open rooms", "user", user.ID, "error", err)
	}
}

// RenamedUser returns the user of an event of KindRenamed, or false for any other event.
func RenamedUser(ev live.Event) (user sns.User, ok bool) {
	if ev.Kind != KindRenamed {
		return user, false
	}
	return user, json.Unmarshal(ev.Data, &user) == nil
}

// renamed makes later events of a user who is online by sockets of this process show another
// name, also those that other processes publish when this one has died.
func (p *presenceTracker) renamed(user sns.User) {
	var publish []func()
	p.mu.Lock()
	for room, users := range p.rooms {
		if u := users[user.ID]; u != nil {
			u.user = user
			publish = append(publish, p.backend.apply(presenceChange{becameOnline, store.Seat{Room: room, User: user.ID}, u}))
		}
	}
	p.mu.Unlock()
	for _, tell := range publish {
		tell()
	}
}
