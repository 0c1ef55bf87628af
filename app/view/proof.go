package view

import (
	"bytes"
	"fmt"
	"sync/atomic"
)

// A proof compares pages from frames, lists that are kept and messages with the same
// rendered whole.
type proof struct {
	every    int // of so many answers one is compared; 0: none
	answers  atomic.Uint64
	differs  func(what string) // is told of an answer that is not the same
	compared atomic.Int64
}

// Prove compares one of every so many pages that come from frames, lists that are kept and
// messages with the same rendered whole, and calls differs with the name of one that is
// not the same, which is then rendered anew. With every = 1, as in tests, each is compared
// before it is sent, and one that differs is an error. Prove must precede the first page.
func (t *Templates) Prove(every int, differs func(what string)) {
	t.proof.every, t.proof.differs = every, differs
}

// Compared returns the number of answers that were compared.
func (t *Templates) Compared() int64 { return t.proof.compared.Load() }

// due reports whether an answer from memory is to be compared. The turns are scattered: if
// two kinds of answers alternate, plain counting would never choose one of them.
func (p *proof) due() bool {
	const golden = 0x9E3779B97F4A7C15
	return p.every > 0 && p.answers.Add(1)*golden>>33%uint64(p.every) == 0
}

// prove compares a page.
func (l *Locale) prove(name string, p *Page, key string, body []byte) error {
	return l.proof.compare(name, body, func() ([]byte, error) { return l.whole(name, p) }, func() { l.frames.Remove(key) })
}

// compare returns an error if an answer from a cache differs from what whole returns. The
// cache then drops what it holds. Unless all answers are compared, compare returns nil and
// works in the background.
func (p *proof) compare(name string, answer []byte, whole func() ([]byte, error), drop func()) error {
	check := func(answer []byte) error {
		made, err := whole()
		if err != nil {
			return err
		}
		p.compared.Add(1)
		if bytes.Equal(made, answer) {
			return nil
		}
		drop()
		p.differs(name)
		return different(name, answer, made)
	}
	if p.every == 1 {
		return check(answer)
	}
	answer = bytes.Clone(answer) // the caller uses the memory again
	go func() { _ = check(answer) }()
	return nil
}

// different returns an error that shows where an answer begins to differ.
func different(name string, answer, made []byte) error {
	at := 0
	for at < min(len(made), len(answer)) && made[at] == answer[at] {
		at++
	}
	return fmt.Errorf("%s from a cache differs from byte %d on: %.60q, not %.60q", name, at, answer[at:], made[at:])
}
