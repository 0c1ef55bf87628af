package view

import "xxsns/app/sns"

// Settings is user/settings: the page of the viewer's settings.
type Settings struct {
	Profile  Profile
	Location Location
	Password Password
	Devices  Devices
	Invites  bool   // members may invite
	Email    *Email // nil: nothing is mailed
}

// Email is user/_email: the form of the viewer's e-mail address.
type Email struct {
	Name    string // the username, for password managers
	Mailbox sns.Mailbox
	Form    Form // the fields email and current_password
	Done    bool // a link was just mailed
}

// Proof returns the field of the current password.
func (e Email) Proof() Proof {
	proof := newProof("email-password", e.Name, e.Form)
	proof.Focus = proof.Error != ""
	return proof
}

// ConfirmEmail is account/_confirm: the button that confirms an address.
type ConfirmEmail struct {
	Path    string
	Mailbox sns.Mailbox
}

// Profile is user/_profile: the form of the viewer's profile.
type Profile struct {
	Me   Author
	Form Form   // the field status_message
	From string // path of the page that the form stands on
	Done string // a sentence after saving, or empty
	Keep bool   // htmx keeps the chosen file in the form
	Home bool   // the form stands on the viewer's home in the place of the head
}

// Password is user/_password: the form to change the viewer's password.
type Password struct {
	Name string // the username, for password managers
	Form Form   // the fields current_password, password and password_confirm
	Done bool   // just saved
}

// Proof returns the field of the current password.
func (p Password) Proof() Proof {
	proof := newProof("current_password", p.Name, p.Form)
	proof.Focus = proof.Error != ""
	return proof
}

// A Proof is account/_proof: the field of the current password in a form that asks for it
// once more, after the username for password managers.
type Proof struct {
	ID, Name string // of the field
	Username string // empty: the form has a field of it
	Error    string // or empty
	Focus    bool
}

// newProof returns the field of a form, with the focus.
func newProof(id, username string, f Form) Proof {
	return Proof{id, "current_password", username, f.Field("current_password").Error, true}
}

// Devices is user/_devices: the devices that the viewer is signed in on.
type Devices struct {
	Devices []Device     // this device first
	Others  bool         // Devices has more than this device
	Done    string       // a sentence after signing out devices, or empty
	Ask     *AskPassword // before devices are signed out, or nil
}

// AskPassword is user/_ask: the question for the password before devices are signed out.
type AskPassword struct {
	Name string // the username, for password managers
	Form Form   // the fields current_password, and session or others, which name the devices; ask has the question of the first time
}

// Proof returns the field of the password.
func (a AskPassword) Proof() Proof { return newProof("devices-password", a.Name, a.Form) }

// A Device is a session of the viewer.
type Device struct {
	ID     string // of the session
	Name   string // browser and system
	Mobile bool
	This   bool // the device that asks
	Since  Time
	Seen   Time
}
