package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"xxsns/app/sns"
)

// A savedLine is a line of the saved transcript, as people download it.
type savedLine struct {
	Seq           int64
	Kind, Content string
}

// transcript waits until the room is saved, and returns the saved lines.
func (c *roomful) transcript() []savedLine {
	c.t.Helper()
	savedWithin(c.t, c.mentor, c.room, time.Minute)
	var all struct{ Messages []savedLine }
	body := c.mentor.Get(c.address() + "/transcript?format=json").Want(http.StatusOK).Body
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		c.t.Fatal(err)
	}
	return all.Messages
}

// A toll counts the fate of the messages that their senders saw as said.
type toll struct{ acknowledged, lost, doubled, disordered, misshown int }

// verify compares the saved lines with the messages and pages of all people.
// least is the number of messages that make the test worth while.
func (c *roomful) verify(least int) []savedLine {
	c.t.Helper()
	lines := c.transcript()
	for i, line := range lines {
		if line.Seq != int64(i+1) {
			c.t.Fatalf("line %d has the number %d", i+1, line.Seq)
		}
	}
	took := c.count(lines)
	c.t.Logf("%d messages acknowledged: lost %d, doubled %d, out of order %d; pages showed %d lines wrongly",
		took.acknowledged, took.lost, took.doubled, took.disordered, took.misshown)
	for _, p := range c.people {
		c.t.Logf("%s: %d of %d messages acknowledged, the slowest answer after %v, the longest wait until something was said %v; at last %q",
			p.name, p.acknowledged.Load(), len(p.said), p.slowest.Round(time.Millisecond), p.longest.Round(time.Millisecond), p.over)
		if len(p.strange) > 0 || p.reloads > 0 {
			c.t.Errorf("the page of %s: %v, %d reloads", p.name, p.strange, p.reloads)
		}
	}
	if took.acknowledged < least {
		c.t.Errorf("only %d messages were said: the test proves nothing", took.acknowledged)
	}
	if want := (toll{acknowledged: took.acknowledged}); took != want {
		c.t.Errorf("not everything is there once and in order: %+v", took)
	}
	return lines
}

// count compares the lines with the lists of all people.
func (c *roomful) count(lines []savedLine) (all toll) {
	c.t.Helper()
	said, times := map[string]*message{}, map[string]int{}
	for _, p := range c.people {
		for _, m := range p.said {
			said[m.text] = m
		}
	}
	for _, line := range lines {
		if line.Kind != string(sns.MessageSaid) {
			continue
		}
		if times[line.Content]++; times[line.Content] > 1 {
			all.doubled++
		}
		if said[line.Content] == nil && !slices.Contains(c.extra, line.Content) {
			c.t.Errorf("nobody has said %q", line.Content)
		}
	}
	for text, m := range said {
		if m.answered.IsZero() {
			continue
		}
		if all.acknowledged++; times[text] == 0 {
			all.lost++
		}
	}
	all.disordered = disordered(lines, said)
	for _, p := range c.people {
		all.misshown += p.misshown(lines)
	}
	return all
}

// disordered counts messages that stand after a message that was said later: a
// message that was sent, by any person, only after their acknowledgement.
func disordered(lines []savedLine, said map[string]*message) (count int) {
	earliest := time.Now() // acknowledgement of a line below
	for _, line := range slices.Backward(lines) {
		m := said[line.Content]
		if m == nil {
			continue
		}
		if m.sent.After(earliest) {
			count++
		}
		if !m.answered.IsZero() && m.answered.Before(earliest) {
			earliest = m.answered
		}
	}
	return count
}

// misshown counts the lines of a page that differ from the saved lines. A page
// that stayed until the room ended shows all saved lines.
func (c *chatter) misshown(lines []savedLine) (count int) {
	if c.over == "" {
		count = len(lines) - len(c.shown)
	}
	for i, line := range c.shown {
		if i >= len(lines) || line.seq != lines[i].Seq || line.text != lines[i].Content {
			count++
		}
	}
	return max(count, 0)
}
