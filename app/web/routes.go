package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"xxsns/app/sns"
	"xxsns/app/web/admin"
	"xxsns/app/web/feed"
	"xxsns/app/web/people"
	"xxsns/app/web/request"
	chatrooms "xxsns/app/web/rooms"
)

// routes is the list of all routes.
func (w web) routes() (http.Handler, error) { //nolint:funlen // one list is easier to read than three
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false // it believes X-Forwarded-Prefix
	if err := e.SetTrustedProxies(w.TrustedProxies); err != nil {
		return nil, err
	}
	e.Use(requestID, w.logging(), w.metrics(), w.recovery(), w.headers(), w.probe, w.checkBody, w.protect())

	e.GET("/healthz", w.healthz)
	e.GET("/readyz", w.readyz)
	e.HEAD("/healthz", w.healthz)
	e.HEAD("/readyz", w.readyz)
	e.GET("/static/:name", w.asset)
	e.HEAD("/static/:name", w.asset)
	e.GET("/favicon.ico", w.favicon)
	e.HEAD("/favicon.ico", w.favicon)
	e.GET("/sw.js", w.serviceWorker)
	e.HEAD("/sw.js", w.serviceWorker)
	e.GET("/uploads/:name", w.upload)
	e.HEAD("/uploads/:name", w.upload)

	e.Use(w.enter, request.Sessions(w.Secret))
	e.NoRoute(hurryBody, w.Handle(func(*request.Request) error { return sns.ErrNotFound }))
	e.NoMethod(hurryBody, w.Handle(func(*request.Request) error { return request.ErrMethod }))

	handle, signedIn, adminOnly := w.Handle, w.SignedIn, w.Admin
	guestForm, form, adminForm, upload, small := formOf(handle), formOf(signedIn), formOf(adminOnly), uploadOf(signedIn), smallOf(signedIn)

	var (
		accounts people.Accounts
		sessions people.Sessions
	)
	e.GET("/sign-up", handle(accounts.New))
	e.POST("/sign-up", guestForm(accounts.Create)...)
	e.GET("/sign-up/username", handle(accounts.CheckUsername))
	e.GET("/sign-up/waiting", handle(accounts.Waiting))
	e.GET("/sign-in", handle(sessions.New))
	e.POST("/sign-in", guestForm(sessions.Create)...)
	e.POST("/sign-out", guestForm(sessions.Delete)...)

	var (
		appeals people.Appeals
		resets  people.Resets
	)
	e.GET("/appeal", signedIn(appeals.Show))
	e.POST("/appeal", form(appeals.Create)...)
	e.GET("/forgot", handle(resets.Ask))
	e.POST("/forgot", guestForm(resets.Mail)...)
	e.GET("/reset/:token", handle(resets.Show))
	e.POST("/reset/:token", guestForm(resets.Update)...)

	var (
		timeline feed.Timeline
		boards   feed.Boards
		posts    feed.Posts
		comments feed.Comments
		search   feed.Search
	)
	e.GET("/", signedIn(timeline.Show))
	e.GET("/following", signedIn(timeline.Following))
	e.GET("/boards", signedIn(boards.First))
	e.GET("/boards/:slug", signedIn(boards.Show))
	e.GET("/boards/:slug/filter", signedIn(boards.Filter))
	e.GET("/local", signedIn(boards.Show))
	e.GET("/local/filter", signedIn(boards.Filter))
	e.GET("/search", signedIn(search.Show))
	e.GET("/search/suggest", signedIn(search.Suggest))

	e.POST("/posts", upload(posts.Create)...)
	e.GET("/posts/counts", signedIn(timeline.Counts))
	e.GET("/posts/facets", signedIn(boards.Facets))
	e.GET("/posts/new", signedIn(timeline.Newer))
	e.GET("/posts/:id", signedIn(posts.Show))
	e.GET("/posts/:id/edit", signedIn(posts.Edit))
	e.POST("/posts/:id", form(posts.Update)...)
	e.GET("/posts/:id/delete", signedIn(posts.ConfirmDelete))
	e.POST("/posts/:id/delete", form(posts.Delete)...)
	e.POST("/posts/:id/like", form(posts.Like)...)
	e.POST("/posts/:id/mute", form(posts.Mute)...)

	e.GET("/posts/:id/comments", signedIn(comments.List))
	e.GET("/posts/:id/comments/latest", signedIn(comments.Latest))
	e.POST("/posts/:id/comments", form(comments.Create)...)
	e.GET("/comments/:id", signedIn(comments.Show))
	e.GET("/comments/:id/edit", signedIn(comments.Edit))
	e.POST("/comments/:id", form(comments.Update)...)
	e.GET("/comments/:id/delete", signedIn(comments.ConfirmDelete))
	e.POST("/comments/:id/delete", form(comments.Delete)...)

	var (
		rooms        chatrooms.Rooms
		participants chatrooms.Participants
		messages     chatrooms.Messages
		desk         chatrooms.Desk
		reads        chatrooms.Reads
	)
	e.GET("/rooms", signedIn(rooms.List))
	e.POST("/rooms", form(rooms.Create)...)
	e.GET("/rooms/new", signedIn(rooms.New))
	e.GET("/rooms/:id", signedIn(rooms.Show))
	e.POST("/rooms/:id", form(rooms.Update)...)
	e.GET("/rooms/:id/edit", signedIn(rooms.Edit))
	e.POST("/rooms/:id/enter", form(participants.Enter)...)
	e.GET("/rooms/:id/leave", signedIn(participants.ConfirmLeave))
	e.POST("/rooms/:id/leave", form(participants.Leave)...)
	e.POST("/rooms/:id/wait", form(participants.Wait)...)
	e.GET("/rooms/:id/end", signedIn(rooms.ConfirmEnd))
	e.POST("/rooms/:id/end", form(rooms.End)...)
	e.POST("/rooms/:id/settle", form(rooms.Settle)...)
	e.POST("/rooms/:id/read", form(reads.Create)...)
	e.POST("/rooms/:id/alerts", form(reads.SetAlerts)...)
	e.GET("/rooms/:id/messages", signedIn(messages.List))
	e.POST("/rooms/:id/messages", form(messages.Create)...)
	e.GET("/rooms/:id/messages/:seq/delete", signedIn(messages.ConfirmDelete))
	e.POST("/rooms/:id/messages/:seq/delete", form(messages.Delete)...)
	e.GET("/rooms/:id/participants/:user_id/remove", signedIn(participants.ConfirmRemove))
	e.POST("/rooms/:id/participants/:user_id/remove", form(participants.Remove)...)
	e.POST("/rooms/:id/participants/:user_id/restore", form(participants.Restore)...)
	e.GET("/rooms/:id/transcript", signedIn(messages.Download))
	e.GET("/rooms/:id/socket", handle(messages.Socket))
	e.GET("/desk", signedIn(desk.Show))
	e.GET("/desk/reports", signedIn(desk.Reports))
	e.GET("/desk/reports/:id", signedIn(desk.Report))
	e.POST("/desk/reports/:id", form(desk.DecideReport)...)

	var (
		homes         people.Homes
		follows       people.Follows
		blocks        people.Blocks
		names         people.Names
		notifications people.Notifications
		reports       people.Reports
		settings      people.Settings
		profiles      people.Profiles
		locations     people.Locations
		passwords     people.Passwords
		exports       people.Exports
		emails        people.Emails
		usernames     people.Usernames
	)
	e.GET("/people/complete", signedIn(names.Complete))
	e.GET("/users/:username", signedIn(homes.Show))
	e.GET("/users/:username/about", signedIn(homes.About))
	e.GET("/users/:username/followers", signedIn(follows.Followers))
	e.GET("/users/:username/following", signedIn(follows.Followees))
	e.POST("/users/:username/follow", form(follows.Update)...)
	e.GET("/users/:username/block", signedIn(blocks.Confirm))
	e.POST("/users/:username/block", form(blocks.Update)...)

	e.GET("/notifications", signedIn(notifications.List))
	e.POST("/notifications/read", form(notifications.Read)...)
	e.GET("/notifications/unread", signedIn(notifications.Unread))
	e.GET("/notifications/:id/open", signedIn(notifications.Open))

	e.GET("/reports", signedIn(reports.List))
	e.POST("/reports", form(reports.Create)...)
	e.GET("/reports/new", signedIn(reports.New))

	var asked people.Takedowns
	e.GET("/takedown", handle(asked.New))
	e.POST("/takedown", uploadOf(handle)(asked.Create)...)
	e.GET("/takedown/:token", handle(asked.Show))
	e.POST("/takedown/:token/object", form(asked.Object)...)

	e.GET("/settings", signedIn(settings.Show))
	e.GET("/settings/blocks", signedIn(blocks.List))
	e.GET("/settings/notifications", signedIn(notifications.Settings))
	e.POST("/settings/notifications", form(notifications.Change)...)
	e.GET("/settings/profile", signedIn(profiles.Edit))
	e.POST("/settings/profile", upload(profiles.Update)...)
	e.GET("/settings/location", signedIn(locations.Show))
	e.POST("/settings/location", form(locations.Update)...)
	e.GET("/settings/name", signedIn(usernames.Show))
	e.POST("/settings/name", form(usernames.Update)...)
	e.POST("/settings/password", form(passwords.Update)...)
	e.POST("/settings/email", form(emails.Update)...)
	e.GET("/mail/stop/:token", handle(emails.AskStop))
	e.POST("/mail/stop/:token", guestForm(emails.Stop)...)
	e.GET("/mail/confirm/:token", handle(emails.AskConfirm))
	e.POST("/mail/confirm/:token", guestForm(emails.Confirm)...)
	e.POST("/settings/sessions", form(sessions.End)...)
	e.GET("/settings/export", signedIn(exports.Show))
	e.POST("/settings/export", form(exports.Create)...)
	e.GET("/settings/export/:name", signedIn(exports.Download))
	var (
		guests  people.Invitations
		mentors people.Mentors
	)
	e.GET("/settings/invitations", signedIn(guests.List))
	e.POST("/settings/invitations", form(guests.Create)...)
	e.POST("/settings/invitations/:id/close", form(guests.Close)...)
	e.GET("/settings/mentor", signedIn(mentors.Apply))
	e.POST("/settings/mentor", form(mentors.Send)...)
	e.GET("/mentors", signedIn(mentors.List))
	e.GET("/settings/delete", signedIn(accounts.ConfirmDelete))
	e.POST("/settings/delete", form(accounts.Delete)...)

	var pushes people.Pushes
	e.GET("/push/key", signedIn(pushes.Key))
	e.GET("/push/subscriptions", signedIn(pushes.List))
	e.POST("/push/subscriptions", small(pushes.Create)...)
	e.POST("/push/subscriptions/delete", small(pushes.Delete)...)
	e.POST("/push/subscriptions/:id/test", small(request.Form(pushes.Try))...)
	e.GET("/offline", handle(showOffline))
	e.GET("/manifest.json", handle(showManifest))

	var community people.Community
	e.GET("/rules", handle(community.Rules))
	e.GET("/privacy", handle(community.Privacy))
	e.POST("/notice", form(community.PutAway)...)

	var (
		overview     admin.Overview
		adminPeople  admin.People
		adminReports admin.Reports
		takedowns    admin.Takedowns
		adminRooms   admin.Rooms
		adminLog     admin.Log
	)
	e.GET("/admin/users", adminOnly(adminPeople.List))
	e.GET("/admin/users/:id", adminOnly(adminPeople.Show))
	e.POST("/admin/users/:id/role", adminForm(adminPeople.Role)...)
	e.POST("/admin/users/:id/suspend", adminForm(adminPeople.Suspend)...)
	e.POST("/admin/users/:id/appeal", adminForm(adminPeople.Answer)...)
	e.POST("/admin/users/:id/reset", adminForm(adminPeople.Reset)...)
	e.GET("/admin/reports", adminOnly(adminReports.List))
	e.GET("/admin/reports/:id", adminOnly(adminReports.Show))
	e.POST("/admin/reports/:id", adminForm(adminReports.Decide)...)
	e.GET("/admin/reports/:id/pictures/:number", adminOnly(adminReports.Picture))
	e.GET("/admin/takedowns", adminOnly(takedowns.List))
	e.GET("/admin/takedowns/:id", adminOnly(takedowns.Show))
	e.POST("/admin/takedowns/:id", adminForm(takedowns.Decide)...)
	e.GET("/admin/takedowns/:id/proofs/:number", adminOnly(takedowns.Proof))
	e.GET("/admin/rooms", adminOnly(adminRooms.List))
	e.POST("/admin/rooms/:id/settle", adminForm(rooms.Settle)...)
	e.GET("/admin/log", adminOnly(adminLog.Show))

	var (
		adminBoards admin.Boards
		facets      admin.Facets
		options     admin.Options

		adminCommunity admin.Community
		applications   admin.Applications
		invitations    admin.Invitations
	)
	e.GET("/admin", adminOnly(overview.Show))
	e.GET("/admin/boards", adminOnly(adminBoards.List))
	e.POST("/admin/boards", adminForm(adminBoards.Create)...)
	e.GET("/admin/boards/:id", adminOnly(adminBoards.Show))
	e.POST("/admin/boards/:id", adminForm(adminBoards.Rename)...)
	e.POST("/admin/boards/:id/move", adminForm(adminBoards.Move)...)
	e.POST("/admin/boards/:id/close", adminForm(adminBoards.Close)...)
	e.POST("/admin/boards/:id/facets", adminForm(facets.Create)...)
	e.POST("/admin/facets/:id", adminForm(facets.Update)...)
	e.POST("/admin/facets/:id/move", adminForm(facets.Move)...)
	e.POST("/admin/facets/:id/close", adminForm(facets.Close)...)
	e.POST("/admin/facets/:id/options", adminForm(options.Create)...)
	e.POST("/admin/options/:id", adminForm(options.Rename)...)
	e.POST("/admin/options/:id/move", adminForm(options.Move)...)
	e.POST("/admin/options/:id/close", adminForm(options.Close)...)

	e.GET("/admin/community", adminOnly(adminCommunity.Show))
	e.POST("/admin/community", adminForm(adminCommunity.Update)...)
	e.GET("/admin/applications", adminOnly(applications.List))
	e.POST("/admin/applications/:id", adminForm(applications.Decide)...)
	e.GET("/admin/invitations", adminOnly(invitations.List))
	e.POST("/admin/invitations", adminForm(invitations.Create)...)
	e.POST("/admin/invitations/:id/close", adminForm(invitations.Close)...)

	e.GET("/me.css", handle(myStyle))
	e.GET("/live", handle(showLive))
	answerHEAD(e)
	zipped, err := compress(e)
	if err != nil {
		return nil, err
	}
	return w.boundBodies(zipped), nil
}

