package store

import (
	"context"
	"fmt"
	"reflect"
	"sync/atomic"
)

// A proof compares answers from memory with the database.
type proof struct {
	every   int // of so many answers one is compared; 0: none
	answers atomic.Uint64
	differs func(key string)

	compared atomic.Int64
}

// Prove compares one of every so many answers from memory with the database, and calls
// differs with the key of an answer that is not the same. With every = 1, as in tests, such
// an answer is an error. Prove must precede the first query.
func (d *database) Prove(every int, differs func(key string)) {
	d.proof.every, d.proof.differs = every, differs
}

// Compared returns the number of answers from memory that were compared.
func (d *database) Compared() int64 { return d.proof.compared.Load() }

// due reports whether an answer from memory is to be compared. The turns are scattered: if
// two kinds of answers alternate, plain counting would never choose one of them.
func (p *proof) due() bool {
	const golden = 0x9E3779B97F4A7C15
	return p.every > 0 && p.answers.Add(1)*golden>>33%uint64(p.every) == 0
}

// tell tells of an answer that differs.
func (p *proof) tell(key any) error {
	p.differs(fmt.Sprintf("%T", key))
	if p.every > 1 {
		return nil
	}
	return fmt.Errorf("%T from memory differs from the database", key)
}

// compare compares what a memory knows under a key, if the turn has come. Nobody waits for
// that but tests.
func (p *proof) compare(ctx context.Context, m *memory, from region, key any, load func(context.Context) (any, error)) error {
	if !p.due() {
		return nil
	}
	if p.every == 1 {
		return p.compareNow(ctx, m, from, key, load)
	}
	go func() { _ = p.compareNow(context.WithoutCancel(ctx), m, from, key, load) }()
	return nil
}

func (p *proof) compareNow(ctx context.Context, m *memory, from region, key any, load func(context.Context) (any, error)) error {
	v, before, ok := m.get(ctx, key, from)
	if !ok {
		return nil
	}
	read, err := load(ctx)
	if err != nil {
		return err
	}
	p.compared.Add(1)
	if reflect.DeepEqual(v, read) {
		return nil
	}
	if m.passed(ctx, before, from) {
		return nil // somebody has committed meanwhile
	}
	m.forget(key)
	return p.tell(key)
}
