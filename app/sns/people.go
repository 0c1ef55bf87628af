package sns

import "time"

// A PersonState narrows the list of people for administrators.
type PersonState string

// The states of people.
const (
	StateActive    PersonState = "active"
	StateSuspended PersonState = "suspended"
	StateAppeal    PersonState = "appeal" // suspended, and waiting for the answer to an appeal
)

// A PeoplePage asks for people, the newest accounts first. Zero fields leave nobody out.
type PeoplePage struct {
	Words  []string // of a Question
	Role   Role
	State  PersonState
	Before int64 // a user id
	Limit  int
}

// A Record is what the page of a person tells administrators beside the profile.
type Record struct {
	Posts, Comments int
	Sessions        int       // in which the person is signed in
	SeenAt          time.Time // of the last used one; zero: none
}
