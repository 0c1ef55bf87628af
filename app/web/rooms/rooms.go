// Package rooms answers requests about group chat: rooms, who is in them, what is
// said there, and the desk of a mentor.
package rooms

// The handlers of the area, a type for each noun.
type (
	// Rooms lists, opens, shows, changes, ends and settles rooms.
	Rooms struct{}

	// Participants enter, leave, wait for a seat, are removed and let back.
	Participants struct{}

	// Messages are listed, sent, deleted and downloaded.
	Messages struct{}

	// Desk shows a mentor's own rooms.
	Desk struct{}
)
