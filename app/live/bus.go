package live

import (
	"context"
	"log/slog"
)

// A Bus carries events to the Hub of every replica, in the order in which a replica
// published them. After a gap the bus calls Hub.Lost and Hub.Gap, so that pages catch up.
// All methods are safe for concurrent use. Package chat's scripts publish on Redis
// directly (EventScript): what is said in a room goes past Publish.
type Bus interface {
	// Publish sends ev to all replicas, this one included. After an error, some
	// replicas may have missed ev; the change itself stands.
	Publish(ctx context.Context, ev Event) error

	// Close releases the resources of the bus. The caller must not publish
	// afterwards.
	Close() error
}

// Tell publishes the event of a committed change, even if ctx has ended. An error is
// logged: the change stands, and pages catch up. An event that closes clients is delivered
// at least in this process; other replicas close their clients at their next check.
func Tell(ctx context.Context, bus Bus, hub *Hub, log *slog.Logger, ev Event) {
	if err := bus.Publish(context.WithoutCancel(ctx), ev); err != nil {
		log.WarnContext(ctx, "event not told", "topic", ev.Topic, "kind", ev.Kind, "error", err)
		if ev.Closes() {
			hub.Deliver(ev)
		}
	}
}

// Local is the Bus of a single replica: it delivers to its Hub directly.
type Local struct{ Hub *Hub }

// Publish implements Bus. It delivers ev before it returns, even if ctx has
// ended: the change is committed, and viewers should see it. The error is nil.
func (l Local) Publish(_ context.Context, ev Event) error {
	l.Hub.Deliver(ev)
	return nil
}

// Close implements Bus and does nothing: the caller closes the Hub.
func (l Local) Close() error { return nil }
