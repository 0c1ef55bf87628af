package web

import (
	"time"
)

// timeView is a moment as people read it: short, and in full on hover.
type timeView struct {
	ISO  string
	Text string
	Full string
	Ago  bool // worded as an age, which the page keeps up to date
}

// clock is how the hour of a day is written.
const clock = "15:04"

// when words a moment relative to now, both in the zone of the community.
func (l *Locale) when(moment, now time.Time) timeView {
	moment, now = moment.In(l.zone), now.In(l.zone)
	return timeView{
		ISO:  moment.UTC().Format("2006-01-02T15:04:05Z"),
		Text: l.relative(moment, now),
		Full: l.date("time.full", moment),
		Ago:  now.Sub(moment) < time.Hour || sameDay(moment, now),
	}
}

func (l *Locale) relative(moment, now time.Time) string {
	switch age := now.Sub(moment); {
	case age < time.Minute:
		return l.T("time.now")
	case age < time.Hour:
		return l.T("time.minutes", "Count", int(age.Minutes()))
	case age < 24*time.Hour && sameDay(moment, now):
		return l.T("time.hours", "Count", int(age.Hours()))
	case sameDay(moment.AddDate(0, 0, 1), now):
		return l.date("time.yesterday", moment)
	case moment.Year() == now.Year():
		return l.date("time.day", moment)
	}
	return l.date("time.year", moment)
}

// date fills a moment into the text of a key.
func (l *Locale) date(key string, moment time.Time) string {
	m := moment.In(l.zone)
	return l.T(key, "Year", m.Year(), "Month", int(m.Month()), "Day", m.Day(), "Clock", m.Format(clock))
}

// Day returns the date of a moment, to be compared: "2026-05-10".
func (l *Locale) Day(moment time.Time) string { return moment.In(l.zone).Format(time.DateOnly) }

// Stamp returns a moment to the second: "2026-05-10 21:07:33".
func (l *Locale) Stamp(moment time.Time) string { return moment.In(l.zone).Format(time.DateTime) }

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
