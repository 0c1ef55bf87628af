package view

// SignUp is account/sign_up.
type SignUp struct {
	Form  Form
	Check UsernameCheck
}

// UsernameCheck is account/_check: whether a username may be had.
type UsernameCheck struct {
	Text string // empty: nothing was checked
	OK   bool
}

// SignIn is account/sign_in.
type SignIn struct {
	Form Form
	Next string
}

// DeleteAccount is account/delete: the question before an account is deleted.
type DeleteAccount struct {
	Name  string
	Form  Form // current_password
	Rooms int  // open rooms that end with it
	Alone bool // on a page of its own, which says what it is
}
