// Package sns holds the types and rules of the community: which input is valid,
// and which user may do which action. It does no input or output.
package sns

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Errors that all layers share. The store maps errors of database drivers to
// these; the web maps these to status codes.
var (
	// ErrNotFound: the thing does not exist, or the viewer may not know about
	// it.
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the viewer may see the thing, but not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrConflict: a unique value is taken, or the state does not allow the
	// change.
	ErrConflict = errors.New("conflict")
	// ErrRoomFull: the room has no free seat.
	ErrRoomFull = errors.New("room is full")
	// ErrRoomEnded: the room has ended, so it cannot change any more.
	ErrRoomEnded = errors.New("room has ended")
	// ErrSettling: the room's messages are being saved now; a retry will work.
	ErrSettling = errors.New("messages are being saved")
	// ErrUnavailable: the database or the chat buffer cannot be reached.
	ErrUnavailable = errors.New("not available now")
	// ErrNoSpace: the disk of the database is full. Reading goes on.
	ErrNoSpace = fmt.Errorf("no space left: %w", ErrUnavailable)
	// ErrSignIn: the username or the password is wrong. The error does not say
	// which, so that nobody can probe for usernames.
	ErrSignIn = errors.New("wrong username or password")
)

// A SlowDownError says that a limit is reached, and how long to wait.
type SlowDownError struct{ Wait time.Duration }

// Error returns the text for the log.
func (e SlowDownError) Error() string { return "rate limit: wait " + e.Wait.String() }

// Seconds returns the time to wait, rounded up: 1 or more.
func (e SlowDownError) Seconds() int { return max(1, int(math.Ceil(e.Wait.Seconds()))) }

// A Problem is a mistake in one field of an input.
type Problem struct {
	Field string         // name of the form field
	Key   string         // key of a sentence in the text catalogue
	Args  map[string]any // arguments of the sentence
}

// Invalid is the error of an input with at least one problem. Problems are in
// the order of the form's fields.
type Invalid []Problem

// Error lists the problems by field and key, for logs and the command line.
func (inv Invalid) Error() string {
	keys := make([]string, len(inv))
	for i, p := range inv {
		keys[i] = p.Field + ": " + p.Key
	}
	return "invalid input: " + strings.Join(keys, ", ")
}

// Add appends p unless p is nil.
func (inv *Invalid) Add(p *Problem) {
	if p != nil {
		*inv = append(*inv, *p)
	}
}

// Err returns inv as an error, or nil if there is no problem.
func (inv Invalid) Err() error {
	if len(inv) == 0 {
		return nil
	}
	return inv
}
