package load

import (
	"bytes"
	"strconv"
)

// A Ledger keeps account of numbered messages that a socket should get, each
// once and in order. The account begins with the first message that arrives.
type Ledger struct {
	Doubled    int // came again
	Disordered int // came after a later one

	last    int64
	missing map[int64]bool // before the last
}

// Note records a message that has arrived.
func (l *Ledger) Note(seq int64) {
	switch {
	case l.last == 0 || seq == l.last+1:
		l.last = seq
	case seq > l.last:
		if l.missing == nil {
			l.missing = map[int64]bool{}
		}
		for n := l.last + 1; n < seq; n++ {
			l.missing[n] = true
		}
		l.last = seq
	case l.missing[seq]:
		delete(l.missing, seq)
		l.Disordered++
	default:
		l.Doubled++
	}
}

// Lost returns the number of messages that have not arrived although a later
// message has.
func (l *Ledger) Lost() int { return len(l.missing) }

// parseSaid returns the number and the client id (empty: the message has no
// client id) of the message in a frame. ok is false for a frame without a
// message.
func parseSaid(frame []byte) (seq int64, clientID []byte, ok bool) {
	number, found := attribute(frame, `data-seq="`)
	seq, err := strconv.ParseInt(string(number), 10, 64)
	if !found || err != nil {
		return 0, nil, false
	}
	clientID, _ = attribute(frame, `data-client-id="`)
	return seq, clientID, true
}

// attribute returns the value of the first attribute that begins so.
func attribute(frame []byte, begin string) (value []byte, found bool) {
	_, rest, found := bytes.Cut(frame, []byte(begin))
	if !found {
		return nil, false
	}
	value, _, found = bytes.Cut(rest, []byte{'"'})
	return value, found
}
