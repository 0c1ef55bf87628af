package view

import "xxsns/app/sns"

// Settlement is room/_settlement: how many messages of an ended room are saved, such
// as "312/312 저장됨", kept up to date.
type Settlement struct {
	Room         int64
	Saved, Total int64
	Done         bool
	Failed       bool // the last attempt failed; the next one follows by itself
	Attempts     int
	Error        string // of the last attempt; only for viewers who manage the room
	Lost         bool   // some messages were lost with the buffer
	Retry        bool   // show the button that starts the next attempt now
}

// NewSettlement shows a settlement to users who manage the room, without the Retry
// button.
func NewSettlement(s sns.Settlement) Settlement {
	v := Settlement{
		Room: s.Room, Saved: s.Saved, Total: s.Total, Done: s.Done(), Failed: !s.Done() && s.LastError != "", Lost: s.Lost != 0,
	}
	if v.Failed {
		v.Attempts, v.Error = s.Attempts, s.LastError
	}
	return v
}

// NewSettlementFor shows a settlement on a page. Only a viewer who manages the room
// sees the last error and the Retry button.
func NewSettlementFor(s sns.Settlement, manager bool) Settlement {
	v := NewSettlement(s)
	v.Retry = v.Failed && manager
	if !manager {
		v.Error = ""
	}
	return v
}