// answerHEAD registers HEAD for every page: net/http sends the head of the answer to
// GET alone. Monitors take 405 for an outage. A stream has no HEAD, since its answer
// never ends.
func answerHEAD(e *gin.Engine) {
	skip := map[string]bool{"/live": true, "/rooms/:id/socket": true}
	routes := e.Routes()
	for _, route := range routes {
		skip[route.Path] = skip[route.Path] || route.Method == http.MethodHead
	}
	for _, route := range routes {
		if route.Method == http.MethodGet && !skip[route.Path] {
			e.Handle(http.MethodHead, route.Path, route.HandlerFunc)
		}
	}
}

// A wrapper makes a handler for gin: for everybody, those signed in, or
// administrators.
type wrapper func(request.Handler) gin.HandlerFunc

// formOf wraps handlers of forms without files.
func formOf(wrap wrapper) func(request.Handler) []gin.HandlerFunc {
	limit := limitBody(request.MaxForm, 0)
	return func(h request.Handler) []gin.HandlerFunc { return []gin.HandlerFunc{limit, wrap(request.Form(h))} }
}

// smallOf wraps handlers of small bodies, which read the body themselves.
func smallOf(wrap wrapper) func(request.Handler) []gin.HandlerFunc {
	limit := limitBody(request.MaxPush, 0)
	return func(h request.Handler) []gin.HandlerFunc { return []gin.HandlerFunc{limit, wrap(h)} }
}

// uploadOf wraps handlers of forms with images, which read the body themselves.
func uploadOf(wrap wrapper) func(request.Handler) []gin.HandlerFunc {
	limit := limitBody(request.MaxUpload, uploadTime)
	return func(h request.Handler) []gin.HandlerFunc { return []gin.HandlerFunc{limit, wrap(h)} }
}
