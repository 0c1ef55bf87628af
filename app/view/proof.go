package view

import (
	"bytes"
	"fmt"
	"html/template"
	"sync/atomic"
)

// A proof compares pages from frames with the same pages rendered whole, and cards from
// the cache with the same cards rendered anew.
type proof struct {
	every    int64             // of so many pages or cards one is compared; 0: none
	differs  func(page string) // is told of a page or card that is not the same
	answers  atomic.Int64
	compared atomic.Int64
}

// Prove compares one of every so many pages that come from frames with the same page
// rendered whole, and calls differs with the name of a page that is not the same; the
// frame is then rendered anew. The same holds for cards from the cache. With every = 1, as
// in tests, each page is compared before it is sent, and a page that differs is an error.
// Prove must precede the first page.
func (t *Templates) Prove(every int, differs func(page string)) {
	t.proof.every, t.proof.differs = int64(every), differs
}

// Compared returns the number of pages and cards that were compared.
func (t *Templates) Compared() int64 { return t.proof.compared.Load() }

// due reports whether the turn of an answer from a cache has come to be compared.
func (p *proof) due() bool { return p.every > 0 && p.answers.Add(1)%p.every == 0 }

// prove compares a page.
func (l *Locale) prove(name string, p *Page, key string, body []byte) error {
	return l.proof.compare(name, body, func() ([]byte, error) { return l.whole(name, p) }, func() { l.frames.Remove(key) })
}

// proveCard compares a card.
func (l *Locale) proveCard(key cardKey, card template.HTML, data Card) error {
	return l.proof.compare(cardName, []byte(card), func() ([]byte, error) { return l.Fragment(cardName, data) }, func() { l.cards.Remove(key) })
}

// proveList compares a kept list, as HTML without an account, if its turn has come.
func proveList[T any](l *Locale, k *keeper[T], key uint64, name string, list func() string, whole func() (string, error)) error {
	if !l.proof.due() {
		return nil
	}
	return l.proof.compare(name, []byte(list()), func() ([]byte, error) {
		made, err := whole()
		return []byte(made), err
	}, func() { k.lists.Remove(key) })
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
