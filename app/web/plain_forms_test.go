package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// A plain is a browser without scripts: it fills in the forms of a page and follows
// redirects.
type plain struct {
	t    *testing.T
	c    *apptest.Client
	at   string
	page *apptest.Page
}

func (p *plain) opens(path string) *plain {
	p.t.Helper()
	p.at, p.page = path, p.c.Get(path).Want(http.StatusOK)
	return p
}

// presses fills in a form, and presses the button with the value, or the first button if
// the value is empty. The selector finds the form or an element of the form.
func (p *plain) presses(selector, button string, fills ...string) *plain {
	p.t.Helper()
	form := p.page.Find(selector).First().Closest("form")
	if form.Length() == 0 {
		p.t.Fatalf("%s has no form %s", p.at, selector)
	}
	values := filledIn(form)
	for i := 0; i+1 < len(fills); i += 2 {
		if form.Find(`[name="`+fills[i]+`"]`).Length() == 0 {
			p.t.Fatalf("the form %s has no field %s", selector, fills[i])
		}
		values.Set(fills[i], fills[i+1])
	}
	pressed := form.Find("button").FilterFunction(func(_ int, b *goquery.Selection) bool {
		_, off := b.Attr("disabled")
		return !off && (button == "" || b.AttrOr("value", "") == button)
	}).First()
	if pressed.Length() == 0 && button != "next" {
		p.t.Fatalf("the form %s has no button %q that can be pressed", selector, button)
	}
	if name := pressed.AttrOr("name", ""); name != "" {
		values.Set(name, pressed.AttrOr("value", ""))
	}
	action := form.AttrOr("action", p.at)
	if form.AttrOr("method", "get") == "get" || button == "next" {
		path, _, _ := strings.Cut(action, "?")
		return p.opens(path + "?" + values.Encode())
	}
	var pairs []string
	for name, all := range values {
		for _, one := range all {
			pairs = append(pairs, name, one)
		}
	}
	answer := postFrom(p.c, p.at, action, pairs...)
	if answer.Status == http.StatusSeeOther {
		return p.opens(answer.Header.Get("Location"))
	}
	p.at, p.page = action, answer
	return p
}

// filledIn returns the fields that a browser sends of an untouched form.
func filledIn(form *goquery.Selection) url.Values {
	values := url.Values{}
	for _, field := range form.Find("input[name], select[name], textarea[name]").EachIter() {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "text")
		_, checked := field.Attr("checked")
		switch {
		case kind == "file" || kind == "checkbox" && !checked:
		case goquery.NodeName(field) == "textarea":
			values.Add(name, field.Text())
		case goquery.NodeName(field) == "select":
			option := field.Find("option[selected]")
			if option.Length() == 0 {
				option = field.Find("option")
			}
			values.Add(name, option.First().AttrOr("value", option.First().Text()))
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	}
	return values
}

// says fails the test unless the page shows the sentence in a toast.
func (p *plain) says(key string) *plain {
	p.t.Helper()
	toasts(p.t, p.page, key)
	return p
}

func TestABoardIsMadeAndUsedWithoutScripts(t *testing.T) {
	v := open(t)
	admin := &plain{t: t, c: v.joins("현우", sns.RoleAdmin)}
	admin.opens("/admin/boards").presses("#board-name", "", "name", "투자", "slug", "invest").says("done.board_made")
	admin.presses("#facet-new-name", "", "name", "투자스타일", "options", "단타\n장기").says("done.saved")
	admin.presses(".options li:last-child .name", "", "name", "오래").says("done.saved")
	admin.presses(".options li:last-child .move", "true").says("done.saved")
	admin.presses(".admin-facet textarea", "", "options", "가치").says("done.saved")
	admin.presses(".options li:last-child form[action$='/close']", "true").says("done.saved")
	admin.presses("#admin-board > section:first-child .name", "", "name", "재테크").says("done.saved")
	if got := optionNames(admin.page); !slices.Equal(got, []string{"오래", "단타", "가치"}) {
		t.Errorf("the options are %v", got)
	}
	admin.opens("/admin/boards").presses(".person:last-child .move", "true")
	if got := boardNames(admin.page); got[1] != "재테크" {
		t.Errorf("the boards are %v", got)
	}

	member := &plain{t: t, c: v.minji}
	member.opens("/boards/invest").presses("#compose", "", "content", "오래 갑니다")
	composerRejects(t, member.page, "오래 갑니다", "facet.missing", "Name", "투자스타일")
	option := member.page.Find("#compose-facets option").Eq(1)
	member.presses("#compose", "", "f", option.AttrOr("value", "")).says("done.posted")
	if got := texted(member.page); member.at != "/boards/invest" || !slices.Equal(got, []string{"오래 갑니다"}) || member.page.Text(".tag") != "오래" {
		t.Errorf("on %s stand %v", member.at, got)
	}
	member.presses("#filter", "", "f", member.page.Find("#filter [name=f]").Eq(1).AttrOr("value", ""))
	says(t, member.page, "board.none")
	member.opens(member.page.Find("p.chosen a").AttrOr("href", "")).page.Has("#post-1")
	// On the timeline the answer to a form without facets shows the facets of the board.
	member.opens("/").presses("#compose", "", "content", "어디든", "board", "invest")
	composerRejects(t, member.page, "어디든", "facet.missing", "Name", "투자스타일")
	member.presses("#compose", "", "f", option.AttrOr("value", "")).says("done.posted")
	if member.at != "/" {
		t.Errorf("from the timeline one comes to %s", member.at)
	}
}

