// Package outbox has what workers on a queue in the database share, such as those of pushes,
// mails and exports.
package outbox

import (
	"context"
	"sync"
	"time"
)

// A Bell wakes a worker between its rounds. The zero value is ready. All methods may be called
// concurrently.
type Bell struct {
	start sync.Once
	rung  chan struct{}
}

// Wake lets the worker look at its queue at once, or once more after the present round.
func (b *Bell) Wake() {
	select {
	case b.bell() <- struct{}{}:
	default:
	}
}

// Woken receives after Wake.
func (b *Bell) Woken() <-chan struct{} { return b.bell() }

func (b *Bell) bell() chan struct{} {
	b.start.Do(func() { b.rung = make(chan struct{}, 1) })
	return b.rung
}

// grace is how long a sending may take after the program was told to stop.
const grace = 2 * time.Second

// Linger returns a context that ends some time after ctx: what was sent, and is not recorded,
// would be sent twice.
func Linger(ctx context.Context) (context.Context, context.CancelFunc) {
	lingering, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return lingering, func() { unhook(); cancel() }
}
