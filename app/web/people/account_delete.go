package people

import (
	"context"
	"net/http"
	"time"

	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// ConfirmDelete asks for the viewer's password before the account is deleted.
func (Accounts) ConfirmDelete(r *request.Request) error {
	return deleteAccountPage(r, http.StatusOK, r.Typed())
}

// Delete deletes the viewer's account and signs the viewer out, if the password
// in the form is right. The viewer's open rooms end, and seats in other rooms
// become free. The field remains says whether posts, comments and messages remain
// without the name.
func (Accounts) Delete(r *request.Request) error {
	erase, err := erasing(r)
	if err != nil {
		return err
	}
	if err := deleteAccount(r, erase); err != nil {
		return r.Again(err, r.Typed("remains"), func(status int, f view.Form) error { return deleteAccountPage(r, status, f) })
	}
	if err := r.SignOut(); err != nil { // deletes the cookie: the session has ended
		return err
	}
	return r.RedirectWithToast("/sign-in", "done.account_deleted")
}

// The values of the field remains.
const (
	remainsAll  = "all" // also if the field is missing
	remainsNone = "none"
)

// erasing reports whether nothing of the account is to remain.
func erasing(r *request.Request) (bool, error) {
	switch r.Value("remains") {
	case "", remainsAll:
		return false, nil
	case remainsNone:
		return true, nil
	}
	return false, request.ErrBadRequest
}

// roomsCounted is the largest number of open rooms that the question mentions.
const roomsCounted = 20

func deleteAccountPage(r *request.Request, status int, f view.Form) error {
	rooms, err := r.Store.MentorRooms(r.Ctx(), r.Viewer.ID, false, 0, roomsCounted)
	if err != nil {
		return err
	}
	return r.Show(status, "account/_delete", "account/delete", view.Page{
		Title: r.T("account.delete_title"), Nav: "settings",
		Data: view.DeleteAccount{Name: r.Viewer.Username, Form: f, Rooms: len(rooms), Alone: !r.Partial()},
	})
}

// deleteTimeout bounds all tries together.
const deleteTimeout = 30 * time.Second

// deleteAccount deletes the viewer's account. sns.Invalid if the password is wrong
// or the viewer is the only administrator, sns.ErrUnavailable if the viewer still
// had a room or seat at the last try. With erase, a worker goes on and deletes everything of
// the account.
func deleteAccount(r *request.Request, erase bool) error {
	if err := confirmPassword(r); err != nil {
		return err
	}
	// The deletion goes on when the browser hangs up: ended rooms of an account that
	// still exists would be worse than no deletion.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Ctx()), deleteTimeout)
	defer cancel()
	remove := r.Store.DeleteUser
	if erase {
		remove = r.Store.EraseUser
	}
	var deleted store.Deleted
	err := r.Rooms.DeleteAccount(ctx, r.Viewer.User, func() (err error) {
		deleted, err = remove(ctx, r.Viewer.ID, r.Now)
		return err
	}, func() error { return signOutElsewhere(ctx, r) })
	if err != nil {
		return err
	}
	r.Disconnect(deleted.Sessions...)
	request.Record(r, request.AccountDeleted, r.Viewer.ID)
	if deleted.Image != "" {
		deleteImage(r, deleted.Image)
	}
	wakeErasures(r)
	return nil
}

// wakeErasures lets the workers of erasures and exports look for what is to go at once.
func wakeErasures(r *request.Request) {
	r.Exports.Wake()
	select {
	case r.Erasures <- struct{}{}:
	default: // it is awake
	}
}

// signOutElsewhere ends the viewer's other sessions.
func signOutElsewhere(ctx context.Context, r *request.Request) error {
	ended, err := r.Store.EndOtherSessions(ctx, r.Viewer.ID, r.Viewer.Session)
	if err != nil {
		return err
	}
	r.Disconnect(ended...)
	return nil
}
