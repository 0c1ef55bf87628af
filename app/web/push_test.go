package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

const (
	pushPath          = "/push/subscriptions"
	notificationsPath = "/settings/notifications"
)

// withPushes gives the program the address that push services ask for.
func withPushes(c *config.Config) { c.PublicURL = "https://sns.example.org" }

// subscribes sends JSON, as the script of the settings does.
func subscribes(c *apptest.Client, path, body string) *apptest.Page {
	req := c.Request(http.MethodPost, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", onPhone)
	return c.Do(req)
}

// deviceID returns the id of the only browser that is told of a member's notices.
func deviceID(t *testing.T, c *apptest.Client) string {
	t.Helper()
	id, ok := c.Get(notificationsPath).Want(200).Find("#push [name=id]").Attr("value")
	if !ok {
		t.Fatal("there is no device")
	}
	return id
}

func browsersTold(c *apptest.Client) int {
	return c.Get(notificationsPath).Find("#push .person").Length()
}

func TestABrowserIsToldAndTriedAndRemoved(t *testing.T) {
	v := open(t, withPushes)
	service := apptest.NewPushService(t)
	v.PushBy(service)
	phone := service.Subscribe()
	page := v.minji.Get(notificationsPath).Want(200).Has("#push [data-push-on]").Lacks("#push .person")
	says(t, page, "push.no_script")
	says(t, page, "push.ios")
	key := v.minji.Get("/push/key").Want(200)
	if shown, _ := page.Find("#push").Attr("data-key"); shown != key.Body || len(key.Body) != 87 || key.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the key is %q, on the page %q", key.Body, shown)
	}
	subscribes(v.minji, pushPath, phone.JSON()).Want(204)
	page = v.minji.Get(notificationsPath)
	says(t, page, "device.name", "System", "iOS", "Browser", "Safari")
	page.Has("#push .person[data-this]")
	id := deviceID(t, v.minji)

	v.seojun.Post(pushPath + "/" + id + "/test").Want(404)
	v.seojun.Post(pushPath+"/delete", "id", id).Want(303)
	leadsTo(t, v.minji.Post(pushPath+"/"+id+"/test"), notificationsPath)
	toasts(t, v.minji.Get(notificationsPath), "done.push_test")
	says(t, v.minji.HX().Post(pushPath+"/"+id+"/test").Want(200).Has("[hx-get='/push/subscriptions']"), "done.push_test")
	for deadline := time.Now().Add(patience); len(phone.Pushed()) < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no push arrives")
		}
	}
	got := phone.Pushed()[0]
	var push map[string]any
	if err := json.Unmarshal(got.Body, &push); err != nil || push["title"] != web.Korean("push.test_title") || push["url"] != notificationsPath || push["tag"] == "" || push["always"] != true || push["lang"] != "ko" {
		t.Errorf("the push is %s, %v", got.Body, err)
	}
	if got.Key != key.Body || got.Contact != "https://sns.example.org" {
		t.Errorf("signed with %s for %s", got.Key, got.Contact)
	}
	for deadline := time.Now().Add(patience); !strings.Contains(v.minji.HX().Get(pushPath).Want(200).Text("#push .person .meta"), web.Korean("push.sent", "Time", web.Korean("time.now"))); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the page has no result")
		}
	}

	v.minji.HX().Post(pushPath+"/delete", "id", id).Want(200).Has("#push .ok").Lacks("#push .person")
	subscribes(v.minji, pushPath+"?silently=true", phone.JSON()).Want(410)
	if browsersTold(v.minji) != 0 {
		t.Error("the removed browser is told again")
	}
	subscribes(v.minji, pushPath, phone.JSON()).Want(204)
	subscribes(v.minji, pushPath+"?silently=true", phone.JSON()).Want(204)
	if browsersTold(v.minji) != 1 {
		t.Error("the browser is not told, although its user has asked")
	}
	subscribes(v.minji, pushPath+"/delete", phone.JSON()).Want(204)
	if browsersTold(v.minji) != 0 {
		t.Error("the browser has ended the subscription, and is told")
	}
}

func TestTheKeyStaysTheSameAfterAStart(t *testing.T) {
	v := open(t, withPushes)
	before := v.minji.Get("/push/key").Want(200).Body
	v.Restart()
	if after := v.minji.Get("/push/key").Want(200).Body; after != before {
		t.Errorf("the key was %s and is %s", before, after)
	}
}

