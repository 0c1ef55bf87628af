package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/apptest/await"
	"xxsns/app/sns"
)

// Pool returns the pool for writing, whose connections have the settings that
// the store uses.
func (s *Store) Pool() *sql.DB { return s.writer.DB }

// BePatient lets stores wait for a connection, and for rows that others lock, as long as a busy
// machine takes.
func BePatient() {
	dialTimeout = await.Patience
	mysqlDialect.connectTimeout, mysqlDialect.lockTimeout, sqliteDialect.lockTimeout = await.Patience, await.Patience, await.Patience
}

// BeImpatient lets a store wait for a connection as long as in use.
func (s *Store) BeImpatient() { s.dialect.connectTimeout = connectTimeout }

// Insist lets the store retry for a time what it cannot do while the connection is lost.
func (s *Store) Insist(limit time.Duration) {
	s.dialect.connectTimeout, s.dialect.reconnectLimit = limit, limit
}

// SetMemoryLife sets how long the memory keeps an answer at most.
func SetMemoryLife(s *Store, life time.Duration) {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	s.memory.life = life
}

// StampPatience is how long a query waits for the stamp.
const StampPatience = stampPatience

// GlanceLife is how long a glance lasts.
const GlanceLife = glanceLife

// RecentMost is how many values a Recent keeps.
const RecentMost = recentMost

// Queries returns the prepared SELECT statements of an SQLite store, so that
// tests can ask each database for the plans.
func (s *Store) Queries() (all []string) {
	s.stmts.Range(func(query, _ any) bool {
		all = append(all, query.(string))
		return true
	})
	return all
}

// Writes returns the prepared statements of transactions.
func (s *Store) Writes() []string { return s.writes.Keys() }

// MostWrites is the number of prepared statements that are kept.
const MostWrites = mostWrites

// Write runs a statement in a transaction.
func (s *Store) Write(ctx context.Context, statement string, args ...any) error {
	return s.exec(ctx, statement, args...)
}

// HeadsQuery returns the query of the heads of a merged timeline, which is not
// prepared and so missing from Queries.
func HeadsQuery(t sns.Timeline) string {
	m, _ := mergeFor(t)
	query, _ := m.heads(t)
	return query
}

// MySQLConfig is mysqlConfig, for the tests.
var MySQLConfig = mysqlConfig

// SpoilMemory makes the newest post that the memory knows another one, which does not grow old.
func SpoilMemory(s *Store) {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	read := s.memory.known[newestKey{}]
	read.value, read.at = int64(-1), time.Now().Add(time.Hour)
	s.memory.known[newestKey{}] = read
}

// ForgottenWith returns the keys of what the memory forgets when somebody commits a change of
// a table, and all keys.
func ForgottenWith(s *Store, table string) (forgotten, all []string) {
	in, ok := regionOf[table]
	if !ok {
		in = regionRest
	}
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	for key, read := range s.memory.known {
		name := fmt.Sprintf("%T", key)
		all = append(all, name)
		if read.of.in(in) != (revision{}) {
			forgotten = append(forgotten, name)
		}
	}
	return forgotten, all
}

// ForgetMemory empties the memory.
func ForgetMemory(s *Store) {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	clear(s.memory.known)
}

// KnownNow returns the keys, sorted, of which the memory would answer now.
func KnownNow(ctx context.Context, s *Store) (keys []string) {
	present := s.memory.revision(ctx)
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	for key, read := range s.memory.known {
		var from region
		for i := range read.of {
			if read.of[i] != (commits{}) {
				from |= 1 << i
			}
		}
		if read.of == present.in(from) {
			keys = append(keys, fmt.Sprintf("%T", key))
		}
	}
	slices.Sort(keys)
	return keys
}

// SignedIn returns the users of sessions as KnownSession loads them, by the sessions.
func SignedIn(ctx context.Context, s *Store, ids []string) (map[sns.Session]sns.User, error) {
	found, err := s.signedIn(ctx, ids)
	all := make(map[sns.Session]sns.User, len(found))
	for _, one := range found {
		all[one.session] = one.user
	}
	return all, err
}

// A Sharing is a sharing, for the tests.
type Sharing struct{ s *sharing }

func NewSharing() Sharing { return Sharing{newSharing()} }

// Share is share with the key of a test.
func (s Sharing) Share(ctx context.Context, key string, load func(context.Context) (int64, error)) (int64, error) {
	return share(ctx, s.s, key, load)
}

// SharePatience is how long callers wait for a query that began before.
const SharePatience = sharePatience

