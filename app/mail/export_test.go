package mail

// NewPatientSender is NewSender for a Sender that waits for a mail as long as the test says.
var NewPatientSender = newSender
