package seed

import (
	"context"
	"slices"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Types of rows for the tests on databases. These tests are in the package
// seed_test, because apptest imports server, and server imports this package.
type (
	User   = user
	Post   = post
	Follow = follow
	Entry  = entry
)

// Insertions of rows.
var (
	InsertUsers   = insertUsers
	InsertFollows = insertFollows
)

// NewUser makes a user with all columns.
func NewUser(u store.NewUser, status, image string, home sns.Location) User {
	return user{u, status, image, home}
}

// NewFollow makes a follow.
func NewFollow(follower, followee int64, at time.Time) Follow { return follow{follower, followee, at} }

// NewPost makes a post with numbers of comments and likes.
func NewPost(p store.NewPost, comments, likes int) Post {
	return post{p, topic{name: photoTopic}, comments, likes}
}

// NewEntry makes a line of a room.
func NewEntry(at time.Time, who int, kind sns.MessageKind, text string) Entry {
	return entry{at, who, kind, text}
}

// InsertPosts inserts posts with comments and likes of the users.
func InsertPosts(ctx context.Context, db *store.Store, now time.Time, users []int64, posts []Post) error {
	b := postBatch{
		seeder: &seeder{Community: Community{Store: db, Now: now}, users: users, shuffled: slices.Clone(users), buckets: map[string]int64{}},
		posts:  posts,
	}
	b.planComments(b.source(forPosts))
	return b.insert(ctx)
}

// InsertEndedRoom inserts a room that was open for an hour.
func InsertEndedRoom(ctx context.Context, db *store.Store, name, notice string, opened time.Time, people []sns.User, entries []Entry) (int64, error) {
	return insertEndedRoom(ctx, db, room{name: name, notice: notice, opened: opened, closed: opened.Add(time.Hour)}, 5, people, entries)
}
