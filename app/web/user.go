package web

import (
	"net/http"

	"xxsns/app/sns"
)

// homeView is user/home: a personal home.
type homeView struct {
	Author authorView
	Status string
	Since  string // a date
	Posts  string
	Mine   bool
	List   listView
}

// mostCounted is the largest number that a home shows exactly.
const mostCounted = 10000

// showHome shows a member with their posts to anyone signed in.
func (r *request) showHome() error {
	user, err := r.web.Store.UserByName(r.ctx(), r.Param("username"))
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	author := viewAuthor(user)
	list, err := r.list(sns.Timeline{Author: user.ID, Before: before}, author.URL)
	if err != nil {
		return err
	}
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "post/_list", data: list})
	}
	posts, err := r.web.Store.CountPosts(r.ctx(), sns.Timeline{Author: user.ID, Limit: mostCounted})
	if err != nil {
		return err
	}
	count := "user.posts"
	if posts == mostCounted {
		count = "user.posts_many"
	}
	v := homeView{
		Author: author, Status: user.StatusMessage, Since: r.texts.date("time.year", user.CreatedAt.In(r.zone())),
		Posts: r.t(count, "Count", posts), Mine: user.ID == r.viewer.ID, List: list,
	}
	nav := ""
	if v.Mine {
		nav = "me"
	}
	return r.page(http.StatusOK, "user/home", page{
		Title: r.t("user.title", "Name", user.Username), Nav: nav, Topics: "topic=" + topicTimeline, Data: v,
	})
}
