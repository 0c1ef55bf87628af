package e2e

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// sameBrowser returns a client that lands at a replica with the cookies that another client
// has now.
func sameBrowser(t *testing.T, at interface{ Guest() *apptest.Client }, c *apptest.Client, site string) *apptest.Client {
	t.Helper()
	u, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	guest := at.Guest()
	guest.HTTP().Jar.SetCookies(u, c.HTTP().Jar.Cookies(u))
	return guest
}

// TestASessionThatEndedElsewhere: a session that one replica has just seen and that ends
// at the other one is refused there at once, at the first replica when its streams end
// and, if no event reaches the replica, a second later.
func TestASessionThatEndedElsewhere(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	r.One.AddUser("민지", sns.RoleUser)
	ends := map[string]func(*apptest.Client){
		"signed out": func(c *apptest.Client) { c.Post("/sign-out").Want(http.StatusSeeOther) },
		"ended from another device": func(*apptest.Client) {
			r.Two.SignIn("민지").HX().Post("/settings/sessions", "others", "1").Want(http.StatusOK)
		},
		"by a new password": func(c *apptest.Client) {
			c.Post("/settings/password", "current_password", apptest.Password, "password", apptest.Password, "password_confirm", apptest.Password).Want(http.StatusSeeOther)
		},
	}
	for _, told := range []bool{true, false} {
		for name, end := range ends {
			near := r.Two.SignIn("민지")
			left, far := sameBrowser(t, r.Two, near, r.URL), sameBrowser(t, r.One, near, r.URL)
			sees := far.Listen("timeline")
			if !told {
				r.One.Redis.Cut()
			}
			far.Get("/settings").Want(http.StatusOK) // known from now on
			end(near)
			answered := time.Now()
			left.Get("/settings").Want(http.StatusSeeOther)
			if told {
				if err := sees.Ended(); err != nil {
					t.Errorf("%s: the stream broke off: %v", name, err)
				}
			} else {
				time.Sleep(time.Until(answered.Add(store.RecentFor)))
			}
			if p := far.Get("/settings"); p.Status != http.StatusSeeOther {
				t.Errorf("%s, told = %t: the session goes on at the other replica: %d", name, told, p.Status)
			}
			r.One.Redis.Restore()
		}
	}
}
