package view

import (
	"time"

	"xxsns/app/sns"
)

// Applications is admin/_applications: what waits for an administrator, the oldest first.
type Applications struct {
	Items []Application
	More  string // URL of the next page, or empty
}

// Application is admin/_application: an application with the form of the decision.
type Application struct {
	ID      int64
	Kind    string // what is asked for
	Author  Author // of a mentor
	Name    string
	Email   string // of an account, or empty
	Content string
	Time    Time
	Note    string // as typed
	Error   string // or empty
}

// Application shows an application, with the form as typed.
func (l *Locale) Application(a sns.Application, f Form, now time.Time) Application {
	v := Application{
		ID: a.ID, Kind: l.T("application.sign_up"), Name: a.Username, Email: a.Email, Content: a.Content,
		Time: l.Time(a.CreatedAt, now), Note: f.Field("note").Value, Error: f.Summary(),
	}
	if a.Kind == sns.ApplyMentor {
		v.Kind, v.Author = l.T("application.mentor"), l.Author(a.User)
		v.Name = v.Author.Name
	}
	return v
}

// MentorApplication is user/_mentor: the form to be a mentor, or what became of it.
type MentorApplication struct {
	Is      bool   // the viewer is a mentor already
	Waiting string // since when an application waits, or empty
	Content string // of the application that waits
	Note    string // about the one that was declined, or empty
	Again   string // when the viewer may apply again, or empty
	Text    Input
}

// MentorApplication shows a member's latest application, which may be the zero Application, and
// the form.
func (l *Locale) MentorApplication(u sns.User, a sns.Application, f Form, now time.Time) MentorApplication {
	v := MentorApplication{
		Is: u.Role.Is(sns.RoleMentor), Text: f.Input("text", l.T("mentor.text"), l.T("mentor.text_help")).Long(4).Must(),
	}
	switch a.State {
	case sns.ApplicationWaiting:
		v.Waiting, v.Content = l.Time(a.CreatedAt, now).Text, a.Content
	case sns.ApplicationDeclined:
		v.Note = a.Note
		if again := a.AgainAt(); now.Before(again) {
			v.Again = l.Date("time.year", again)
		}
	}
	return v
}

// Mentors is user/_mentors: the mentors and what they led.
type Mentors struct {
	Mentors []Mentor
	More    string // URL of the next page, or empty
}

// A Mentor is a mentor in the list.
type Mentor struct {
	Author Author
	Status string
	Led    string // the number of rooms and when the last was opened, as a sentence
}

// Mentor shows a mentor in the list.
func (l *Locale) Mentor(m sns.Mentor, now time.Time) Mentor {
	v := Mentor{Author: l.Author(m.User), Status: m.User.StatusMessage, Led: l.T("mentor.led_none")}
	if m.Rooms > 0 {
		v.Led = l.T("mentor.led", "Count", m.Rooms, "Time", l.Time(m.LastAt, now).Text)
	}
	return v
}
