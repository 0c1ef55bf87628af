package web

import (
	"net/http"
	"strconv"

	"xxsns/app/sns"
)

// followView is user/_follow: the button, and how many follow them.
type followView struct {
	ID        int64
	Name      string
	Action    string
	On        bool
	Followers int
}

// setFollow makes the viewer follow a user, or not.
func (r *request) setFollow() error {
	if err := r.parse(); err != nil {
		return err
	}
	on, err := strconv.ParseBool(r.value("on"))
	if err != nil {
		return errBadRequest
	}
	user, err := r.user()
	if err != nil {
		return err
	}
	if err := r.limit(limitFollow); err != nil {
		return err
	}
	user.Followers, err = r.Store.SetFollow(r.ctx(), r.viewer.ID, user.ID, on, r.now)
	if inv, status := r.refusal(err); inv != nil {
		return r.sayNo(status, inv)
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirect(r.here())
	}
	return r.fragments(http.StatusOK, part{name: "user/_follow", data: r.locale.viewFollow(user, on)},
		part{name: "user/_followers", data: user, target: "#followers-" + itoa(user.ID), swap: "outerHTML"})
}

func (l *Locale) viewFollow(u sns.User, on bool) followView {
	author := l.viewAuthor(u)
	return followView{ID: u.ID, Name: author.Name, Action: author.URL + "/follow", On: on, Followers: u.Followers}
}

// followingSource is where the page of those one follows asks for news.
const followingSource = "/posts/new?following=true&"

// showFollowing shows the posts of those one follows, newest first.
func (r *request) showFollowing() error {
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	newest, err := r.Store.NewestPost(r.ctx()) // before the list, as on the timeline
	if err != nil {
		return err
	}
	list, err := r.list(sns.Timeline{Follower: r.viewer.ID, Before: before}, "/following")
	if err != nil {
		return err
	}
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "post/_list", data: list})
	}
	return r.page(http.StatusOK, "post/following", page{
		Title: r.T("home.following"), Nav: "home", Topics: "topic=" + TopicTimeline,
		Data: timelineView{Tabs: r.homeTabs(true), List: list, Fresh: freshView{After: newest, Source: followingSource, Page: "/following"}},
	})
}

// followsSize is how many people are listed at once.
const followsSize = 50

// peopleView is user/people: who follows somebody, or whom they follow.
type peopleView struct {
	Home   authorView
	Tabs   []tabView
	People []personView
	More   string // URL of what follows, or empty
	Empty  string
}

// personView is somebody in a list of people.
type personView struct {
	Author authorView
	Status string
	Follow *followView // nil: the viewer
}

// showFollowers lists who follows a user, the latest first.
func (r *request) showFollowers() error { return r.followPage(true) }

// showFollowees lists whom a user follows, the latest first.
func (r *request) showFollowees() error { return r.followPage(false) }

func (r *request) followPage(followers bool) error {
	user, err := r.user()
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	home := r.locale.viewAuthor(user)
	load, path, title, empty := r.Store.Followees, home.URL+"/following", "follow.of_followees", "follow.no_followees"
	if followers {
		load, path, title, empty = r.Store.Followers, home.URL+"/followers", "follow.of_followers", "follow.no_followers"
	}
	follows, err := load(r.ctx(), user.ID, before, followsSize+1)
	if err != nil {
		return err
	}
	v := peopleView{Home: home, Empty: r.T(empty), Tabs: []tabView{
		{namedLink{r.T("follow.followers", "Count", user.Followers), home.URL + "/followers"}, followers},
		{namedLink{r.T("follow.followees", "Count", user.Following), home.URL + "/following"}, !followers},
	}}
	if len(follows) > followsSize {
		follows = follows[:followsSize]
		v.More = path + "?before=" + itoa(follows[followsSize-1].ID)
	}
	if v.People, err = r.viewPeople(follows); err != nil {
		return err
	}
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "user/_people", data: v})
	}
	return r.page(http.StatusOK, "user/people", page{Title: r.T(title, "Name", home.Name), Data: v})
}

func (r *request) viewPeople(follows []sns.Follow) ([]personView, error) {
	ids := make([]int64, len(follows))
	for i, f := range follows {
		ids[i] = f.User.ID
	}
	mine, err := r.Store.Follows(r.ctx(), r.viewer.ID, ids)
	people := make([]personView, len(follows))
	for i, f := range follows {
		people[i] = personView{Author: r.locale.viewAuthor(f.User), Status: f.User.StatusMessage}
		if f.User.ID != r.viewer.ID {
			button := r.locale.viewFollow(f.User, mine[f.User.ID])
			people[i].Follow = &button
		}
	}
	return people, err
}
