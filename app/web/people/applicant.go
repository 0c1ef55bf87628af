package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const waitingPath = "/sign-up/waiting"

// Waiting tells an applicant that the application waits for an administrator.
func (Accounts) Waiting(r *request.Request) error {
	return doorPage(r, http.StatusOK, view.SignUpDoor{Title: r.T("signup.waiting"), Help: r.T("signup.waiting_help")})
}

// applicationFor returns the application for an account of the name of an attempt, if there is
// no account, and lets the attempt be checked by its password. The work is the same whether
// there is an account, an application or neither.
func applicationFor(r *request.Request, attempt *request.Attempt) (sns.Application, error) {
	a, hash, err := r.Store.AccountApplication(r.Ctx(), r.Value("username"))
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return a, err
	}
	if attempt.User == 0 {
		attempt.Hash = hash
	}
	return a, nil
}

// An appliedError means that the name and password are those of an application, which nobody
// has accepted.
type appliedError struct{ sns.Application }

// Error returns the text for the log.
func (appliedError) Error() string { return "the account is not accepted" }

// answer shows the applicant what became of the application. There is no session.
func (e appliedError) answer(r *request.Request) error {
	if e.State == sns.ApplicationDeclined {
		return doorPage(r, http.StatusOK, view.SignUpDoor{
			Title: r.T("signup.declined"), Help: r.T("signup.declined_help"), Note: e.Note, Again: r.T("signup.again"),
		})
	}
	return (Accounts{}).Waiting(r)
}
