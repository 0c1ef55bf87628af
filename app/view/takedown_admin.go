package view

import (
	"time"

	"xxsns/app/sns"
)

// takedownVerdicts are the names of what may be decided about takedowns.
var takedownVerdicts = map[sns.TakedownVerdict]string{
	sns.TakedownAccept: "takedown.verdict_accept", sns.TakedownDecline: "takedown.verdict_decline",
	sns.TakedownRestore: "takedown.verdict_restore", sns.TakedownDelete: "takedown.verdict_delete",
}

// AdminTakedown returns the page of a takedown for an administrator, who decides about no post of
// their own.
func (l *Locale) AdminTakedown(t sns.Takedown, viewer sns.User, address string, f Form, now time.Time) Takedown {
	v := l.takedown(t, address, "", now)
	v.Words, v.Objection, v.Form = t.Words, t.Objection, f
	v.Name, v.Contact, v.Statement, v.Author = t.Name, t.Contact, t.Statement, l.Name(t.Author)
	if !t.Author.Deleted() {
		v.Person = PersonPath(t.Author.ID)
	}
	if v.Decided {
		v.By = l.Name(t.DecidedBy)
	}
	path := TakedownsPath + "/" + Itoa(t.ID)
	for _, p := range t.Proofs {
		v.Proofs = append(v.Proofs, TakedownProof{p.Name, path + "/proofs/" + Itoa(p.Number), Bytes(p.Size)})
	}
	if t.Author.ID == viewer.ID {
		return v
	}
	for _, verdict := range t.Verdicts(now) {
		v.Action = path
		v.Verdicts = append(v.Verdicts, Choice{string(verdict), l.T(takedownVerdicts[verdict]), f.Field("decision").Value == string(verdict)})
	}
	v.Early = t.State == sns.TakedownHides && v.Action != ""
	return v
}

// Takedowns is admin/takedowns: a list of takedowns.
type Takedowns struct {
	Tabs []Tab
	Rows []TakedownRow
	More string // URL of the next page, or empty
}

// A TakedownRow is a takedown in a list.
type TakedownRow struct {
	ID                       int64
	URL                      string
	Words, Author            string
	Harm, State, Until, Left string
	Time                     Time
}

// Takedowns returns a page of a list; next is the URL of the next page, or empty.
func (l *Locale) Takedowns(list sns.TakedownList, all []sns.Takedown, next string, now time.Time) Takedowns {
	v := Takedowns{More: next}
	for _, tab := range []struct {
		list sns.TakedownList
		text string
	}{{sns.TakedownsWaiting, "takedown.list_waiting"}, {sns.TakedownsHiding, "takedown.list_hidden"}, {sns.TakedownsEnded, "takedown.list_ended"}} {
		v.Tabs = append(v.Tabs, NewTab(l.T(tab.text), PageURL(TakedownsPath, "state", string(tab.list)), tab.list == list))
	}
	for _, t := range all {
		seen := l.takedown(t, "", "", now)
		v.Rows = append(v.Rows, TakedownRow{
			ID: t.ID, URL: TakedownsPath + "/" + Itoa(t.ID), Words: t.Words, Author: l.Name(t.Author), Harm: seen.Harm, State: seen.State, Left: seen.Left, Time: seen.Asked,
		})
	}
	return v
}
