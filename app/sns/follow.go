package sns

// FollowMost is how many people one may follow: what they write is gathered
// when it is read, person by person.
const FollowMost = 2000

// A Follow is that somebody follows a user, or is followed by them.
type Follow struct {
	ID   int64
	User User // the other one
}
