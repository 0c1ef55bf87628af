// Package people answers requests about accounts: signing up and in, homes,
// follows, blocks, and settings.
package people

// The handlers of the area, a type for each noun.
type (
	// Accounts checks usernames, and makes and deletes accounts.
	Accounts struct{}

	// Sessions signs in and out, on this device and on the user's other devices.
	Sessions struct{}

	// Homes shows the home of a user: the profile, open rooms and posts.
	Homes struct{}

	// Follows lets the viewer follow users, and lists followers and followees.
	Follows struct{}

	// Blocks lets the viewer block users, and lists them.
	Blocks struct{}

	// Names completes names that are being typed.
	Names struct{}

	// Notifications shows the viewer's inbox, and reads notices.
	Notifications struct{}

	// Reports keeps what the viewer reports, and lists it with what was decided about the viewer.
	Reports struct{}

	// Takedowns lets anybody ask to have a post hidden, and the author object.
	Takedowns struct{}

	// Settings shows the page of the viewer's profile, location, password and devices.
	Settings struct{}

	// Profiles changes the viewer's profile image and status message.
	Profiles struct{}

	// Passwords changes the viewer's password.
	Passwords struct{}

	// Exports makes everything of the viewer a file, and sends the file.
	Exports struct{}

	// Pushes makes browsers of the viewer be told of notices, tries them, and ends that.
	Pushes struct{}

	// Appeals tells suspended viewers why they are, and keeps what they say to it.
	Appeals struct{}

	// Resets mails links for new passwords, and sets a new password by a link.
	Resets struct{}

	// Emails changes and confirms the viewer's e-mail address.
	Emails struct{}

	// Usernames gives the viewer another username.
	Usernames struct{}

	// Locations sets the viewer's location, picked from the list of districts or
	// typed.
	Locations struct{}

	// Community shows the rules and what is kept of members, and puts the notice away.
	Community struct{}

	// Invitations makes, lists and closes the viewer's invitations.
	Invitations struct{}

	// Mentors lists the mentors, and lets members apply to be one.
	Mentors struct{}
)
