// Package sns holds the types and rules of the community: what is valid, and who
// may do what. It does no input or output.
package sns

import (
	"errors"
	"strings"
)

// Errors that every layer understands. The store maps what a database driver
// says to these, and the web maps these to status codes.
var (
	// ErrNotFound: it is not there, or the viewer may not know that it is.
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the viewer may see it, but not do this to it.
	ErrForbidden = errors.New("forbidden")
	// ErrConflict: another row already has what must be unique.
	ErrConflict = errors.New("conflict")
	// ErrRoomFull: no seat is free.
	ErrRoomFull = errors.New("room is full")
	// ErrRoomEnded: the room was ended; nothing more can be done in it.
	ErrRoomEnded = errors.New("room has ended")
	// ErrSettling: the room's messages are just being saved; try again.
	ErrSettling = errors.New("messages are being saved")
	// ErrUnavailable: the database, or what holds the messages of open rooms,
	// cannot be reached.
	ErrUnavailable = errors.New("not available now")
	// ErrSignIn: the name, the password, or both are wrong; which one is not told.
	ErrSignIn = errors.New("wrong username or password")
)

// A Problem is one thing that is wrong with one field of an input.
type Problem struct {
	Field string         // the form field's name
	Key   string         // of a sentence in the text catalogue
	Args  map[string]any // what the sentence mentions
}

// Invalid is the error of an input with at least one problem, in the order of
// the form's fields.
type Invalid []Problem

// Error lists the problems by key, for logs and the command line.
func (inv Invalid) Error() string {
	keys := make([]string, len(inv))
	for i, p := range inv {
		keys[i] = p.Field + ": " + p.Key
	}
	return "invalid input: " + strings.Join(keys, ", ")
}

// Add appends p unless it is nil.
func (inv *Invalid) Add(p *Problem) {
	if p != nil {
		*inv = append(*inv, *p)
	}
}

// Err is inv as an error, or nil when nothing is wrong.
func (inv Invalid) Err() error {
	if len(inv) == 0 {
		return nil
	}
	return inv
}
