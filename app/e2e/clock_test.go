package e2e

import (
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestTimesFollowTheServersClock: on a device whose clock is wrong by hours, or is set
// while the page stands open, a new post is new, and an older one as old as it is.
func TestTimesFollowTheServersClock(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.Member("서준").Post("/posts", "content", "방금 쓴 글").Want(http.StatusSeeOther)
	for _, ahead := range []time.Duration{3 * time.Hour, -3 * time.Hour} {
		app.AddUser(map[bool]string{true: "민지", false: "하늘"}[ahead > 0], sns.RoleUser)
		minji := &member{Person: apptest.NewPerson(t, app.URL, apptest.Phone, apptest.ReducedMotion, apptest.ClockAhead(ahead)), t: t, app: app}
		minji.Goto("/sign-in")
		minji.signsInAs(map[bool]string{true: "민지", false: "하늘"}[ahead > 0])
		var off float64
		minji.Eval(`Date.now()`, &off)
		if skew := time.Duration(off)*time.Millisecond - time.Duration(time.Now().UnixMilli())*time.Millisecond; (skew - ahead).Abs() > time.Minute {
			t.Fatalf("the device's clock is ahead by %v", skew)
		}
		minji.WaitFor(`serverClock.now() !== null`)
		refreshed := `(document.dispatchEvent(new Event('visibilitychange')), true)`
		minji.Eval(refreshed, new(bool))
		if got := minji.Text("#timeline .post time"); got != "방금" {
			t.Errorf("%v ahead, a new post was written %q", ahead, got)
		}
		// Five minutes go by on the server. Setting the device's clock makes no difference.
		minji.Eval(`(document.querySelector('#timeline .post time').dateTime = new Date(serverClock.now() - 5 * 60e3 - 5e3).toISOString(), true)`, new(bool))
		minji.Eval(refreshed, new(bool))
		minji.WaitText("#timeline .post time", "5분 전")
		minji.Eval(`(() => { const now = Date.now; Date.now = () => now() + 2 * 3600e3; return serverClock.now() === null; })()`, new(bool))
		minji.Eval(refreshed, new(bool))
		minji.WaitFor(`serverClock.now() !== null`)
		if got := minji.Text("#timeline .post time"); got != "5분 전" {
			t.Errorf("after the device's clock was set, the post was written %q", got)
		}
	}
}
