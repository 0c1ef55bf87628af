package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows the form of another username, or when the viewer may have one.
func (Usernames) Show(r *request.Request) error {
	return usernamePage(r, http.StatusOK, view.NewForm("username", r.Viewer.Username), view.UsernameCheck{})
}

func usernamePage(r *request.Request, status int, f view.Form, check view.UsernameCheck) error {
	changed, err := r.Store.NameChanged(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	former, err := r.Store.FormerNames(r.Ctx(), []int64{r.Viewer.ID})
	if err != nil {
		return err
	}
	v := r.Locale.Rename(r.Viewer.User, changed, former[r.Viewer.ID], f, r.Now)
	v.Check = check
	return r.Show(status, "user/_rename", "user/rename", view.Page{Title: r.T("name.title"), Nav: "settings", Data: v})
}

// Update gives the viewer another username, if the password in the form is right. Sessions go
// on. Without JavaScript the button 중복확인 sends the same form with the field check: Update
// then checks the username and changes nothing.
func (Usernames) Update(r *request.Request) error {
	if r.Value("check") != "" {
		return checkRename(r)
	}
	name, err := rename(r)
	if err != nil {
		return r.Again(err, r.Typed("username"), func(status int, f view.Form) error {
			return usernamePage(r, status, f, view.UsernameCheck{})
		})
	}
	request.Record(r, request.NameChanged, r.Viewer.ID)
	user := r.Viewer.User
	user.Username = name
	r.Rooms.Renamed(r.Ctx(), user)
	return r.RedirectWithToast("/settings", "done.name") // the whole page shows the name
}

// checkRename answers the button 중복확인 without JavaScript.
func checkRename(r *request.Request) error {
	err := r.LimitAddress(request.LimitNameCheck)
	var check view.UsernameCheck
	if err == nil {
		check, err = checkUsername(r, r.Value("username"))
	}
	if err != nil {
		return r.Again(err, r.Typed("username"), func(status int, f view.Form) error {
			return usernamePage(r, status, f, check)
		})
	}
	return usernamePage(r, http.StatusOK, r.Typed("username"), check)
}

// rename changes the viewer's username, which is returned. What is wrong with the name is told
// before the password is asked.
func rename(r *request.Request) (string, error) {
	name, p := sns.NewUsername(r.Value("username"))
	if p != nil {
		return "", sns.Invalid{*p}
	}
	if err := r.LimitAddress(request.LimitNameCheck); err != nil {
		return "", err
	}
	if err := checkFree(r, name); err != nil {
		return "", err
	}
	hash, err := confirmPasswordIn(r, "password")
	if err != nil {
		return "", err
	}
	if sns.GuessedFromName(r.Value("password"), name) {
		return "", sns.Invalid{{Field: "username", Key: "name.guessed"}}
	}
	err = r.Store.Rename(r.Ctx(), store.Renaming{User: r.Viewer.ID, Name: name, At: r.Now})
	if errors.Is(err, sns.ErrConflict) { // somebody else was faster
		return "", sns.Invalid{{Field: "username", Key: "username.taken"}}
	}
	if err != nil {
		return "", err
	}
	request.RememberName(r, hash, name)
	return name, nil
}

// checkFree returns sns.Invalid if a username is taken, or looks like one that is.
func checkFree(r *request.Request, name string) error {
	taken, err := usernameTaken(r, name)
	if err == nil && taken != "" {
		err = sns.Invalid{{Field: "username", Key: taken}}
	}
	return err
}
