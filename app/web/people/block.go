package people

import (
	"net/http"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// blocksPath is the path of the list of those whom the viewer has blocked.
const blocksPath = "/settings/blocks"

// BlocksPerPage is how many users a page of the list shows.
const BlocksPerPage = 50

// Confirm asks whether to block a user.
func (Blocks) Confirm(r *request.Request) error {
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	home := r.Locale.Author(user).URL
	return r.Confirm(view.Confirm{
		Title: r.T("block.title", "Name", user.Username), Help: r.T("block.help"), Yes: r.T("block.block"), Field: "on", Action: home + "/block", Back: home,
	})
}

// Update makes the viewer block a user, or block no more (the field on). The user is not told.
func (Blocks) Update(r *request.Request) error {
	on, err := r.Bool("on")
	if err != nil {
		return err
	}
	user, err := loadUser(r)
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitBlock); err != nil {
		return err
	}
	_, err = r.Store.SetBlock(r.Ctx(), r.Viewer.ID, user.ID, on, r.Now)
	if problems, status := r.Problems(err); problems != nil {
		return r.Refuse(status, problems)
	}
	if err != nil {
		return err
	}
	home := r.Locale.Author(user).URL
	switch {
	case on:
		return r.RedirectWithToast(home, "done.blocked")
	case strings.HasPrefix(r.From(), blocksPath):
		return r.Done(blocksPath, "done.unblocked", request.Remove("#block-"+view.Itoa(user.ID)))
	}
	return r.RedirectWithToast(home, "done.unblocked")
}

// List lists those whom the viewer has blocked, the latest first.
func (Blocks) List(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	blocks, err := r.Store.Blocked(r.Ctx(), r.Viewer.ID, before, BlocksPerPage+1)
	if err != nil {
		return err
	}
	blocks, more := view.Cut(blocks, BlocksPerPage)
	var v view.Blocks
	for _, b := range blocks {
		v.People = append(v.People, newUnblock(r, b.User))
	}
	if more {
		v.More = blocksPath + "?before=" + view.Itoa(blocks[len(blocks)-1].ID)
	}
	return r.Show(http.StatusOK, "user/_blocks", "user/blocks", view.Page{Title: r.T("block.list"), Nav: "settings", Data: v})
}

// newUnblock returns the form that ends the block of a user. Of the user the form shows the name
// alone.
func newUnblock(r *request.Request, user sns.User) view.Unblock {
	author := r.Locale.Author(bare(user))
	return view.Unblock{Author: author, Action: author.URL + "/block", From: r.From()}
}

// bare returns a user without what stands on the user's home.
func bare(user sns.User) sns.User {
	user.StatusMessage, user.Image, user.Location = "", "", sns.Location{}
	user.Followers, user.Following = 0, 0
	return user
}

// blockedHome shows the home of a user whom the viewer has blocked: the name, and the way back.
// A list of before, which asks for more posts, gives way to the page.
func blockedHome(r *request.Request, user sns.User) error {
	if r.Partial() {
		return r.Redirect(r.Locale.Author(user).URL)
	}
	return r.Page(http.StatusOK, "user/blocked", view.Page{Title: r.T("user.title", "Name", user.Username), Data: newUnblock(r, user)})
}
