package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"xxsns/app/chat"
	"xxsns/app/store"
)

// countings tell of counts in words.
var countings = map[string]struct{ one, many, why string }{
	"likes":     {"post shows a wrong number of likes", "posts show a wrong number of likes", "people see a wrong number"},
	"comments":  {"post shows a wrong number of comments", "posts show a wrong number of comments", "people see a wrong number"},
	"followers": {"member shows a wrong number of followers", "members show a wrong number of followers", "people see a wrong number"},
	"following": {"member shows a wrong number of followed people", "members show a wrong number of followed people", "people see a wrong number"},
	"seats":     {"open room counts its seats wrongly", "open rooms count their seats wrongly", "people are told that a room is full, or too many come in"},
	"boards":    {"filter of a board shows a wrong number of posts", "filters of boards show a wrong number of posts", "filters are hidden, or lead to nothing"},
}

func findCount(c store.Count) func(context.Context, *patient) ([]Finding, error) {
	return func(ctx context.Context, p *patient) ([]Finding, error) {
		wrong, err := p.store.WrongCounts(ctx, c)
		if err != nil || len(wrong) == 0 {
			return nil, err
		}
		words := countings[c.Name]
		return []Finding{{Warning, counted(int64(len(wrong)), words.one, words.many), words.why, mendable}}, nil
	}
}

func mendCount(c store.Count) func(context.Context, *patient) error {
	return func(ctx context.Context, p *patient) error {
		wrong, err := p.store.WrongCounts(ctx, c)
		if err != nil {
			return err
		}
		return p.store.Recount(ctx, c, wrong)
	}
}

func findSearch(ctx context.Context, p *patient) ([]Finding, error) {
	differ, err := p.store.CheckSearch(ctx)
	if err != nil || differ == 0 {
		return nil, err
	}
	return []Finding{{
		Warning, "the index of searches differs from " + counted(differ, "text or name", "texts and names"), "searches do not find what is there",
		mendable + " (makes the index anew; meanwhile old texts are not found)",
	}}, nil
}

func mendSearch(ctx context.Context, p *patient) error { return p.store.RebuildSearch(ctx) }

// restMost is how many texts may wait to be indexed before findSearchRest complains: servers
// index so many within a second.
const restMost = 100

func findSearchRest(ctx context.Context, p *patient) ([]Finding, error) {
	rest, err := p.store.SearchUnindexed(ctx)
	if err != nil || rest <= restMost {
		return nil, err
	}
	return []Finding{{
		Warning, counted(rest, "text waits", "texts wait") + " to be indexed for searches", "old texts are not found before",
		"nothing while a server runs and the number falls; otherwise look for \"not indexed\" in its log, or " + mendable,
	}}, nil
}

func mendSearchRest(ctx context.Context, p *patient) error { return p.store.IndexAll(ctx) }

func findNotices(ctx context.Context, p *patient) ([]Finding, error) {
	n, err := p.store.CheckNotices(ctx)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Finding{{Warning, counted(int64(n), "inbox shows a wrong number, or a notice of nothing", "inboxes show a wrong number, or a notice of nothing"), "badges do not go away, or do not come", mendable}}, nil
}

func mendNotices(ctx context.Context, p *patient) error { return p.store.RecountInboxes(ctx) }

func findMarks(ctx context.Context, p *patient) ([]Finding, error) {
	n, err := p.store.WrongMarks(ctx)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Finding{{Warning, counted(n, "mark", "marks") + " of what people have read beyond the last message of an ended room", "what is unread is counted wrongly", mendable}}, nil
}

func mendMarks(ctx context.Context, p *patient) error { return p.store.MendMarks(ctx) }

// settleTime is how long saving an ended room may take; after settleLong the finding is an error.
const (
	settleTime = time.Minute
	settleLong = time.Hour
	mostRooms  = 20 // named in the report
)

func findRooms(ctx context.Context, p *patient) (found []Finding, err error) {
	rooms, err := p.store.UnsettledRooms(ctx, mostRooms)
	for _, r := range rooms {
		age := p.Now().Sub(r.EndedAt)
		if age < settleTime {
			continue
		}
		severity, last := Warning, r.LastError
		if age > settleLong {
			severity = Error
		}
		if last == "" {
			last = "none: no server has tried"
		}
		found = append(found, Finding{
			severity, fmt.Sprintf("the room %d (%s) ended %s ago and is not saved: %d of %d messages, %d attempts, last error: %s",
				r.Room, r.Name, long(age), r.Saved, r.Total, r.Attempts, last),
			"its messages are in the buffer alone, and its people wait for the transcript",
			"see that Redis and the database are up, start a server or run xxsns settle",
		})
	}
	return found, err
}

func findBuffers(ctx context.Context, p *patient) (found []Finding, err error) {
	if p.Redis == nil {
		n, err := p.store.OpenRoomsIn(ctx, chat.BufferRedis)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			found = append(found, Finding{
				Error, counted(n, "room keeps its messages", "rooms keep their messages") + " in Redis, and REDIS_URL is not set",
				"nobody can speak there, and what was said cannot be saved", "set REDIS_URL as before, at least until these rooms are saved",
			})
		}
	}
	full, err := p.store.FullBuffers(ctx, 2*p.Config.RoomBufferLines)
	if len(full) > 0 {
		found = append(found, Finding{
			Warning, fmt.Sprintf("the buffers of the rooms %s hold more than twice ROOM_BUFFER_LINES", strings.Trim(fmt.Sprint(full), "[]")),
			"the rooms become slow, and take long to save", "look for \"not spilled\" in the log of the servers",
		})
	}
	return found, err
}

// long returns a time as people say it.
func long(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d minutes", int(d.Minutes()))
}

// lateTime is how late work may be before the checks complain.
const lateTime = time.Hour

func findDeeds(ctx context.Context, p *patient) ([]Finding, error) {
	late, err := p.store.LateDeeds(ctx, p.Now().Add(-lateTime))
	if err != nil || late.Things == 0 {
		return nil, err
	}
	return []Finding{{
		Warning, counted(late.Things, "deed", "deeds") + " of which not all people are told, since " + late.Since.Format(time.RFC3339),
		"people do not get their notices", "start a server; if one runs, look for \"not all people are told\" in its log",
	}}, nil
}

func findErasures(ctx context.Context, p *patient) ([]Finding, error) {
	late, err := p.store.LateErasures(ctx, p.Now().Add(-lateTime))
	if err != nil || late.Things == 0 {
		return nil, err
	}
	return []Finding{{
		Warning, counted(late.Things, "deleted account", "deleted accounts") + " of which something is left, since " + late.Since.Format(time.RFC3339),
		"people were promised that nothing remains", "start a server; if one runs, look for \"not erased\" in its log",
	}}, nil
}

func findAdmins(ctx context.Context, p *patient) ([]Finding, error) {
	n, err := p.store.ActiveAdmins(ctx, p.Now())
	if err != nil || n > 0 {
		return nil, err
	}
	return []Finding{{Warning, "there is no administrator", "nobody sees reports, or lets people in", "xxsns user role NAME ADMIN, or xxsns user add NAME --role ADMIN"}}, nil
}
