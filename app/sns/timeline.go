package sns

// A Timeline selects posts, newest first. At most one of Author, Follower,
// Board and Buckets may be set.
type Timeline struct {
	Viewer   int64   // user whose likes are marked, without posts of those whom the viewer does not see
	Hides    bool    // the viewer does not see everybody; the store sets Hides
	Author   int64   // only posts of this user; 0: all users
	Follower int64   // only posts of users that this user follows; 0: all users
	Board    int64   // only posts of this board; 0: all boards
	Buckets  []int64 // only posts in these buckets; nil: all buckets; empty: no posts
	Except   int64   // without posts of this user; 0: all users
	Before   int64   // post id; only older posts; 0: no bound
	After    int64   // post id; only newer posts; 0: no bound
	Limit    int
}
