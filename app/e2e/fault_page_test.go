package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
)

// receive handles a frame as a page does. False means that the page needs a new
// socket.
func (c *chatter) receive(f apptest.Frame) bool {
	switch f.Event {
	case "gap":
		return c.catchUp()
	case "left", "removed":
		c.over = f.Event
	}
	f.Find(".refusal").Each(func(_ int, refusal *goquery.Selection) { c.refuse(refusal) })
	ok := true
	f.Find("[data-seq]").Each(func(_ int, line *goquery.Selection) {
		if ok && seqOf(line) > c.last()+1 {
			ok = c.catchUp()
		}
		if ok {
			c.show(line)
		}
	})
	return ok && c.over == ""
}

// refuse handles the refusal of a message. A refusal without a retry ends the
// stay.
func (c *chatter) refuse(refusal *goquery.Selection) {
	id, _ := refusal.Attr("data-client-id")
	_, again := refusal.Attr("data-retry")
	for _, m := range c.pending {
		if m.id == id {
			c.note(time.Since(m.tried))
			m.refused = time.Now()
		}
	}
	if !again {
		c.over = refusal.Text()
	}
}

// last is the number of the last line.
func (c *chatter) last() int64 {
	if len(c.shown) == 0 {
		return 0
	}
	return c.shown[len(c.shown)-1].seq
}

// show puts a line below the other lines, unless the line stands there already.
// The line of the chatter's own message is the answer to that message.
func (c *chatter) show(line *goquery.Selection) {
	id, _ := line.Attr("data-client-id")
	if i := slices.IndexFunc(c.pending, func(m *message) bool { return m.id == id }); i >= 0 {
		m := c.pending[i]
		m.answered = time.Now()
		c.note(m.answered.Sub(m.tried))
		c.longest = max(c.longest, m.answered.Sub(m.sent))
		c.pending = slices.Delete(c.pending, i, i+1)
		c.acknowledged.Add(1)
	}
	seq := seqOf(line)
	if seq <= c.last() {
		return
	}
	if seq != c.last()+1 {
		c.strange = append(c.strange, fmt.Sprintf("line %d follows %d", seq, c.last()))
	}
	c.shown = append(c.shown, shownLine{seq, line.Find(".message-body").Text()})
}

func seqOf(line *goquery.Selection) int64 {
	raw, _ := line.Attr("data-seq")
	seq, _ := strconv.ParseInt(raw, 10, 64)
	return seq
}

// catchUp asks for the lines after the last line, again as long as an answer is
// cut short, and reports whether that went well.
func (c *chatter) catchUp() bool {
	for more := true; more; {
		page, header, status := c.ask(c.client.HX(), fmt.Sprintf("%s/messages?after=%d", c.room, c.last()))
		switch status {
		case http.StatusOK:
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict:
			c.over = fmt.Sprint("status ", status)
			return false
		default:
			return false
		}
		if header.Get("HX-Refresh") != "" {
			c.reload()
			return false
		}
		page.Find("[data-seq]").Each(func(_ int, line *goquery.Selection) { c.show(line) })
		more = header.Get("X-More") != ""
	}
	return true
}

// ask sends a question of the page; status 0: there is no answer.
func (c *chatter) ask(as *apptest.Client, path string) (page *goquery.Document, header http.Header, status int) {
	ctx, cancel := context.WithTimeout(context.Background(), questionTime)
	defer cancel()
	begun := time.Now()
	defer func() { c.note(time.Since(begun)) }()
	res, err := as.HTTP().Do(as.Request(http.MethodGet, path, nil).WithContext(ctx))
	if err != nil {
		return nil, nil, 0
	}
	defer func() { _ = res.Body.Close() }()
	if page, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		return nil, nil, 0
	}
	return page, res.Header, res.StatusCode
}

// reload opens the page anew: the room is over, or has lost lines that the page
// shows.
func (c *chatter) reload() {
	page, _, status := c.ask(c.client, c.room)
	switch {
	case status != http.StatusOK:
	case page.Find("#say").Length() == 0:
		c.over = page.Find("h1").Text()
	default:
		c.reloads++
		c.shown = nil
	}
}
