package admin

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const communityPath = "/admin/community"

// Show shows the form of the community's words and of signing up.
func (Community) Show(r *request.Request) error {
	c, err := r.Store.Community(r.Ctx())
	if err != nil {
		return err
	}
	return communityPage(r, http.StatusOK, view.NewCommunityForm(c))
}

func communityPage(r *request.Request, status int, f view.Form, more ...request.Fragment) error {
	v := r.Locale.AdminCommunity(f)
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "admin/_community", Data: v}}, more...)...)
	}
	return r.Page(status, "admin/community", view.Page{Title: r.T("community.title"), Nav: "admin", Data: v})
}

// Update changes the community's words and who may sign up, in effect at once; at other
// replicas within a second.
func (Community) Update(r *request.Request) error {
	c, err := sns.CommunityForm{
		Name: r.Value("name"), Notice: r.Value("notice"), Rules: r.Value("rules"), Contact: r.Value("contact"),
		SignUp: r.Value("sign_up"), MinAge: r.Value("min_age"), Invites: r.Value("invites"), FirstDay: r.Value("first_day") != "",
	}.Check()
	if err == nil {
		err = r.Store.SetCommunity(r.Ctx(), c, sns.Act{
			By: r.Viewer.User, Kind: sns.ActCommunity, Thing: communityPath, Note: string(c.SignUp), At: r.Now,
		})
	}
	if err != nil {
		typed := r.Typed("name", "notice", "rules", "contact", "sign_up", "min_age", "invites", "first_day")
		return r.Again(err, typed, func(status int, f view.Form) error { return communityPage(r, status, f) })
	}
	r.Community.Forget()
	if !r.Partial() {
		return r.RedirectWithToast(communityPath, "done.saved")
	}
	return communityPage(r, http.StatusOK, view.NewCommunityForm(c), r.Toast("done.saved"))
}
