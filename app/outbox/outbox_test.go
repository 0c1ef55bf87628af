package outbox_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"xxsns/app/outbox"
)

// TestBellRingsOnce wakes a worker three times during one round.
func TestBellRingsOnce(t *testing.T) {
	var b outbox.Bell
	for range 3 {
		b.Wake()
	}
	<-b.Woken()
	select {
	case <-b.Woken():
		t.Error("the worker is woken twice")
	default:
	}
	b.Wake()
	<-b.Woken()
}

// TestSendingLingers stops the program while something is being sent.
func TestSendingLingers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		sending, done := outbox.Linger(ctx)
		defer done()
		stop()
		time.Sleep(time.Second)
		if err := sending.Err(); err != nil {
			t.Errorf("a second after the program was told to stop: %v", err)
		}
		time.Sleep(time.Minute)
		if sending.Err() == nil {
			t.Error("a sending may go on for more than a minute")
		}
	})
}
