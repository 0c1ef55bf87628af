package view

import (
	"encoding/binary"
	"hash/fnv"
	"strconv"

	"xxsns/app/sns"
)

// Home is user/home: the home of a user.
type Home struct {
	About About
	Rooms []Room // open rooms that the user leads
	Past  Past   // of the viewer's own home
	List  Posts
}

// About is user/_about: the head of a home. The owner of the home edits the head in
// place.
type About struct {
	Author    Author
	Status    string   // the status message, or empty
	Place     string   // the location, or empty
	Since     string   // the date of signing up
	Posts     string   // the number of posts, as a sentence
	User      sns.User // for the numbers of followers and followees
	Mine      bool     // the home is the viewer's
	Follow    Follow
	FollowURL string // of the home; /followers and /following follow
	Manage    string // path of the page for administrators; or empty
	BlockURL  string // of the question whether to block the user
}

// Follow is user/_follow: the button to follow a user.
type Follow struct {
	ID        int64 // of the user
	Name      string
	Action    string // the path of the form
	On        bool   // the viewer follows the user
	Followers int
}

// Follow returns the button to follow a user; on reports whether the viewer does.
func (l *Locale) Follow(u sns.User, on bool) Follow {
	author := l.Author(u)
	return Follow{ID: u.ID, Name: author.Name, Action: author.URL + "/follow", On: on, Followers: u.Followers}
}

// People is user/people: the followers or followees of a user.
type People struct {
	Home   Author // the user
	Tabs   []Tab
	People []Person
	More   string // URL of the next page, or empty
	Empty  string // the text for an empty list
}

// Blocks is user/blocks: whom the viewer has blocked.
type Blocks struct {
	People []Unblock
	More   string // URL of the next page, or empty
}

// Folds returns the value of Page.Folds for those whom the viewer has blocked.
func Folds(blocked []int64) string {
	if len(blocked) == 0 {
		return ""
	}
	h := fnv.New64a()
	for _, id := range blocked {
		_ = binary.Write(h, binary.BigEndian, id) // a hash takes all
	}
	return "." + strconv.FormatUint(h.Sum64(), 36)
}

// Unblock is user/_unblock: the form that ends the block of a user.
type Unblock struct {
	Author Author
	Action string // the path of the form
	From   string // the path of the page
}

// A Person is a user in a list of people.
type Person struct {
	Author Author
	Status string
	Follow *Follow // nil: the viewer
}
