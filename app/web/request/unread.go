package request

import (
	"errors"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// unread returns the number of the viewer's notices. A page that cannot know the number
// is shown without.
func (r *Request) unread() view.Unread {
	inbox, err := r.Store.Inbox(r.Ctx(), r.Viewer.ID)
	if err != nil && !errors.Is(err, sns.ErrUnavailable) { // who asks for the page's own data logs that
		r.Warn("notices not counted", err)
	}
	return view.NewUnread(inbox)
}

// folds returns the end of the address of /me.css. A page that cannot know whom the viewer has
// blocked is shown without.
func (r *Request) folds() string {
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if err != nil && !errors.Is(err, sns.ErrUnavailable) {
		r.Warn("blocks not read", err)
	}
	return view.Folds(blocks.Blocked)
}

// UnreadRooms returns what the viewer has not read in the rooms where the viewer has a seat. The
// rooms are asked once for a request. If they cannot be reached, nothing is known to be
// unread.
func (r *Request) UnreadRooms() []sns.Unread {
	if r.roomsAsked {
		return r.rooms
	}
	r.roomsAsked = true
	var err error
	if r.rooms, err = r.Rooms.Unread(r.Ctx(), r.Viewer.ID); err != nil && !errors.Is(err, sns.ErrUnavailable) {
		r.Warn("unread messages not counted", err)
	}
	return r.rooms
}

// UnreadIn returns what the viewer has not read in a room.
func (r *Request) UnreadIn(room int64) sns.Unread {
	for _, u := range r.UnreadRooms() {
		if u.Room == room {
			return u
		}
	}
	return sns.Unread{Room: room}
}

// scriptsCookie says that the browser runs our scripts: account.js sets it.
const scriptsCookie = "scripts"

// Scripted reports whether the browser runs scripts, as far as it has shown a page before.
func (r *Request) Scripted() bool {
	for _, name := range cookieNames(r.Request, scriptsCookie) {
		if _, err := r.Request.Cookie(name); err == nil {
			return true
		}
	}
	return false
}

// ReadsHere says that the page shows a room: its messages are no reason for a dot.
func (r *Request) ReadsHere(room int64) { r.here = room }

// TellsOfRooms reports whether the menus of a page show that something is unread.
func (r *Request) TellsOfRooms() bool {
	for _, u := range r.UnreadRooms() {
		if u.Room != r.here && u.Tells() {
			return true
		}
	}
	return false
}
