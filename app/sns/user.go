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

// Bounds of what an account holds. Lengths are in graphemes.
const (
	UsernameMin      = 2
	UsernameMax      = 15
	PasswordMin      = 8
	PasswordMax      = 128
	StatusMessageMax = 100

	usernameBytes = 120
	emailBytes    = 254
)

// A Role says what an account may do; each contains the ones before it.
type Role string

// The roles, least first.
const (
	RoleUser   Role = "USER"
	RoleMentor Role = "MENTOR"
	RoleAdmin  Role = "ADMIN"
)

var rank = map[Role]int{RoleUser: 1, RoleMentor: 2, RoleAdmin: 3}

// Valid tells whether r is one of the roles.
func (r Role) Valid() bool { return rank[r] > 0 }

// Is tells whether r contains other.
func (r Role) Is(other Role) bool { return rank[r] >= rank[other] && other.Valid() }

// A User is an account. Email and password stay in the store.
type User struct {
	ID            int64
	Username      string // empty: the account was deleted
	Role          Role
	StatusMessage string
	Image         string // file name of the profile image, or empty
	Location      Location
	Followers     int // how many follow them
	Following     int // how many they follow
	CreatedAt     time.Time
}

// Deleted tells whether the account was deleted: what it wrote remains, without
// name and image.
func (u User) Deleted() bool { return u.Username == "" }

// Username cleans and checks a username: NFC, 2–15 characters, letters of any
// script, digits, "_" and ".", with a letter or digit, no "." at either end.
func Username(raw string) (string, *Problem) {
	name := norm.NFC.String(strings.TrimSpace(raw))
	bad := func(key string) (string, *Problem) {
		return "", &Problem{Field: "username", Key: key, Args: map[string]any{"Min": UsernameMin, "Max": UsernameMax}}
	}
	switch n := Length(name); {
	case !utf8.ValidString(raw):
		return bad("invalid.encoding")
	case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
		return bad("username.characters")
	case n < UsernameMin || n > UsernameMax || len(name) > usernameBytes:
		return bad("username.length")
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, "."):
		return bad("username.dot")
	case !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return bad("username.letter")
	}
	return name, nil
}

// isNameRune lets marks in, since the scripts of India and Thailand write
// vowels so, but not those that draw a frame around a character.
func isNameRune(r rune) bool {
	if isInvisible(r) {
		return false
	}
	return unicode.In(r, unicode.L, unicode.Nd, unicode.Mn, unicode.Mc) || r == '_' || r == '.'
}

// FoldUsername is the form in which usernames are compared: two names that
// differ only in case or in Unicode form are one.
func FoldUsername(name string) string {
	name = strings.ToValidUTF8(strings.TrimSpace(name), "\uFFFD") // which no username holds
	folded := cases.Fold().String(norm.NFC.String(name))
	// Fold swaps the cases of Cherokee instead of making them one.
	return norm.NFC.String(strings.ToLower(folded))
}

// Password checks a new password and returns the form that is hashed: NFC, so
// that it fits whichever keyboard it is typed on.
func Password(field, raw string) (string, *Problem) {
	if !utf8.ValidString(raw) {
		return "", &Problem{Field: field, Key: "invalid.encoding"}
	}
	pw := NormalPassword(raw)
	if n := Length(pw); n < PasswordMin || n > PasswordMax || len(pw) > PasswordMax*bytesPerGrapheme {
		return "", &Problem{Field: field, Key: "password.length", Args: map[string]any{"Min": PasswordMin, "Max": PasswordMax}}
	}
	return pw, nil
}

// NormalPassword is the form in which passwords are hashed and compared.
func NormalPassword(raw string) string { return norm.NFC.String(raw) }

var validate = validator.New()

// Email checks an e-mail address. It is only kept, never written to.
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

// A SignUp is the form of a new account.
type SignUp struct {
	Username, Password, Confirmation, Email string
}

// Check returns the form cleaned, or Invalid with all that is wrong.
func (f SignUp) Check() (SignUp, error) {
	var inv Invalid
	username, p := Username(f.Username)
	inv.Add(p)
	password, p := Password("password", f.Password)
	inv.Add(p)
	if p == nil && NormalPassword(f.Confirmation) != password {
		inv.Add(&Problem{Field: "password_confirm", Key: "password.differs"})
	}
	email, p := Email(f.Email)
	inv.Add(p)
	return SignUp{Username: username, Password: password, Email: email}, inv.Err()
}

// StatusMessage cleans and checks the sentence on a personal home.
func StatusMessage(raw string) (string, *Problem) {
	s, p := TextWithin("status_message", raw, 0, StatusMessageMax)
	return oneLine(s), p
}
