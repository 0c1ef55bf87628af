package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Edit shows the form of the profile: in the place of the head of one's
// home, or among the settings.
func (Profiles) Edit(r *request.Request) error {
	if !r.Partial() {
		return r.Redirect("/settings#profile")
	}
	v := newSettings(r).Profile
	v.Home = onOwnHome(r)
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_profile", Data: v})
}

// Update changes the status message and, when one is sent, the profile
// image; remove_image takes it away.
func (Profiles) Update(r *request.Request) error {
	u, err := r.ReadUpload("image", 1, r.Images.SaveAvatar)
	if err != nil {
		return err
	}
	before := r.Viewer.Image
	err = updateProfile(r, u)
	if inv, status := r.Problems(err); inv != nil {
		if u.Sent > 0 && !r.Partial() {
			inv = append(inv, sns.Problem{Field: "again", Key: "image.again_one"})
		}
		v := newSettings(r)
		v.Profile.Form = view.NewForm("status_message", u.Values.Get("status_message")).WithProblems(r.Locale, inv)
		v.Profile.Keep = r.Partial()
		return profilePage(r, status, v)
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast("/settings", "done.saved")
	}
	v := newSettings(r)
	v.Profile.Done, v.Profile.Redrawn = true, r.Viewer.Image != before
	return profilePage(r, http.StatusOK, v)
}

// updateProfile saves what the form says, in the database and in the viewer.
// An image that is not taken over is deleted.
func updateProfile(r *request.Request, u *request.Upload) (err error) {
	defer func() {
		if err != nil {
			r.Discard(u.Images)
		}
	}()
	inv := u.Problems
	message, p := sns.StatusMessage(u.Values.Get("status_message"))
	inv.Add(p)
	if err := errors.Join(u.Slow, inv.Err()); err != nil {
		return err
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	me := &r.Viewer.User
	if err := r.Store.SetStatusMessage(r.Ctx(), me.ID, message); err != nil {
		return err
	}
	me.StatusMessage = message
	if len(u.Images) > 0 {
		return updateImage(r, u.Images[0].Name)
	}
	if u.Values.Get("remove_image") != "" {
		return updateImage(r, "")
	}
	return nil
}

// updateImage takes a saved image as the profile image, or none, and deletes
// the one before.
func updateImage(r *request.Request, name string) error {
	me := &r.Viewer.User
	old, err := r.Store.SetImage(r.Ctx(), me.ID, name)
	if err != nil {
		return err
	}
	me.Image = name
	if old == "" {
		return nil
	}
	deleteImage(r, old)
	return nil
}

// deleteImage deletes a profile image that nobody has any more.
func deleteImage(r *request.Request, name string) {
	if err := r.Images.Delete(name); err != nil {
		r.Log.WarnContext(r.Ctx(), "profile image left to the sweep", "name", name, "error", err)
	}
}

func profilePage(r *request.Request, status int, v view.Settings) error {
	if !r.Partial() {
		return settingsPage(r, status, v)
	}
	avatar := request.Fragment{Name: "user/_avatar_s", Data: v.Profile.Me, Target: ".side .me .avatar", Swap: "outerHTML"}
	v.Profile.Home = onOwnHome(r)
	switch {
	case !v.Profile.Home || !v.Profile.Done:
		return r.Fragments(status, request.Fragment{Name: "user/_profile", Data: v.Profile}, avatar)
	case v.Profile.Redrawn: // and stands beside every post below
		return r.RedirectWithToast(v.Profile.Me.URL, "done.saved")
	}
	about, err := about(r, r.Viewer.User)
	if err != nil {
		return err
	}
	return r.Fragments(status, request.Fragment{Name: "user/_about", Data: about}, avatar, r.Toast("done.saved"))
}
