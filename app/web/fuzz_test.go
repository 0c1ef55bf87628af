package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"xxsns/app/server"
	"xxsns/app/sns"
)

// newTalkingSite returns a site in which 민지 is a mentor inside room 1, and has written
// post 1.
func newTalkingSite(tb testing.TB) *site {
	tb.Helper()
	s := newSite(tb)
	if err := server.SetRole(context.Background(), s.config, slog.New(slog.DiscardHandler), "민지", sns.RoleMentor); err != nil {
		tb.Fatal(err)
	}
	for path, form := range map[string]string{"/rooms": "name=%EB%B0%A9&user_limit=5", "/posts": "content=%EA%B8%80"} {
		if w := s.post(path, formType, strings.NewReader(form), false); w.Code != http.StatusSeeOther {
			tb.Fatalf("%s: %d", path, w.Code)
		}
	}
	return s
}

const formType = "application/x-www-form-urlencoded"

// get asks for a page or a fragment with a query as it is, and with headers in pairs.
func (s *site) get(path, query string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.URL.RawQuery = query
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, req)
	return w
}

// withQueries are the pages that read a query: cursors, filters, searches, formats.
var withQueries = []string{
	"/", "/following", "/boards/free", "/local", "/posts/counts", "/posts/new", "/posts/facets", "/posts/1", "/posts/1/comments", "/posts/1/comments/latest",
	"/rooms", "/rooms/1", "/rooms/1/messages", "/rooms/1/transcript", "/users/민지", "/users/민지/followers", "/sign-in", "/sign-up/username", "/settings/location",
	"/settings", "/boards/free/filter", "/search", "/search/suggest", "/people/complete", "/notifications", "/notifications/1/open",
}

// FuzzQuery asks each page for a query: no query is an error of the program, and what comes
// back of it is no element of the page.
func FuzzQuery(f *testing.F) {
	s := newTalkingSite(f)
	for i, query := range []string{
		"before=1", "before=9223372036854775808&before=x", "after=-1", "after=0&through=99999999999999999999", "from=%2f%2fevil", "id=1&id=2&id=x", "f=1&f=&f=-3", "format=json", "format=txt&format=pdf",
		"q=%EB%B9%84%EB%B0%80", "q=%00%ff%25", "q=" + strings.Repeat("%F0%9F%99%82", 200), "username=%20", "next=%2F%5Cevil", "board=free&local=1&f=1", "following=1&after=1", "q=%22%3E%3Cimg%20src=x%20data-xss%3E", "%zz&;&=&==", "account=2",
		"region=1&district=x&town=%00", "latest=1&through=1", "q=from:%EB%AF%BC+board:%22x&in=messages&before=!", "q=NEAR(%25_*%22&room=1&post=x",
	} {
		f.Add(uint8(i), i%2 == 0, query)
	}
	cookie := s.cookie.Name + "=" + s.cookie.Value
	f.Fuzz(func(t *testing.T, page uint8, hx bool, query string) {
		path, headers := withQueries[int(page)%len(withQueries)], []string{"Cookie", cookie}
		if hx {
			headers = append(headers, "HX-Request", "true", "HX-Request-Type", "partial")
		}
		w := s.get(path, query, headers...)
		if w.Code >= 500 {
			t.Errorf("%s?%s: answer %d", path, query, w.Code)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			isClean(t, w.Body.String())
		}
	})
}

// isClean fails the test if a page holds an element or attribute that no template has.
func isClean(t *testing.T, page string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		src := slices.IndexFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "src" })
		if kind == html.StartTagToken && token.Data == "script" && (src < 0 || !strings.HasPrefix(token.Attr[src].Val, "/static/")) {
			t.Errorf("a script: %s", token)
		}
		for _, a := range token.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "data-xss" || a.Key == "href" && strings.HasPrefix(value, "javascript:") {
				t.Errorf("an attribute: %s", token)
			}
		}
	}
}

