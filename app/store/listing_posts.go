package store

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// listedPosts returns the posts of a listing as the viewer sees them, from memory as far as
// they are known. Posts that have been deleted meanwhile are missing.
func (s postStore) listedPosts(ctx context.Context, l listing, viewer int64) ([]sns.Post, error) {
	posts, unknown := s.posts.find(l)
	if len(unknown) > 0 {
		read, err := s.sharePosts(ctx, viewer, unknown)
		if err != nil {
			return nil, err
		}
		s.posts.keep(l.names, viewer, read)
		posts = fillPlaces(l, posts, read)
	}
	if viewer == 0 {
		return posts, nil
	}
	unknown = s.posts.markLikes(posts, viewer)
	if len(unknown) == 0 {
		return posts, nil
	}
	likes, err := s.shareLikes(ctx, viewer, unknown)
	if err != nil {
		return nil, err
	}
	if !markRead(posts, likes) {
		ids := l.ids()
		// Of a post that has just changed, the counts and the like must be of one moment.
		return s.readPosts(ctx, in(byIDs, ids), viewer, anys(ids))
	}
	s.posts.keepLikes(viewer, likes)
	return posts, nil
}

// fillPlaces puts the posts that were read, which are in the order of the listing, into
// their empty places, and removes the places that stay empty.
func fillPlaces(l listing, posts, read []sns.Post) []sns.Post {
	for i := range posts {
		if posts[i].ID == 0 && len(read) > 0 && read[0].ID == l.posts[i].id {
			posts[i], read = read[0], read[1:]
		}
	}
	return slices.DeleteFunc(posts, func(p sns.Post) bool { return p.ID == 0 })
}

// byIDs selects posts by id, newest first.
const byIDs = `WHERE p.id IN (?) ORDER BY p.id DESC`

// A postsKey is the key of reading posts as a viewer sees them.
type postsKey struct {
	viewer int64
	ids    string
}

func (s postStore) sharePosts(ctx context.Context, viewer int64, ids []int64) ([]sns.Post, error) {
	return share(ctx, s.sharing, postsKey{viewer, joinIDs(ids)}, func(ctx context.Context) ([]sns.Post, error) {
		posts, err := s.readRows(ctx, in(byIDs, ids), viewer, anys(ids))
		if err != nil || s.posts.addImages(posts) {
			return posts, err
		}
		return posts, s.addImages(ctx, posts)
	})
}

// A likesKey is the key of reading which posts a viewer likes.
type likesKey struct {
	viewer int64
	ids    string
}

func (s postStore) shareLikes(ctx context.Context, viewer int64, ids []int64) (map[int64]like, error) {
	return share(ctx, s.sharing, likesKey{viewer, joinIDs(ids)}, func(ctx context.Context) (map[int64]like, error) {
		likes := make(map[int64]like, len(ids))
		scan := func(rows *sqlx.Rows) error {
			clear(likes)
			var post, liked int64
			var read like
			for rows.Next() {
				if err := rows.Scan(&post, &read.version, &liked); err != nil {
					return err
				}
				read.liked = liked > 0
				likes[post] = read
			}
			return rows.Err()
		}
		err := s.query(ctx, scan, in(`SELECT p.id, p.version, COALESCE(l.user_id, 0) FROM posts p
			LEFT JOIN likes l ON l.post_id = p.id AND l.user_id = ? WHERE p.id IN (?)`, ids), append([]any{viewer}, anys(ids)...)...)
		return likes, err
	})
}

// markRead marks the posts as read. markRead returns false if a post has another version.
func markRead(posts []sns.Post, likes map[int64]like) bool {
	for i := range posts {
		if read, ok := likes[posts[i].ID]; ok {
			if read.version != posts[i].Version {
				return false
			}
			posts[i].Liked = read.liked
		}
	}
	return true
}
