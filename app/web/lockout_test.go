package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// signsInAs tries to sign in.
func signsInAs(c *apptest.Client, name, password string) *apptest.Page {
	return c.Post("/sign-in", "username", name, "password", password)
}

// retryAfter returns the time that a refusal announces.
func retryAfter(t *testing.T, p *apptest.Page) time.Duration {
	t.Helper()
	seconds, err := strconv.Atoi(p.Header.Get("Retry-After"))
	if p.Status != http.StatusTooManyRequests || err != nil || seconds < 1 {
		t.Fatalf("%d, Retry-After %q", p.Status, p.Header.Get("Retry-After"))
	}
	return time.Duration(seconds) * time.Second
}

// guesses sends wrong passwords for a name from an address, and returns how many were
// checked, and how many refused.
func (v *siteWithMembers) guesses(address, name string, times int) (checked, refused int) {
	v.t.Helper()
	guesser := v.Guest().From(address)
	for range times {
		switch p := signsInAs(guesser, name, "추측한비밀번호"); p.Status {
		case http.StatusUnprocessableEntity:
			checked++
		case http.StatusTooManyRequests:
			refused++
		default:
			v.t.Fatalf("a guess is answered %d", p.Status)
		}
	}
	return checked, refused
}

// The attack that locked a member out: more than a hundred wrong passwords from eleven
// addresses, which go on.
func TestStrangersLockNobodyOut(t *testing.T) {
	t.Run("alone", func(t *testing.T) {
		clock := newHeldClock()
		withstands(t, open(t, clock.limits), clock.passes)
	})
	t.Run("redis", func(t *testing.T) { withstands(t, open(t, withRedis(t), limited), nil) })
}

// withstands lets strangers guess. passes lets the time pass by which turns come; nil: it
// passes by itself.
func withstands(t *testing.T, v *siteWithMembers, passes func(time.Duration)) {
	phone := v.SignIn("민지")
	phone.Post("/sign-out").Want(303)
	refused, strangers := 0, 0
	stranger := func() string { strangers++; return fmt.Sprintf("127.0.%d.1", 50+strangers) }
	for range 11 {
		_, some := v.guesses(stranger(), "민지", web.BurstSignInName+1)
		refused += some
	}
	if refused < 11 {
		t.Errorf("%d guesses are refused", refused)
	}
	// By a clock that nobody holds, turns have come meanwhile: three strangers wait for the last ones.
	for waiting := 0; waiting < 3 && strangers < 150; {
		_, some := v.guesses(stranger(), "민지", 1)
		waiting += some
	}

	// The known device signs in from anywhere, and so does who is at home.
	signsInAs(phone.From("127.0.30.1"), "민지", apptest.Password).Want(303)
	signsInAs(v.Guest(), "민지", apptest.Password).Want(303)
	// The owner on a new device elsewhere waits, at most as long as announced, whatever the
	// guessers do meanwhile.
	var abroad *apptest.Client
	var asked, askedAgain *apptest.Page
	for n := range 20 { // where Redis is late, a replica counts for itself, and lets in
		abroad = v.Guest().From(fmt.Sprintf("127.2.%d.1", n))
		asked, askedAgain = signsInAs(abroad, "민지", apptest.Password), signsInAs(abroad, "민지", apptest.Password)
		if passes != nil || asked.Status != http.StatusSeeOther && askedAgain.Status != http.StatusSeeOther {
			break
		}
	}
	wait := retryAfter(t, asked)
	if wait > 30*time.Second {
		t.Errorf("a stranger waits %s", wait)
	}
	if again := retryAfter(t, askedAgain); again > wait {
		t.Errorf("who asks again waits %s, no longer %s", again, wait)
	}
	if passes == nil && testing.Short() {
		return // the test of the turns waits, too
	}
	guess := func() { strangers++; v.guesses(fmt.Sprintf("127.1.%d.1", strangers%250), "민지", 1) }
	if passes != nil {
		for range 20 {
			guess()
		}
		passes(wait)
	} else {
		for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			guess()
		}
	}
	signsInAs(abroad, "민지", apptest.Password).Want(303)
	// Other names have turns of their own.
	signsInAs(v.Guest().From("127.0.40.2"), "서준", apptest.Password).Want(303)
}

