package chat

import (
	"context"
	"time"
)

// keepLease renews the lease until stop is called. The returned context ends when
// the lease is lost or cannot be renewed.
func (w settler) keepLease(ctx context.Context, room int64) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(w.Lease / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if err := w.Store.RenewSettlement(ctx, room, w.token, w.Lease); err != nil {
					cancel(err)
					return
				}
			}
		}
	}()
	return ctx, func() { cancel(nil); <-done }
}

// cause returns the cause of the end of ctx instead of err, if ctx has ended and
// err is not nil.
func cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
