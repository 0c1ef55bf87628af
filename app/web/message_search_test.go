package web_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"xxsns/app/web"
)

func TestWhatWasSaidIsFoundInAnOpenRoom(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	speaks(t, minji, "스프링 질문이에요")
	found := speaks(t, sua, "Spring은 봄")
	speaks(t, minji, "다른 말")
	for query, want := range map[string][]string{"스프링": {"스프링 질문이에요"}, "sprING": {"Spring은 봄"}, "없는 말": nil, "%": nil} {
		p := v.minji.Get("/rooms/" + room + "?q=" + url.QueryEscape(query)).Want(200)
		if got := spoken(p); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	v.sua.Post("/rooms/" + room + "/messages/" + found + "/delete").Want(303)
	says(t, v.minji.Get("/rooms/"+room+"?q=Spring"), "room.found_none")
	v.seojun.Get("/rooms/" + room + "?q=Spring").Want(200).Has("#door-1").Lacks(".message")
}

// A search on the page of an open room brings the results alone, newest first; the room
// goes on.
func TestASearchStaysInTheRoom(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	speaks(t, minji, "스프링 <b>질문</b>이에요")
	speaks(t, sua, "다른 말")
	speaks(t, sua, "질문은 언제나 좋아요")
	v.minji.Get("/rooms/" + room).Has(`#room-menu form.search[hx-get="/rooms/1"][hx-target="#found"]`).Has("#found[hidden]")

	path := "/rooms/" + room + "?q=" + url.QueryEscape("질문")
	p := v.minji.HX().Get(path).Want(200).Lacks("html > head > title")
	hits := p.Find("a.hit")
	if hits.Length() != 2 || hits.Eq(0).AttrOr("data-hit", "") != "5" || hits.Eq(1).AttrOr("href", "") != "/rooms/1?before=23#message-1-3" {
		t.Errorf("the results are %s", p.Body)
	}
	if got := p.Find("a.hit mark").Map(texts); !slices.Equal(got, []string{"질문", "질문"}) {
		t.Errorf("marked are %q", got)
	}
	says(t, p, "room.found", "Count", 2)
	says(t, v.minji.HX().Get("/rooms/"+room+"?q="+url.QueryEscape("없는 말")), "room.found_none")

	whole := v.minji.Get(path).Want(200)
	if got := whole.Find(".message-body mark").Map(texts); !slices.Equal(got, []string{"질문", "질문"}) {
		t.Errorf("marked on the page are %q", got)
	}
	v.seojun.HX().Get(path).Want(403)
	v.seojun.Get(path).Want(200).Has("#door-1")
}

// A page that leads to a message far above asks for all messages from there on.
func TestEarlierMessagesFromAMessageOn(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "긴 방", 5)
	v.writes(room, 600, time.Now(), time.Millisecond, suaID)
	for path, want := range map[string][]int{
		"?before=500&from=400": upTo(380, 499),
		"?before=500&from=490": upTo(500-web.Backlog, 499),
		"?before=500&from=2":   upTo(500-web.MostEarlier, 499),
		"?before=30&from=10":   upTo(1, 29),
	} {
		if got := numbers(v.sua.HX().Get("/rooms/" + room + "/messages" + path).Want(200)); !slices.Equal(got, want) {
			t.Errorf("%s brings %d messages from %d on", path, len(got), got[0])
		}
	}
	v.sua.HX().Get("/rooms/" + room + "/messages?before=500&from=x").Want(400)
}
