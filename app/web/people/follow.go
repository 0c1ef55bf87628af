package people

import (
	"context"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Update makes the viewer follow a user, or stop following (the field on).
func (Follows) Update(r *request.Request) error {
	on, err := r.Bool("on")
	if err != nil {
		return err
	}
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitFollow); err != nil {
		return err
	}
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	if on && blocks.Has(user.ID) {
		return r.Refuse(http.StatusForbidden, sns.Invalid{{Field: "on", Key: "block.follow"}})
	}
	user.Followers, err = r.Store.SetFollow(r.Ctx(), r.Viewer.ID, user.ID, on, r.Now)
	if problems, status := r.Problems(err); problems != nil {
		return r.Refuse(status, problems)
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(r.From())
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_follow", Data: r.Locale.Follow(user, on)},
		request.Fragment{Name: "user/_followers", Data: user, Target: "#followers-" + view.Itoa(user.ID), Swap: "outerHTML"})
}

// FollowsPerPage is how many users a page of followers or followees lists.
const FollowsPerPage = 50

// The pages of a user's followers and followees, below the path of the home.
const (
	followersPath = "/followers"
	followeesPath = "/following"
)

// Followers lists the followers of a user, the latest first. Notices about new followers of
// the viewer are read.
func (Follows) Followers(r *request.Request) error {
	list := followList{r.Store.Followers, followersPath, "follow.of_followers", "follow.no_followers", r.Store.ReadFollows}
	return followPage(r, list)
}

// Followees lists the users that a user follows, the latest first.
func (Follows) Followees(r *request.Request) error {
	return followPage(r, followList{r.Store.Followees, followeesPath, "follow.of_followees", "follow.no_followees", nil})
}

// A followList is what differs between followers and followees.
type followList struct {
	load  func(ctx context.Context, user, viewer, before int64, limit int) ([]sns.Follow, error)
	path  string
	title string                                        // key of the page's title
	empty string                                        // key of the text for an empty list
	read  func(ctx context.Context, viewer int64) error // the viewer looks at their own list; or nil
}

func followPage(r *request.Request, list followList) error {
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	if list.read != nil && user.ID == r.Viewer.ID {
		if err := list.read(r.Ctx(), user.ID); err != nil {
			return err
		}
	}
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	var follows []sns.Follow
	if blocks.Hide(user.ID) {
		user = bare(user)
	} else if follows, err = list.load(r.Ctx(), user.ID, r.Viewer.ID, before, FollowsPerPage+1); err != nil {
		return err
	}
	home := r.Locale.Author(user)
	v := view.People{Home: home, Empty: r.T(list.empty), Tabs: []view.Tab{
		view.NewTab(r.T("follow.followers", "Count", user.Followers), home.URL+followersPath, list.path == followersPath),
		view.NewTab(r.T("follow.followees", "Count", user.Following), home.URL+followeesPath, list.path == followeesPath),
	}}
	follows, more := view.Cut(follows, FollowsPerPage)
	if more {
		v.More = home.URL + list.path + "?before=" + view.Itoa(follows[len(follows)-1].ID)
	}
	if v.People, err = loadPeople(r, follows); err != nil {
		return err
	}
	return r.Show(http.StatusOK, "user/_people", "user/people", view.Page{Title: r.T(list.title, "Name", home.Name), Data: v})
}

// loadPeople returns the users of follows, with buttons that show whether the viewer
// follows these users.
func loadPeople(r *request.Request, follows []sns.Follow) ([]view.Person, error) {
	ids := make([]int64, len(follows))
	for i, f := range follows {
		ids[i] = f.User.ID
	}
	followed, err := r.Store.Follows(r.Ctx(), r.Viewer.ID, ids)
	people := make([]view.Person, len(follows))
	for i, f := range follows {
		people[i] = view.Person{Author: r.Locale.Author(f.User), Status: f.User.StatusMessage}
		if f.User.ID != r.Viewer.ID {
			button := r.Locale.Follow(f.User, followed[f.User.ID])
			people[i].Follow = &button
		}
	}
	return people, err
}
