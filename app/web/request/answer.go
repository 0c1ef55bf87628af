package request

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"xxsns/app/view"
)

// html sends a page or fragment, which is for the viewer alone. A page of somebody who is
// signed in is kept nowhere: Back would show it to the next person at the device, without
// asking. Other answers the browser may cache, but must ask each time whether the ETag is
// still the same.
func html(r *Request, status int, body []byte) error {
	h := r.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request, HX-Request-Type, Accept-Language, Cookie")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusOK && r.reads() && (r.Partial() || r.Viewer == nil) {
		h.Set("Cache-Control", "private, no-cache")
		tag := etag(body)
		h.Set("ETag", "W/"+tag) // weak: plain and compressed, with this or that key, the page is the same
		if strings.Contains(r.GetHeader("If-None-Match"), tag) {
			r.Status(http.StatusNotModified)
			r.Writer.WriteHeaderNow()
			return nil
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body))) // else net/http sends chunks, with two more writes
	r.Status(status)
	_, _ = r.Writer.Write(body) // fails if the browser has hung up
	return nil
}

// formKeyField matches the key of a form, which is new each time the form is
// rendered.
var formKeyField = regexp.MustCompile(`name="(?:key|client_id)" value="[^"]*"`)

// etag returns the same tag for two pages that differ only in the keys of their
// forms: the browser may go on with a key that was not sent yet.
func etag(body []byte) string {
	h := sha256.New()
	rest := 0
	for _, m := range formKeyField.FindAllIndex(body, -1) {
		h.Write(body[rest:m[0]])
		rest = m[1]
	}
	h.Write(body[rest:])
	return `"` + hex.EncodeToString(h.Sum(nil)[:12]) + `"`
}

// pageBuffers are the memory of pages that were sent.
var pageBuffers = sync.Pool{New: func() any { return new([]byte) }}

// Page answers with a whole page.
func (r *Request) Page(status int, name string, p view.Page) error {
	if r.Viewer != nil {
		v := r.Locale.Author(r.Viewer.User)
		p.Viewer = &v
		if status < http.StatusInternalServerError { // else the answer would wait for the database once more
			p.Unread, p.Folds = r.unread(), r.folds()
			p.Rooms = !p.Plain && r.TellsOfRooms()
			p.Waits = r.shownWaits()
		}
	}
	p.Site = r.siteName(status)
	p.Toast = r.takeToast()
	p.Write = cmp.Or(p.Write, "/#compose-content")
	buf := pageBuffers.Get().(*[]byte)
	defer pageBuffers.Put(buf)
	body, err := r.Locale.AppendPage((*buf)[:0], name, &p)
	if err != nil {
		return err
	}
	*buf = body
	return html(r, status, body)
}

// siteName returns the name that the community gives itself, or "". The page of an outage has
// the last known name: the answer would wait for the database once more.
func (r *Request) siteName(status int) string {
	if status >= http.StatusInternalServerError {
		return r.Community.Last().Name
	}
	c, err := r.Community.Present(r.Ctx())
	if err != nil {
		r.Warn("no name of the community", err)
	}
	return c.Name
}

// Fragments answers with fragments, in their order.
func (r *Request) Fragments(status int, fragments ...Fragment) error {
	var body []byte
	for _, f := range fragments {
		b, err := f.render(r)
		if err != nil {
			return err
		}
		body = append(body, b...)
	}
	if r.Viewer != nil {
		body = view.NameAccount(body, r.Viewer.ID)
	}
	return html(r, status, body)
}

// A Fragment is one fragment of an answer to htmx. Without a target, htmx puts the
// fragment where the request asked for the answer.
type Fragment struct {
	Name   string
	Data   any
	HTML   template.HTML // rendered already, instead of Name and Data
	Target string        // a selector
	Swap   string        // hx-swap for the target
}

func (p Fragment) render(r *Request) ([]byte, error) {
	body := []byte(p.HTML)
	var err error
	if p.Name != "" {
		if body, err = r.Locale.Fragment(p.Name, p.Data); err != nil {
			return nil, err
		}
	}
	if p.Target == "" {
		return body, nil
	}
	return view.Envelope(p.Target, p.Swap, body), nil
}

