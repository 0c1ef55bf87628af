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
func (t *Texts) when(moment, now time.Time, zone *time.Location) timeView {
	moment, now = moment.In(zone), now.In(zone)
	return timeView{
		ISO:  moment.UTC().Format("2006-01-02T15:04:05Z"),
		Text: t.relative(moment, now),
		Full: t.date("time.full", moment),
		Ago:  now.Sub(moment) < time.Hour || sameDay(moment, now),
	}
}

func (t *Texts) relative(moment, now time.Time) string {
	switch age := now.Sub(moment); {
	case age < time.Minute:
		return t.Say("time.now")
	case age < time.Hour:
		return t.Say("time.minutes", "Count", int(age.Minutes()))
	case age < 24*time.Hour && sameDay(moment, now):
		return t.Say("time.hours", "Count", int(age.Hours()))
	case sameDay(moment.AddDate(0, 0, 1), now):
		return t.date("time.yesterday", moment)
	case moment.Year() == now.Year():
		return t.date("time.day", moment)
	}
	return t.date("time.year", moment)
}

func (t *Texts) date(key string, m time.Time) string {
	return t.Say(key, "Year", m.Year(), "Month", int(m.Month()), "Day", m.Day(), "Clock", m.Format(clock))
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
