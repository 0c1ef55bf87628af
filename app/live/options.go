package live

import (
	"cmp"
	"log/slog"
	"time"
)

// Options are the limits of a Hub. The zero value of a field means the default
// in the comment.
type Options struct {
	Log               *slog.Logger  // slog.Default()
	MaxMessages       int           // in the queue of a client: 256
	MaxBytes          int           // in the queue of a client: 512 KiB
	HeartbeatInterval time.Duration // between two heartbeats of a client: 15 s
	WriteTimeout      time.Duration // for a client that takes no bytes: 10 s
	DrainTimeout      time.Duration // for graceful closing in Close: 5 s
	CloseTimeout      time.Duration // for the peer of a WebSocket to answer a close frame: 1 s

	// Before is called with each event before the clients get it or close, and also if
	// there are none. It must not block. May be nil.
	Before func(Event)
}

func (o Options) withDefaults() Options {
	return Options{
		Log:               cmp.Or(o.Log, slog.Default()),
		MaxMessages:       cmp.Or(o.MaxMessages, 256),
		MaxBytes:          cmp.Or(o.MaxBytes, 512<<10),
		HeartbeatInterval: cmp.Or(o.HeartbeatInterval, 15*time.Second),
		WriteTimeout:      cmp.Or(o.WriteTimeout, 10*time.Second),
		DrainTimeout:      cmp.Or(o.DrainTimeout, 5*time.Second),
		CloseTimeout:      cmp.Or(o.CloseTimeout, time.Second),
		Before:            o.Before,
	}
}
