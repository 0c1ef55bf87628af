package e2e

import (
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestAChosenPortraitIsRound: a photo of any shape fills the circle that it will have, and
// nothing beside.
func TestAChosenPortraitIsRound(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.Goto("/settings")
	for what, file := range map[string]string{"portrait": photo(t, 400, 1200, 1), "landscape": photo(t, 1200, 400, 1)} {
		minji.SetFiles("#image", file)
		minji.WaitFor(`document.querySelector('#profile .avatar img[src^="blob:"]')?.complete`)
		var box struct{ Width, Height, Circle float64 }
		minji.Eval(`(() => {
			const image = document.querySelector('#profile .avatar img');
			const {width, height} = image.getBoundingClientRect();
			return {width, height, circle: image.parentElement.offsetWidth};
		})()`, &box)
		if box.Width != box.Circle || box.Height != box.Circle {
			t.Errorf("a %s photo is shown as %+v", what, box)
		}
		minji.Eval(`(document.querySelector('#profile .avatar').replaceChildren(), true)`, new(bool))
	}
}

// TestATakenNameMarksItsField: while a name is typed, the field is marked as the sentence
// below says.
func TestATakenNameMarksItsField(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("민지", sns.RoleUser)
	guest := apptest.NewPerson(t, app.URL, apptest.ReducedMotion)
	guest.Goto("/sign-up")
	guest.Type("#username", "민지")
	guest.WaitVisible(`#username[aria-invalid="true"][aria-describedby="username-check"]`)
	guest.WaitContains("#username-check.error", "이미 쓰고 있는")
	guest.Type("#username", "둘")
	guest.WaitVisible("#username-check.ok")
	guest.WaitCount("#username[aria-invalid]", 0)
}

// TestLargeTextIsShownWhole: with text twice as large, the head of a home and the settings
// lose nothing on a phone.
func TestLargeTextIsShownWhole(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleMentor, apptest.Phone)
	app.AddUser(strings.Repeat("뷁", sns.UsernameMax), sns.RoleMentor)
	for _, path := range []string{"/users/민지", "/users/" + strings.Repeat("뷁", sns.UsernameMax), "/settings"} {
		minji.Goto(path)
		minji.Eval(`(document.documentElement.style.fontSize = '200%', true)`, new(bool))
		minji.within(path)
		var lost []string
		minji.Eval(`[...document.querySelectorAll('.bar h1, #profile :is(.post-by, .meta, .btn, label)')]
			.filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map(e => e.outerHTML.slice(0, 90))`, &lost)
		if len(lost) > 0 {
			t.Errorf("%s: more text than room in %q", path, lost)
		}
	}
}

// TestFieldsLookAlike: a select looks like the fields beside it, and the facets of a post
// share their rows.
func TestFieldsLookAlike(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("관리자", sns.RoleAdmin)
	forum := makesForum(app.SignIn("관리자"), "투자모임")
	for _, look := range [][]apptest.Option{{apptest.Phone}, {}} {
		m := &member{Person: apptest.NewPerson(t, app.URL, append(look, apptest.ReducedMotion)...), t: t, app: app}
		m.Goto("/sign-in")
		m.signsInAs("관리자")
		m.Goto("/settings")
		var looks []string
		m.Eval(`[...new Set([...document.querySelectorAll('#region, #status_message')].map(e => {
			const s = getComputedStyle(e);
			return [e.offsetHeight, s.fontSize, s.paddingLeft, s.borderRadius, s.borderColor, s.backgroundColor, s.appearance === 'menulist'].join(' ');
		}))]`, &looks)
		if len(looks) != 1 {
			t.Errorf("fields look differently: %q", looks)
		}
		m.Goto(forum.path)
		m.Paste("#compose-content", "글")
		m.WaitVisible("#compose-facets select")
		var widths []float64
		m.Eval(`[...new Set([...document.querySelectorAll('#compose-facets .field')].map(e => Math.round(e.getBoundingClientRect().width)))]`, &widths)
		if len(widths) != 1 {
			t.Errorf("four facets are %v px wide", widths)
		}
	}
}
