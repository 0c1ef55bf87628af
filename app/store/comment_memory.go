package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// A commentsKey is the key of the newest comments of a post.
type commentsKey struct {
	post  int64
	limit int
}

// knownComments are the comments of a post of a version: each change of a comment raises the
// version of the post.
type knownComments struct {
	version  int64
	comments []sns.Comment
}

// findComments returns the comments of a post of a version, if they are known, and the
// revision of names.
func (m *postMemory) findComments(key commentsKey, version int64) (known knownComments, names int64, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.comments.age(time.Now())
	known, ok = m.comments.get(key)
	return known, m.names, ok && known.version >= version
}

// keepComments keeps comments that were read after findComments has returned the revision of
// names.
func (m *postMemory) keepComments(key commentsKey, names int64, read knownComments) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.comments.most = mostComments
	if known, ok := m.comments.get(key); names == m.names && (!ok || known.version < read.version) {
		m.comments.put(key, read, time.Now())
	}
}

// proveComments returns an error if a post still has the version and the revision of names
// of which other comments were known.
func (s commentStore) proveComments(ctx context.Context, key commentsKey, known knownComments, names int64) error {
	now, err := postStore(s).listingWhere(ctx, `WHERE p.id = ?`, 1, []any{key.post})
	if err != nil || len(now.posts) == 0 || now.posts[0].version > known.version || now.names > names {
		return err
	}
	s.posts.forget()
	return s.proof.tell(key)
}