// Toast returns a fragment that shows the text of a key for a few seconds.
func (r *Request) Toast(key string) Fragment { return toast(r.T(key)) }

func toast(text string) Fragment {
	return Fragment{Name: "shared/_toast", Data: text, Target: "#toasts", Swap: "beforeend"}
}

// Remove returns a fragment that removes an element from the page.
func Remove(selector string) Fragment { return Fragment{Target: selector, Swap: "delete"} }

// Show answers htmx with a fragment, and everything else with the page around the
// fragment. Both show p.Data.
func (r *Request) Show(status int, fragment, page string, p view.Page) error {
	if r.Partial() {
		return r.Fragments(status, Fragment{Name: fragment, Data: p.Data})
	}
	return r.Page(status, page, p)
}

// Done answers a form that changed something: htmx with the changed fragments and
// a toast, everything else with a redirect to a page that shows the toast.
func (r *Request) Done(page, toast string, changed ...Fragment) error {
	if !r.Partial() {
		return r.RedirectWithToast(page, toast)
	}
	return r.Fragments(http.StatusOK, append(changed, r.Toast(toast))...)
}

// Confirm asks before something is deleted: in the dialog of the page, or on a page
// of its own.
func (r *Request) Confirm(v view.Confirm) error {
	v.From = r.From()
	return r.Show(http.StatusOK, "shared/_confirm", "shared/confirm", view.Page{Title: v.Title, Data: v})
}

// Redirect leads to another page: with 303, or with a header if htmx asks.
func (r *Request) Redirect(to string) error {
	header, status := "Location", http.StatusSeeOther
	if r.HTMX() {
		header, status = "HX-Redirect", http.StatusOK
	}
	r.Header(header, to)
	r.Header("Cache-Control", "no-store")
	r.Status(status)
	r.Writer.WriteHeaderNow()
	return nil
}

// RedirectWithToast is Redirect, and the next page shows the text of a key.
func (r *Request) RedirectWithToast(to, key string) error {
	setCookie(r.Writer, r.Request, cookieNames(r.Request, toastCookie)[0], key, 60)
	return r.Redirect(to)
}

// toastCookie carries the key of a toast to the next page, so that a form without
// JavaScript is confirmed, too.
const toastCookie = "toast"

// takeToast returns the text of the toast cookie, and deletes the cookie. Behind TLS
// only a cookie of this very host counts: a sibling domain must not speak here.
func (r *Request) takeToast() string {
	for _, cookie := range r.Request.CookiesNamed(cookieNames(r.Request, toastCookie)[0]) {
		if strings.HasPrefix(cookie.Value, "done.") && r.Locale.Has(cookie.Value) {
			deleteCookie(r.Writer, r.Request, toastCookie)
			return r.T(cookie.Value)
		}
	}
	return ""
}

// From returns the path of the page that the request comes from: of a page, the page
// itself; of a form, the field from, or the parameter from of the form's action. A
// fragment that is the same on every page, such as the like button of a post, has no
// such field: From then returns the page that htmx or the browser names, or "/".
func (r *Request) From() string {
	if r.reads() && !r.HTMX() {
		return r.Request.URL.RequestURI()
	}
	if from := cmp.Or(r.Value("from"), r.Query("from")); from != "" {
		return LocalPath(from)
	}
	u, err := url.Parse(cmp.Or(r.GetHeader("HX-Current-URL"), r.Request.Referer()))
	if err != nil || u.Host != r.Request.Host {
		return "/"
	}
	return LocalPath(u.RequestURI())
}

// LocalPath returns a path of this site as it is, and "/" for anything else: what
// begins with two slashes, or holds a backslash or a control character, may lead to
// another site.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == '\\' || c == 0x7f }) {
		return "/"
	}
	return path
}

// Address returns the whole address of a path, to be sent to others: at the address that the
// operator has named, or else at the one that the browser asks.
func (r *Request) Address(path string) string {
	switch {
	case r.PublicURL != "":
		return r.PublicURL + path
	case isTLS(r.Request):
		return "https://" + r.Request.Host + path
	}
	return "http://" + r.Request.Host + path
}
