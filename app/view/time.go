package view

import (
	"time"
)

// Time is a moment as people read moments: short, and in full on hover.
type Time struct {
	ISO  string // for scripts, in UTC
	Text string
	Full string
	Ago  bool // Text is an age ("3분 전"), which a script of the page keeps up to date
}

// Time returns a moment relative to now, both in the zone of the community.
func (l *Locale) Time(moment, now time.Time) Time {
	moment, now = moment.In(l.zone), now.In(l.zone)
	return Time{
		ISO:  moment.UTC().Format("2006-01-02T15:04:05Z"),
		Text: l.relative(moment, now),
		Full: l.Date("time.full", moment),
		Ago:  now.Sub(moment) < time.Hour || sameDay(moment, now),
	}
}

// clock is the layout of the time of day.
const clock = "15:04"

// reads returns the Text of Time.
func (l *Locale) reads(moment, now time.Time) string {
	return l.relative(moment.In(l.zone), now.In(l.zone))
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
		return l.Date("time.yesterday", moment)
	case moment.Year() == now.Year():
		return l.Date("time.day", moment)
	}
	return l.Date("time.year", moment)
}

// readsUntil returns until when a moment reads as it does now (see relative), at the
// latest the end of the day: readsUntil may be early, never late.
func (l *Locale) readsUntil(moment, now time.Time) time.Time {
	year, month, day := now.In(l.zone).Date()
	until := time.Date(year, month, day+1, 0, 0, 0, 0, l.zone)
	step := time.Minute
	switch age := now.Sub(moment); {
	case age < time.Minute:
		return earlier(until, moment.Add(step))
	case age >= 24*time.Hour:
		return until
	case age >= time.Hour:
		step = time.Hour
	}
	return earlier(until, moment.Add(now.Sub(moment).Truncate(step)+step))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Date returns the text of a key with the arguments Year, Month, Day and Clock of a
// moment.
func (l *Locale) Date(key string, moment time.Time) string {
	m := moment.In(l.zone)
	return l.T(key, "Year", m.Year(), "Month", int(m.Month()), "Day", m.Day(), "Clock", m.Format(clock))
}

// A minute is the full text of the moments of one minute, which begins at the Unix time of.
type minute struct {
	of   int64
	full string
}

// full returns a moment as it is shown in full. Messages come in the order of time: most
// are of the same minute as the one before.
func (l *Locale) full(moment time.Time) string {
	of := moment.Truncate(time.Minute).Unix()
	if last := l.minute.Load(); last != nil && last.of == of {
		return last.full
	}
	m := &minute{of, l.Date("time.full", moment)}
	l.minute.Store(m)
	return m.full
}

// Day returns the date of a moment: "2026-05-10". Two moments with the same Day are on
// the same day in the zone of the community.
func (l *Locale) Day(moment time.Time) string { return moment.In(l.zone).Format(time.DateOnly) }

// Midnight returns when the day of a moment began in the zone of the community.
func (l *Locale) Midnight(moment time.Time) time.Time {
	year, month, day := moment.In(l.zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, l.zone)
}

// Stamp returns a moment to the second: "2026-05-10 21:07:33".
func (l *Locale) Stamp(moment time.Time) string { return moment.In(l.zone).Format(time.DateTime) }

// Zone returns the name of the time zone in which people read times, and the offset from
// UTC at a moment: "Asia/Seoul" and "+09:00".
func (l *Locale) Zone(moment time.Time) (name, offset string) {
	return l.zone.String(), moment.In(l.zone).Format("-07:00")
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
