package view

import (
	"strings"
	"time"

	"xxsns/app/sns"
)

// PersonPath returns the path of the page of a person for administrators.
func PersonPath(id int64) string { return "/admin/users/" + Itoa(id) }

// A Choice is an option of a field, or of a filter.
type Choice struct {
	Value, Name string
	On          bool
}

// AdminPeople is admin/people: the people that a filter leaves.
type AdminPeople struct {
	Query  string // as typed
	Waits  int    // appeals that wait for an answer
	Roles  []Choice
	States []Choice
	People []AdminPersonRow
	More   string // URL of the next page, or empty
}

// An AdminPersonRow is a person in admin/people.
type AdminPersonRow struct {
	Author    Author
	Path      string
	Status    string
	Role      string
	Suspended string // until when, as a sentence; or empty
	Since     string
	Former    string // the former names, or empty
}

// AdminPeople returns the page of people with their former names; next is the URL of the next
// page, or empty.
func (l *Locale) AdminPeople(query string, p sns.PeoplePage, people []sns.User, former map[int64][]sns.FormerName, next string, now time.Time) AdminPeople {
	v := AdminPeople{
		Query: query, Roles: l.roles(p.Role), More: next,
		States: []Choice{
			{string(sns.StateActive), l.T("people.active"), p.State == sns.StateActive},
			{string(sns.StateSuspended), l.T("people.suspended"), p.State == sns.StateSuspended},
			{string(sns.StateAppeal), l.T("people.appeal"), p.State == sns.StateAppeal},
		},
	}
	for _, u := range people {
		row := AdminPersonRow{
			Author: l.Author(u), Path: PersonPath(u.ID), Status: u.StatusMessage, Role: l.Role(u.Role), Since: l.Date("time.year", u.CreatedAt),
		}
		if u.Suspended(now) {
			row.Suspended = l.until(u.SuspendedUntil)
		}
		for _, name := range former[u.ID] {
			row.Former = strings.TrimPrefix(row.Former+", "+name.Name, ", ")
		}
		v.People = append(v.People, row)
	}
	return v
}

// Role returns the name of a role.
func (l *Locale) Role(r sns.Role) string { return l.T("role." + strings.ToLower(string(r))) }

func (l *Locale) roles(on sns.Role) []Choice {
	all := make([]Choice, len(sns.Roles))
	for i, r := range sns.Roles {
		all[i] = Choice{string(r), l.Role(r), r == on}
	}
	return all
}

// AdminPerson is admin/_person: a person, and what an administrator may do.
type AdminPerson struct {
	ID                      int64
	Author                  Author
	Path                    string
	Role                    string
	Status                  string
	Since, Written, Devices string   // sentences
	Error                   string   // of a form; or empty
	Former                  []string // sentences about the former names, the latest first
	Inviter                 *Author  // nil: nobody invited them
	Oneself                 bool     // the viewer: nothing may be done
	Roles                   []Choice
	Suspension              *AdminSuspension // in effect, or nil
	Form                    Form             // of a suspension: days, reason
	Answer                  Form             // of an appeal, or of lifting: note
	Reset                   string           // the address of the new link, or empty
	Acts                    []Act            // the latest
	Log                     string
}

// AdminPerson returns the page of a person without suspension, forms and acts.
func (l *Locale) AdminPerson(u sns.User, r sns.Record, former []sns.FormerName, viewer int64, now time.Time) AdminPerson {
	v := AdminPerson{
		ID: u.ID, Author: l.Author(u), Path: PersonPath(u.ID), Role: l.Role(u.Role), Status: u.StatusMessage, Oneself: u.ID == viewer,
		Since: l.T("user.since", "Date", l.Date("time.year", u.CreatedAt)), Written: l.T("people.written", "Posts", r.Posts, "Comments", r.Comments),
		Devices: l.T("people.signed_out"), Roles: l.roles(u.Role), Log: "/admin/log?user=" + Itoa(u.ID),
	}
	for _, name := range former {
		v.Former = append(v.Former, l.T("people.former", "Name", name.Name, "Since", l.Date("time.year", name.Since), "Until", l.Date("time.year", name.Until)))
	}
	if r.Sessions > 0 {
		v.Devices = l.T("people.devices", "Count", r.Sessions, "Seen", l.Time(r.SeenAt, now).Text)
	}
	return v
}
