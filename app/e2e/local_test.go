package e2e

import (
	"net/http"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// livesIn sets the member's location, by the form.
func livesIn(c *apptest.Client, region, district, town string) *apptest.Client {
	c.Post("/settings/location", "region", region, "district", district, "town", town).Want(http.StatusSeeOther)
	return c
}

// picksPlace goes down the list of districts, step by step.
func (m *member) picksPlace(region, district, town string) {
	m.t.Helper()
	for _, step := range []struct{ sel, choice string }{{"#region", region}, {"#district", district}, {"#town", town}} {
		if step.choice == "" {
			continue
		}
		m.Choose(step.sel, step.choice)
		next := false // the button for browsers without JavaScript
		if m.Eval(`document.querySelector('#location button.plain')?.checkVisibility() ?? false`, &next); next && step.sel != "#town" {
			m.Click("#location button.plain")
		}
	}
}

// movesTo does as picksPlace, and saves the place.
func (m *member) movesTo(region, district, town string) {
	m.t.Helper()
	m.picksPlace(region, district, town)
	m.Click("#location .btn-main")
}

// TestNeighbours: a member without a location is asked for a location, picks
// the place step by step, and then sees and writes neighbours' posts; moving
// house leaves old posts at the place where they were written.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji, seojun := comes(t, app, "민지", sns.RoleUser, apptest.Phone), comes(t, app, "서준", sns.RoleUser, apptest.Phone)
	away := livesIn(app.Member("하늘"), "부산광역시", "해운대구", "우동")
	away.Upload("/posts", nil, "board", "local", "content", "해운대에 해가 떠요").Want(http.StatusSeeOther)

	minji.Goto("/local")
	minji.WaitContains("h2", "위치를 정하면 우리 동네 글이 보여요")
	minji.WaitCount("#compose", 0)
	minji.Screenshot("local-ask-phone")
	minji.clean("local without a location")
	minji.picksPlace("서울특별시", "성동구", "성수동1가")
	minji.Screenshot("location-picked-phone")
	minji.clean("picked location")
	minji.Click("#location .btn-main")
	minji.WaitPath("/local")
	minji.WaitContains(".here", "서울 성동구")
	minji.showsPosts()
	minji.Paste("#compose-content", "서울숲에 튤립이 피었어요")
	minji.WaitContains("#compose", "서울 성동구 성수동1가")
	minji.Screenshot("local-compose-phone")
	minji.Click("#compose .btn-main")
	minji.showsPosts("서울숲에 튤립이 피었어요")

	seojun.Goto("/settings")
	seojun.movesTo("서울특별시", "성동구", "옥수동")
	seojun.WaitContains("#location .ok", "저장했어요")
	seojun.Screenshot("settings-location-phone")
	seojun.clean("settings with a location")
	seojun.Goto("/local")
	seojun.showsPosts("서울숲에 튤립이 피었어요")
	seojun.WaitContains("#post-2 .place", "서울 성동구 성수동1가")
	away.Get("/local").Want(http.StatusOK).Has("#post-1").Lacks("#post-2")
	away.Upload("/posts", nil, "board", "local", "content", "달맞이길이에요").Want(http.StatusSeeOther)
	minji.Paste("#compose-content", "옥수역 앞에서 만나요")
	minji.Click("#compose .btn-main")
	seojun.WaitContains("#fresh", "새 글 1개") // and not that from Busan
	seojun.Click("#fresh a")
	seojun.showsPosts("옥수역 앞에서 만나요", "서울숲에 튤립이 피었어요")

	minji.Click(".here .btn")
	minji.WaitPath("/settings/location?next=%2flocal")
	minji.Screenshot("location-phone")
	minji.movesTo("부산광역시", "해운대구", "")
	minji.WaitPath("/local")
	minji.WaitContains(".here", "부산 해운대구")
	minji.showsPosts("달맞이길이에요", "해운대에 해가 떠요")
	seojun.Reload()
	seojun.showsPosts("옥수역 앞에서 만나요", "서울숲에 튤립이 피었어요")
	minji.Goto("/users/민지")
	minji.WaitContains("#profile .place", "부산 해운대구")
	minji.WaitContains("#post-2 .place", "서울 성동구 성수동1가")
	minji.Screenshot("home-moved-phone")

	seojun.Goto("/settings")
	seojun.Click("#location .typed summary")
	seojun.Paste("#place", "한빛대학교 기숙사")
	seojun.Click("#location .typed .btn")
	seojun.WaitContains("#location .place", "한빛대학교 기숙사")
	seojun.Goto("/local")
	seojun.showsPosts()
	seojun.WaitContains(".here", "한빛대학교 기숙사")
}

// TestNeighboursWithoutJavaScript: the same steps, each sent by a button.
func TestNeighboursWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	livesIn(app.Member("서준"), "서울특별시", "성동구", "옥수동").
		Upload("/posts", nil, "board", "local", "content", "옥수역이에요").Want(http.StatusSeeOther)
	minji.Goto("/local")
	minji.Screenshot("local-ask-nojs-phone")
	minji.picksPlace("서울특별시", "성동구", "성수동1가")
	minji.Screenshot("location-picked-nojs-phone")
	minji.Click("#location .btn-main")
	minji.WaitPath("/local")
	minji.WaitContains("#toasts", "저장했어요")
	minji.showsPosts("옥수역이에요")
	minji.Paste("#compose-content", "반가워요, 이웃님")
	minji.Click("#compose .btn-main")
	minji.WaitPath("/local")
	minji.showsPosts("반가워요, 이웃님", "옥수역이에요")
	minji.Goto("/settings")
	minji.Click("#location .typed summary")
	minji.Paste("#place", "부산 해운대구")
	minji.Click("#location .typed .btn")
	minji.WaitPath("/settings")
	minji.WaitContains("#location .place", "부산 해운대구")
	minji.Click(`#location [name="remove"]`)
	minji.WaitCount("#location .place", 0)
	minji.Goto("/local")
	minji.WaitContains("h2", "위치를 정하면")
}
