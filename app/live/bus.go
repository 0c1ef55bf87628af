package live

import "context"

// A Bus carries events to the Hub of every replica. All methods are safe for
// concurrent use.
type Bus interface {
	// Publish sends ev to all replicas, this one included. After an error, some
	// replicas may have missed ev; the change itself stands.
	Publish(ctx context.Context, ev Event) error

	// Close releases the resources of the bus. The caller must not publish
	// afterwards.
	Close() error
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
