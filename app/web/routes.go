package web

import (
	"net/http"
	"time"

	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"

	"xxsns/app/sns"
	"xxsns/app/web/admin"
	"xxsns/app/web/feed"
	"xxsns/app/web/people"
	"xxsns/app/web/request"
	chatrooms "xxsns/app/web/rooms"
)

// routes is everything one can ask for, in one list.
func (w web) routes() (http.Handler, error) { //nolint:funlen // one list is easier to read than three
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false // it believes X-Forwarded-Prefix
	if err := e.SetTrustedProxies(w.TrustedProxies); err != nil {
		return nil, err
	}
	e.Use(requestID, w.logging(), w.metrics(), w.recovery(), w.headers(), w.protect())

	e.GET("/healthz", w.healthz)
	e.GET("/readyz", w.readyz)
	e.HEAD("/healthz", w.healthz)
	e.HEAD("/readyz", w.readyz)
	e.GET("/static/:name", w.asset)
	e.HEAD("/static/:name", w.asset)
	e.GET("/uploads/:name", w.upload)
	e.HEAD("/uploads/:name", w.upload)

	e.Use(ginsessions.Sessions(request.SessionCookie, request.NewSessionStore(w.Store, w.Secret, w.Clock)))
	e.NoRoute(w.Handle(func(*request.Request) error { return sns.ErrNotFound }))
	e.NoMethod(w.Handle(func(*request.Request) error { return request.ErrMethod }))
	forms, uploads := limitBody(request.MaxForm, 30*time.Second), limitBody(request.MaxUpload, 10*time.Minute)

	handle, signedIn, adminOnly := w.Handle, w.SignedIn, w.Admin

	var (
		accounts people.Accounts
		sessions people.Sessions
	)
	e.GET("/sign-up", handle(accounts.New))
	e.POST("/sign-up", forms, handle(accounts.Create))
	e.GET("/sign-up/username", handle(accounts.CheckUsername))
	e.GET("/sign-in", handle(sessions.New))
	e.POST("/sign-in", forms, handle(sessions.Create))
	e.POST("/sign-out", forms, handle(sessions.Delete))

	var (
		timeline feed.Timeline
		boards   feed.Boards
		posts    feed.Posts
		comments feed.Comments
	)
	e.GET("/", signedIn(timeline.Show))
	e.GET("/following", signedIn(timeline.Following))
	e.GET("/boards", signedIn(boards.First))
	e.GET("/boards/:slug", signedIn(boards.Show))
	e.GET("/boards/:slug/filter", signedIn(boards.Filter))
	e.GET("/local", signedIn(boards.Show))
	e.GET("/local/filter", signedIn(boards.Filter))

	e.POST("/posts", uploads, signedIn(posts.Create))
	e.GET("/posts/counts", signedIn(timeline.Counts))
	e.GET("/posts/facets", signedIn(boards.Facets))
	e.GET("/posts/new", signedIn(timeline.Newer))
	e.GET("/posts/:id", signedIn(posts.Show))
	e.GET("/posts/:id/edit", signedIn(posts.Edit))
	e.POST("/posts/:id", forms, signedIn(posts.Update))
	e.GET("/posts/:id/delete", signedIn(posts.ConfirmDelete))
	e.POST("/posts/:id/delete", forms, signedIn(posts.Delete))
	e.POST("/posts/:id/like", forms, signedIn(posts.Like))

	e.GET("/posts/:id/comments", signedIn(comments.List))
	e.POST("/posts/:id/comments", forms, signedIn(comments.Create))
	e.GET("/comments/:id", signedIn(comments.Show))
	e.GET("/comments/:id/edit", signedIn(comments.Edit))
	e.POST("/comments/:id", forms, signedIn(comments.Update))
	e.GET("/comments/:id/delete", signedIn(comments.ConfirmDelete))
	e.POST("/comments/:id/delete", forms, signedIn(comments.Delete))

	var (
		rooms        chatrooms.Rooms
		participants chatrooms.Participants
		messages     chatrooms.Messages
		desk         chatrooms.Desk
	)
	e.GET("/rooms", signedIn(rooms.List))
	e.POST("/rooms", forms, signedIn(rooms.Create))
	e.GET("/rooms/new", signedIn(rooms.New))
	e.GET("/rooms/:id", signedIn(rooms.Show))
	e.POST("/rooms/:id", forms, signedIn(rooms.Update))
	e.GET("/rooms/:id/edit", signedIn(rooms.Edit))
	e.POST("/rooms/:id/enter", forms, signedIn(participants.Enter))
	e.GET("/rooms/:id/leave", signedIn(participants.ConfirmLeave))
	e.POST("/rooms/:id/leave", forms, signedIn(participants.Leave))
	e.POST("/rooms/:id/wait", forms, signedIn(participants.Wait))
	e.GET("/rooms/:id/end", signedIn(rooms.ConfirmEnd))
	e.POST("/rooms/:id/end", forms, signedIn(rooms.End))
	e.POST("/rooms/:id/settle", forms, signedIn(rooms.Settle))
	e.GET("/rooms/:id/messages", signedIn(messages.List))
	e.POST("/rooms/:id/messages", forms, signedIn(messages.Create))
	e.GET("/rooms/:id/messages/:seq/delete", signedIn(messages.ConfirmDelete))
	e.POST("/rooms/:id/messages/:seq/delete", forms, signedIn(messages.Delete))
	e.GET("/rooms/:id/participants/:user_id/remove", signedIn(participants.ConfirmRemove))
	e.POST("/rooms/:id/participants/:user_id/remove", forms, signedIn(participants.Remove))
	e.POST("/rooms/:id/participants/:user_id/restore", forms, signedIn(participants.Restore))
	e.GET("/rooms/:id/transcript", signedIn(messages.Download))
	e.GET("/rooms/:id/socket", handle(messages.Socket))
	e.GET("/desk", signedIn(desk.Show))

	var (
		homes     people.Homes
		follows   people.Follows
		settings  people.Settings
		profiles  people.Profiles
		locations people.Locations
		passwords people.Passwords
	)
	e.GET("/users/:username", signedIn(homes.Show))
	e.GET("/users/:username/about", signedIn(homes.About))
	e.GET("/users/:username/followers", signedIn(follows.Followers))
	e.GET("/users/:username/following", signedIn(follows.Followees))
	e.POST("/users/:username/follow", forms, signedIn(follows.Set))

	e.GET("/settings", signedIn(settings.Show))
	e.GET("/settings/profile", signedIn(profiles.Edit))
	e.POST("/settings/profile", uploads, signedIn(profiles.Update))
	e.GET("/settings/location", signedIn(locations.Show))
	e.POST("/settings/location", forms, signedIn(locations.Update))
	e.POST("/settings/password", forms, signedIn(passwords.Update))
	e.POST("/settings/sessions", forms, signedIn(sessions.End))
	e.GET("/settings/delete", signedIn(accounts.ConfirmDelete))
	e.POST("/settings/delete", forms, signedIn(accounts.Delete))

	var (
		admins admin.Boards
	)
	e.GET("/admin", adminOnly(admins.Overview))
	e.GET("/admin/boards", adminOnly(admins.List))
	e.POST("/admin/boards", forms, adminOnly(admins.Create))
	e.GET("/admin/boards/:id", adminOnly(admins.Show))
	e.POST("/admin/boards/:id", forms, adminOnly(admin.RenameBoard.Handle))
	e.POST("/admin/boards/:id/move", forms, adminOnly(admins.Move))
	e.POST("/admin/boards/:id/close", forms, adminOnly(admin.CloseBoard.Handle))
	e.POST("/admin/boards/:id/facets", forms, adminOnly(admin.CreateFacet.Handle))
	e.POST("/admin/facets/:id", forms, adminOnly(admin.ChangeFacet.Handle))
	e.POST("/admin/facets/:id/move", forms, adminOnly(admin.MoveFacet.Handle))
	e.POST("/admin/facets/:id/close", forms, adminOnly(admin.CloseFacet.Handle))
	e.POST("/admin/facets/:id/options", forms, adminOnly(admin.AddOptions.Handle))
	e.POST("/admin/options/:id", forms, adminOnly(admin.RenameOption.Handle))
	e.POST("/admin/options/:id/move", forms, adminOnly(admin.MoveOption.Handle))
	e.POST("/admin/options/:id/close", forms, adminOnly(admin.CloseOption.Handle))

	e.GET("/me.css", handle(myStyle))
	e.GET("/live", handle(showLive))
	return e, nil
}
