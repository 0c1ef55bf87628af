package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
	sloggin "github.com/samber/slog-gin"
	"github.com/unrolled/secure"

	"xxsns/app/sns"
)

// Bounds of a request's body, in bytes.
const (
	maxForm   = 512 << 10
	maxUpload = sns.PostImagesMax*(10<<20) + 24<<20 // the images and room to read a too large one to its end
)

// routes is everything one can ask for, in one list.
func (w *Web) routes() (http.Handler, error) { //nolint:funlen // one list is easier to read than three
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false // it believes X-Forwarded-Prefix
	if err := e.SetTrustedProxies(w.options.TrustedProxies); err != nil {
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

	e.Use(sessions.Sessions(sessionCookie, newSessionStore(w.Store, w.options.Secret, w.Clock)))
	e.NoRoute(w.handle(func(*request) error { return sns.ErrNotFound }))
	e.NoMethod(w.handle(func(*request) error { return errMethod }))
	forms, uploads := limitBody(maxForm, 30*time.Second), limitBody(maxUpload, 10*time.Minute)

	e.GET("/sign-up", w.handle((*request).showSignUp))
	e.POST("/sign-up", forms, w.handle((*request).signUpNew))
	e.GET("/sign-up/username", w.handle((*request).checkUsername))
	e.GET("/sign-in", w.handle((*request).showSignIn))
	e.POST("/sign-in", forms, w.handle((*request).signInKnown))
	e.POST("/sign-out", forms, w.handle((*request).signOutNow))

	e.GET("/", w.signedIn((*request).showTimeline))
	e.GET("/following", w.signedIn((*request).showFollowing))
	e.GET("/boards", w.signedIn((*request).showBoards))
	e.GET("/boards/:slug", w.signedIn((*request).showBoard))
	e.GET("/boards/:slug/filter", w.signedIn((*request).showFilter))
	e.GET("/local", w.signedIn((*request).showBoard))
	e.GET("/local/filter", w.signedIn((*request).showFilter))

	e.POST("/posts", uploads, w.signedIn((*request).createPost))
	e.GET("/posts/counts", w.signedIn((*request).showCounts))
	e.GET("/posts/facets", w.signedIn((*request).showFacets))
	e.GET("/posts/new", w.signedIn((*request).showNews))
	e.GET("/posts/:id", w.signedIn((*request).showPost))
	e.GET("/posts/:id/edit", w.signedIn((*request).showEditPost))
	e.POST("/posts/:id", forms, w.signedIn((*request).editPost))
	e.GET("/posts/:id/delete", w.signedIn((*request).showDeletePost))
	e.POST("/posts/:id/delete", forms, w.signedIn((*request).deletePost))
	e.POST("/posts/:id/like", forms, w.signedIn((*request).setLike))

	e.GET("/posts/:id/comments", w.signedIn((*request).showComments))
	e.POST("/posts/:id/comments", forms, w.signedIn((*request).createComment))
	e.GET("/comments/:id", w.signedIn((*request).showComment))
	e.GET("/comments/:id/edit", w.signedIn((*request).showEditComment))
	e.POST("/comments/:id", forms, w.signedIn((*request).editComment))
	e.GET("/comments/:id/delete", w.signedIn((*request).showDeleteComment))
	e.POST("/comments/:id/delete", forms, w.signedIn((*request).deleteComment))

	e.GET("/rooms", w.signedIn((*request).showRooms))
	e.POST("/rooms", forms, w.signedIn((*request).createRoom))
	e.GET("/rooms/new", w.signedIn((*request).showNewRoom))
	e.GET("/rooms/:id", w.signedIn((*request).showRoom))
	e.POST("/rooms/:id", forms, w.signedIn((*request).changeRoom))
	e.GET("/rooms/:id/edit", w.signedIn((*request).showEditRoom))
	e.POST("/rooms/:id/enter", forms, w.signedIn((*request).enterRoom))
	e.GET("/rooms/:id/leave", w.signedIn((*request).showLeaveRoom))
	e.POST("/rooms/:id/leave", forms, w.signedIn((*request).leaveRoom))
	e.POST("/rooms/:id/wait", forms, w.signedIn((*request).waitForSeat))
	e.GET("/rooms/:id/end", w.signedIn((*request).showEndRoom))
	e.POST("/rooms/:id/end", forms, w.signedIn((*request).endRoom))
	e.POST("/rooms/:id/settle", forms, w.signedIn((*request).settleRoom))
	e.GET("/rooms/:id/messages", w.signedIn((*request).showMessages))
	e.POST("/rooms/:id/messages", forms, w.signedIn((*request).sayInRoom))
	e.GET("/rooms/:id/messages/:seq/delete", w.signedIn((*request).showDeleteMessage))
	e.POST("/rooms/:id/messages/:seq/delete", forms, w.signedIn((*request).deleteMessage))
	e.GET("/rooms/:id/participants/:user_id/remove", w.signedIn((*request).showRemoveParticipant))
	e.POST("/rooms/:id/participants/:user_id/remove", forms, w.signedIn((*request).removeParticipant))
	e.POST("/rooms/:id/participants/:user_id/restore", forms, w.signedIn((*request).restoreParticipant))
	e.GET("/rooms/:id/transcript", w.signedIn((*request).downloadTranscript))
	e.GET("/rooms/:id/socket", w.handle((*request).socket))
	e.GET("/desk", w.signedIn((*request).showDesk))

	e.GET("/users/:username", w.signedIn((*request).showHome))
	e.GET("/users/:username/about", w.signedIn((*request).showAbout))
	e.GET("/users/:username/followers", w.signedIn((*request).showFollowers))
	e.GET("/users/:username/following", w.signedIn((*request).showFollowees))
	e.POST("/users/:username/follow", forms, w.signedIn((*request).setFollow))

	e.GET("/settings", w.signedIn((*request).showSettings))
	e.GET("/settings/profile", w.signedIn((*request).showProfile))
	e.POST("/settings/profile", uploads, w.signedIn((*request).saveProfile))
	e.GET("/settings/location", w.signedIn((*request).showLocation))
	e.POST("/settings/location", forms, w.signedIn((*request).saveLocation))
	e.POST("/settings/password", forms, w.signedIn((*request).savePassword))
	e.POST("/settings/sessions", forms, w.signedIn((*request).saveSessions))
	e.GET("/settings/delete", w.signedIn((*request).showDeleteAccount))
	e.POST("/settings/delete", forms, w.signedIn((*request).deleteAccount))

	e.GET("/admin", w.admin((*request).showAdmin))
	e.GET("/admin/boards", w.admin((*request).showAdminBoards))
	e.POST("/admin/boards", forms, w.admin((*request).createBoard))
	e.GET("/admin/boards/:id", w.admin((*request).showAdminBoard))
	e.POST("/admin/boards/:id", forms, w.admin(renameBoard.handle))
	e.POST("/admin/boards/:id/move", forms, w.admin((*request).moveBoard))
	e.POST("/admin/boards/:id/close", forms, w.admin(closeBoard.handle))
	e.POST("/admin/boards/:id/facets", forms, w.admin(createFacet.handle))
	e.POST("/admin/facets/:id", forms, w.admin(changeFacet.handle))
	e.POST("/admin/facets/:id/move", forms, w.admin(moveFacet.handle))
	e.POST("/admin/facets/:id/close", forms, w.admin(closeFacet.handle))
	e.POST("/admin/facets/:id/options", forms, w.admin(addOptions.handle))
	e.POST("/admin/options/:id", forms, w.admin(renameOption.handle))
	e.POST("/admin/options/:id/move", forms, w.admin(moveOption.handle))
	e.POST("/admin/options/:id/close", forms, w.admin(closeOption.handle))

	e.GET("/me.css", w.handle((*request).showMine))
	e.GET("/live", w.handle((*request).live))
	return e, nil
}

// protect refuses requests that another site makes in a browser, which sends
// the cookie along. It stands before everything that reads the cookie.
func (w *Web) protect() gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if protection.Check(c.Request) != nil {
			w.Log.WarnContext(c.Request.Context(), "cross-origin request refused", "path", c.Request.URL.Path, "origin", start(c.GetHeader("Origin"), 200))
			r, _ := w.stranger(c)
			w.fail(c, r, errForeign)
		}
	}
}