// A name that nobody has meets the same limits with the same words.
func TestLimitsDoNotTellWhichNamesExist(t *testing.T) {
	v := open(t, limited)
	var seen [2][]string
	for i, name := range []string{"민지", "없는사람"} {
		guesser := v.Guest().From(fmt.Sprintf("127.0.9.%d", i+1))
		for range web.BurstSignInName + 2 {
			p := signsInAs(guesser, name, "추측한비밀번호")
			words := strings.NewReplacer(name, "", "초", "").Replace(p.Text("form"))
			seen[i] = append(seen[i], fmt.Sprint(p.Status, len(p.Header["Set-Cookie"]), p.Header.Get("Retry-After") != "", strings.TrimRight(words, "0123456789")))
		}
	}
	for n, known := range seen[0] {
		if digits := strings.NewReplacer("19", "20", "18", "20"); digits.Replace(known) != digits.Replace(seen[1][n]) {
			t.Errorf("try %d: %q for a member, %q for nobody", n, known, seen[1][n])
		}
	}
}

// deviceCookie returns the cookie of the known device that an answer sets, or nil.
func deviceCookie(p *apptest.Page) *http.Cookie {
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if strings.TrimPrefix(c.Name, "__Host-") == "device" {
			return c
		}
	}
	return nil
}

func TestTheCookieOfADeviceIsForNobodyElse(t *testing.T) {
	v := open(t)
	for proto, secure := range map[string]bool{"": false, "https": true} {
		req := v.Guest().Request(http.MethodPost, "/sign-in", strings.NewReader("username=%EB%AF%BC%EC%A7%80&password="+apptest.Password))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-Proto", proto)
		c := deviceCookie(v.Guest().Do(req).Want(303))
		if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure ||
			strings.HasPrefix(c.Name, "__Host-") != secure || c.MaxAge != 365*24*60*60 {
			t.Errorf("behind %q: %v", proto, c)
		}
	}
	if c := deviceCookie(signsInAs(v.Guest(), "민지", "틀린비밀번호").Want(422)); c != nil {
		t.Error("a wrong password makes a known device")
	}
	c := v.SignIn("민지")
	device := deviceCookie(signsInAs(c, "민지", apptest.Password).Want(303))
	p := c.Post("/sign-out").Want(303)
	if deviceCookie(p) != nil || strings.Contains(p.Header.Get("Clear-Site-Data"), "cookies") {
		t.Error("signing out makes the device unknown")
	}
	// The cookie is no session.
	req := v.Guest().Request(http.MethodGet, "/", nil)
	req.AddCookie(device)
	leadsTo(t, v.Guest().Do(req), "/sign-in?next=%2F")
	req = v.Guest().Request(http.MethodGet, "/", nil)
	req.Header.Set("Cookie", "session="+device.Value)
	leadsTo(t, v.Guest().Do(req), "/sign-in?next=%2F")
}

// from returns from where the last attempt to sign in came, as the log says.
func (v *siteWithMembers) from() string {
	v.t.Helper()
	lines := v.Logged()
	for i := len(lines) - 1; i >= 0; i-- {
		if _, from, ok := strings.Cut(lines[i], " from="); ok {
			return strings.TrimSpace(from)
		}
	}
	v.t.Fatal("no attempt is in the log")
	return ""
}

