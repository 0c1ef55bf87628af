package rooms

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// Socket opens the WebSocket of a room; a connection handles the frames. The viewer
// must be signed in (otherwise 401) and inside the room (otherwise 403). Socket never
// answers a redirect, which browsers cannot follow when opening a WebSocket.
func (Messages) Socket(r *request.Request) error {
	if r.Viewer == nil {
		r.Status(http.StatusUnauthorized)
		return nil
	}
	if !sameOrigin(r.Request) {
		return request.ErrForeign
	}
	if err := r.CheckAccount(); err != nil {
		return err
	}
	room, _, err := loadInside(r)
	if err != nil {
		return err
	}
	place, err := r.AllowStream()
	if err != nil {
		return err
	}
	defer place.Release()
	return openSocket(r, room, place)
}

// sameOrigin reports whether a page of this site opens the socket, or a program that
// is no browser and sends no Origin. The protection against cross-origin requests of
// all other routes does not cover GET.
func sameOrigin(req *http.Request) bool {
	origin := req.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, req.Host)
}

// openSocket upgrades the request, takes the place, and tells the room that the viewer is
// online.
func openSocket(r *request.Request, room sns.Room, place *request.Place) error {
	c := &connection{
		services: r.Services, locale: r.Locale, room: room,
		user: r.Viewer.ID, session: r.Viewer.Session, limitKey: r.Viewer.LimitKey,
	}
	var depart func()
	arrived := make(chan struct{}) // closed when depart is set: the socket may close at once
	err := r.Hub.ServeWebSocket(r.Writer, r.Request, live.Viewer{
		UserID: c.user, Session: c.session, Lang: c.locale.Lang, Opened: place.Opened, Closed: place.Closed,
		Topics: []string{chat.Topic(room.ID), chat.SeatTopic(room.ID, c.user)},
	}, live.SocketHandler{Receive: c.receive, Closed: func() { <-arrived; depart() }})
	if errors.Is(err, live.ErrHandshake) {
		return nil // already answered
	}
	if err != nil {
		return err
	}
	depart = r.Rooms.Connect(room, r.Viewer.User)
	close(arrived)
	checkMembership(r.Ctx(), r.Services, room.ID, c.user)
	r.CheckSession(r.Ctx(), c.session)
	return nil
}

// checkMembership closes the sockets of a user who left the room, or was removed,
// between loadInside and the opening of the socket: the event that closes the sockets
// of a room came too early for the new socket. If the database fails, the periodic
// check of all sockets does the same later.
func checkMembership(ctx context.Context, s *request.Services, room, user int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), request.CheckWithin)
	defer cancel()
	now, membership, err := s.Store.Room(ctx, room, user)
	if err != nil {
		s.Log.WarnContext(ctx, "seat not checked", "room", room, "user", user, "error", err)
	} else if now.Ended() || !membership.Inside {
		s.Hub.Deliver(live.Event{Topic: chat.SeatTopic(room, user), Kind: live.KindDisconnect})
	}
}
