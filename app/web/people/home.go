package people

import (
	"net/http"
	"net/url"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// mostCounted is the largest number that a home shows exactly.
const mostCounted = 10000

// loadUser is the account that the route names; one that was deleted is not there.
func loadUser(r *request.Request) (sns.User, error) {
	return r.Store.UserByName(r.Ctx(), r.Param("username"))
}

// Show shows a member with their posts to anyone signed in.
func (Homes) Show(r *request.Request) error {
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	list, err := r.Posts(sns.Timeline{Author: user.ID, Before: before}, r.Locale.Author(user).URL)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_list", Data: list})
	}
	v := view.Home{List: list}
	if v.About, err = about(r, user); err != nil {
		return err
	}
	if v.Rooms, err = roomsOf(r, user); err != nil {
		return err
	}
	nav := ""
	if v.About.Mine {
		nav = "me"
	}
	return r.Page(http.StatusOK, "user/home", view.Page{
		Title: r.T("user.title", "Name", user.Username), Nav: nav, Topics: "topic=" + view.TopicTimeline, Data: v,
	})
}

// About shows the head of a home alone, when editing it was called off.
func (Homes) About(r *request.Request) error {
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(r.Locale.Author(user).URL)
	}
	about, err := about(r, user)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_about", Data: about})
}

// about is the head of a user's home.
func about(r *request.Request, user sns.User) (view.About, error) {
	posts, err := r.Store.CountPosts(r.Ctx(), sns.Timeline{Author: user.ID, Limit: mostCounted})
	if err != nil {
		return view.About{}, err
	}
	count := "user.posts"
	if posts == mostCounted {
		count = "user.posts_many"
	}
	follows, err := r.Store.Follows(r.Ctx(), r.Viewer.ID, []int64{user.ID})
	author := r.Locale.Author(user)
	return view.About{
		Author: author, Status: user.StatusMessage, Place: view.PlaceName(user.Location),
		Since: r.Locale.Date("time.year", user.CreatedAt), Posts: r.T(count, "Count", posts), User: user,
		Mine: user.ID == r.Viewer.ID, Follow: r.Locale.Follow(user, follows[user.ID]), FollowURL: author.URL,
	}, err
}

// roomsOnHome is how many of somebody's open rooms stand on their home.
const roomsOnHome = 3

func roomsOf(r *request.Request, user sns.User) ([]view.Room, error) {
	rooms, err := r.Store.MentorRooms(r.Ctx(), user.ID, false, 0, roomsOnHome)
	views := make([]view.Room, len(rooms))
	for i, room := range rooms {
		views[i] = r.Locale.Room(room, r.Now)
	}
	return views, err
}

// onOwnHome tells whether one is on one's own home.
func onOwnHome(r *request.Request) bool {
	here, err := url.Parse(r.From())
	if err != nil {
		return false
	}
	name, ok := strings.CutPrefix(here.Path, "/users/")
	return ok && sns.FoldUsername(name) == sns.FoldUsername(r.Viewer.Username) // as a home is found
}
