package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"xxsns/app/sns"
)

// deleteView is account/delete: the question before an account is deleted.
type deleteView struct {
	Name  string
	Form  form // current_password
	Rooms int  // open rooms that end with it
	Alone bool // on a page of its own, which says what it is
}

// mostRooms is how many open rooms of a mentor are counted.
const mostRooms = 20

// showDeleteAccount asks whether one's own account is to be deleted.
func (r *request) showDeleteAccount() error { return r.deleteAccountPage(http.StatusOK, newForm()) }

func (r *request) deleteAccountPage(status int, f form) error {
	rooms, err := r.Store.MentorRooms(r.ctx(), r.viewer.ID, false, 0, mostRooms)
	if err != nil {
		return err
	}
	v := deleteView{Name: r.viewer.Username, Form: f, Rooms: len(rooms)}
	if r.partial() {
		return r.fragments(status, part{name: "account/_delete", data: v})
	}
	v.Alone = true
	return r.page(status, "account/delete", page{Title: r.T("account.delete_title"), Nav: "settings", Data: v})
}

// deleteAccount deletes the account of who knows its password. Its open rooms end
// and its seats are given back first; its sessions end with it.
func (r *request) deleteAccount() error {
	if err := r.parse(); err != nil {
		return err
	}
	err := r.removeAccount()
	if inv, status := r.refusal(err); inv != nil {
		return r.deleteAccountPage(status, newForm().withProblems(r.locale, inv))
	}
	if err != nil {
		return err
	}
	if err := r.signOut(); err != nil { // the cookie; the session has ended
		return err
	}
	r.Header("Clear-Site-Data", `"cache"`)
	return r.redirectSaying("/sign-in", "done.account_deleted")
}

// retire ends what keeps an account from being deleted: its other devices first,
// which could go on entering rooms.
func (r *request) retire(ctx context.Context) error {
	ended, err := r.Store.EndOtherSessions(ctx, r.viewer.ID, r.viewer.Session)
	if err != nil {
		return err
	}
	r.hangUp(ended)
	return r.Rooms.Retire(ctx, r.viewer.User)
}

// retirements is how often rooms are ended again that came up meanwhile, and
// leaveWithin how long all of that may take.
const (
	retirements = 5
	leaveWithin = 30 * time.Second
)

func (r *request) removeAccount() error {
	if err := r.knowsPassword(); err != nil {
		return err
	}
	// Half of it would be worse than none: it goes on when the browser hangs up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), leaveWithin)
	defer cancel()
	for range retirements {
		// First: who may not go keeps their rooms.
		gone, err := r.Store.DeleteUser(ctx, r.viewer.ID, r.now)
		if errors.Is(err, sns.ErrConflict) {
			if err := r.retire(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		r.hangUp(gone.Sessions)
		if gone.Image != "" {
			r.dropImage(gone.Image)
		}
		return nil
	}
	return fmt.Errorf("%w: rooms keep coming up", sns.ErrUnavailable)
}
