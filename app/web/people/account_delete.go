package people

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// ConfirmDelete asks whether one's own account is to be deleted.
func (Accounts) ConfirmDelete(r *request.Request) error {
	return deleteAccountPage(r, http.StatusOK, view.NewForm())
}

func deleteAccountPage(r *request.Request, status int, f view.Form) error {
	rooms, err := r.Store.MentorRooms(r.Ctx(), r.Viewer.ID, false, 0, mostRooms)
	if err != nil {
		return err
	}
	v := view.DeleteAccount{Name: r.Viewer.Username, Form: f, Rooms: len(rooms)}
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "account/_delete", Data: v})
	}
	v.Alone = true
	return r.Page(status, "account/delete", view.Page{Title: r.T("account.delete_title"), Nav: "settings", Data: v})
}

// Delete deletes the account of who knows its password. Its open rooms end
// and its seats are given back first; its sessions end with it.
func (Accounts) Delete(r *request.Request) error {
	err := deleteAccount(r)
	if inv, status := r.Problems(err); inv != nil {
		return deleteAccountPage(r, status, view.NewForm().WithProblems(r.Locale, inv))
	}
	if err != nil {
		return err
	}
	if err := r.SignOut(); err != nil { // the cookie; the session has ended
		return err
	}
	r.Header("Clear-Site-Data", `"cache"`)
	return r.RedirectWithToast("/sign-in", "done.account_deleted")
}

// retire ends what keeps an account from being deleted: its other devices first,
// which could go on entering rooms.
func retire(r *request.Request, ctx context.Context) error {
	ended, err := r.Store.EndOtherSessions(ctx, r.Viewer.ID, r.Viewer.Session)
	if err != nil {
		return err
	}
	r.Disconnect(ended...)
	return r.Rooms.Retire(ctx, r.Viewer.User)
}

// mostRooms is how many open rooms of a mentor are counted.
const mostRooms = 20

// retirements is how often rooms are ended again that came up meanwhile, and
// leaveWithin how long all of that may take.
const (
	retirements = 5
	leaveWithin = 30 * time.Second
)

func deleteAccount(r *request.Request) error {
	if err := confirmPassword(r); err != nil {
		return err
	}
	// Half of it would be worse than none: it goes on when the browser hangs up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Ctx()), leaveWithin)
	defer cancel()
	for range retirements {
		// First: who may not go keeps their rooms.
		gone, err := r.Store.DeleteUser(ctx, r.Viewer.ID, r.Now)
		if errors.Is(err, sns.ErrConflict) {
			if err := retire(r, ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		r.Disconnect(gone.Sessions...)
		if gone.Image != "" {
			deleteImage(r, gone.Image)
		}
		return nil
	}
	return fmt.Errorf("%w: rooms keep coming up", sns.ErrUnavailable)
}
