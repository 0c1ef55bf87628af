package chat

import "context"

// PatientAttempts is patientAttempts, for the tests.
const PatientAttempts = patientAttempts

// RenewMarks is what happens from time to time, for the tests.
func (c *Chat) RenewMarks(ctx context.Context) error {
	return c.presence.marks.(*redisMarks).renew(ctx)
}
