package sns

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A MailKind says what a mail in the queue is about.
type MailKind string

// The kinds of mails.
const (
	MailForgot  MailKind = "forgot"  // links for new passwords, for the accounts of a name or address
	MailConfirm MailKind = "confirm" // a link that confirms an address
	MailNotice  MailKind = "notice"  // what is new in the inbox
	MailDigest  MailKind = "digest"  // what the week brought
	MailDecided MailKind = "decided" // what was decided on an application for an account

	MailTakedown MailKind = "takedown" // how a takedown stands, to its asker
)

// A Mail is an entry of the queue of mails. The text is made when the mail is sent, so that
// the queue holds no secret, and no news that are old by then.
type Mail struct {
	ID        int64
	User      int64 // the reader; 0: whoever has the name or address To
	Kind      MailKind
	To        string // of MailForgot, a name or address as typed; of MailConfirm, the address; of MailDecided and MailTakedown, the id
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

// MailEvery is how long what happens is gathered before it is mailed, and so the shortest time
// between two mails of notices to a person.
const MailEvery = 10 * time.Minute

// A MailReader says which mails a user wants.
type MailReader struct {
	Notices bool  // notices of some kind
	Digest  bool  // what the week brought
	Mailed  int64 // rank of the newest notice that was mailed, or that is older than the wish
}

// A digest has the best posts of DigestDays.
const (
	DigestDays  = 7
	DigestPosts = 5
)

// NextDigest returns when the digests after a time are due: on Monday morning in a time zone.
func NextDigest(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	days := (int(time.Monday-local.Weekday()) + 7) % 7
	next := time.Date(local.Year(), local.Month(), local.Day()+days, 8, 0, 0, 0, zone)
	if !next.After(now) {
		next = next.AddDate(0, 0, 7)
	}
	return next.UTC()
}

// BestPosts returns the most posts of those with most likes and comments, the newer ones first
// among equals.
func BestPosts(posts []Post, most int) []Post {
	best := slices.Clone(posts)
	slices.SortFunc(best, func(a, b Post) int {
		return cmp.Or(cmp.Compare(b.Likes+b.Comments, a.Likes+a.Comments), cmp.Compare(b.ID, a.ID))
	})
	return best[:min(len(best), most)]
}
