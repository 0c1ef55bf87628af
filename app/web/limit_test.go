package web_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/web"
)

// limited turns the limits on, and stops their clock: on a slow machine a limit would recover
// between two requests.
func limited(c *config.Config) {
	now := time.Now()
	c.RateLimits, c.LimitClock = true, func() time.Time { return now }
}

// A heldClock is a clock of limits that goes on when the test says so.
type heldClock struct {
	begun  time.Time
	passed atomic.Int64 // nanoseconds
}

func newHeldClock() *heldClock { return &heldClock{begun: time.Now()} }

// limits turns the limits on, by the clock.
func (h *heldClock) limits(c *config.Config) {
	c.RateLimits, c.LimitClock = true, func() time.Time { return h.begun.Add(time.Duration(h.passed.Load())) }
}

func (h *heldClock) passes(d time.Duration) { h.passed.Add(int64(d)) }

// until429 calls do until the answer is 429, and returns that answer. The test fails if
// the answer comes before a burst is used up.
func until429(t *testing.T, burst int, do func(i int) *apptest.Page) *apptest.Page {
	t.Helper()
	for i := range 5 * burst {
		p := do(i)
		if p.Status != 429 {
			continue
		}
		if i < burst {
			t.Errorf("refused at %d, allowed are %d", i, burst)
		}
		after, err := strconv.Atoi(p.Header.Get("Retry-After"))
		if err != nil || after < 1 || after > 120 {
			t.Errorf("Retry-After is %q", p.Header.Get("Retry-After"))
		}
		says(t, p, "error.slow_help", "Seconds", after)
		return p
	}
	t.Fatal("it is never too much")
	return nil
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	v := open(t, limited)
	c := v.Guest()
	p := until429(t, web.BurstSignInName, func(int) *apptest.Page {
		return c.Post("/sign-in", "username", "민지", "password", "추측한비밀번호", "next", "/settings")
	})
	if value(p, "username") != "민지" || value(p, "next") != "/settings" || strings.Contains(p.Body, "추측한비밀번호") {
		t.Errorf("kept are %q and %q", value(p, "username"), value(p, "next"))
	}
	p.Has("form .alert.bad")
	v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(429) // the right password gets the same answer
	v.Guest().Post("/sign-in", "username", "서준", "password", apptest.Password).Want(303)
	v.minji.Get("/").Want(200)
}

// The limit of a guessing address must not lock out the owner of the name at other
// addresses.
func TestNobodyIsLockedOutByAnother(t *testing.T) {
	v := open(t, limited)
	guesser := v.Guest()
	for range 3 * web.BurstSignInAll {
		guesser.Post("/sign-in", "username", "민지", "password", "추측한비밀번호")
	}
	elsewhere := v.Guest().From("127.0.0.9")
	elsewhere.Post("/sign-in", "username", "민지", "password", apptest.Password).Want(303)
}

