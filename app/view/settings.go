package view

// Settings is user/settings.
type Settings struct {
	Profile  Profile
	Location Location
	Password Password
	Devices  Devices
}

// Profile is user/_profile.
type Profile struct {
	Me   Author
	Form Form
	Done bool
	Keep bool // the image chosen stays in the browser
	Home bool // it stands on one's home, instead of its head

	Redrawn bool // the image is another one than before
}

// Password is user/_password.
type Password struct {
	Name string // for password managers
	Form Form
	Done bool
}

// Devices is user/_devices: where one is signed in.
type Devices struct {
	Devices []Device
	Others  bool // there are others than this one
	Done    string
}

// Device is a device that is signed in.
type Device struct {
	ID     string
	Name   string
	Mobile bool
	This   bool
	Since  Time
	Seen   Time
}
