package chat

// PatientAttempts is patientAttempts, for the tests.
const PatientAttempts = patientAttempts
