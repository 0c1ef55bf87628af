// Package admin answers the requests of administrators.
package admin

// The handlers of the area, a type for each noun.
type (
	// Overview shows how the community is doing.
	Overview struct{}

	// People lists people, gives them roles, suspends them, answers their appeals, and makes
	// links for new passwords.
	People struct{}

	// Reports shows what was reported, and decides about it.
	Reports struct{}

	// Takedowns shows who asks to have posts hidden, and decides about it.
	Takedowns struct{}

	// Rooms lists all rooms, and which of them are not saved.
	Rooms struct{}

	// Log shows what was done to others.
	Log struct{}

	// Boards lists, creates, renames, orders and closes boards. A closed board keeps
	// the existing posts.
	Boards struct{}

	// Facets creates, changes, orders and closes the facets of boards.
	Facets struct{}

	// Options creates, renames, orders and closes the options of facets.
	Options struct{}

	// Community changes the community's words, and who may sign up.
	Community struct{}

	// Applications lists and decides the applications for accounts and to be a mentor.
	Applications struct{}

	// Invitations makes, lists and closes invitations.
	Invitations struct{}
)
