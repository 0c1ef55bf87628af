// Package people answers requests about accounts: signing up and in, homes,
// follows, and settings.
package people

// The handlers of the area, a type for each noun.
type (
	// Accounts are made and deleted.
	Accounts struct{}

	// Sessions begin by signing in and end by signing out, here or elsewhere.
	Sessions struct{}

	// Homes are the pages of people.
	Homes struct{}

	// Follows of people by others.
	Follows struct{}

	// Settings is the page of all that members may change about themselves.
	Settings struct{}

	// Profiles have an image and a status message.
	Profiles struct{}

	// Passwords are changed.
	Passwords struct{}

	// Locations are picked from the list of districts, or typed.
	Locations struct{}
)
