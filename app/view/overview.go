package view

import (
	"fmt"
	"time"

	"xxsns/app/sns"
)

// The pages of what waits for administrators, in the menu of administration.
const (
	OverviewPath     = "/admin"
	ApplicationsPath = "/admin/applications"
	AppealsPath      = "/admin/users?state=appeal"
)

// Waits are how many things wait for a decision of administrators, each at most OpenCasesMost.
type Waits struct{ Reports, Takedowns, Applications, Appeals int }

// Total returns how many wait together.
func (w Waits) Total() int { return w.Reports + w.Takedowns + w.Applications + w.Appeals }

// AdminMenu is admin/_menu: the menu of administration.
type AdminMenu struct {
	Current string // the entry of the page
	Waits   Waits
}

// AdminMenu returns the menu of administration on a page.
func (p Page) AdminMenu(current string) AdminMenu { return AdminMenu{current, p.Waits} }

// Overview is admin/overview.
type Overview struct {
	At       string // when was counted
	Waiting  []WaitingRow
	Figures  []Figure
	Charts   []Chart
	Days     []OverviewDay // the newest first
	Rooms    []UnsavedRoom
	Unsaved  string // path of all rooms that are not saved
	Stored   []Figure
	Free     string // a sentence, or empty
	Versions []Figure
}

// A WaitingRow is something that waits for a decision, with its page.
type WaitingRow struct {
	Name, URL string
	Count     string
	None      bool
}

// A Figure is a number, or a version, with its name. Note may be empty.
type Figure struct{ Name, Value, Note string }

// An OverviewDay is a row of the table of days.
type OverviewDay struct{ Day, Joined, Posts, Messages string }

// An UnsavedRoom is a room that has ended, and whose messages are not all saved.
type UnsavedRoom struct {
	Name, URL string
	Saved     string // "3/12", or empty while the number of messages is not known
	Since     Time
	Error     string // of the last attempt, or empty
}

// A Chart is admin/_chart: a bar for each day. Width and Height are those of the drawing.
type Chart struct {
	Name          string
	Total, Most   string // sentences
	First, Last   string // the days at the ends
	Label         string // of the drawing, for screen readers
	Width, Height int
	Bars          []Bar
}

// A Bar is a day in a Chart. Of a day without anything Height is 0.
type Bar struct {
	X, Y, Width, Height int
	Title               string
}

// Sizes of a Chart, in its own units.
const (
	barStep    = 10
	barWidth   = 7
	barsHeight = 64
	leastBar   = 2 // of a day with something, however little
)

// Overview returns the page of an overview without what waits and the rooms.
func (l *Locale) Overview(o sns.Overview, now time.Time) Overview {
	v := Overview{
		At: l.reads(o.At, now), Unsaved: UnsavedRoomsPath,
		Figures: []Figure{
			{l.T("overview.members"), Grouped(o.Members), l.T("overview.active", "Week", Grouped(o.ThisWeek), "Month", Grouped(o.ThisMonth))},
			{l.T("overview.posts"), Grouped(o.Posts), ""},
			{l.T("overview.comments"), Grouped(o.Comments), ""},
			{l.T("overview.messages"), Grouped(o.Messages), ""},
		},
		Charts: []Chart{
			l.chart(l.T("overview.joined"), o.Days, func(d sns.DayOfOverview) int64 { return d.Joined }),
			l.chart(l.T("overview.posts"), o.Days, func(d sns.DayOfOverview) int64 { return d.Posts }),
			l.chart(l.T("overview.messages"), o.Days, func(d sns.DayOfOverview) int64 { return d.Messages }),
		},
		Versions: l.versions(o.Versions, now),
	}
	for i := len(o.Days) - 1; i >= 0; i-- {
		d := o.Days[i]
		v.Days = append(v.Days, OverviewDay{l.Date("time.day", d.Begin), Grouped(d.Joined), Grouped(d.Posts), Grouped(d.Messages)})
	}
	for _, s := range o.Stored {
		v.Stored = append(v.Stored, Figure{Name: l.T(storedTexts[s.Kind]), Value: Bytes(s.Bytes)})
	}
	if o.Space > 0 {
		v.Free = l.T("overview.free", "Free", Bytes(o.Free), "Space", Bytes(o.Space))
	}
	return v
}

