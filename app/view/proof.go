package view

import (
	"bytes"
	"fmt"
	"sync/atomic"
)

// A proof compares pages from frames with the same pages rendered whole.
type proof struct {
	every   int64             // of so many pages one is compared; 0: none
	differs func(page string) // is told of a page that is not the same
	pages   atomic.Int64
}

// Prove compares one of every so many pages that come from frames with the same page
// rendered whole, and calls differs with the name of a page that is not the same; the
// frame is then rendered anew. With every = 1, as in tests, each page is compared before
// it is sent, and a page that differs is an error. Prove must precede the first page.
func (t *Templates) Prove(every int, differs func(page string)) {
	t.proof.every, t.proof.differs = int64(every), differs
}

// prove compares a page if its turn has come: at once if all are compared, or else in the
// background.
func (l *Locale) prove(name string, p *Page, key string, body []byte) error {
	switch {
	case l.proof.every == 0 || l.proof.pages.Add(1)%l.proof.every != 0:
		return nil
	case l.proof.every == 1:
		return l.compare(name, p, key, body)
	}
	body = bytes.Clone(body) // the caller uses the memory again
	go func() { _ = l.compare(name, p, key, body) }()
	return nil
}

// compare returns an error if a page from a frame is not the page rendered whole.
func (l *Locale) compare(name string, p *Page, key string, body []byte) error {
	whole, err := l.whole(name, p)
	if err != nil || bytes.Equal(whole, body) {
		return err
	}
	l.frames.Remove(key)
	l.proof.differs(name)
	at := 0
	for at < min(len(whole), len(body)) && whole[at] == body[at] {
		at++
	}
	return fmt.Errorf("%s from a frame differs from byte %d on: %.60q, not %.60q", name, at, body[at:], whole[at:])
}
