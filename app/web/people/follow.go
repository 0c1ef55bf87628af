package people

import (
	"net/http"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Set makes the viewer follow a user, or not.
func (Follows) Set(r *request.Request) error {
	on, err := strconv.ParseBool(r.Value("on"))
	if err != nil {
		return request.ErrBadRequest
	}
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitFollow); err != nil {
		return err
	}
	user.Followers, err = r.Store.SetFollow(r.Ctx(), r.Viewer.ID, user.ID, on, r.Now)
	if inv, status := r.Problems(err); inv != nil {
		return r.Refuse(status, inv)
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

// FollowsPerPage is how many people are listed at once.
const FollowsPerPage = 50

// Followers lists who follows a user, the latest first.
func (Follows) Followers(r *request.Request) error { return followPage(r, true) }

// Followees lists whom a user follows, the latest first.
func (Follows) Followees(r *request.Request) error { return followPage(r, false) }

func followPage(r *request.Request, followers bool) error {
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	home := r.Locale.Author(user)
	load, path, title, empty := r.Store.Followees, home.URL+"/following", "follow.of_followees", "follow.no_followees"
	if followers {
		load, path, title, empty = r.Store.Followers, home.URL+"/followers", "follow.of_followers", "follow.no_followers"
	}
	follows, err := load(r.Ctx(), user.ID, before, FollowsPerPage+1)
	if err != nil {
		return err
	}
	v := view.People{Home: home, Empty: r.T(empty), Tabs: []view.Tab{
		view.NewTab(r.T("follow.followers", "Count", user.Followers), home.URL+"/followers", followers),
		view.NewTab(r.T("follow.followees", "Count", user.Following), home.URL+"/following", !followers),
	}}
	if len(follows) > FollowsPerPage {
		follows = follows[:FollowsPerPage]
		v.More = path + "?before=" + view.Itoa(follows[FollowsPerPage-1].ID)
	}
	if v.People, err = viewPeople(r, follows); err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_people", Data: v})
	}
	return r.Page(http.StatusOK, "user/people", view.Page{Title: r.T(title, "Name", home.Name), Data: v})
}

func viewPeople(r *request.Request, follows []sns.Follow) ([]view.Person, error) {
	ids := make([]int64, len(follows))
	for i, f := range follows {
		ids[i] = f.User.ID
	}
	mine, err := r.Store.Follows(r.Ctx(), r.Viewer.ID, ids)
	people := make([]view.Person, len(follows))
	for i, f := range follows {
		people[i] = view.Person{Author: r.Locale.Author(f.User), Status: f.User.StatusMessage}
		if f.User.ID != r.Viewer.ID {
			button := r.Locale.Follow(f.User, mine[f.User.ID])
			people[i].Follow = &button
		}
	}
	return people, err
}
