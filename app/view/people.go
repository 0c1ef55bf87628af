package view

import (
	"xxsns/app/sns"
)

// Home is user/home: a personal home.
type Home struct {
	About About
	Rooms []Room // open ones that they lead
	List  Posts
}

// About is user/_about: the head of a home, which its owner edits in place.
type About struct {
	Author    Author
	Status    string
	Place     string
	Since     string // a date
	Posts     string
	User      sns.User // its counts of followers and followees
	Mine      bool
	Follow    Follow
	FollowURL string
}

// Follow is user/_follow: the button, and how many follow them.
type Follow struct {
	ID        int64
	Name      string
	Action    string
	On        bool
	Followers int
}

func (l *Locale) Follow(u sns.User, on bool) Follow {
	author := l.Author(u)
	return Follow{ID: u.ID, Name: author.Name, Action: author.URL + "/follow", On: on, Followers: u.Followers}
}

// People is user/people: who follows somebody, or whom they follow.
type People struct {
	Home   Author
	Tabs   []Tab
	People []Person
	More   string // URL of what follows, or empty
	Empty  string
}

// Person is somebody in a list of people.
type Person struct {
	Author Author
	Status string
	Follow *Follow // nil: the viewer
}
