package request

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"xxsns/app/view"
)

// html sends a page or fragment that is the viewer's alone. The browser may
// keep it, and asks each time whether it still holds.
func (r *Request) html(status int, body []byte) error {
	h := r.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "HX-Request, HX-Request-Type, Accept-Language, Cookie")
	if status == http.StatusOK && r.Request.Method == http.MethodGet {
		tag := etag(body)
		h.Set("ETag", tag)
		if strings.Contains(r.GetHeader("If-None-Match"), tag) {
			r.Status(http.StatusNotModified)
			r.Writer.WriteHeaderNow()
			return nil
		}
	}
	r.Status(status)
	_, _ = r.Writer.Write(body) // who hung up has no use for the error
	return nil
}

// formKeyField is how a form bears its key, which is another one each time the
// form is shown.
var formKeyField = regexp.MustCompile(`name="(?:key|client_id)" value="[^"]*"`)

// etag is the same for two pages that differ in the keys of their forms alone:
// a key that was not used yet is as good as a new one.
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

// Page renders and sends a whole page.
func (r *Request) Page(status int, name string, p view.Page) error {
	if r.Viewer != nil {
		v := r.Locale.Author(r.Viewer.User)
		p.Viewer = &v
	}
	p.Toast = r.takeToast()
	p.Write = cmp.Or(p.Write, "/#compose-content")
	body, err := r.Locale.Page(name, &p)
	if err != nil {
		return err
	}
	return r.html(status, body)
}

// Fragments renders and sends fragments, one behind the other.
func (r *Request) Fragments(status int, fragments ...Fragment) error {
	var body []byte
	for _, f := range fragments {
		b, err := f.render(r)
		if err != nil {
			return err
		}
		body = append(body, b...)
	}
	return r.html(status, body)
}

// A Fragment is a fragment of an answer to htmx. With a target it goes there
// instead of where the request wants its answer.
type Fragment struct {
	Name   string
	Data   any
	HTML   template.HTML // instead of a name and data: rendered already
	Target string        // a selector
	Swap   string        // how it goes to the target
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
	return r.Show(http.StatusOK, "shared/_confirm", "shared/confirm", view.Page{Title: v.Title, Data: v})
}

// Redirect goes to another page: 303 for a form, a header for htmx.
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

// RedirectWithToast is redirect with a sentence on the next page.
func (r *Request) RedirectWithToast(to, key string) error {
	http.SetCookie(r.Writer, &http.Cookie{
		Name: toastCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true,
		Secure: isTLS(r.Request), SameSite: http.SameSiteLaxMode,
	})
	return r.Redirect(to)
}

// toastCookie carries the key of a sentence to the next page, so that one sees
// without JavaScript, too, that something was done.
const toastCookie = "toast"

// takeToast returns the sentence that the page before has left, once.
func (r *Request) takeToast() string {
	key, err := r.Cookie(toastCookie)
	if err != nil || !strings.HasPrefix(key, "done.") || !r.Locale.Has(key) {
		return ""
	}
	http.SetCookie(r.Writer, &http.Cookie{Name: toastCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return r.T(key)
}

// From is the page one is on: the address itself, or where the form stood.
func (r *Request) From() string {
	if r.Request.Method == http.MethodGet && !r.HTMX() {
		return r.Request.URL.RequestURI()
	}
	from := r.GetHeader("HX-Current-URL")
	if from == "" {
		from = r.Request.Referer()
	}
	u, err := url.Parse(from)
	if err != nil || u.Host != r.Request.Host {
		return "/"
	}
	return LocalPath(u.RequestURI())
}

// LocalPath returns the path if it stays on this site, or "/": an address that
// begins with two slashes, or holds a backslash or a control character, may
// lead elsewhere.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == '\\' || c == 0x7f }) {
		return "/"
	}
	return path
}