func TestTheFileOfMineIsFetchedWithoutScripts(t *testing.T) {
	v := open(t)
	p := &plain{t: t, c: v.minji}
	p.opens("/settings")
	p.opens(p.page.Find("a[href='/settings/export']").AttrOr("href", ""))
	p.presses("#export form", "")
	if p.at != "/settings/export" {
		t.Errorf("one comes to %s", p.at)
	}
	v.edits("UPDATE sessions SET proved_at = 0")
	v.Restart()
	for end := time.Now().Add(patience); p.page.Find("#export-password").Length() == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		p.opens("/settings/export")
	}
	p.presses("#export form", "1", "current_password", "아니야").page.Has("#export-password[aria-invalid]")
	p.presses("#export form", "1", "current_password", apptest.Password)
	v.minji.Get(p.page.Find("#export a[download]").AttrOr("href", "")).Want(200)
}

func TestALocationIsSetWithoutScripts(t *testing.T) {
	v := open(t)
	p := &plain{t: t, c: v.minji}
	p.opens("/local").presses("#region", "next", "region", "서울특별시").presses("#region", "next", "district", "성동구")
	if next := p.page.Find("#location button.plain"); next.AttrOr("formmethod", "") != "get" {
		t.Errorf("without scripts no button leads to the next step: %q", next.Text())
	}
	p.presses("#region", "", "town", "성수동1가").says("done.saved")
	if p.at != "/local" || p.page.Text(".here b") != "서울 성동구" {
		t.Errorf("one comes to %s at %q", p.at, p.page.Text(".here b"))
	}
	p.presses("#compose", "", "content", "여기예요").says("done.posted").page.Has("#post-1 .place")
	p.opens("/settings").presses("#place", "", "location", "한빛대학교 기숙사").says("done.saved")
	if got := p.page.Text("#location .place"); got != "한빛대학교 기숙사" {
		t.Errorf("one lives at %q", got)
	}
	p.presses("[name=remove]", "1").says("done.saved").page.Lacks("#location .place")
}

func TestPeopleAreFollowedAndDevicesSignedOutWithoutScripts(t *testing.T) {
	v := open(t)
	phone := v.SignIn("민지")
	p := &plain{t: t, c: v.minji}
	p.opens(homeOf("서준")).presses(".follow", "true")
	if p.at != homeOf("서준") || p.page.Text("#followers-"+seojunID) != "1" {
		t.Errorf("on %s stands %q", p.at, p.page.Text(".numbers"))
	}
	p.opens(homeOf("민지")+"/following").presses(".follow", "false")
	says(t, p.page, "follow.no_followees")
	p.opens("/settings").presses("#devices [name=session]", "").says("done.devices")
	phone.Get("/").Want(http.StatusSeeOther)
	p.opens("/settings").presses("#status_message", "", "status_message", "스크립트 없이").says("done.saved")
	p.opens("/settings/delete").presses("#delete-password", "", "current_password", "아니야")
	says(t, p.page.Want(422), "password.wrong")
	p.presses("#delete-password", "", "current_password", apptest.Password).says("done.account_deleted")
	if p.at != "/sign-in" {
		t.Errorf("one comes to %s", p.at)
	}
}
