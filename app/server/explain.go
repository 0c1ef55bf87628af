package server

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"xxsns/app/sns"
)

// sentences say in English, as operators read everything, which input of a command is wrong.
// The keys are those of the texts of the pages.
var sentences = map[string]string{
	"username.characters":   "the name may have letters, digits, _ and . alone",
	"username.length":       "the name must have $Min to $Max characters",
	"username.dot":          "the name may neither begin nor end with a dot",
	"username.letter":       "the name must have a letter or digit",
	"username.reserved":     "the name would pass for one of the staff",
	"username.mixed":        "the name mixes scripts in one word",
	"password.length":       "the password must have $Min to $Max characters",
	"password.differs":      "the two passwords differ",
	"password.common":       "the password is one that many people use",
	"password.username":     "the password is hardly more than the name",
	"password.community":    "the password is hardly more than the community's name",
	"password.simple":       "the password repeats characters, or lists them in order",
	"password.invisible":    "the password has too few visible characters",
	"email.empty":           "the e-mail address is missing",
	"email.format":          "the e-mail address is none, such as minji@example.com",
	"invalid.empty":         "the text is missing",
	"invalid.long":          "the text has $Length characters, and may have $Max",
	"invalid.bytes":         "the text has too many marks for its length",
	"invalid.encoding":      "the text is no UTF-8",
	"suspension.last_admin": "the only active administrator cannot be suspended",
	"account.last_admin":    "the only active administrator cannot be deleted; make somebody else one first",
	"suspension.days":       "days must be from 1 to $Max, or left out",
}

// explain replaces an sns.Invalid by an error for operators, which names the fields.
func explain(err error) error {
	invalid, ok := errors.AsType[sns.Invalid](err)
	if !ok {
		return err
	}
	said := make([]string, len(invalid))
	for i, problem := range invalid {
		said[i] = problem.Field + ": " + sentenceOf(problem)
	}
	return errors.New(strings.Join(said, "; "))
}

// sentenceOf returns the sentence about a problem, or its key if there is none.
func sentenceOf(p sns.Problem) string {
	said, ok := sentences[p.Key]
	if !ok {
		return p.Key
	}
	return os.Expand(said, func(name string) string { return fmt.Sprint(p.Args[name]) })
}
