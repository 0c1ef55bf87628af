package sns

// FollowMost is the largest number of users that a user may follow. The
// timeline of followed users is merged from one source per user when it is
// read, so the cost grows with the number.
const FollowMost = 2000

// A Follow is an entry in a list of followers or of followed users.
type Follow struct {
	ID   int64
	User User // the follower or the followed user
}
