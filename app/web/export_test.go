package web

import (
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

	"xxsns/templates"
)

// Bounds that tests reach and pass.
const (
	PageSize     = pageSize
	CommentsSize = commentsSize
	MostCounts   = mostCounts
	MostTopics   = mostTopics
	MaxForm      = maxForm
	MaxUpload    = maxUpload
	SlowBody     = slowBody

	RoomsSize      = roomsSize
	Backlog        = backlog
	MostCaughtUp   = mostCaughtUp
	TranscriptSize = transcriptSize
	FoundMost      = foundMost
	DeskSize       = deskSize
)

// Bursts of limits that tests use up.
var (
	BurstSignInName = limitSignInBoth.burst
	BurstSignInAll  = limitSignInName.burst
	BurstNameCheck  = limitNameCheck.burst
	BurstPassword   = limitPassword.burst
	BurstPost       = limitPost.burst
	BurstComment    = limitComment.burst
	MostStreams     = mostStreams
	BurstLike       = limitLike.burst
	BurstUpload     = limitUpload.burst
	BurstEdit       = limitEdit.burst
	BurstFollow     = limitFollow.burst
	BurstRoom       = limitRoom.burst
	BurstEnter      = limitEnter.burst
	BurstMessage    = limitMessage.burst
)

// SessionCookie is the cookie of a session with that token, as the program
// signs it; id is what the database calls the session.
func SessionCookie(secret []byte, token string) (cookie *http.Cookie, id string) {
	value, err := securecookie.EncodeMulti(sessionCookie, token, newSessionStore(nil, secret, time.Now).codecs...)
	if err != nil {
		panic(err)
	}
	return &http.Cookie{Name: sessionCookie, Value: value, Path: "/"}, digest(token)
}

var korean = sync.OnceValue(func() *Texts {
	all, err := loadTexts(templates.FS)
	if err != nil {
		panic(err)
	}
	return all[defaultLanguage]
})

// Korean says a text of the catalogue, so that tests survive a rewording. It
// panics on a key that is not there.
func Korean(key string, args ...any) string {
	if !korean().Has(key) {
		panic("no text " + key)
	}
	return korean().T(key, args...)
}

// Routes returns "METHOD /path" of everything that the package's code
// registers, read from the code itself.
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

// registered is the route that a call like e.GET("/path", …) registers.
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

// CutOff is a page that breaks off after its first part, behind our recovery.
func CutOff(part string) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.Use((&Web{}).recovery())
	e.GET("/", func(c *gin.Context) {
		c.String(http.StatusOK, part)
		c.Writer.Flush()
		panic(http.ErrAbortHandler)
	})
	return e
}
