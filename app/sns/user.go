package sns

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits of an account. Lengths are in graphemes.
const (
	UsernameMin      = 2
	UsernameMax      = 15
	PasswordMin      = 8
	PasswordMax      = 128
	StatusMessageMax = 100

	emailBytes = 254
)

// A Role contains all permissions of the lower roles.
type Role string

// The roles, lowest first.
const (
	RoleUser   Role = "USER"
	RoleMentor Role = "MENTOR"
	RoleAdmin  Role = "ADMIN"
)

// Roles are all roles, lowest first.
var Roles = []Role{RoleUser, RoleMentor, RoleAdmin}

var rank = map[Role]int{RoleUser: 1, RoleMentor: 2, RoleAdmin: 3}

// Valid reports whether r is a known role.
func (r Role) Valid() bool { return rank[r] > 0 }

// Is reports whether r has the permissions of other.
func (r Role) Is(other Role) bool { return rank[r] >= rank[other] && other.Valid() }

// A User is an account. E-mail address and password hash stay in the store.
type User struct {
	ID            int64
	Username      string // empty if the account was deleted
	Role          Role
	StatusMessage string
	Image         string // file name of the profile image, or empty
	Location      Location
	Followers     int // number of followers
	Following     int // number of followed users
	CreatedAt     time.Time
	Erased        bool // everything of the deleted account goes, and is shown no longer

	// SuspendedUntil is when the last suspension ends or ended; Forever, if it is for good.
	SuspendedUntil time.Time
}

// Suspended reports whether the user may do nothing now but read why, and appeal.
func (u User) Suspended(now time.Time) bool { return now.Before(u.SuspendedUntil) }

// Deleted reports whether the account was deleted. Posts, comments and messages
// of a deleted account remain without name and image.
func (u User) Deleted() bool { return u.Username == "" }

// Username normalises and checks a username: NFC, 2–15 graphemes, letters of
// any script, digits, "_" and ".", at least one letter or digit, no "." at
// either end.
func Username(raw string) (string, *Problem) {
	name := cleanName(raw)
	bad := func(key string) (string, *Problem) {
		return "", &Problem{Field: "username", Key: key, Args: map[string]any{"Min": UsernameMin, "Max": UsernameMax}}
	}
	switch n := Length(name); {
	case !utf8.ValidString(raw):
		return bad("invalid.encoding")
	case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
		return bad("username.characters")
	case n < UsernameMin || n > UsernameMax || len(name) > UsernameMax*bytesPerGrapheme:
		return bad("username.length")
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, "."):
		return bad("username.dot")
	case !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return bad("username.letter")
	}
	return name, nil
}

// isNameRune reports whether a username may contain r. Combining marks are
// allowed because Indic scripts and Thai write vowels with them; enclosing
// marks, which draw a frame around a character, are not.
func isNameRune(r rune) bool {
	if isInvisible(r) {
		return false
	}
	return unicode.In(r, unicode.L, unicode.Nd, unicode.Mn, unicode.Mc) || r == '_' || r == '.'
}

// FoldUsername returns the form in which usernames are compared. Names that
// differ only in case or Unicode form are the same name.
func FoldUsername(name string) string {
	name = cleanName(strings.ToValidUTF8(name, "\uFFFD")) // no username contains U+FFFD
	folded := cases.Fold().String(name)
	// Fold exchanges the two cases of Cherokee letters instead of merging them.
	return withoutStacks(norm.NFC.String(strings.ToLower(folded)))
}

// Password checks a new password of the user and returns the form to hash. NFC makes
// the same password match on every keyboard. A password that is guessed first is
// refused; username may be empty if there is no single user.
func Password(field, raw, username string) (string, *Problem) {
	if !utf8.ValidString(raw) {
		return "", &Problem{Field: field, Key: "invalid.encoding"}
	}
	pw := NormalPassword(raw)
	if n := Length(pw); n < PasswordMin || n > PasswordMax || len(pw) > PasswordMax*bytesPerGrapheme {
		return "", &Problem{Field: field, Key: "password.length", Args: map[string]any{"Min": PasswordMin, "Max": PasswordMax}}
	}
	if reason := guessable(pw, username); reason != "" {
		return "", &Problem{Field: field, Key: reason}
	}
	return pw, nil
}

// NormalPassword returns the form in which passwords are hashed and compared:
// NFC.
func NormalPassword(raw string) string { return norm.NFC.String(raw) }

var validate = validator.New()

// Email checks an e-mail address. The address is only stored; no mail is sent.
func Email(raw string) (string, *Problem) {
	address, p := Text("email", raw)
	if p != nil {
		return "", p
	}
	if address == "" {
		return "", &Problem{Field: "email", Key: "email.empty"}
	}
	if len(address) > emailBytes || validate.Var(address, "email") != nil {
		return "", &Problem{Field: "email", Key: "email.format"}
	}
	return address, nil
}

// SignUp is the form of a new account.
type SignUp struct {
	Username, Password, Confirmation, Email string
}

// Check returns the normalised form, or Invalid with all problems.
func (f SignUp) Check() (SignUp, error) {
	var inv Invalid
	username, p := NewUsername(f.Username)
	inv.Add(p)
	password, p := Password("password", f.Password, f.Username)
	inv.Add(p)
	if p == nil && NormalPassword(f.Confirmation) != password {
		inv.Add(&Problem{Field: "password_confirm", Key: "password.differs"})
	}
	email, p := Email(f.Email)
	inv.Add(p)
	return SignUp{Username: username, Password: password, Email: email}, inv.Err()
}

// StatusMessage normalises and checks the sentence on a user's home.
func StatusMessage(raw string) (string, *Problem) {
	return LineWithin("status_message", raw, 0, StatusMessageMax)
}
