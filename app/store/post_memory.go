package store

import (
	"sync"
	"time"

	"xxsns/app/sns"
)

// A postMemory keeps posts and who likes them. What a post shows changes with its version,
// which rises in the same transaction as the change, or else with the revision of names: so
// a post of a version that the database has just told is as good as read. A postMemory is
// safe for concurrent use.
type postMemory struct {
	mu    sync.Mutex
	names int64 // revision that the names of the posts have at least
	posts aging[int64, sns.Post]
	likes aging[likeKey, like]

	comments aging[commentsKey, knownComments]
}

type likeKey struct{ viewer, post int64 }

// A like says whether a viewer likes a post of a version: a like raises the version.
type like struct {
	version int64
	liked   bool
}

const (
	mostPosts = 500    // about 2 MB
	mostLikes = 20_000 // of the lists of a thousand viewers, about 2 MB

	mostComments = 100 // pages of at most fifty comments, about 2 MB
)

// find returns the posts of a listing, and the ids of those that are not known. The place
// of an unknown post is empty.
func (m *postMemory) find(l listing) (posts []sns.Post, unknown []int64) {
	posts = make([]sns.Post, len(l.posts))
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.posts.age(now)
	if l.names > m.names {
		m.posts.clear(now)
		m.comments.clear(now)
		m.names = l.names
	}
	for i, listed := range l.posts {
		post, ok := m.posts.get(listed.id)
		switch {
		case ok && post.Version >= listed.version:
			posts[i] = post
		case ok && listed.keepsText(post):
			post.Version, post.Likes, post.Comments = listed.version, listed.likes, listed.comments
			m.posts.put(post.ID, post, now)
			posts[i] = post
		default:
			unknown = append(unknown, listed.id)
		}
	}
	return posts, unknown
}

// keepsText reports whether only the counts of a post have changed since it was read: an edit of
// the post has a time, and what else a post shows raises the revision of names.
func (l listed) keepsText(p sns.Post) bool {
	if p.EditedAt.IsZero() {
		return l.edited == 0
	}
	return l.edited == p.EditedAt.UnixMicro()
}

// keep keeps posts that were read, as the viewer sees them, after find was asked for a
// listing with the revision of names. A newer version stays.
func (m *postMemory) keep(names, viewer int64, posts []sns.Post) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.posts.most = mostPosts
	now := time.Now()
	for _, p := range posts {
		m.keepLikeLocked(viewer, p.ID, like{p.Version, p.Liked}, now)
		p.Liked = false
		if known, ok := m.posts.get(p.ID); names == m.names && (!ok || known.Version < p.Version) {
			m.posts.put(p.ID, p, now)
		}
	}
}

// addImages adds the images of posts of which another version is known: the images of a post
// stay, and their sizes raise the revision of names. addImages returns false if those of a
// post are not known.
func (m *postMemory) addImages(posts []sns.Post) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range posts {
		known, ok := m.posts.get(posts[i].ID)
		if !ok {
			return false
		}
		posts[i].Images = known.Images
	}
	return true
}

// markLikes marks which of the posts the viewer likes, and returns the ids of the posts of
// which that is not known.
func (m *postMemory) markLikes(posts []sns.Post, viewer int64) (unknown []int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.likes.age(time.Now())
	for i := range posts {
		p := &posts[i]
		known, ok := m.likes.get(likeKey{viewer, p.ID})
		if ok && known.version == p.Version {
			p.Liked = known.liked
		} else {
			unknown = append(unknown, p.ID)
		}
	}
	return unknown
}

// keepLikes keeps what was read of the likes of a viewer.
func (m *postMemory) keepLikes(viewer int64, likes map[int64]like) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for post, read := range likes {
		m.keepLikeLocked(viewer, post, read, now)
	}
}

// keepLikeLocked keeps a like, or that there is none. The caller must hold mu.
func (m *postMemory) keepLikeLocked(viewer, post int64, read like, now time.Time) {
	m.likes.most = mostLikes
	key := likeKey{viewer, post}
	if known, ok := m.likes.get(key); viewer != 0 && (!ok || known.version < read.version) {
		m.likes.put(key, read, now)
	}
}

// forget forgets everything.
func (m *postMemory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.posts.clear(now)
	m.likes.clear(now)
	m.comments.clear(now)
}
