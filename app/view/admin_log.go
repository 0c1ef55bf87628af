package view

import (
	"time"

	"xxsns/app/sns"
)

// AdminLog is admin/log: what was done to others.
type AdminLog struct {
	Kinds []Choice
	User  int64  // whose acts, and acts to whom; 0: everybody's
	Name  string // of the user
	Acts  []Act
	More  string // URL of the next page, or empty
}

// An Act is admin/_act: a line of the log.
type Act struct {
	ID    int64
	By    string
	ByURL string // of the page of the administrator or mentor, or empty
	Kind  string // what was done
	To    string // to whom, or empty
	ToURL string
	Thing string // path of the page of what was changed, or empty
	Note  string
	At    Time
}

// AdminLog returns a page of the log, narrowed to a kind and to the acts of and to a user.
func (l *Locale) AdminLog(p sns.ActPage, user sns.User, acts []sns.Act, next string, now time.Time) AdminLog {
	v := AdminLog{User: p.User, Name: l.Name(user), Acts: l.Acts(acts, now), More: next}
	for _, kind := range sns.ActKinds {
		v.Kinds = append(v.Kinds, Choice{string(kind), l.actKind(kind), kind == p.Kind})
	}
	return v
}

// Acts returns lines of the log.
func (l *Locale) Acts(acts []sns.Act, now time.Time) []Act {
	lines := make([]Act, len(acts))
	for i, a := range acts {
		line := Act{ID: a.ID, By: l.actor(a.By), Kind: l.actKind(a.Kind), Thing: a.Thing, Note: a.Note, At: l.Time(a.At, now)}
		if !a.By.Deleted() {
			line.ByURL = PersonPath(a.By.ID)
		}
		if a.User.ID != 0 {
			line.To = l.Name(a.User)
		}
		if a.User.ID != 0 && !a.User.Deleted() {
			line.ToURL = PersonPath(a.User.ID)
		}
		if a.Kind == sns.ActRole && sns.Role(a.Note).Valid() {
			line.Note = l.Role(sns.Role(a.Note))
		}
		lines[i] = line
	}
	return lines
}

// actor returns the name of who did something: user 0 is a command of the operator.
func (l *Locale) actor(u sns.User) string {
	if u.ID == 0 {
		return l.T("act.command")
	}
	return l.Name(u)
}

// actKind returns what was done. A later version may have written a kind that has no text yet.
func (l *Locale) actKind(kind sns.ActKind) string {
	if key := "act." + string(kind); l.Has(key) {
		return l.T(key)
	}
	return string(kind)
}
