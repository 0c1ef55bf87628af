package chat

import "context"

// PatientAttempts is patientAttempts, for the tests.
const PatientAttempts = patientAttempts

// Encode is encode, for the tests.
func (l Line) Encode() []byte { return l.encode() }

// SpillTo spills a room until lines are left in the buffer, for the tests.
func (c *Chat) SpillTo(ctx context.Context, room, lines int64) (int, error) {
	return c.Spills.spill(ctx, room, kept{lines, 1 << 40})
}

// RenewPresence renews the leases of presence, for the tests.
func (c *Chat) RenewPresence(ctx context.Context) error {
	return c.presence.backend.(*redisPresence).renew(ctx)
}

// Waiting returns how many lines wait until others have left for Redis, for the tests.
func (b *Redis) Waiting() int {
	b.appends.mu.Lock()
	defer b.appends.mu.Unlock()
	return len(b.appends.waiting)
}
