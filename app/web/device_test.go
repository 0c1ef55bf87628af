package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// User-Agent headers of browsers.
const (
	onWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	onPhone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
	onGalaxy  = "Mozilla/5.0 (Linux; Android 14; SM-S928N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36"
)

// signsInWith signs a user in with a browser.
func (v *siteWithMembers) signsInWith(agent, name string) *apptest.Client {
	v.t.Helper()
	c := v.Guest()
	form := url.Values{"username": {name}, "password": {apptest.Password}}.Encode()
	req := c.Request(http.MethodPost, "/sign-in", strings.NewReader(form))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", agent)
	c.Do(req).Want(http.StatusSeeOther)
	return c
}

// devices returns the names of the devices on a page, in the order of the page.
func devices(p *apptest.Page) []string {
	var names []string
	for _, d := range p.Find("#devices .person .cut").EachIter() {
		d.Find(".badge").Remove()
		names = append(names, strings.TrimSpace(d.Text()))
	}
	return names
}

// sessionOf returns the session of the device with this name on a page.
func sessionOf(t *testing.T, p *apptest.Page, name string) string {
	t.Helper()
	for _, d := range p.Find("#devices .person").EachIter() {
		if strings.HasPrefix(strings.TrimSpace(d.Find(".cut").Text()), name) {
			return d.Find("[name=session]").AttrOr("value", "")
		}
	}
	t.Fatalf("there is no device %q\n%s", name, p.Text("#devices"))
	return ""
}

func device(system, browser string) string {
	return web.Korean("device.name", "System", system, "Browser", browser)
}

func TestDevicesAreListedByTheirBrowsers(t *testing.T) {
	v := open(t)
	v.signsInWith(onWindows, "서준") // a device of another user
	windows, galaxy := v.signsInWith(onWindows, "민지"), v.signsInWith(onGalaxy, "민지")
	v.signsInWith(onPhone, "민지")
	p := galaxy.Get("/settings").Want(200)
	got := devices(p)
	if len(got) != 4 || got[0] != device("Android", "Samsung Browser") { // this device first
		t.Errorf("the devices are %v", got)
	}
	want := []string{device("Android", "Samsung Browser"), device("Windows", "Chrome"), device("iOS", "Safari"), web.Korean("device.unknown")}
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("the devices are %v, want %v", got, want)
	}
	p = galaxy.Get("/settings")
	if badge := p.Find("#devices .person").First(); badge.Find(".badge").Text() != web.Korean("device.this") || badge.Find("button").Length() != 0 || p.Find("#devices .badge").Length() != 1 {
		t.Error("nothing says which device this is, or it can be signed out here")
	}
	if got := devices(windows.Get("/settings")); got[0] != device("Windows", "Chrome") {
		t.Errorf("on Windows the first device is %q", got[0])
	}
	says(t, v.seojun.Get("/settings"), "device.end_others")
	for _, agent := range append(slices.Clone(evil), strings.Repeat("x", 60_000), "한글", "") {
		c := v.signsInWith(agent, "하늘")
		harmless(t, c.Get("/settings").Want(200))
		c.Post("/sign-out").Want(303)
	}
	says(t, v.haneul.Get("/settings").Lacks("#devices [name=others]"), "device.alone")
}

func TestSigningAnotherDeviceOut(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	laptop, phone, galaxy := v.minji, v.signsInWith(onPhone, "민지"), v.signsInWith(onGalaxy, "민지")
	v.enters(room, laptop)
	gone, stay := v.listen(phone, "topic=timeline"), v.listen(galaxy, "topic=timeline")
	cut, kept := talks(phone, room), talks(galaxy, room)
	page := laptop.Get("/settings").Want(200)
	p := laptop.HX().Post("/settings/sessions", "session", sessionOf(t, page, device("iOS", "Safari"))).Want(200)
	gone.ends()
	if code := cut.CloseCode(); code != 1000 {
		t.Errorf("the socket closes with %d", code)
	}
	if got := devices(p); len(got) != 2 || slices.Contains(got, device("iOS", "Safari")) || p.Text("#devices .ok") != web.Korean("done.devices") {
		t.Errorf("left are %v", got)
	}
	phone.Get("/").Want(303)
	phone.Get("/live?topic=timeline").Want(401)
	if status := phone.Handshake("/rooms/"+room+"/socket", v.URL); status != 401 {
		t.Errorf("its socket: %d", status)
	}
	// The other devices stay signed in.
	galaxy.Get("/").Want(200)
	speaks(t, kept, "저는 그대로예요")
	stay.gets("post", v.posts(laptop, "여전히 여기"))
}

func TestSigningAllOtherDevicesOut(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	laptop, phone, galaxy := v.minji, v.signsInWith(onPhone, "민지"), v.signsInWith(onGalaxy, "민지")
	v.enters(room, laptop)
	cookie := v.cookie(laptop)
	others := []*stream{v.listen(phone, "topic=timeline"), v.listen(galaxy, "topic=timeline")}
	cut, mine, neighbour := talks(phone, room), v.listen(laptop, "topic=timeline"), v.listen(v.seojun, "topic=timeline")
	leadsTo(t, laptop.Post("/settings/sessions", "others", "1"), "/settings")
	for _, s := range others {
		s.ends()
	}
	if code := cut.CloseCode(); code != 1000 {
		t.Errorf("the socket closes with %d", code)
	}
	for _, c := range []*apptest.Client{phone, galaxy} {
		c.Get("/").Want(303)
	}
	p := laptop.Get("/settings").Want(200)
	toasts(t, p, "done.devices")
	says(t, p, "device.alone")
	if v.cookie(laptop) != cookie {
		t.Error("this device has got another session")
	}
	post := v.posts(laptop, "혼자 남았어요")
	mine.gets("post", post)
	neighbour.gets("post", post)
}

func TestSomebodyElsesDeviceStaysSignedIn(t *testing.T) {
	v := open(t)
	phone := v.signsInWith(onPhone, "서준")
	page := v.seojun.Get("/settings")
	theirs := sessionOf(t, page, device("iOS", "Safari"))
	s := v.listen(phone, "topic=timeline")
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		for _, id := range []string{theirs, "x", "' OR 1=1 --", strings.Repeat("0", 64)} {
			if p := c.Post("/settings/sessions", "session", id); p.Status >= 400 {
				t.Errorf("%q: %d", id, p.Status) // an ended session is no error, and another user's session gets the same answer
			}
		}
	}
	phone.Get("/").Want(200)
	s.gets("post", v.posts(v.minji, "글"))
	if n := v.count("SELECT COUNT(*) FROM sessions"); n != 4 {
		t.Errorf("%d sessions are left", n)
	}
}

func TestThisDeviceIsSignedOutElsewhere(t *testing.T) {
	v := open(t)
	other := v.signsInWith(onPhone, "민지")
	mine := sessionOf(t, other.Get("/settings"), web.Korean("device.unknown"))
	v.minji.Post("/settings/sessions", "session", mine).Want(400)
	v.minji.Post("/settings/sessions").Want(400)
	v.minji.Post("/settings/sessions", "session", "").Want(400)
	v.minji.Get("/").Want(200)
}