func TestADeviceIsKnownForItsAccountsAndPasswords(t *testing.T) {
	v := open(t, limited)
	tries := func(c *apptest.Client, name, want string) {
		t.Helper()
		signsInAs(c, name, "틀린비밀번호").Want(422)
		if got := v.from(); got != want {
			t.Errorf("%s tries from %q, want %q", name, got, want)
		}
	}
	shared := v.SignIn("민지").From("127.0.20.1")
	shared.Post("/sign-out").Want(303)
	tries(shared, "민지", "device")
	tries(shared, "서준", "elsewhere")
	tries(shared, "없는사람", "elsewhere")
	signsInAs(shared, "서준", apptest.Password).Want(303) // at home in this network now
	tries(shared, "서준", "device")
	tries(shared, "민지", "device") // the browser knows both
	tries(v.Guest().From("127.0.20.1"), "서준", "network")
	tries(v.Guest().From("127.0.20.1"), "민지", "elsewhere") // only 서준 was here

	// A forged cookie is none; of several the right one counts.
	jar := shared.HTTP().Jar.Cookies(v.address())
	var device string
	for _, c := range jar {
		if c.Name == "device" {
			device = c.Value
		}
	}
	for cookies, want := range map[string]string{
		"device=" + device: "device", "device=x" + device: "elsewhere", "device=" + v.cookie(v.minji): "elsewhere",
		"device=planted; device=" + device: "device", "device=" + device[:len(device)-4]: "elsewhere",
	} {
		c := v.Guest().From("127.0.21.1")
		req := c.Request(http.MethodPost, "/sign-in", strings.NewReader("username=%EB%AF%BC%EC%A7%80&password=wrong"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Cookie", cookies)
		c.Do(req).Want(422)
		if got := v.from(); got != want {
			t.Errorf("with %.20s… the try comes from %q, want %q", cookies, got, want)
		}
	}

	// A new password makes the devices and networks of the old one strangers.
	v.SetPassword("서준", "새비밀번호입니다")
	tries(shared, "서준", "elsewhere")
	tries(shared, "민지", "device")
	tries(v.Guest().From("127.0.20.1"), "서준", "elsewhere")
	signsInAs(shared, "서준", "새비밀번호입니다").Want(303)
	tries(shared, "서준", "device")
}

// The tries of a known device are its own: strangers cannot use them up, and the device
// cannot guess without end.
func TestAKnownDeviceHasTriesOfItsOwn(t *testing.T) {
	v := open(t, limited)
	const address = "127.0.22.1"
	phone := v.SignIn("민지").From(address)
	if checked, refused := v.guesses(address, "민지", web.BurstSignInName+1); checked != web.BurstSignInName || refused != 1 {
		t.Fatalf("%d guesses checked, %d refused", checked, refused)
	}
	signsInAs(phone, "민지", apptest.Password).Want(303)
	until429(t, web.BurstSignInName-1, func(int) *apptest.Page { return signsInAs(phone, "민지", "추측한비밀번호") })
	signsInAs(v.SignIn("서준").From(address), "서준", apptest.Password).Want(303)
}

func TestTheCookieOfADeviceIsBounded(t *testing.T) {
	v := open(t)
	shared := v.Guest()
	var last *http.Cookie
	for n := range 12 {
		name := fmt.Sprint("회원", n)
		v.joinsWithPassword(name)
		last = deviceCookie(signsInAs(shared, name, apptest.Password).Want(303))
	}
	if last == nil || len(last.String()) > 2500 {
		t.Fatalf("the cookie is %v", last)
	}
	for n, want := range map[int]string{3: "elsewhere", 4: "device", 11: "device"} {
		signsInAs(shared.From("127.0.23.1"), fmt.Sprint("회원", n), "틀린비밀번호").Want(422)
		if got := v.from(); got != want {
			t.Errorf("account %d tries from %q, want %q", n, got, want)
		}
	}
}

// The database has no address of a known network.
func TestKnownNetworksHoldNoAddress(t *testing.T) {
	v := open(t)
	for _, name := range []string{"민지", "서준"} {
		signsInAs(v.Guest().From("127.0.24.1"), name, apptest.Password).Want(303)
	}
	var all string
	if err := v.database().QueryRow("SELECT group_concat(network) FROM known_networks").Scan(&all); err != nil {
		t.Fatal(err)
	}
	digests := map[string]bool{}
	for _, digest := range strings.Split(all, ",") {
		if len(digest) != 32 || strings.Contains(digest, ".") || digests[digest] {
			t.Errorf("a network is %q, or the same for two accounts", digest)
		}
		digests[digest] = true
	}
	if len(digests) < 4 {
		t.Errorf("known are %v", digests)
	}
}
