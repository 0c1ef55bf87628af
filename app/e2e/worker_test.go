package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

// opensWithWorker opens a page with the service worker, and waits until the worker keeps the page
// for offline.
func (m *member) opensWithWorker(path string) {
	m.t.Helper()
	m.Goto(path)
	m.RegistersWorker()
	m.WaitFor(`window.kept || caches.match('/offline').then((found) => { window.kept = !!found; }) && false`)
}

func withPushes(c *config.Config) { c.PublicURL = "https://sns.example.org" }

// notifications stands in the place of the notifications of the system, and of the badge, which a browser without
// a user interface does not have: one with a tag takes the place of the one before.
const notifications = `(() => {
	self.shown = []
	self.badges = []
	Object.defineProperty(navigator, 'setAppBadge', { value: async (n) => { self.badges.push(n) } })
	Object.defineProperty(navigator, 'clearAppBadge', { value: async () => { self.badges.push(0) } })
	self.registration.showNotification = async (title, options) => {
		self.shown = self.shown.filter((n) => !n.tag || n.tag !== options.tag)
		self.shown.push({ title, ...options })
	}
})()`

type notification struct {
	Title, Body, Tag, Icon, Badge string
	Renotify                      bool
	Data                          struct{ URL string }
}

// waitsForNotifications waits until the worker shows so many, and returns them.
func (m *member) waitsForNotifications(n int, title string) (all []notification) {
	m.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(all) != n || all[n-1].Title != title; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.t.Fatalf("shown are %+v, want %d, the last %q", all, n, title)
		}
		m.InWorker(`self.shown`, &all)
	}
	return all
}

func TestTheServiceWorkerShowsPushes(t *testing.T) {
	app := apptest.Start(t, withPushes)
	minji := signsUp(t, app, "민지")
	minji.opensWithWorker("/settings")
	minji.InWorker(notifications, nil)
	push := map[string]any{"title": "하루님이 댓글을 남겼어요", "body": "좋아요!", "url": "/posts/1#comment-2", "tag": "comment-1-0", "lang": "ko", "badge": 3, "version": 7}
	minji.GetsPush(push)
	got := minji.waitsForNotifications(1, "하루님이 댓글을 남겼어요")[0]
	if got.Body != "좋아요!" || got.Tag != "comment-1-0" || !got.Renotify || got.Data.URL != "/posts/1#comment-2" {
		t.Errorf("shown is %+v", got)
	}
	for _, icon := range []string{got.Icon, got.Badge} {
		if !bytes.HasPrefix(download(t, app.URL+icon), []byte("\x89PNG")) {
			t.Errorf("%s is no PNG", icon)
		}
	}
	push["title"] = "하루님 외 1명이 댓글을 남겼어요" // gathered: one line, not two
	minji.GetsPush(push)
	minji.waitsForNotifications(1, "하루님 외 1명이 댓글을 남겼어요")
	minji.GetsPush(map[string]any{"title": "준호님이 불렀어요", "url": "/posts/2", "tag": "mention-2-0"})
	minji.waitsForNotifications(2, "준호님이 불렀어요")
	// A window has the focus at the very place: nothing is shown.
	minji.InWorker(`(() => { self.clients.matchAll = async () => [{ focused: true, url: self.location.origin + '/posts/1' }] })()`, nil)
	minji.GetsPush(push)
	minji.GetsPush(map[string]any{"title": "그 다음", "url": "/posts/3", "tag": "mention-3-0"})
	minji.waitsForNotifications(3, "그 다음")
	// The badge is that of the newest push, whatever the order in which pushes arrive.
	push["badge"], push["version"] = 0, 9
	minji.GetsPush(push)
	push["badge"], push["version"] = 5, 8
	minji.GetsPush(push)
	minji.GetsPush(map[string]any{"title": "끝", "url": "/posts/4"})
	minji.waitsForNotifications(4, "끝")
	var badges []int
	if minji.InWorker(`self.badges`, &badges); !slices.Equal(badges, []int{3, 3, 3, 0}) {
		t.Errorf("the badges are %v", badges)
	}
}

