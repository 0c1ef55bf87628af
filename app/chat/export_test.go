package chat

import "context"

// PatientAttempts is patientAttempts, for the tests.
const PatientAttempts = patientAttempts

// RenewPresence renews the leases of presence, for the tests.
func (c *Chat) RenewPresence(ctx context.Context) error {
	return c.presence.backend.(*redisPresence).renew(ctx)
}
