package chat_test

import (
	"context"
	"runtime"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// littleBuffer lets rooms of a life spill by themselves while users talk.
var littleBuffer = chat.SpillBounds{Lines: 40, Bytes: 1 << 20}

// spills spills a part of the buffer, at once or while all talk.
func (l *life) spills(t *testing.T, c *character) {
	left := l.chance.Int64N(30)
	if l.chance.IntN(2) == 0 {
		_, err := l.at.SpillTo(t.Context(), l.room.ID, left)
		wantError(t, "spill", err, nil)
		return
	}
	done := make(chan error, 1)
	go func() {
		_, err := l.at.SpillTo(t.Context(), l.room.ID, left)
		done <- err
	}()
	l.allTalk(t, c)
	l.deletes(t, c)
	wantError(t, "spill while all talk", <-done, nil)
}

// diesSpilling starts to spill on a replica that is killed at a random step.
func (l *life) diesSpilling(t *testing.T, c *character) {
	r, buffer := l.onShaky(t, setup{mortal: true}, 0)
	moments := []string{"before Messages 1", "after Messages 1", "before Trim 1", "after Trim 1"}
	buffer.on(moments[l.chance.IntN(len(moments))], func(context.Context) error { r.kill(); runtime.Goexit(); return nil })
	inGoroutine(func() { _, _ = r.SpillTo(t.Context(), l.room.ID, l.chance.Int64N(30)) })
	r.kill()
	l.deletes(t, c)
	l.saysAgain(t, c)
	l.endSpill(t, l.room.ID)
}

// readsBack reads a page of the past: the lines before a seq, without a gap.
func (l *life) readsBack(t *testing.T, _ *character) {
	seqs := l.seqs()
	if len(seqs) == 0 {
		return
	}
	before, limit := seqs[l.chance.IntN(len(seqs))], 1+l.chance.IntN(60)
	lines, err := l.at.Messages(t.Context(), l.room, sns.MessagePage{Before: before, Limit: limit})
	if err != nil || len(lines) != min(limit, int(before-1)) {
		t.Fatalf("%d lines of %d before %d, %v", len(lines), limit, before, err)
	}
	for i, m := range lines {
		if m.Seq != before-int64(len(lines)-i) {
			t.Fatalf("line %d before %d has number %d", i, before, m.Seq)
		}
		if want := l.said[m.Seq]; want != nil && !sameWords(m, *want) {
			t.Fatalf("read back\n%+v, acknowledged was\n%+v", m, *want)
		}
	}
}
