package web

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/securecookie"

	"xxsns/app/view"
	"xxsns/app/web/feed"
	"xxsns/app/web/people"
	"xxsns/app/web/request"
	"xxsns/app/web/rooms"
	"xxsns/static"
	"xxsns/templates"
)

// Bounds that tests reach and exceed.
const (
	PageSize     = view.PostsPerPage
	CommentsSize = feed.CommentsPerPage
	MostCounts   = feed.MostCounts
	MostTopics   = mostTopics
	MaxForm      = request.MaxForm
	MaxUpload    = request.MaxUpload
	SlowBody     = request.SlowBody
	MostStreams  = request.MostStreams

	InboxSize = people.NoticesPerPage

	RoomsSize      = rooms.RoomsPerPage
	PastSize       = rooms.PastPerPage
	Backlog        = rooms.Backlog
	MostCaughtUp   = rooms.MaxCaughtUp
	TranscriptSize = rooms.TranscriptPerPage
	FoundMost      = rooms.MaxFound
	MostEarlier    = rooms.MaxEarlier
	DeskSize       = rooms.DeskPerPage
)

// Bursts of limits that tests use up.
var (
	BurstSignInName = request.LimitSignInBoth.Burst
	BurstSignInAll  = request.TurnBurst
	BurstNameCheck  = request.LimitNameCheck.Burst
	BurstPassword   = request.LimitPassword.Burst
	BurstPost       = request.LimitPost.Burst
	BurstComment    = request.LimitComment.Burst
	BurstLike       = request.LimitLike.Burst
	BurstUpload     = request.LimitUpload.Burst
	BurstEdit       = request.LimitEdit.Burst
	BurstFollow     = request.LimitFollow.Burst
	BurstRoom       = request.LimitRoom.Burst
	BurstEnter      = request.LimitEnter.Burst
	BurstMessage    = request.LimitMessage.Burst
	BurstSearch     = request.LimitSearch.Burst
	BurstSuggest    = request.LimitSuggest.Burst
	BurstPage       = request.LimitPage.Burst
	BurstLatest     = request.LimitLatest.Burst
	BurstGuest      = request.LimitGuest.Burst
)

// AsksLatest are the routes that open pages ask by themselves.
var AsksLatest = request.AsksLatest

// SessionCookie returns the signed cookie of a session with the token, and the id of the
// session in the database.
func SessionCookie(secret []byte, token string) (cookie *http.Cookie, id string) {
	value, err := securecookie.EncodeMulti(request.SessionCookie, token, securecookie.CodecsFromPairs(secret)...)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256([]byte(token))
	return &http.Cookie{Name: request.SessionCookie, Value: value, Path: "/"}, hex.EncodeToString(sum[:])
}

var korean = sync.OnceValue(func() *view.Locale {
	t, err := view.Load(templates.FS, static.Files(), time.UTC, time.Now, false)
	if err != nil {
		panic(err)
	}
	l, err := t.Locale("ko")
	if err != nil {
		panic(err)
	}
	return l
})

// Korean returns a text of the catalogue, so that tests survive a rewording.
// Korean panics on an unknown key.
func Korean(key string, args ...any) string {
	if !korean().Has(key) {
		panic("no text " + key)
	}
	return korean().T(key, args...)
}

// Routes returns "METHOD /path" of every route in the code of the package.
func Routes() ([]string, error) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		return nil, err
	}
	var routes []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
		if err != nil {
			return nil, err
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if route := registered(n); route != "" {
				routes = append(routes, route)
			}
			return true
		})
	}
	return routes, nil
}

// registered returns the route of a call like e.GET("/path", …).
func registered(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return ""
	}
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	switch function.Sel.Name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "Any":
	default:
		return ""
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return function.Sel.Name + " (a path that is no literal)"
	}
	path, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return function.Sel.Name + " " + path
}

// CutOff serves a page that breaks off after the first bytes, behind the recovery
// middleware.
func CutOff(part string) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.Use(web{Options{Services: &request.Services{}}}.recovery())
	e.GET("/", func(c *gin.Context) {
		c.String(http.StatusOK, part)
		c.Writer.Flush()
		panic(http.ErrAbortHandler)
	})
	return e
}