// chart returns the bars of what count returns of each day.
func (l *Locale) chart(name string, days []sns.DayOfOverview, count func(sns.DayOfOverview) int64) Chart {
	c := Chart{Name: name, Width: barStep*len(days) - barStep + barWidth, Height: barsHeight}
	var all, most int64
	for _, d := range days {
		all, most = all+count(d), max(most, count(d))
	}
	for i, d := range days {
		n, bar := count(d), Bar{X: i * barStep, Width: barWidth}
		if n > 0 {
			bar.Height = max(leastBar, int(n*barsHeight/most))
		}
		bar.Y = barsHeight - bar.Height
		bar.Title = l.T("overview.bar", "Day", l.Date("time.day", d.Begin), "Count", Grouped(n))
		c.Bars = append(c.Bars, bar)
	}
	if len(days) > 0 {
		c.First, c.Last = l.Date("time.day", days[0].Begin), l.Date("time.day", days[len(days)-1].Begin)
	}
	c.Total, c.Most = l.T("overview.total", "Count", Grouped(all)), l.T("overview.most", "Count", Grouped(most))
	c.Label = l.T("overview.chart", "Name", name, "Total", c.Total, "Most", c.Most)
	return c
}

// storedTexts are the names of what is stored.
var storedTexts = map[sns.StoredKind]string{
	sns.StoredDatabase: "overview.stored_database", sns.StoredLog: "overview.stored_log", sns.StoredSearch: "overview.stored_search",
	sns.StoredImages: "overview.stored_images", sns.StoredSizes: "overview.stored_sizes", sns.StoredExports: "overview.stored_exports",
}

func (l *Locale) versions(v sns.Versions, now time.Time) []Figure {
	redis := l.T("overview.no_redis")
	switch {
	case v.Redis != "":
		redis = v.Redis
	case v.HasRedis:
		redis = l.T("overview.redis_away")
	}
	all := []Figure{
		{Name: l.T("overview.program"), Value: v.Program},
		{Name: l.T("overview.started"), Value: l.Time(v.Started, now).Full},
		{Name: "Go", Value: v.Go},
		{Name: l.T("overview.database"), Value: v.Database},
		{Name: l.T("overview.schema"), Value: Itoa(v.Schema)},
		{Name: "Redis", Value: redis},
	}
	if v.Replicas > 0 {
		all = append(all, Figure{Name: l.T("overview.replicas"), Value: Itoa(v.Replicas)})
	}
	return all
}

// Waiting returns the rows of what waits.
func (l *Locale) Waiting(w Waits) []WaitingRow {
	row := func(name, url string, n int) WaitingRow {
		count := Itoa(int64(n))
		if n >= OpenCasesMost {
			count += "+"
		}
		return WaitingRow{Name: name, URL: url, Count: count, None: n == 0}
	}
	return []WaitingRow{
		row(l.T("overview.reports"), ReportsPath, w.Reports),
		row(l.T("admin.takedowns"), TakedownsPath, w.Takedowns),
		row(l.T("overview.applications"), ApplicationsPath, w.Applications),
		row(l.T("overview.appeals"), AppealsPath, w.Appeals),
	}
}

// UnsavedRoom returns a row of the rooms that are not saved.
func (l *Locale) UnsavedRoom(name string, s sns.Settlement, now time.Time) UnsavedRoom {
	v := UnsavedRoom{Name: name, URL: RoomPath(s.Room), Since: l.Time(s.EndedAt, now), Error: s.LastError}
	if s.Total > 0 {
		v.Saved = fmt.Sprintf("%d/%d", s.Saved, s.Total)
	}
	return v
}

// Grouped returns a number with commas between the thousands: "1,234,567".
func Grouped(n int64) string {
	digits := Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
