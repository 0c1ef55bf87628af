package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Edit shows the form of the viewer's profile: on the viewer's home in the place of
// the head, or among the settings.
func (Profiles) Edit(r *request.Request) error {
	if !r.Partial() {
		return r.Redirect("/settings#profile")
	}
	v := newProfile(r)
	v.Home = onOwnHome(r)
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_profile", Data: v})
}

// Update changes the viewer's status message, and the profile image if the form
// has an image. The field remove_image removes the image.
func (Profiles) Update(r *request.Request) error {
	u, err := r.ReadUpload("image", 1, r.Images.SaveAvatar)
	if err != nil {
		return err
	}
	oldImage := r.Viewer.Image
	if err := updateProfile(r, u); err != nil {
		return profileAgain(r, u, err)
	}
	done := u.Done("done.saved", "done.saved_still")
	if !r.Partial() {
		return r.RedirectWithToast("/settings", done)
	}
	if !onOwnHome(r) {
		v := newProfile(r)
		v.Done = r.T(done)
		return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_profile", Data: v}, menuAvatar(r))
	}
	if r.Viewer.Image != oldImage { // every post on the home shows the image
		return r.RedirectWithToast(view.HomePath(r.Viewer.Username), done)
	}
	about, err := loadAbout(r, r.Viewer.User)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_about", Data: about}, menuAvatar(r), r.Toast(done))
}

// profileAgain shows the form again if the viewer can mend err, and returns any other
// error.
func profileAgain(r *request.Request, u *request.Upload, err error) error {
	problems, status := r.Problems(err)
	if problems == nil {
		return err
	}
	if u.Sent > 0 && !r.Partial() { // a new page cannot keep the chosen file
		problems = append(problems, sns.Problem{Field: "again", Key: "image.again_one"})
	}
	v := newProfile(r)
	v.Form = view.NewForm("status_message", u.Values.Get("status_message")).WithProblems(r.Locale, problems)
	if r.Partial() {
		v.Keep, v.Home = true, onOwnHome(r)
		return r.Fragments(status, request.Fragment{Name: "user/_profile", Data: v}, menuAvatar(r))
	}
	settings := newSettings(r)
	settings.Profile = v
	return settingsPage(r, status, settings)
}

// newProfile returns the form with the viewer's profile as stored.
func newProfile(r *request.Request) view.Profile {
	return view.Profile{
		Me: r.Locale.Author(r.Viewer.User), From: r.From(), Form: view.NewForm("status_message", r.Viewer.StatusMessage),
	}
}

// menuAvatar returns a fragment that shows the viewer's image in the menu.
func menuAvatar(r *request.Request) request.Fragment {
	return request.Fragment{Name: "user/_avatar_s", Data: r.Locale.Author(r.Viewer.User), Target: ".side .me .avatar", Swap: "outerHTML"}
}

// updateProfile saves the form, in the database and in the viewer. An uploaded image
// that the profile does not use is deleted.
func updateProfile(r *request.Request, u *request.Upload) (err error) {
	defer func() {
		if err != nil {
			r.Discard(u.Images)
		}
	}()
	problems := u.Problems
	message, p := sns.StatusMessage(u.Values.Get("status_message"))
	problems.Add(p)
	if err := errors.Join(u.Slow, problems.Err()); err != nil {
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

// updateImage makes a saved file the viewer's profile image, or removes the image if
// name is empty. The file of the former image is deleted.
func updateImage(r *request.Request, name string) error {
	me := &r.Viewer.User
	old, err := r.Store.SetImage(r.Ctx(), me.ID, name)
	if err != nil {
		return err
	}
	me.Image = name
	if old != "" {
		deleteImage(r, old)
	}
	return nil
}

// deleteImage deletes the file of a profile image that no row refers to any more.
// The sweep of the images deletes the file later if this fails.
func deleteImage(r *request.Request, name string) {
	if err := r.Images.Delete(name); err != nil {
		r.Log.WarnContext(r.Ctx(), "profile image left to the sweep", "name", name, "error", err)
	}
}
