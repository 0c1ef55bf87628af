package sns

// A Timeline says which posts to list, newest first. At most one of Author,
// Follower, Board and Buckets narrows it.
type Timeline struct {
	Viewer   int64   // whose likes are marked
	Author   int64   // only this user's posts; 0: everybody's
	Follower int64   // only those of whom this user follows; 0: everybody's
	Board    int64   // only this board's; 0: every board's
	Buckets  []int64 // only those in these buckets; nil: in any, empty: none
	Except   int64   // not this user's posts; 0: nobody's are left out
	Before   int64   // only posts older than this one; 0: from the newest
	After    int64   // only posts newer than this one; 0: to the oldest
	Limit    int
}
