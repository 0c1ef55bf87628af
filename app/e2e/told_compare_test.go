package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
)

// comparesInboxes compares the numbers of all inboxes, and the badge of somebody.
func (l *toldLife) comparesInboxes() {
	l.t.Helper()
	rows, err := l.db.QueryContext(l.t.Context(), `SELECT user_id, unread, news FROM inboxes WHERE closed = 0`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	got := map[int64][2]int{}
	for rows.Next() {
		var user int64
		var numbers [2]int
		if err := rows.Scan(&user, &numbers[0], &numbers[1]); err != nil {
			l.t.Fatal(err)
		}
		got[user] = numbers
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
	for _, p := range l.people {
		if mine, news := p.unread(); got[p.id] != [2]int{mine, news} {
			l.fails("%s has %v unread, want %d and %d:\n%s", p.name, got[p.id], mine, news, strings.Join(l.m.list(p), "\n"))
		}
	}
	p, at := l.any(), l.somewhere()
	l.comparesBadge(p, l.at[p][at].HX().Get("/notifications/unread").Want(200))
}

func (l *toldLife) comparesBadge(p *toldPerson, page *apptest.Page) {
	l.t.Helper()
	mine, news := p.unread()
	want := ""
	if mine > 0 {
		want = fmt.Sprint(mine)
	}
	badge := page.Find("#unread")
	if _, marked := badge.Attr("data-news"); strings.TrimSpace(badge.Text()) != want || marked != (news > 0) {
		l.fails("the badge of %s shows %q, news %t, want %q and %d", p.name, badge.Text(), marked, want, news)
	}
}

// comparesPages compares the inbox and the rooms of everybody who may look at them.
func (l *toldLife) comparesPages() {
	l.t.Helper()
	for _, p := range l.people {
		if p.suspended {
			continue
		}
		at := l.somewhere()
		page := l.at[p][at].Get("/notifications").Want(200)
		l.comparesBadge(p, page)
		want := l.m.list(p)
		for got := listed(page); ; {
			if !slices.Equal(got, want[:min(len(got), len(want))]) || len(got) == 0 && len(want) > 0 {
				l.fails("the inbox of %s at place %d shows\n%s\nwant\n%s", p.name, at+1, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			want = want[len(got):]
			more, ok := page.Find("a.more").Attr("href")
			if !ok {
				break
			}
			page = l.at[p][at].Get(more).Want(200)
			got = listed(page)
		}
		if len(want) > 0 {
			l.fails("the inbox of %s lacks\n%s", p.name, strings.Join(want, "\n"))
		}
		l.comparesRooms(p, at)
	}
}

// listed returns the notices of a page.
func listed(page *apptest.Page) []string {
	return page.Find("#notifications li.told").Map(func(_ int, li *goquery.Selection) string {
		text := li.Find("a > .grow > span").First().Clone()
		text.Find(".sr").Remove()
		kind, _ := li.Attr("data-kind")
		words := li.Find("a > .grow > .cut[dir]").Text()
		if kind == "report" {
			words = "" // of the evidence, which is older than the text
		}
		return toldLine(kind, li.HasClass("unread"), strings.TrimSpace(text.Text()), li.Find(".meta bdi").Text(), words)
	})
}

// comparesRooms compares what is unread in the rooms of somebody. What was said at another
// place is heard a moment later.
func (l *toldLife) comparesRooms(p *toldPerson, at int) {
	l.t.Helper()
	want := map[int64]string{}
	for id, r := range l.m.rooms {
		if n := l.m.unreadIn(r, p.id); !r.ended && r.inside[p.id] {
			want[id] = fmt.Sprint(n)
			if n == 0 {
				want[id] = ""
			} else if n > 99 {
				want[id] = "99+"
			}
		}
	}
	var got string
	for end := time.Now().Add(patience); got != fmt.Sprint(want); time.Sleep(5 * time.Millisecond) {
		page := l.at[p][at].Get("/rooms").Want(200)
		shown := map[int64]string{}
		for id := range want {
			text, _, _ := strings.Cut(strings.TrimSpace(page.Find(fmt.Sprintf("#room-%d .unread", id)).Text()), " ")
			shown[id] = text
		}
		if got = fmt.Sprint(shown); time.Now().After(end) {
			l.fails("the rooms of %s at place %d have unread %s, want %v", p.name, at+1, got, want)
		}
	}
}