// FuzzCookie: no cookie but the signed one signs anybody in, and none is an error of the
// program, nor are odd languages, addresses and names of browsers.
func FuzzCookie(f *testing.F) {
	s := newSite(f)
	valid := s.cookie.Value
	f.Add("session="+valid[:len(valid)-2], "ko", "203.0.113.9", "Mozilla/5.0")
	f.Add("session=; session=x; __Host-session="+valid, "en-US,en;q=0.9,*;q=0", "::ffff:1.2.3.4, fe80::1%eth0", "")
	f.Add("toast=done.saved; toast=error; __Host-toast=done.saved", strings.Repeat("ko-", 300), "unknown", "\xff\x00")
	f.Add(strings.Repeat("session=a; ", 50), "q=;;,-,zh-Hant-TW;q=2", "1.2.3.4:80, [::1]:5", "curl/8")
	f.Add("session=\"quo;ted\"; a=b=c; =; \x00", "\xff", ",,,", strings.Repeat("가", 500))
	f.Fuzz(func(t *testing.T, cookies, language, forwarded, agent string) {
		if before, _, found := strings.Cut(cookies, valid); found {
			cookies = "session=" + before
		}
		for _, path := range []string{"/settings", "/sign-in"} {
			w := s.get(path, "", "Cookie", cookies, "Accept-Language", language, "X-Forwarded-For", forwarded, "User-Agent", agent, "X-Forwarded-Proto", agent)
			want := map[string]int{"/settings": http.StatusSeeOther, "/sign-in": http.StatusOK}[path]
			if w.Code != want {
				t.Errorf("%s with the cookies %q: answer %d, want %d", path, cookies, w.Code, want)
			}
			isClean(t, w.Body.String())
		}
	})
}

// withForms are the forms without files; FuzzPostForm has the others.
var withForms = []string{
	"/rooms/1/messages", "/rooms", "/rooms/1", "/posts/1", "/posts/1/like", "/posts/1/comments", "/users/서준/follow", "/settings/location", "/settings/sessions",
	"/rooms/1/wait", "/rooms/1/messages/1/delete", "/sign-in", "/rooms/1/participants/2/restore",
}

// FuzzForm sends each form, with and without a session: no form is an error of the program,
// and the texts that come back, also to be sent again after signing in, are no elements.
func FuzzForm(f *testing.F) {
	s := newTalkingSite(f)
	for i, body := range []string{
		"content=%EC%95%88%EB%85%95&client_id=a-1", "name=%EB%B0%A9&user_limit=5&notice=x", "user_limit=99999999999999999999&name=%00", "content=%ff", "on=true", "content=%22%3E%3Cscript%20data-xss%3E&from=%2F%2Fevil", "on=maybe",
		"region=11&district=110&town=101", "session=x&others=", "on=false&account=9", "seq=-1", "username=%EB%AF%BC%EC%A7%80&password=%00", "client_id=" + strings.Repeat("a", 300) + "&content=a",
	} {
		f.Add(uint8(i), false, body)
		f.Add(uint8(i), true, body)
	}
	f.Fuzz(func(t *testing.T, form uint8, guest bool, body string) {
		path := withForms[int(form)%len(withForms)]
		req := httptest.NewRequest(http.MethodPost, (&url.URL{Path: path}).String(), strings.NewReader(body))
		req.Header.Set("Content-Type", formType)
		if !guest {
			req.AddCookie(s.cookie)
		}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("%s with %q: answer %d", path, body, w.Code)
		}
		isClean(t, w.Body.String())
	})
}

// FuzzResend: a form that comes after its session has ended is shown again, each field
// as it was typed, and nothing of it is an element of the page.
func FuzzResend(f *testing.F) {
	s := newSite(f)
	if w := s.post("/sign-out", formType, strings.NewReader(""), false); w.Code != http.StatusSeeOther {
		f.Fatal(w.Code)
	}
	f.Add("/posts", "content", "쓰던 글")
	f.Add("/posts/1/comments?from=/", "content", "\"><script data-xss>")
	f.Add("/nowhere", "\xff", "\x00\r\n")
	f.Add("//evil.example/posts", "content", "x")
	f.Add("/rooms", "name", strings.Repeat("가", 5000))
	f.Fuzz(func(t *testing.T, target, name, value string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(target, "/") {
			return // no browser can send it
		}
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{name: {value}}.Encode()))
		req.URL = u
		req.Header.Set("Content-Type", formType)
		req.AddCookie(s.cookie)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("%s with %q=%q: answer %d", target, name, value, w.Code)
		}
		isClean(t, w.Body.String())
	})
}