// headers tells browsers what the pages never do: load, frame, or run anything
// that is not ours.
func (w *Web) headers() gin.HandlerFunc {
	s := secure.New(secure.Options{
		ContentTypeNosniff:      true,
		FrameDeny:               true,
		ReferrerPolicy:          "same-origin",
		CrossOriginOpenerPolicy: "same-origin",
		PermissionsPolicy:       "camera=(), microphone=(), geolocation=(), browsing-topics=()",
		ContentSecurityPolicy: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'",
		STSSeconds:      31536000,
		SSLProxyHeaders: map[string]string{"X-Forwarded-Proto": "https"},
	})
	return func(c *gin.Context) {
		if err := s.Process(c.Writer, c.Request); err != nil {
			c.Abort()
		}
	}
}

// requestID gives every request an id, on its answer and in the log. One that
// somebody sends is not taken over: it may be forged, or not theirs alone.
func requestID(c *gin.Context) {
	id := rand.Text()
	c.Request.Header.Set(sloggin.RequestIDHeaderKey, id)
	c.Header(sloggin.RequestIDHeaderKey, id)
}

// logging writes one line a request.
func (w *Web) logging() gin.HandlerFunc {
	return sloggin.NewWithConfig(w.Log, sloggin.Config{
		DefaultLevel: slog.LevelInfo, ClientErrorLevel: slog.LevelInfo, ServerErrorLevel: slog.LevelInfo, // fail has logged what went wrong
		WithRequestID: true, WithClientIP: true,
		Filters: []sloggin.Filter{sloggin.IgnorePathPrefix("/static/", "/healthz", "/readyz")},
	})
}

// recovery answers a panic like any other failure of ours. One that asks to cut
// the connection does so: gin's own recovery takes it for a browser that is gone.
func (w *Web) recovery() gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				r, _ := w.stranger(c)
				w.fail(c, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		c.Next()
	}
}

// start is the first bytes of a text that somebody sends, whole characters.
func start(s string, most int) string {
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}

// limitBody bounds what a handler may read of a body, in bytes and in time.
func limitBody(most int64, within time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		// A connection without deadlines, as in a test, is as good as one with.
		_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(within))
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
	}
}
