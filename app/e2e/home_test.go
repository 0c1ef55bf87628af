package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// follows presses the button on a person's home, and waits until the button
// stays pressed.
func (m *member) follows(user int) {
	m.t.Helper()
	m.Click(fmt.Sprintf(`#follow-%d [aria-pressed="false"]`, user))
	m.WaitCount(fmt.Sprintf(`#follow-%d [aria-pressed="true"]`, user), 1)
}

// unfollows presses the button again.
func (m *member) unfollows(user int) {
	m.t.Helper()
	m.Click(fmt.Sprintf(`#follow-%d [aria-pressed="true"]`, user))
	m.WaitCount(fmt.Sprintf(`#follow-%d [aria-pressed="false"]`, user), 1)
}

// TestHomeIsEditedInPlace: on the member's own home the form takes the place of
// the head, shows a picture before saving, and leaves the focus on the pressed
// button.
func TestHomeIsEditedInPlace(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.posts("첫 글이에요")
	minji.Goto("/users/민지")
	minji.Screenshot("home-own-phone")
	minji.Click("#profile .edit")
	minji.WaitVisible("#status_message")
	minji.Screenshot("home-edit-phone")
	minji.clean("home that is edited")
	minji.Paste("#status_message", "이건 아니야")
	minji.Click(`#profile a[hx-get$="/about"]`)
	minji.WaitVisible("#profile .edit")
	minji.WaitFocus("#profile .edit")

	minji.Click("#profile .edit")
	minji.WaitVisible("#status_message")
	if left := minji.Value("#status_message"); left != "" {
		t.Errorf("what was called off is %q", left)
	}
	minji.Paste("#status_message", "튤립 보러 갈래요")
	minji.Click("#profile .btn-main")
	minji.WaitContains("#profile", "튤립 보러 갈래요")
	minji.WaitContains("#toasts", "저장했어요")
	minji.WaitFocus("#profile .edit")

	minji.Click("#profile .edit")
	minji.WaitVisible("#status_message")
	minji.SetFiles("#image", photo(t, 600, 900, 1))
	minji.WaitVisible(`#profile .avatar img[src^="blob:"]`)
	minji.Screenshot("home-preview-phone")
	minji.Click("#profile .btn-main")
	minji.WaitVisible("#post-1 .avatar img") // and beside every post below
	minji.WaitVisible("#profile .edit")
	minji.WaitContains("#toasts", "저장했어요")
	if s := size(t, app.URL+minji.Attr("#profile .avatar img", "src")); s.X != s.Y {
		t.Errorf("the face is %v", s)
	}
	minji.AllowConsole("status of 422")
	minji.Click("#profile .edit")
	minji.WaitVisible("#status_message")
	broken := photo(t, 600, 900, 1)
	cutShort(t, broken)
	minji.SetFiles("#image", broken)
	minji.Click("#profile .btn-main")
	minji.WaitContains("#profile .alert", "깨져 있어요")
	minji.Screenshot("home-refused-phone")
	minji.Reload()
	minji.WaitContains("#profile", "튤립 보러 갈래요")
	minji.WaitVisible("#post-1 .avatar img")
}

// TestFollowing: the number beside a name goes with the button, and new posts
// of followed people come to a page of their own as they are written.
func TestFollowing(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji, yujin := comes(t, app, "민지", sns.RoleUser, apptest.Phone), comes(t, app, "유진", sns.RoleMentor, apptest.Phone)
	seojun := app.Member("서준")
	seojun.Upload("/posts", nil, "content", "서준의 글").Want(http.StatusSeeOther)
	yujin.posts("유진의 첫 글")
	minji.Goto("/following")
	minji.WaitContains("#empty", "팔로우한 사람의 글이 여기에 모여요")
	minji.Screenshot("following-empty-phone")
	minji.clean("following nobody")
	minji.Click("#empty .btn")
	minji.WaitPath("/")
	minji.Click("#post-2 .post-by a")
	minji.WaitText("#followers-2", "0")
	minji.follows(2)
	minji.WaitText("#followers-2", "1")
	minji.WaitFocus("#follow-2 button")
	minji.Screenshot("home-followed-phone")
	minji.clean("home of a mentor")
	minji.unfollows(2)
	minji.WaitText("#followers-2", "0")
	minji.follows(2)
	minji.WaitText("#followers-2", "1")

	minji.Goto("/following")
	minji.showsPosts("유진의 첫 글")
	seojun.Upload("/posts", nil, "content", "서준의 둘째 글").Want(http.StatusSeeOther)
	yujin.posts("유진의 둘째 글")
	minji.WaitContains("#fresh", "새 글 1개")
	minji.Screenshot("following-fresh-phone")
	minji.clean("following")
	minji.Click("#fresh a")
	minji.showsPosts("유진의 둘째 글", "유진의 첫 글")

	app.SignIn("유진").Post("/users/민지/follow", "on", "true").Want(http.StatusSeeOther)
	yujin.Goto("/users/유진")
	yujin.WaitText("#followers-2", "1")
	yujin.Click(`.numbers a[href$="/followers"]`)
	yujin.WaitText(".people .cut", "민지")
	yujin.Screenshot("followers-phone")
	yujin.clean("followers")
	yujin.unfollows(1)
	yujin.WaitFocus("#follow-1 button")
	yujin.Click(".tabs a:last-child")
	yujin.WaitContains(".empty", "아직 팔로우한 사람이 없어요")
}

// TestHomeWithoutJavaScript: editing, following and the lists by forms and links.
func TestHomeWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	app.Member("서준").Upload("/posts", nil, "content", "서준의 글").Want(http.StatusSeeOther)
	minji.Goto("/users/민지")
	minji.Click("#profile .edit")
	minji.WaitPath("/settings")
	minji.SetFiles("#image", photo(t, 600, 900, 1))
	minji.Paste("#status_message", "천천히, 오래")
	minji.Screenshot("settings-nojs-phone")
	minji.Click("#profile .btn-main")
	minji.WaitContains("#toasts", "저장했어요")
	minji.Goto("/users/서준")
	minji.follows(2)
	minji.WaitText("#followers-2", "1")
	minji.Goto("/following")
	minji.showsPosts("서준의 글")
	minji.Goto("/users/서준/followers")
	minji.WaitContains(".people", "천천히, 오래")
	minji.WaitVisible(".people .avatar img")
	minji.Goto("/users/서준")
	minji.unfollows(2)
	minji.WaitText("#followers-2", "0")
}
