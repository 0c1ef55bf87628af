package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A row is a figure with a goal.
type row struct {
	work    string
	bench   string // as in a measurement
	unit    string
	atLeast bool     // the figure should be at least the goal, or else at most
	goal    float64  // 0: none
	beside  []string // units of other figures of the benchmark
}

// rows returns the table: the work of the issue about speed, and its goals.
func rows() []row {
	all := pages()
	for _, perSecond := range []string{"10", "20"} {
		bench := "e2e.Chat/direct/per-second=" + perSecond
		work := map[string]string{"10": "chat, 200 rooms of ten, 20,000 deliveries/s", "20": "the same, 40,000 deliveries/s"}[perSecond]
		all = append(all,
			row{work + ": CPU of the replicas", bench, "xxsns-µs/delivery", false, 20, []string{"deliveries/s", "lost", "doubled", "disordered"}},
			row{work + ": median time from saying to seeing", bench, "p50-ms/delivery", false, 0.5, []string{"p99-ms/delivery"}},
			row{work + ": database and Redis together", bench, busy, false, 0.2, []string{"redis-server-µs/delivery", "mariadbd-µs/delivery"}})
	}
	return append(all,
		row{"one room, 1,000 sockets, two replicas", "e2e.RoomOfThousand", "x-plain", true, 8, []string{"deliveries/s", "plain-deliveries/s"}},
		row{"the same, the hub alone", "live.FanoutRatio/ws/viewers=1000/ahead=128", "x-plain", true, 8, nil},
		row{"memory of an idle socket, the hub alone", "live.Idle/ws/ours", "B-resident/client", false, 7200, []string{"B-heap+stack/client"}},
		row{"memory of an idle socket in a room", "e2e.IdleMembers", "B-resident/socket", false, 0, []string{"B-heap+stack/socket"}},
		row{"memory of an idle stream", "e2e.IdleMembers", "B-resident/stream", false, 6000, []string{"B-heap+stack/stream"}},
		row{"settling 100,000 messages, SQLite", "chat.Settle/sqlite_and_table", "x-bare", true, 0.8, []string{"rows/s", "x-bare-dropped"}},
		row{"settling 100,000 messages, MariaDB and Redis", "chat.Settle/mariadb_and_redis", "x-bare", true, 0.8, []string{"rows/s", "x-bare-dropped"}},
		row{"ready with a database, SQLite", "e2e.Start/sqlite", "ms-ready", false, 60, nil},
		row{"ready with a database, MariaDB and Redis", "e2e.Start/mariadb", "ms-ready", false, 60, nil},
		row{"memory at rest, SQLite", "e2e.Start/sqlite", "MB-resident", false, 40, nil},
		row{"memory at rest, MariaDB and Redis", "e2e.Start/mariadb", "MB-resident", false, 40, nil},
		row{"size of the program", "binary", "MB", false, 30, nil},
		row{"four people post four photos of 12 megapixels", "e2e.Photos", "MiB-peak", false, 128, []string{"MiB-of-files", "posts"}},
	)
}

// pages returns the rows of pages, against gin's answer with the same bytes.
func pages() (all []row) {
	for _, database := range []struct {
		name, bench string
		timeline    float64
	}{{"SQLite", "sqlite", 0.4}, {"MariaDB and Redis", "mariadb", 0.3}} {
		for _, page := range []string{"timeline", "post", "board", "local", "following", "rooms"} {
			goal := 0.3
			if page == "timeline" {
				goal = database.timeline
			}
			bench := "web.Pages/" + database.bench + "/" + page
			all = append(all, row{"page: " + page + ", " + database.name, bench, "x-gin", true, goal, []string{"pages/s", "gin-pages/s", "x-p99/p50"}})
		}
	}
	for _, database := range []string{"sqlite", "mariadb"} {
		all = append(all, row{"timeline while others write, " + database, "web.PagesWhileOthersWrite/" + database + "/timeline", "x-quiet", true, 0.8, []string{"pages/s", "writes/s", "x-p99/p50"}})
	}
	for _, page := range []string{"timeline", "board", "filtered", "local", "following"} {
		all = append(all, row{"100,000 posts instead of 1,000: " + page, "web.TimelineGrowth/" + page, "x-p50-100k/1k", false, 1.2, []string{"x-p99-100k/1k"}})
	}
	return all
}

// table prints the rows that were measured, and returns the others.
func (m *measurement) table(out io.Writer) (missing []string) {
	fmt.Fprint(out, "| work | measured | goal | | beside |\n|---|---|---|---|---|\n")
	for _, r := range rows() {
		figure, ok := m.median(r.bench, r.unit)
		if !ok {
			missing = append(missing, r.bench+" "+r.unit)
			continue
		}
		goal, verdict := r.judge(figure)
		fmt.Fprintf(out, "| %s | %s %s | %s | %s | %s |\n", r.work, number(figure), r.unit, goal, verdict, strings.Join(m.others(r), ", "))
	}
	return missing
}

// judge returns the goal, and whether a figure meets the goal.
func (r row) judge(figure float64) (goal, verdict string) {
	switch {
	case r.goal == 0:
		return "", ""
	case r.atLeast:
		goal, verdict = "≥ "+number(r.goal), "met"
	default:
		goal, verdict = "≤ "+number(r.goal), "met"
	}
	if figure != r.goal && r.atLeast == (figure < r.goal) {
		verdict = "missed"
	}
	return goal, verdict
}

// others returns the figures beside that of a row.
func (m *measurement) others(r row) (all []string) {
	for _, unit := range r.beside {
		if figure, ok := m.median(r.bench, unit); ok {
			all = append(all, number(figure)+" "+unit)
		}
	}
	return all
}

// number prints three digits, or all of a larger number, with commas.
func number(f float64) string {
	if f < 100 {
		return strconv.FormatFloat(f, 'g', 3, 64)
	}
	digits := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