func TestANotificationLeadsToItsPlace(t *testing.T) {
	app := apptest.Start(t, withPushes)
	minji := signsUp(t, app, "민지")
	minji.opensWithWorker("/settings")
	minji.InWorker(`(() => {
		self.opened = []
		self.clients.openWindow = async (url) => { self.opened.push(url) }
		self.clients.matchAll = async () => [{
			url: self.location.origin + '/posts/1',
			focus: async () => { self.opened.push('focus') },
			navigate: async (url) => { self.opened.push('navigate ' + url) },
		}]
	})()`, nil)
	for url, want := range map[string]string{
		"/posts/2#comment-5":   app.URL + "/posts/2#comment-5",
		"/posts/1":             "focus",
		"/posts/1#comment-2":   "focus,navigate " + app.URL + "/posts/1#comment-2",
		"https://example.com/": app.URL + "/",
		"//example.com/":       app.URL + "/",
		"javascript:alert(1)":  app.URL + "/",
	} {
		var got string
		minji.InWorker(`(async () => { self.opened = []; await open(`+fmt.Sprintf("%q", url)+`); return self.opened.join() })()`, &got)
		if got != want {
			t.Errorf("%s leads to %q, want %q", url, got, want)
		}
	}
}

// subscribed stands in the place of the push manager, which asks a push service of the internet.
const subscribed = `((subscription) => {
	self.lost = false
	Object.defineProperty(Notification, 'permission', { get: () => 'granted' })
	const made = { ...subscription, options: {}, toJSON: () => subscription, unsubscribe: async () => { self.lost = true } }
	Object.defineProperty(self.registration, 'pushManager', { value: {
		getSubscription: async () => (self.lost ? null : made), subscribe: async () => { self.lost = false; return made },
	} })
})(%s)`

// A push goes the whole way: from the button of the settings over the push service of the test,
// which decrypts it, to the service worker.
func TestATryReachesTheScreen(t *testing.T) {
	app := apptest.Start(t, withPushes)
	service := apptest.NewPushService(t)
	app.PushBy(service)
	phone := service.Subscribe()
	minji := signsUp(t, app, "민지", apptest.Phone)
	minji.opensWithWorker("/settings/notifications")
	minji.InWorker(notifications, nil)
	minji.InWorker(fmt.Sprintf(subscribed, phone.JSON()), nil)
	minji.InWorker(`(async () => { renewed = 0; await renew() })()`, nil)
	laptop := app.SignIn("민지")
	told := func() int { return laptop.Get("/settings/notifications").Find("#push .person").Length() }
	if n := told(); n != 0 {
		t.Fatalf("%d browsers are told that nobody asked for", n)
	}
	var status int
	minji.Eval(`fetch('/push/subscriptions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(`+phone.JSON()+`) }).then((r) => r.status)`, &status)
	if status != 204 {
		t.Fatalf("subscribing: %d", status)
	}
	minji.Goto("/settings/notifications")
	minji.WaitCount("#push .person[data-this]", 1)
	minji.Click("#push form[action$='/test'] button")
	minji.WaitContains("#push .ok", "시험 알림을 보냈어요")
	for deadline := time.Now().Add(10 * time.Second); len(phone.Pushed()) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no push arrives")
		}
	}
	minji.GetsPush(json.RawMessage(phone.Pushed()[0].Body))
	minji.waitsForNotifications(1, "시험 알림이에요")
	minji.WaitContains("#push .person .meta", "보냄") // the section looks again by itself
	if violations := minji.Axe(); len(violations) > 0 {
		t.Errorf("%v", violations)
	}
	minji.Screenshot("push-told")

	// The push service has lost the subscription, and the browser says so by itself.
	phone.Answers(apptest.PushAnswer{Status: 410})
	minji.Click("#push form[action$='/test'] button")
	minji.WaitCount("#push .person", 0)
	minji.InWorker(`(async () => { self.lost = true; renewed = 0; await renew() })()`, nil)
	if n := told(); n != 1 {
		t.Errorf("%d browsers are told after the next visit", n)
	}

	// Removed from another device, the browser does not come back.
	id, _ := laptop.Get("/settings/notifications").Find("#push [name=id]").Attr("value")
	laptop.Post("/push/subscriptions/delete", "id", id).Want(303)
	var lost bool
	minji.InWorker(`(async () => { renewed = 0; await renew(); return self.lost })()`, &lost)
	if n := told(); n != 0 || !lost {
		t.Errorf("%d browsers are told after the removal; the browser has given up: %t", n, lost)
	}
}

