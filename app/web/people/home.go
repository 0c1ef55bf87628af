package people

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows the home of a user; for htmx, the next page of posts alone. A former name leads to
// the home, and so does the link of a mention (view.LastingHomePath), whatever name it has.
func (Homes) Show(r *request.Request) error {
	user, blocked, err := loadHome(r)
	if err != nil {
		return err
	}
	if !isCalled(user, r.Param("username")) {
		return r.Redirect(view.HomePath(user.Username))
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	if blocked {
		return blockedHome(r, user)
	}
	list, _, err := r.Posts(sns.Timeline{Author: user.ID, Before: before}, r.Locale.Author(user).URL)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_list", Data: list})
	}
	v := view.Home{List: list}
	if v.About, err = loadAbout(r, user); err != nil {
		return err
	}
	if v.Rooms, err = loadRooms(r, user); err != nil {
		return err
	}
	if v.Past, err = loadPast(r, user, before); err != nil {
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

// About shows the head of a home alone, in the place of the profile's form when
// editing is cancelled.
func (Homes) About(r *request.Request) error {
	user, blocked, err := loadHome(r)
	if err != nil {
		return err
	}
	if blocked || !r.Partial() {
		return r.Redirect(r.Locale.Author(user).URL)
	}
	about, err := loadAbout(r, user)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_about", Data: about})
}

// loadUser returns the user that the route names, also by a former name that is reserved, or
// sns.ErrNotFound. A deleted account is not found.
func loadUser(r *request.Request) (sns.User, error) {
	user, err := r.Store.UserCalled(r.Ctx(), r.Param("username"), r.Now)
	if err != nil {
		return user, err
	}
	return user, mayFind(r, user)
}

// mayFind returns sns.ErrNotFound if the route has another name than the user's present one, and
// the user has blocked the viewer, who is not to learn the new name.
func mayFind(r *request.Request, user sns.User) error {
	if isCalled(user, r.Param("username")) {
		return nil
	}
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if err == nil && slices.Contains(blocks.By, user.ID) {
		err = sns.ErrNotFound
	}
	return err
}

// isCalled reports whether a user has a name now, as a home is found.
func isCalled(user sns.User, name string) bool {
	return sns.FoldUsername(name) == sns.FoldUsername(user.Username)
}

// loadMeant returns the user whose id is ?id=, or else the user that the route names. Errors are
// those of loadUser.
func loadMeant(r *request.Request) (sns.User, error) {
	id, err := r.Cursor("id")
	if err != nil {
		return sns.User{}, err
	}
	if id == 0 {
		return loadUser(r)
	}
	user, err := r.Store.User(r.Ctx(), id)
	if err != nil {
		return user, err
	}
	return user, mayFind(r, user)
}

// loadHome is loadUser for the home of the user, and reports whether the viewer has blocked the
// user. A user who has blocked the viewer is bare: to the viewer, nothing has been written on
// such a home.
func loadHome(r *request.Request) (user sns.User, blocked bool, err error) {
	if user, err = loadMeant(r); err != nil {
		return user, false, err
	}
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if blocks.Hide(user.ID) {
		user = bare(user)
	}
	return user, blocks.Has(user.ID), err
}

// postsCounted is the largest number of posts that a home shows exactly.
const postsCounted = 10000

// loadAbout returns the head of a user's home.
func loadAbout(r *request.Request, user sns.User) (view.About, error) {
	posts, err := r.Store.CountPosts(r.Ctx(), sns.Timeline{Viewer: r.Viewer.ID, Author: user.ID, Limit: postsCounted})
	if err != nil {
		return view.About{}, err
	}
	count := "user.posts"
	if posts == postsCounted {
		count = "user.posts_many"
	}
	follows, err := r.Store.Follows(r.Ctx(), r.Viewer.ID, []int64{user.ID})
	author := r.Locale.Author(user)
	manage := ""
	if r.Viewer.Role.Is(sns.RoleAdmin) {
		manage = view.PersonPath(user.ID)
	}
	return view.About{
		Author: author, Status: user.StatusMessage, Place: view.PlaceName(user.Location),
		Since: r.Locale.Date("time.year", user.CreatedAt), Posts: r.T(count, "Count", posts), User: user,
		Mine: user.ID == r.Viewer.ID, Follow: r.Locale.Follow(user, follows[user.ID]), FollowURL: author.URL, Manage: manage,
		BlockURL: author.URL + "/block",
	}, err
}

// roomsOnHome is how many open rooms of a mentor the mentor's home shows.
const roomsOnHome = 3

// loadRooms returns the open rooms of a mentor, unless viewer and mentor do not see each other.
func loadRooms(r *request.Request, user sns.User) ([]view.Room, error) {
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if err != nil || blocks.Hide(user.ID) {
		return nil, err
	}
	rooms, err := r.Store.MentorRooms(r.Ctx(), user.ID, false, 0, roomsOnHome)
	views := make([]view.Room, len(rooms))
	for i, room := range rooms {
		views[i] = r.Locale.Room(room, r.Now)
	}
	return views, err
}

// pastOnHome is how many past rooms the first page of the viewer's own home shows.
const pastOnHome = 3

func loadPast(r *request.Request, user sns.User, before int64) (view.Past, error) {
	if user.ID != r.Viewer.ID || before > 0 {
		return view.Past{}, nil
	}
	ended, err := r.Store.PastRooms(r.Ctx(), user.ID, 0, pastOnHome+1)
	if err != nil {
		return view.Past{}, err
	}
	return r.Locale.Past(ended, pastOnHome, r.Now)
}

// onOwnHome reports whether the request comes from the viewer's home.
func onOwnHome(r *request.Request) bool {
	page, err := url.Parse(r.From())
	if err != nil {
		return false
	}
	name, ok := strings.CutPrefix(page.Path, "/users/")
	return ok && isCalled(r.Viewer.User, name)
}
