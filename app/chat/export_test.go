package chat

import (
	"context"

	"xxsns/app/sns"
)

// PatientAttempts is patientAttempts, for the tests.
const PatientAttempts = patientAttempts

// Encode is encode, for the tests.
func (l Line) Encode() []byte { return l.encode() }

// SpillTo spills a room until lines are left in the buffer, for the tests.
func (c *Chat) SpillTo(ctx context.Context, room, lines int64) (int, error) {
	return c.Spills.spill(ctx, room, kept{lines, 1 << 40})
}

// EraseUntold erases a message as a replica does that dies before the notices are deleted.
func (c *Chat) EraseUntold(ctx context.Context, r sns.Room, seq int64) error {
	return c.eraseFrom(ctx, r, seq)
}

// RenewPresence renews the leases of presence, for the tests.
func (c *Chat) RenewPresence(ctx context.Context) error {
	return c.presence.backend.(*redisPresence).renew(ctx)
}

// RefreshPresence lets the leases of presence be renewed soon, for the tests.
func (c *Chat) RefreshPresence() { c.presence.backend.refresh() }

// PresenceName is the name of the replica in the entries of presence, for the tests.
func (c *Chat) PresenceName() string { return c.presence.backend.(*redisPresence).replica }

// Waiting returns how many lines wait until others have left for Redis, for the tests.
func (b *Redis) Waiting() int {
	b.appends.mu.Lock()
	defer b.appends.mu.Unlock()
	return len(b.appends.waiting)
}