func TestBadSubscriptionsAreRefused(t *testing.T) {
	v := open(t, withPushes)
	good := apptest.NewPushService(t).Subscribe()
	d := good.Device()
	for name, body := range map[string]string{
		"empty": "", "no JSON": "endpoint=a", "a list": "[]", "null": "null", "a number": `{"endpoint":1}`,
		"http":            strings.Replace(good.JSON(), "https:", "http:", 1),
		"private":         strings.Replace(good.JSON(), "push.example.com", "192.168.0.1", 1),
		"this machine":    strings.Replace(good.JSON(), "push.example.com", "localhost", 1),
		"another port":    strings.Replace(good.JSON(), "push.example.com", "push.example.com:22", 1),
		"with a password": strings.Replace(good.JSON(), "push.example.com", "a:b@push.example.com", 1),
		"no keys":         `{"endpoint":"https://push.example.com/a"}`,
		"a broken key":    strings.Replace(good.JSON(), d.PublicKey, d.PublicKey[:80], 1),
		"a broken secret": strings.Replace(good.JSON(), d.Secret, "AAAA", 1),
	} {
		if p := subscribes(v.minji, pushPath, body); p.Status != 400 {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	subscribes(v.minji, pushPath, `{"endpoint":"`+strings.Repeat("a", 9<<10)+`"}`).Want(413)
	req := v.minji.Request(http.MethodPost, pushPath, strings.NewReader(good.JSON())) // as another site's form may
	req.Header.Set("Content-Type", "text/plain")
	v.minji.Do(req).Want(400)
	if browsersTold(v.minji) != 0 {
		t.Error("something refused is told")
	}
	for range 50 {
		subscribes(v.minji, pushPath, apptest.NewPushService(t).Subscribe().JSON()).Want(204)
	}
	if n := browsersTold(v.minji); n != sns.PushDevicesMax {
		t.Errorf("%d browsers are told", n)
	}
}

func TestSubscribingIsLimited(t *testing.T) {
	v := open(t, withPushes, limited)
	service := apptest.NewPushService(t)
	subscribes(v.minji, pushPath, service.Subscribe().JSON()).Want(204)
	id := deviceID(t, v.minji)
	v.PushBy(service)
	for i := range 11 {
		p := v.minji.Post(pushPath + "/" + id + "/test")
		if (p.Status == 429) != (i == 10) {
			t.Errorf("the try %d: %d", i, p.Status)
		}
	}
	for i := range 61 {
		p := subscribes(v.minji, pushPath, "{}")
		if (i == 60) != (p.Status == 429) {
			t.Errorf("the subscription %d: %d", i, p.Status)
		}
	}
}

// A user who signs out is told nothing more in this browser; when they are back, the browser may
// subscribe by itself, and for nobody else.
func TestSigningOutEndsPushesUntilOneIsBack(t *testing.T) {
	v := open(t, withPushes)
	phone := apptest.NewPushService(t).Subscribe()
	browser := v.signsInWith(onPhone, "민지")
	wanted := func() string { return browser.Get("/push/key").Want(200).Header.Get("Push-Wanted") }
	if got := wanted(); got != "false" {
		t.Errorf("before: %s", got)
	}
	subscribes(browser, pushPath, phone.JSON()).Want(204)
	if got, n := wanted(), browsersTold(v.minji); got != "true" || n != 1 {
		t.Errorf("subscribed: %s, %d are told", got, n)
	}
	browser.Post("/sign-out").Want(303)
	if n := browsersTold(v.minji); n != 0 {
		t.Errorf("signed out, and %d are told", n)
	}
	signIn := func(name string) { browser.Post("/sign-in", "username", name, "password", apptest.Password).Want(303) }
	signIn("서준")
	if got := wanted(); got != "false" {
		t.Errorf("another account: %s", got)
	}
	browser.Post("/sign-out").Want(303)
	signIn("민지")
	if got := wanted(); got != "true" {
		t.Errorf("back: %s", got)
	}
	subscribes(browser, pushPath+"?silently=true", phone.JSON()).Want(204)
	v.minji.Post(pushPath+"/delete", "id", deviceID(t, v.minji)).Want(303) // from another device
	if got := wanted(); got != "true" {
		t.Errorf("removed from elsewhere: %s", got)
	}
	subscribes(browser, pushPath+"?silently=true", phone.JSON()).Want(410)
	subscribes(browser, pushPath, phone.JSON()).Want(204)
	browser.Post(pushPath+"/delete", "id", deviceID(t, browser)).Want(303)
	if got := wanted(); got != "false" {
		t.Errorf("removed here: %s", got)
	}
}

func TestWithoutAPublicAddressThePageSaysSo(t *testing.T) {
	for name, url := range map[string]string{"none": "", "http": "http://sns.example.org"} {
		t.Run(name, func(t *testing.T) {
			v := open(t, func(c *config.Config) { c.PublicURL = url })
			says(t, v.minji.Get(notificationsPath).Want(200).Lacks("[data-push-on]"), "push.no_url")
			v.minji.Get("/push/key").Want(404)
			subscribes(v.minji, pushPath, apptest.NewPushService(t).Subscribe().JSON()).Want(404)
		})
	}
}

// The page that a browser keeps for everybody who uses it says nothing of who asked for it.
func TestThePageForOfflineKnowsNobody(t *testing.T) {
	v := open(t)
	mine, guests := v.minji.Get("/offline").Want(200), v.Guest().Get("/offline").Want(200)
	if mine.Body != guests.Body || strings.Contains(mine.Body, "민지") {
		t.Errorf("민지 gets\n%s\na guest gets\n%s", mine.Body, guests.Body)
	}
	says(t, mine, "offline.title")
	worker := v.Guest().Get("/sw.js").Want(200)
	if h := worker.Header; h.Get("Service-Worker-Allowed") != "/" || h.Get("Cache-Control") != "no-cache" || h.Get("Set-Cookie") != "" {
		t.Errorf("the worker comes with %v", h)
	}
	style, _ := mine.Find("link[rel=stylesheet]").Attr("href")
	if style == "" || !strings.Contains(worker.Body, fmt.Sprintf("%q", style)) {
		t.Errorf("the worker does not keep the style %s", style)
	}
}

func TestThePagesCanBeInstalled(t *testing.T) {
	v := open(t)
	p := v.minji.Get("/").Has("link[rel=manifest]").Has(`meta[name=theme-color][media="(prefers-color-scheme: dark)"]`).Has(`meta[name=theme-color][media="(prefers-color-scheme: light)"]`)
	icon, _ := p.Find("link[rel=apple-touch-icon]").Attr("href")
	if got := v.Guest().Get(icon).Want(200).Header.Get("Content-Type"); got != "image/png" {
		t.Errorf("%s is %s", icon, got)
	}
}
