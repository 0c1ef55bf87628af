package view

import (
	"xxsns/app/sns"
)

// Settlement is room/_settlement: "312/312 저장됨", live.
type Settlement struct {
	Room         int64
	Saved, Total int64
	Done         bool
	Failed       bool // the last attempt failed; it is tried again
	Attempts     int
	Error        string // of the last attempt, for who manages the room
	Lost         bool   // some messages were lost with the buffer
	Retry        bool   // whoever sees it may try again now
}

func NewSettlement(s sns.Settlement) Settlement {
	v := Settlement{
		Room: s.Room, Saved: s.Saved, Total: s.Total, Done: s.Done(), Failed: !s.Done() && s.LastError != "", Lost: s.Lost != 0,
	}
	if v.Failed {
		v.Attempts, v.Error = s.Attempts, s.LastError
	}
	return v
}
