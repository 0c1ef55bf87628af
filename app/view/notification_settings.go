package view

import (
	"fmt"
	"time"

	"xxsns/app/sns"
)

// NotificationSettings is notification/_switches: which notices reach the viewer how.
type NotificationSettings struct {
	Channels []string // names, above the columns
	Kinds    []SwitchRow
	Quiet    bool // quiet hours are on
	Begin    ClockField
	End      ClockField
	Zones    []Zone
	Form     Form        // the field zone
	Done     bool        // just saved
	Devices  PushDevices // below the switches, on the page alone
	Mail     bool        // notices may be mailed, and the digest
	Digest   bool        // the digest is on
}

// A ClockField is notification/_clock: a field of a time of day.
type ClockField struct{ Name, Label, Value, Error string }

// A SwitchRow is a kind of notices with a switch for each channel.
type SwitchRow struct {
	Name     string
	Switches []Switch
}

// A Switch is a box of the form.
type Switch struct {
	Field   string // KIND.CHANNEL
	Channel string // name
	On      bool
}

// A Zone is a time zone that one may choose.
type Zone struct {
	ID, Name string
	Chosen   bool
}

// zones are the time zones that are offered, with the keys of their names. The server's own
// comes first.
var zones = []struct{ id, key string }{
	{"", "zone.server"}, {"Asia/Seoul", "zone.seoul"}, {"Asia/Tokyo", "zone.tokyo"}, {"Asia/Shanghai", "zone.shanghai"}, {"Asia/Bangkok", "zone.bangkok"},
	{"Asia/Kolkata", "zone.delhi"}, {"Europe/Berlin", "zone.berlin"}, {"Europe/London", "zone.london"}, {"America/New_York", "zone.new_york"},
	{"America/Los_Angeles", "zone.los_angeles"}, {"Australia/Sydney", "zone.sydney"},
}

// IsZone reports whether a time zone is offered.
func IsZone(id string) bool {
	for _, z := range zones {
		if z.id == id {
			return true
		}
	}
	return false
}

// channelKeys are the keys of the names of channels.
var channelKeys = map[sns.Channel]string{sns.ChannelInbox: "notice.inbox", sns.ChannelPush: "notice.push", sns.ChannelMail: "notice.mail"}

// The hours that the page proposes to who has none.
const quietFrom, quietTo = 22 * 60, 7 * 60

// NotificationSettings shows a viewer's choices for the channels that the page offers.
func (l *Locale) NotificationSettings(s sns.NoticeSettings, channels []sns.Channel) (v NotificationSettings) {
	for _, c := range channels {
		v.Channels = append(v.Channels, l.T(channelKeys[c]))
		v.Mail = v.Mail || c == sns.ChannelMail
	}
	for _, k := range sns.NoticeKinds {
		row := SwitchRow{Name: l.T(noticeLooks[k].label)}
		for i, c := range channels {
			row.Switches = append(row.Switches, Switch{k.String() + "." + c.String(), v.Channels[i], s.Has(k, c)})
		}
		v.Kinds = append(v.Kinds, row)
	}
	q := s.Quiet
	if v.Quiet = q.From != q.To; !v.Quiet {
		q.From, q.To = quietFrom, quietTo
	}
	v.Begin = ClockField{Name: "quiet_from", Label: l.T("notice.quiet_from"), Value: clockOf(q.From)}
	v.End = ClockField{Name: "quiet_to", Label: l.T("notice.quiet_to"), Value: clockOf(q.To)}
	for _, z := range zones {
		v.Zones = append(v.Zones, Zone{z.id, l.T(z.key), z.id == q.Zone})
	}
	return v
}

// Again shows what was typed with what is wrong beside.
func (v NotificationSettings) Again(typed Form) NotificationSettings {
	v.Quiet, v.Form = true, typed
	for _, field := range []*ClockField{&v.Begin, &v.End} {
		f := typed.Field(field.Name)
		field.Value, field.Error = f.Value, f.Error
	}
	return v
}

// clockOf returns minutes after midnight as a field of the form has them.
func clockOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// MinutesOf returns the minutes after midnight of a field such as 22:30.
func MinutesOf(field string) (int, bool) {
	t, err := time.Parse(clock, field)
	return t.Hour()*60 + t.Minute(), err == nil
}
