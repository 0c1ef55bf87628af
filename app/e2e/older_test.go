package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestOlderBrowsersHaveAllOfIt: a browser of 2023 shows the same colours in both modes,
// fields that grow, menus, and no error.
func TestOlderBrowsersHaveAllOfIt(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("유진", sns.RoleMentor)
	for _, look := range [][]apptest.Option{{}, {apptest.Dark}, {apptest.Phone}} {
		var seen [][]string
		for _, age := range [][]apptest.Option{{}, {apptest.Older}} {
			m := &member{Person: apptest.NewPerson(t, app.URL, slices.Concat(look, age, []apptest.Option{apptest.ReducedMotion})...), t: t, app: app, name: fmt.Sprint(len(look), len(age))}
			m.Goto("/sign-in")
			m.signsInAs("유진")
			seen = append(seen, m.looksAround())
		}
		if !slices.Equal(seen[0], seen[1]) {
			t.Errorf("a new browser shows\n%q, an older one\n%q", seen[0], seen[1])
		}
	}
}

// looksAround returns colours of the timeline, writes into its field, and opens a menu.
func (m *member) looksAround() (seen []string) {
	m.posts("바다")
	m.Paste("#compose-content", strings.Repeat("줄\n", 5)+"끝")
	m.Eval(`['body', '#compose .btn-main', '.avatar', '.input', '.post-text', '.post time'].map(s => {
		const {color, backgroundColor, borderColor} = getComputedStyle(document.querySelector(s));
		return [s, color, backgroundColor, borderColor].join(' ');
	})`, &seen)
	var grown bool
	m.Eval(`(() => { const a = document.getElementById('compose-content'); return a.clientHeight >= a.scrollHeight && a.clientHeight > 120; })()`, &grown)
	if !grown {
		m.t.Error("the field does not grow")
	}
	m.Clear("#compose-content")
	m.WaitFor(`document.getElementById('compose-content').offsetHeight < 60`)
	m.Click(".post .post-head button[popovertarget]")
	m.WaitVisible(".menu:popover-open")
	var whole bool
	m.Eval(`(() => {
		const menu = document.querySelector('.menu:popover-open').getBoundingClientRect();
		return menu.left >= 0 && menu.top >= 0 && menu.right <= innerWidth && menu.bottom <= innerHeight && menu.width >= 200;
	})()`, &whole)
	if !whole {
		m.t.Error("the menu is not in the window")
	}
	m.Screenshot("menu-" + m.name)
	m.Click(".menu:popover-open a")
	m.WaitGone(".menu:popover-open")
	m.Eval(`(Promise.reject(new DOMException('left', 'AbortError')), true)`, new(bool))
	return seen
}
