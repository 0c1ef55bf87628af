package view

// Desk is room/desk.
type Desk struct {
	Open  []DeskRoom
	Ended []DeskRoom
	More  string // URL of rooms ended earlier, or empty
}

// DeskRoom is a room on its mentor's desk.
type DeskRoom struct {
	Room       Room
	Notice     Notice
	Messages   int64 // lines so far, of an open room
	Settlement Settlement
	People     []Participant // who is inside, of an open room
	Removed    []Author
	Heads      int // who ever was inside, of an ended room
}