// The forms in which a proxy may write an address are one address.
func TestAnAddressHasOneLimitInEveryForm(t *testing.T) {
	v := open(t, limited, func(c *config.Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	forms := []string{"192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:207", "0:0:0:0:0:ffff:192.0.2.7"}
	until429(t, web.BurstSignInName, func(i int) *apptest.Page {
		if i > 2*web.BurstSignInName {
			t.Fatal("each form has a limit of its own")
		}
		c := v.Guest()
		body := url.Values{"username": {"민지"}, "password": {"추측한비밀번호"}}.Encode()
		req := c.Request("POST", "/sign-in", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-For", forms[i%len(forms)])
		return c.Do(req)
	})
}

func TestChangingPasswordsIsSlow(t *testing.T) {
	v := open(t, limited)
	p := until429(t, web.BurstPassword, func(int) *apptest.Page {
		return v.minji.HX().Post("/settings/password", "current_password", "추측한비밀번호", "password", "a", "password_confirm", "a")
	})
	p.Has("#password-form .alert.bad")
}

func TestPostingIsSlowAndTheTextIsKept(t *testing.T) {
	v := open(t, limited)
	p := until429(t, web.BurstPost, func(i int) *apptest.Page { return v.minji.Post("/posts", "content", fmt.Sprint("글 ", i)) })
	for _, p := range []*apptest.Page{p, v.minji.HX().Post("/posts", "content", "글 또")} {
		if p.Status == 429 && !strings.HasPrefix(p.Text("#compose textarea"), "글 ") {
			t.Errorf("of the text is left %q", p.Text("#compose textarea"))
		}
	}
	v.seojun.Post("/posts", "content", "나는 처음").Want(303)
	n := v.count("SELECT COUNT(*) FROM posts")
	v.minji.Upload("/posts", []apptest.File{photo("1.png")}, "content", "글")
	if m := v.count("SELECT COUNT(*) FROM posts"); m == n && len(v.uploads()) > 0 {
		t.Errorf("a refused post has left %v", v.uploads())
	}
}

func TestUploadingIsSlowAndTheTextIsKept(t *testing.T) {
	v := open(t, limited)
	bad := make([]apptest.File, 4)
	for i := range bad {
		bad[i] = apptest.File{Field: "images", Name: "x", Content: []byte("x")}
	}
	p := until429(t, web.BurstUpload/4, func(int) *apptest.Page { return v.minji.HX().Upload("/posts", bad, "content", "쓰던 글") })
	if p.Text("#compose textarea") != "쓰던 글" {
		t.Errorf("of the text is left %q", p.Text("#compose textarea"))
	}
	v.minji.Post("/posts", "content", "글만").Want(303)
}

// A user may send 500 MB of images a day; a post without images goes on.
func TestADayHoldsSoManyBytesOfImages(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 500 MB")
	}
	v := open(t, limited)
	large := photo("큰.jpg")
	large.Content = append(large.Content, make([]byte, 10<<20-4096-len(large.Content))...)
	files := []apptest.File{large, large, large, large}
	for range 12 {
		v.minji.Upload("/posts", files, "content", "사진").Want(303)
	}
	p := v.minji.HX().Upload("/posts", files, "content", "쓰던 글").Want(422)
	says(t, p, "image.day", "Name", large.Name)
	if p.Text("#compose textarea") != "쓰던 글" {
		t.Errorf("of the text is left %q", p.Text("#compose textarea"))
	}
	if n := len(v.uploads()); n != 12*4*2 {
		t.Errorf("%d files, want those of 48 images", n)
	}
	v.minji.Post("/posts", "content", "글만").Want(303)
	v.seojun.Upload("/posts", files[:1], "content", "다른 사람").Want(303)
}

func TestCommentingIsSlowAndTheTextIsKept(t *testing.T) {
	v := open(t, limited)
	post := v.posts(v.minji, "글")
	p := until429(t, web.BurstComment, func(int) *apptest.Page {
		return v.seojun.HX().Post("/posts/"+post+"/comments", "content", "쓰던 댓글")
	})
	if p.Text("#reply textarea") != "쓰던 댓글" {
		t.Errorf("of the text is left %q", p.Text("#reply textarea"))
	}
	v.haneul.Post("/posts/"+post+"/comments", "content", "나는 처음").Want(303)
}

func TestLikingIsSlow(t *testing.T) {
	v := open(t, limited)
	post := v.posts(v.minji, "글")
	p := until429(t, web.BurstLike, func(i int) *apptest.Page {
		return v.seojun.HX().Post("/posts/"+post+"/like", "on", fmt.Sprint(i%2 == 0))
	})
	if p.Header.Get("HX-Reswap") != "none" {
		t.Error("htmx would put the sentence in the place of the heart")
	}
	p.Has("[hx-target='#toasts'] .toast")
}

// The check shows the sentence beside the field, with the status 200.
func TestCheckingNamesIsSlow(t *testing.T) {
	v := open(t, limited)
	c := v.Guest().HX()
	for i := range 2 * web.BurstNameCheck {
		p := c.Get("/sign-up/username?username=" + url.QueryEscape(fmt.Sprint("이름", i))).Want(200)
		if strings.Contains(p.Text("#username-check"), "초 뒤에") {
			if i < web.BurstNameCheck {
				t.Errorf("refused at %d, allowed are %d", i, web.BurstNameCheck)
			}
			return
		}
	}
	t.Fatal("it is never too much")
}

func TestCheckingNamesWithoutScriptsIsAsSlow(t *testing.T) {
	v := open(t, limited)
	p := until429(t, web.BurstNameCheck, func(i int) *apptest.Page {
		return v.Guest().Post("/sign-up", "username", fmt.Sprint("이름", i), "email", "y@example.com", "check", "1")
	})
	if !strings.HasPrefix(value(p, "username"), "이름") || value(p, "email") != "y@example.com" {
		t.Errorf("kept are %q and %q", value(p, "username"), value(p, "email"))
	}
}

func TestWithoutLimitsNothingIsRefused(t *testing.T) {
	v := open(t)
	for i := range web.BurstNameCheck + 30 {
		v.Guest().HX().Get("/sign-up/username?username=" + url.QueryEscape(fmt.Sprint("이름", i))).Want(200)
	}
}

// A user has at most request.MostStreams streams; the answer to one more is 429.
func TestStreamsArePerPerson(t *testing.T) {
	v := open(t, limited)
	for range web.MostStreams {
		v.listen(v.minji, "topic=timeline")
	}
	v.minji.Get("/live?topic=timeline").Want(429)
	v.listen(v.seojun, "topic=timeline")
}

// Streams that open at once share the places that are left.
func TestStreamsThatOpenAtOnceArePerPerson(t *testing.T) {
	v := open(t, limited)
	var opened atomic.Int64
	var all sync.WaitGroup
	for range 2 * web.MostStreams {
		all.Go(func() {
			res, err := v.minji.HTTP().Do(v.minji.Request("GET", "/live?topic=timeline", nil))
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _ = res.Body.Close() })
			if res.StatusCode == 200 {
				opened.Add(1)
			}
		})
	}
	all.Wait()
	if opened.Load() != web.MostStreams {
		t.Errorf("%d streams are open", opened.Load())
	}
}

// The sign-up form with another problem must not be a way around the limit of username
// checks.
func TestWrongFormsAreNoWayAroundTheCheckOfNames(t *testing.T) {
	v := open(t, limited)
	c := v.Guest()
	for range 3 * web.BurstNameCheck {
		p := c.Post("/sign-up", "username", "민지", "password", "짧아").Want(422)
		if p.Text("#username-check") != web.Korean("username.taken") {
			return
		}
	}
	t.Fatal("names can be tried without end")
}
