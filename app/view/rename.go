package view

import (
	"time"

	"xxsns/app/sns"
)

// Rename is user/_rename: the form of another username.
type Rename struct {
	Form     Form // the fields username and password
	Check    UsernameCheck
	Next     string   // when the viewer may change the username, or empty: now
	Days     int      // between two changes
	Reserved int      // days for which a former name leads to its member
	Former   []string // sentences about the former names that lead to the viewer
}

// Rename returns the form of another username for a user who changed it last at a time.
func (l *Locale) Rename(u sns.User, changed time.Time, former []sns.FormerName, f Form, now time.Time) Rename {
	v := Rename{Form: f, Days: daysOf(sns.NameRest), Reserved: daysOf(sns.NameReserved)}
	if next := sns.NameNext(changed); now.Before(next) {
		v.Next = l.Date("time.full", next)
	}
	for _, name := range former {
		if until := name.Until.Add(sns.NameReserved); now.Before(until) && sns.FoldUsername(name.Name) != sns.FoldUsername(u.Username) {
			v.Former = append(v.Former, l.T("name.leads", "Name", name.Name, "Date", l.Date("time.year", until)))
		}
	}
	return v
}

// Username returns the field of the username.
func (r Rename) Username() UsernameField {
	return UsernameField{r.Form.Field("username"), r.Check}
}

// Proof returns the field of the password. The form has a username, which password managers
// keep beside the password: the new one.
func (r Rename) Proof() Proof {
	password := r.Form.Field("password")
	return Proof{ID: "name-password", Name: "password", Error: password.Error, Focus: password.First}
}

// UsernameField is account/_username: the field of a new username with its check.
type UsernameField struct {
	Field
	Check UsernameCheck
}

// Taken reports whether the username was checked, and cannot be had.
func (u UsernameField) Taken() bool { return u.Check.Text != "" && !u.Check.OK }
