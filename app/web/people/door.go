package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// A door is how a guest may sign up now.
type door struct {
	community  sns.Community
	invitation sns.Invitation // ID 0: none
	token      string         // of the invitation
}

// A shutDoor is the error of a door that lets nobody in: the status and the keys of its page.
type shutDoor struct {
	status      int
	title, help string
	open        bool // the community lets in who has no invitation
}

// Error returns the text for the log.
func (s shutDoor) Error() string { return "nobody can sign up: " + s.title }

var (
	closedDoor  = shutDoor{http.StatusForbidden, "signup.closed", "signup.closed_help", false}
	uninvited   = shutDoor{http.StatusForbidden, "signup.invitation", "signup.invitation_help", false}
	unknownDoor = shutDoor{http.StatusNotFound, "invitation.unknown", "invitation.unknown_help", false}

	doorOfState = map[sns.InvitationState]shutDoor{
		sns.InvitationUsedUp:  {http.StatusConflict, "invitation.used", "invitation.used_help", false},
		sns.InvitationExpired: {http.StatusConflict, "invitation.expired", "invitation.expired_help", false},
		sns.InvitationClosed:  {http.StatusConflict, "invitation.closed", "invitation.closed_help", false},
	}
)

// openDoor returns how the guest may sign up with the token of an invitation, or with none. The
// error is a shutDoor if the guest may not.
func openDoor(r *request.Request, token string) (d door, err error) {
	if d.community, err = r.Community.Present(r.Ctx()); err != nil {
		return d, err
	}
	mode := d.community.SignUp
	switch {
	case mode == sns.SignUpClosed:
		return d, closedDoor
	case token == "" && mode == sns.SignUpInvitation:
		return d, uninvited
	case token == "":
		return d, nil
	}
	d.token = token
	d.invitation, err = invitationOf(r, token)
	if shut, ok := errors.AsType[shutDoor](err); ok {
		shut.open = mode != sns.SignUpInvitation
		err = shut
	}
	return d, err
}

// invitationOf returns the invitation of a token, or a shutDoor if it lets nobody in.
func invitationOf(r *request.Request, token string) (sns.Invitation, error) {
	id, ok := r.Keyring.InvitationOf(token)
	if !ok {
		return sns.Invitation{}, unknownDoor
	}
	i, err := r.Store.Invitation(r.Ctx(), id)
	if errors.Is(err, sns.ErrNotFound) {
		return i, unknownDoor
	}
	if err != nil {
		return i, err
	}
	if shut, is := doorOfState[i.State(r.Now)]; is {
		return i, shut
	}
	return i, nil
}

// answerDoor answers a shutDoor with a page, and returns any other error.
func answerDoor(r *request.Request, err error) error {
	shut, ok := errors.AsType[shutDoor](err)
	if !ok {
		return err
	}
	v := view.SignUpDoor{Title: r.T(shut.title), Help: r.T(shut.help)}
	if shut.open {
		v.Again = r.T("signup.without")
	}
	return doorPage(r, shut.status, v)
}

func doorPage(r *request.Request, status int, v view.SignUpDoor) error {
	return r.Page(status, "account/door", view.Page{Title: v.Title, Plain: true, Data: v})
}

// applies reports whether the form is an application, which an administrator decides on.
func (d door) applies() bool {
	return d.community.SignUp == sns.SignUpApproval && d.invitation.ID == 0
}

// check adds the problems of what the community asks to those of the form, and returns what an
// applicant says.
func (d door) check(r *request.Request, err error) (content string, _ error) {
	problems, ok := errors.AsType[sns.Invalid](err)
	if err != nil && !ok {
		return "", err
	}
	if d.applies() {
		text, p := sns.TextWithin("apply", r.Value("apply"), 1, sns.ApplyMax)
		problems.Add(p)
		content = text
	}
	if d.community.MinAge > 0 && r.Value("age") == "" {
		problems.Add(&sns.Problem{Field: "age", Key: "signup.age_missing", Args: map[string]any{"Age": d.community.MinAge}})
	}
	return content, problems.Err()
}

// show adds what the door asks to the form.
func (d door) show(r *request.Request, v *view.SignUp) {
	v.Invitation, v.By, v.MinAge, v.HasRules = d.token, d.invitation.By.Username, d.community.MinAge, d.community.Rules != ""
	if d.applies() {
		apply := v.Form.Input("apply", r.T("signup.apply"), r.T("signup.apply_help")).Long(3).Must()
		v.Apply = &apply
	}
}
