package sns

// A RoomPage asks for rooms as administrators see them: all, the open ones or the ended ones, the
// newest first, or those that have ended and are not saved, the one that ended first before the
// others.
type RoomPage struct {
	List  RoomList
	From  int64 // the id of the last room of the page before; 0: the first page
	Limit int
}

// A RoomList is a list of rooms.
type RoomList string

// The lists of rooms, by the parameter "state" of the address.
const (
	RoomsAll     RoomList = ""
	RoomsOpen    RoomList = "open"
	RoomsUnsaved RoomList = "unsaved"
	RoomsEnded   RoomList = "ended"
)

// RoomLists are the lists of rooms in their order.
var RoomLists = []RoomList{RoomsAll, RoomsOpen, RoomsUnsaved, RoomsEnded}
