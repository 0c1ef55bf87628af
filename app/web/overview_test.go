package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/web"
)

func TestTheOverviewIsForAdministratorsAlone(t *testing.T) {
	v := openWithBoards(t)
	v.minji.Get("/admin").Want(403)
	v.hyunwoo.Get("/admin").Want(200).Has(`.tabs a[href="/admin"][aria-current]`)
}

func TestAnAdministratorSeesHowTheCommunityIsDoing(t *testing.T) {
	v := openWithBoards(t, atNoon)
	v.minji.Post("/posts", "content", "첫 글").Want(303)
	v.minji.Post("/posts", "content", "둘째 글").Want(303)
	p := v.hyunwoo.Get("/admin").Want(200)
	for name, want := range map[string]string{"overview.posts": "2", "overview.comments": "0"} {
		if got := p.Find("dl.tiles .tile:contains('" + web.Korean(name) + "') b").First().Text(); got != want {
			t.Errorf("%s: %q, want %s", web.Korean(name), got, want)
		}
	}
	if n := p.Find("table.figures tbody tr").Length(); n != sns.OverviewDays {
		t.Errorf("the table has %d days", n)
	}
	if got := p.Find("table.figures tbody tr").First().Find("td").Eq(1).Text(); got != "2" {
		t.Errorf("today were written %q posts", got)
	}
	if got := p.Find("table.figures tbody tr").Last().Find("td").Eq(1).Text(); got != "0" {
		t.Errorf("the first day had %q posts", got)
	}
	charts := p.Find(".chart svg[role=img][aria-label]")
	if charts.Length() != 3 || charts.Find("title").Length() != 3*sns.OverviewDays {
		t.Errorf("%d charts with %d bars", charts.Length(), charts.Find("title").Length())
	}
	p.Has(`a[href="/admin/reports"]`).Has(`a[href="/admin/applications"]`).Has(`a[href="/admin/users?state=appeal"]`)
	for _, want := range []string{"SQLite 3.", web.Korean("overview.no_redis")} {
		if got := p.Find("dl.figures").Text(); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if strings.Contains(p.Body, "style=") || strings.Contains(p.Body, "onmouse") {
		t.Error("the page has inline styles or scripts")
	}
}

func TestApplicationsThatWaitAreInTheMenu(t *testing.T) {
	v := openWithBoards(t)
	v.hyunwoo.Get("/admin").Want(200).Lacks(`.tabs .unread`).Lacks(`.side a[href="/admin"] .num`)
	v.minji.Post("/settings/mentor", "text", "함께 읽고 싶어요").Want(303)
	p := v.hyunwoo.Get("/admin/boards").Want(200)
	if got := p.Text(`.tabs a[href="/admin/applications"] .num`); got != "1" {
		t.Errorf("the menu says %q", got)
	}
	if got := p.Text(`.side a[href="/admin"] .num`); got != "1" {
		t.Errorf("the main menu says %q", got)
	}
	if got := v.hyunwoo.Get("/admin").Text(`a.tile[href="/admin/applications"] b`); got != "1" {
		t.Errorf("the overview says %q", got)
	}
}

func TestRoomsThatAreNotSavedAreInTheOverview(t *testing.T) {
	v := openWithBoards(t)
	v.hyunwoo.Get("/admin").Want(200).Lacks("#unsaved-rooms")
	s, err := store.Open(t.Context(), v.Config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	unsettled(t.Context(), t, s)
	p := v.hyunwoo.Get("/admin").Want(200)
	if got := p.Find(`#unsaved-rooms a[href^="/rooms/"]`).Text(); got != "함께 읽는 방" {
		t.Errorf("not saved is %q", got)
	}
}

// unsettled makes an ended room whose settlement another replica holds.
func unsettled(ctx context.Context, t *testing.T, s *store.Store) {
	t.Helper()
	mentor, err := s.UserByName(ctx, "현우")
	if err != nil {
		t.Fatal(err)
	}
	room, _, err := s.CreateRoom(ctx, store.NewRoom{Mentor: mentor.ID, Name: "함께 읽는 방", UserLimit: 5, CreatedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.EndRoom(ctx, room, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.ClaimSettlement(ctx, room, "another", time.Hour); err != nil || !ok {
		t.Fatal(ok, err)
	}
}
