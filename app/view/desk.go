package view

// Desk is room/desk: the rooms of a mentor.
type Desk struct {
	Reports int // how many wait for a decision

	Open  []DeskRoom
	Ended []DeskRoom
	More  string // URL of earlier ended rooms, or empty
}

// DeskRoom is a room on the desk of its mentor.
type DeskRoom struct {
	Room   Room
	Notice Notice

	// Of an open room:
	Messages int64         // how many so far
	People   []Participant // inside
	Removed  []Author      // barred from entering

	// Of an ended room:
	Settlement Settlement
	Heads      int // how many users were ever inside
}
