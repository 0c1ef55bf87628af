package sns

import (
	"strings"
	"time"
)

// A MailKind says what a mail in the queue is about.
type MailKind string

// The kinds of mails.
const (
	MailForgot  MailKind = "forgot"  // links for new passwords, for the accounts of a name or address
	MailConfirm MailKind = "confirm" // a link that confirms an address
)

// A Mail is an entry of the queue of mails. The text is made when the mail is sent, so that
// the queue holds no secret, and no news that are old by then.
type Mail struct {
	ID        int64
	User      int64 // the reader; 0: whoever has the name or address To
	Kind      MailKind
	To        string // of MailForgot, a name or address as typed; of MailConfirm, the address
	Attempts  int    // to send the mail, that have failed
	CreatedAt time.Time
}

// Bounds of mails.
const (
	MailAttempts  = 8
	MailResetLife = time.Hour          // of a link for a new password that is mailed
	ConfirmLife   = 24 * time.Hour     // of a link that confirms an address
	mailLife      = 3 * 24 * time.Hour // of a mail in the queue
)

// Old reports whether a mail has waited so long that nobody would make use of it.
func (m Mail) Old(now time.Time) bool {
	life := mailLife
	if m.Kind == MailForgot {
		life = MailResetLife
	}
	return now.Sub(m.CreatedAt) > life
}

// Forgotten returns what was typed by somebody who forgot the password, a name or an address,
// as the queue keeps it. A text that can be neither is empty.
func Forgotten(raw string) string {
	typed := strings.TrimSpace(strings.ToValidUTF8(raw, ""))
	if len(typed) > emailBytes {
		return ""
	}
	return typed
}

// A Mailbox is the address of an account.
type Mailbox struct {
	Address   string
	Confirmed bool // its owner has opened a link that was mailed there
}