// While the server is away, a page of our own is shown, and pages that were seen before are not.
func TestOfflineThePageSaysSo(t *testing.T) {
	for _, look := range []struct {
		name    string
		options []apptest.Option
	}{{"light", nil}, {"dark phone", []apptest.Option{apptest.Dark, apptest.Phone}}} {
		t.Run(look.name, func(t *testing.T) {
			app := apptest.Start(t, withPushes)
			minji := signsUp(t, app, "민지", look.options...)
			minji.posts("바다에 다녀왔어요")
			minji.opensWithWorker("/")
			var caches []string
			minji.Eval(`caches.keys().then((names) => Promise.all(names.map((n) => caches.open(n).then((c) => c.keys())))).then((all) => all.flat().map((r) => new URL(r.url).pathname.replace(/\.[0-9a-f]+\./, '.')).sort())`, &caches)
			if want := []string{"/offline", "/static/app.css"}; !slices.Equal(caches, want) {
				t.Errorf("the browser keeps %v, want %v", caches, want)
			}
			minji.AllowConsole(`Failed to load resource|ERR_|net::|Failed to fetch`)
			app.Stop()
			for _, path := range []string{"/posts/1", "/"} {
				minji.Goto(path)
				minji.WaitContains("h1", "인터넷에 연결되어 있지 않아요")
				if text := minji.Shown(); strings.Contains(text, "바다에 다녀왔어요") {
					t.Errorf("offline the browser shows %q", text)
				}
			}
			minji.WaitFor(`getComputedStyle(document.querySelector('.empty')).display === 'grid'`) // with the style
			if violations := minji.Axe(); len(violations) > 0 {
				t.Errorf("%v", violations)
			}
			minji.Screenshot("offline-" + look.name)
			app.Restart()
			minji.Click(".empty .btn")
			minji.WaitVisible("#compose")
		})
	}
}

func TestThePageCanBeInstalled(t *testing.T) {
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지")
	if found := minji.ManifestErrors(); len(found) > 0 {
		t.Errorf("wrong are %v", found)
	}
}

// The settings ask for the permission when the button is pressed, and not before.
func TestTheSettingsOfPushesInABrowser(t *testing.T) {
	app := apptest.Start(t, withPushes)
	phone := apptest.NewPushService(t).Subscribe()
	minji := signsUp(t, app, "민지", apptest.Phone)
	minji.Goto("/settings/notifications")
	minji.WaitVisible(`#push [data-push="denied"]`) // this browser shows none
	// The permission and the push manager of a browser with a user interface.
	minji.Eval(`(() => {
		window.asked = 0
		let permission = 'default'
		Object.defineProperty(Notification, 'permission', { get: () => permission })
		Notification.requestPermission = async () => { window.asked++; return permission = 'granted' }
		const made = { ...`+phone.JSON()+`, unsubscribe: async () => { window.left = true } }
		PushManager.prototype.getSubscription = async () => window.made
		PushManager.prototype.subscribe = async (options) => { window.options = options; return window.made = made }
		document.dispatchEvent(new Event('htmx:after:swap'))
		return true
	})()`, new(bool))
	minji.WaitVisible("[data-push-on]")
	if violations := minji.Axe(); len(violations) > 0 {
		t.Errorf("%v", violations)
	}
	minji.Screenshot("push-settings")
	minji.WaitFor(`window.asked === 0`)
	minji.Click("[data-push-on]")
	minji.WaitCount("#push .person[data-this]", 1)
	minji.WaitGone("[data-push-on]")
	minji.WaitFor(`window.asked === 1 && window.options.userVisibleOnly && window.options.applicationServerKey === document.getElementById('push').dataset.key`)
	minji.Click("#push form[action$='/delete'] button")
	minji.WaitCount("#push .person", 0)
	minji.WaitFor(`window.left`)
	minji.WaitVisible("[data-push-on]")
}