// SpoilPosts changes a post that the memory knows.
func SpoilPosts(s *Store) {
	m := &s.posts
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, p := range m.posts.young {
		p.Content = "바뀐 적 없는 글"
		m.posts.young[id] = p
	}
}

// CreateUnsearched makes a post as CreatePost did before there were searches.
func (s *Store) CreateUnsearched(ctx context.Context, p NewPost) error {
	bucket, err := s.BucketFor(ctx, p.Board, p.Location.Area, p.Options)
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *transaction) error {
		_, err := insert(ctx, tx, `INSERT INTO posts (user_id, board_id, bucket_id, town, content, form_key, created_at) SELECT id, ?, ?, ?, ?, ?, ? `+fromActiveUser,
			p.Board, bucket, p.Location.Town, p.Content, nullable(p.Key), micros(p.CreatedAt), p.Author)
		if err != nil {
			return err
		}
		return countInBucket(ctx, tx, bucket, 1)
	})
}

// LikeUntold likes a post as SetLike did before there were notices.
func (s *Store) LikeUntold(ctx context.Context, post, user int64, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockRow(ctx, tx, `posts`, `id = ?`, post); err != nil {
			return err
		}
		if err := change(ctx, tx, `INSERT INTO likes (post_id, user_id, created_at) SELECT ?, id, ? `+fromActiveUser, post, micros(now), user); err != nil {
			return err
		}
		if err := change(ctx, tx, `UPDATE posts SET like_count = like_count + ?, version = version + 1 WHERE id = ?`, 1, post); err != nil {
			return err
		}
		_, err := countsIn(ctx, tx, post)
		return err
	})
}

// CommentUntold makes a comment as AddComment did before there were notices.
func (s *Store) CommentUntold(ctx context.Context, c NewComment) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, `UPDATE posts SET comment_count = comment_count + 1, version = version + 1 WHERE id = ?`, c.Post); err != nil {
			return err
		}
		id, err := insert(ctx, tx, `INSERT INTO comments (post_id, user_id, content, form_key, created_at) SELECT ?, id, ?, ?, ? `+fromActiveUser,
			c.Post, c.Content, nullable(c.Key), micros(c.CreatedAt), c.Author)
		if err != nil {
			return err
		}
		if err := waitForIndex(ctx, tx, searchedComments, id); err != nil {
			return err
		}
		_, err = countsIn(ctx, tx, c.Post)
		return err
	})
}

// TellAtOnce lets a transaction tell at most n people of a deed.
func (s *Store) TellAtOnce(n int) { s.tellAtOnce = n }

// DieBlocking blocks as a process does that dies right after the commit.
func (s *Store) DieBlocking(ctx context.Context, user, other int64, now time.Time) error {
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if _, err := s.putBlock(ctx, tx, user, other, true, now); err != nil {
			return err
		}
		_, err := t.leave(ctx, untoldDeed{Kind: restOfBlock, Thing: user, Deed: other}, now)
		return err
	})
}

// WantPushes is wantPushes in a transaction of its own: the notices of users, by id.
func (d *database) WantPushes(ctx context.Context, users map[int64]int64, kind sns.NoticeKind, now time.Time) error {
	var notices []writtenNotice
	for _, id := range slices.Sorted(maps.Keys(users)) {
		notices = append(notices, writtenNotice{ID: id, User: users[id], Kind: kind})
	}
	return d.tx(ctx, func(tx *transaction) error { return wantPushes(ctx, tx, notices, now) })
}

// Decide is decide in a transaction of its own.
func (d *database) Decide(ctx context.Context, decision sns.Decision) error {
	return d.txTelling(ctx, func(_ *transaction, t *telling) error { return t.decide(ctx, decision) })
}

// BackedUp returns the tables that a backup holds, and the others with the reason.
func BackedUp() ([]string, map[string]string) { return backedUp, notBackedUp }

// MigrateTo brings a database to an older schema.
func MigrateTo(ctx context.Context, url string, schema int64) error {
	_, err := migrate(ctx, url, schema, func(*Store, *sql.DB) error { return nil })
	return err
}

// CommitBetween commits a statement, and calls others after the commit, before the store looks
// at the database.
func (s *Store) CommitBetween(ctx context.Context, statement string, others func()) error {
	return s.withConn(ctx, s.writer, func(conn *sqlx.Conn) error {
		begun, err := conn.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		tx := &transaction{d: s.database, tx: begun}
		_, err = tx.ExecContext(ctx, statement)
		if err = errors.Join(err, s.others.before(ctx, tx), begun.Commit()); err != nil {
			return err
		}
		others()
		s.committed(ctx, tx.written)
		s.others.after(ctx, conn)
		return nil
	})
}
