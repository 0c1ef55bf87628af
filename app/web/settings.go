package web

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
)

// settingsView is user/settings.
type settingsView struct {
	Profile  profileView
	Location locationView
	Password passwordView
	Devices  devicesView
}

// profileView is user/_profile.
type profileView struct {
	Me   authorView
	Form form
	Done bool
	Keep bool // the image chosen stays in the browser
	Home bool // it stands on one's home, instead of its head

	Redrawn bool // the image is another one than before
}

// passwordView is user/_password.
type passwordView struct {
	Name string // for password managers
	Form form
	Done bool
}

// showSettings shows what one may change about one's own account.
func (r *request) showSettings() error { return r.settingsPage(http.StatusOK, r.settings()) }

func (r *request) settings() settingsView {
	return settingsView{
		Profile:  profileView{Me: r.locale.viewAuthor(r.viewer.User), Form: newForm("status_message", r.viewer.StatusMessage)},
		Password: passwordView{Name: r.viewer.Username},
		Location: newLocation(r.viewer.Location, "/settings"),
	}
}

// showProfile shows the form of the profile: in the place of the head of one's
// home, or among the settings.
func (r *request) showProfile() error {
	if !r.partial() {
		return r.redirect("/settings#profile")
	}
	v := r.settings().Profile
	v.Home = r.atHome()
	return r.fragments(http.StatusOK, part{name: "user/_profile", data: v})
}

func (r *request) settingsPage(status int, v settingsView) (err error) {
	if v.Devices, err = r.devices(); err != nil {
		return err
	}
	return r.page(status, "user/settings", page{Title: r.T("settings.title"), Nav: "settings", Data: v})
}

// saveProfile changes the status message and, when one is sent, the profile
// image; remove_image takes it away.
func (r *request) saveProfile() error {
	u, err := r.readUpload("image", 1, r.Images.SaveAvatar)
	if err != nil {
		return err
	}
	before := r.viewer.Image
	err = r.changeProfile(u)
	if inv, status := r.refusal(err); inv != nil {
		if u.sent > 0 && !r.partial() {
			inv = append(inv, sns.Problem{Field: "again", Key: "image.again_one"})
		}
		v := r.settings()
		v.Profile.Form = newForm("status_message", u.values.Get("status_message")).withProblems(r.locale, inv)
		v.Profile.Keep = r.partial()
		return r.answerProfile(status, v)
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying("/settings", "done.saved")
	}
	v := r.settings()
	v.Profile.Done, v.Profile.Redrawn = true, r.viewer.Image != before
	return r.answerProfile(http.StatusOK, v)
}

// changeProfile saves what the form says, in the database and in the viewer.
// An image that is not taken over is deleted.
func (r *request) changeProfile(u *upload) (err error) {
	defer func() {
		if err != nil {
			r.discard(u.images)
		}
	}()
	inv := u.problems
	message, p := sns.StatusMessage(u.values.Get("status_message"))
	inv.Add(p)
	if err := errors.Join(u.slow, inv.Err()); err != nil {
		return err
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	me := &r.viewer.User
	if err := r.Store.SetStatusMessage(r.ctx(), me.ID, message); err != nil {
		return err
	}
	me.StatusMessage = message
	if len(u.images) > 0 {
		return r.changeImage(u.images[0].Name)
	}
	if u.values.Get("remove_image") != "" {
		return r.changeImage("")
	}
	return nil
}

// changeImage takes a saved image as the profile image, or none, and deletes
// the one before.
func (r *request) changeImage(name string) error {
	me := &r.viewer.User
	old, err := r.Store.SetImage(r.ctx(), me.ID, name)
	if err != nil {
		return err
	}
	me.Image = name
	if old == "" {
		return nil
	}
	r.dropImage(old)
	return nil
}

// dropImage deletes a profile image that nobody has any more.
func (r *request) dropImage(name string) {
	if err := r.Images.Delete(name); err != nil {
		r.Log.WarnContext(r.ctx(), "profile image left to the sweep", "name", name, "error", err)
	}
}

func (r *request) answerProfile(status int, v settingsView) error {
	if !r.partial() {
		return r.settingsPage(status, v)
	}
	avatar := part{name: "user/_avatar_s", data: v.Profile.Me, target: ".side .me .avatar", swap: "outerHTML"}
	v.Profile.Home = r.atHome()
	switch {
	case !v.Profile.Home || !v.Profile.Done:
		return r.fragments(status, part{name: "user/_profile", data: v.Profile}, avatar)
	case v.Profile.Redrawn: // and stands beside every post below
		return r.redirectSaying(v.Profile.Me.URL, "done.saved")
	}
	about, err := r.about(r.viewer.User)
	if err != nil {
		return err
	}
	return r.fragments(status, part{name: "user/_about", data: about}, avatar, r.toast("done.saved"))
}

// savePassword changes the password of who knows the present one, and signs
// out every other device.
func (r *request) savePassword() error {
	if err := r.parse(); err != nil {
		return err
	}
	err := r.changePassword()
	if inv, status := r.refusal(err); inv != nil {
		v := r.settings()
		v.Password.Form = newForm().withProblems(r.locale, inv)
		return r.answerPassword(status, v)
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying("/settings", "done.password")
	}
	v := r.settings()
	v.Password.Done = true
	return r.answerPassword(http.StatusOK, v)
}

// knowsPassword returns sns.Invalid unless current_password of the form is the
// viewer's password.
func (r *request) knowsPassword() error {
	if err := r.limit(limitPassword); err != nil {
		return err
	}
	_, hash, err := r.Store.Credentials(r.ctx(), r.viewer.Username)
	if err != nil {
		return err
	}
	err = sns.CheckPassword(r.ctx(), r.value("current_password"), hash)
	if errors.Is(err, sns.ErrSignIn) {
		return sns.Invalid{{Field: "current_password", Key: "password.wrong"}}
	}
	return err
}

func (r *request) changePassword() error {
	if err := r.knowsPassword(); err != nil {
		return err
	}
	password, p := sns.Password("password", r.value("password"))
	if p == nil && sns.NormalPassword(r.value("password_confirm")) != password {
		p = &sns.Problem{Field: "password_confirm", Key: "password.differs"}
	}
	if p != nil {
		return sns.Invalid{*p}
	}
	hash, err := sns.HashPassword(r.ctx(), password)
	if err != nil {
		return err
	}
	// None is kept, and this device gets a new one: a copy of its cookie ends, too.
	ended, err := r.Store.SetPassword(r.ctx(), r.viewer.ID, hash, "")
	if err != nil {
		return err
	}
	if err := r.signIn(credentials{r.viewer.ID, hash}); err != nil {
		return err
	}
	r.hangUp(ended)
	return nil
}

func (r *request) answerPassword(status int, v settingsView) error {
	if r.partial() {
		return r.fragments(status, part{name: "user/_password", data: v.Password})
	}
	return r.settingsPage(status, v)
}
