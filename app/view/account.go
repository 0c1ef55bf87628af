package view

import "xxsns/app/sns"

// SignUp is account/sign_up.
type SignUp struct {
	Form       Form
	Check      UsernameCheck
	Invitation string // the token of the invitation, or empty
	By         string // the name of who invites, or empty
	Apply      *Input // what an applicant says, or nil: the account is made at once
	MinAge     int    // years; 0: nobody is asked
	HasRules   bool
}

// Username returns the field of the username.
func (s SignUp) Username() UsernameField { return UsernameField{s.Form.Field("username"), s.Check} }

// SignUpDoor is account/door: why nobody can sign up now, or what became of an application.
type SignUpDoor struct {
	Title, Help string
	Note        string // of an administrator, or empty
	Again       string // text of the link to the form, or empty
}

// UsernameCheck is account/_check: whether a username is valid and free.
type UsernameCheck struct {
	Text string // empty: nothing was checked
	OK   bool
}

// SignIn is account/sign_in.
type SignIn struct {
	Form  Form
	Next  string  // path of the page after signing in
	Again *Resend // what was sent after the session had ended, or nil
	Mail  bool    // who forgot the password may have a link mailed
}

// DeleteAccount is account/delete: the question before an account is deleted.
type DeleteAccount struct {
	Name  string // the username, for password managers
	Form  Form   // the fields current_password and remains
	Rooms int    // open rooms that end with the account
	Alone bool   // the page around the fragment shows the heading
}

// None reports whether nothing of the account is to remain.
func (d DeleteAccount) None() bool { return d.Form.Field("remains").Value == "none" }

// EvidenceDays returns for how many days the copies in decided reports stay.
func (DeleteAccount) EvidenceDays() int { return daysOf(sns.EvidenceLife) }

// Proof returns the field of the password.
func (d DeleteAccount) Proof() Proof { return newProof("delete-password", d.Name, d.Form) }

// Reset is account/reset: the form of a new password behind a link.
type Reset struct {
	Path string
	Name string // the username, for password managers
	Form Form   // the fields password and password_confirm
}
