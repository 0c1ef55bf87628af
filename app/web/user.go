package web

import (
	"net/http"
	"net/url"
	"strings"

	"xxsns/app/sns"
)

// homeView is user/home: a personal home.
type homeView struct {
	About aboutView
	Rooms []roomView // open ones that they lead
	List  listView
}

// aboutView is user/_about: the head of a home, which its owner edits in place.
type aboutView struct {
	Author    authorView
	Status    string
	Place     string
	Since     string // a date
	Posts     string
	User      sns.User // its counts of followers and followees
	Mine      bool
	Follow    followView
	FollowURL string
}

// mostCounted is the largest number that a home shows exactly.
const mostCounted = 10000

// user is the account that the route names; one that was deleted is not there.
func (r *request) user() (sns.User, error) {
	return r.Store.UserByName(r.ctx(), r.Param("username"))
}

// showHome shows a member with their posts to anyone signed in.
func (r *request) showHome() error {
	user, err := r.user()
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	list, err := r.list(sns.Timeline{Author: user.ID, Before: before}, r.locale.viewAuthor(user).URL)
	if err != nil {
		return err
	}
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "post/_list", data: list})
	}
	v := homeView{List: list}
	if v.About, err = r.about(user); err != nil {
		return err
	}
	if v.Rooms, err = r.roomsLedBy(user); err != nil {
		return err
	}
	nav := ""
	if v.About.Mine {
		nav = "me"
	}
	return r.page(http.StatusOK, "user/home", page{
		Title: r.T("user.title", "Name", user.Username), Nav: nav, Topics: "topic=" + TopicTimeline, Data: v,
	})
}

// showAbout shows the head of a home alone, when editing it was called off.
func (r *request) showAbout() error {
	user, err := r.user()
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirect(r.locale.viewAuthor(user).URL)
	}
	about, err := r.about(user)
	if err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{name: "user/_about", data: about})
}

// about is the head of a user's home.
func (r *request) about(user sns.User) (aboutView, error) {
	posts, err := r.Store.CountPosts(r.ctx(), sns.Timeline{Author: user.ID, Limit: mostCounted})
	if err != nil {
		return aboutView{}, err
	}
	count := "user.posts"
	if posts == mostCounted {
		count = "user.posts_many"
	}
	follows, err := r.Store.Follows(r.ctx(), r.viewer.ID, []int64{user.ID})
	author := r.locale.viewAuthor(user)
	return aboutView{
		Author: author, Status: user.StatusMessage, Place: placeName(user.Location),
		Since: r.locale.date("time.year", user.CreatedAt), Posts: r.T(count, "Count", posts), User: user,
		Mine: user.ID == r.viewer.ID, Follow: r.locale.viewFollow(user, follows[user.ID]), FollowURL: author.URL,
	}, err
}

// roomsOnHome is how many of somebody's open rooms stand on their home.
const roomsOnHome = 3

func (r *request) roomsLedBy(user sns.User) ([]roomView, error) {
	rooms, err := r.Store.MentorRooms(r.ctx(), user.ID, false, 0, roomsOnHome)
	views := make([]roomView, len(rooms))
	for i, room := range rooms {
		views[i] = r.locale.viewRoom(room, r.now)
	}
	return views, err
}

// atHome tells whether one is on one's own home.
func (r *request) atHome() bool {
	here, err := url.Parse(r.here())
	if err != nil {
		return false
	}
	name, ok := strings.CutPrefix(here.Path, "/users/")
	return ok && sns.FoldUsername(name) == sns.FoldUsername(r.viewer.Username) // as a home is found
}
