package sns

import "time"

// Until returns when the quiet hours end that now lies in, or the zero time. server is the
// time zone of users who have chosen none; an unknown zone counts as none.
func (q Quiet) Until(now time.Time, server *time.Location) time.Time {
	if q.From == q.To {
		return time.Time{}
	}
	zone := server
	if chosen, err := time.LoadLocation(q.Zone); err == nil && q.Zone != "" {
		zone = chosen
	}
	local := now.In(zone)
	minute, days := local.Hour()*60+local.Minute(), 0
	switch quiet := q.From <= minute && minute < q.To; {
	case q.From < q.To && !quiet, q.From > q.To && q.To <= minute && minute < q.From:
		return time.Time{}
	case q.From > q.To && minute >= q.From:
		days = 1 // they end tomorrow
	}
	end := time.Date(local.Year(), local.Month(), local.Day()+days, 0, q.To, 0, 0, zone)
	if !end.After(now) { // the clocks were put back within the hours
		end = now.Add(time.Minute)
	}
	return end.UTC()
}
