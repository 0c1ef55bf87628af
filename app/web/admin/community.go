package admin

import (
	"net/http"
	"slices"
	"strings"

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
		err = setCommunity(r, c)
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

// setCommunity changes the community. The log names what is changed.
func setCommunity(r *request.Request, c sns.Community) error {
	was, err := r.Store.Community(r.Ctx())
	if err != nil {
		return err
	}
	var changed []string
	for key, same := range map[string]bool{
		"community.name": was.Name == c.Name, "community.notice": was.Notice == c.Notice, "community.rules": was.Rules == c.Rules,
		"community.contact": was.Contact == c.Contact, "community.sign_up": was.SignUp == c.SignUp, "community.min_age": was.MinAge == c.MinAge,
		"community.invites": was.Invites == c.Invites, "community.newcomers": was.FirstDay == c.FirstDay,
	} {
		if !same {
			changed = append(changed, r.T(key))
		}
	}
	slices.Sort(changed)
	return r.Store.SetCommunity(r.Ctx(), c, sns.Act{
		By: r.Viewer.User, Kind: sns.ActCommunity, Thing: communityPath, Note: strings.Join(changed, ", "), At: r.Now,
	})
}
