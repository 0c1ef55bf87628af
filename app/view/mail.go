package view

import (
	"strings"

	"xxsns/app/sns"
)

// A Letter is mail/_letter: a mail, which is sent as HTML and as plain text.
type Letter struct {
	Lang    string
	Subject string
	Parts   []LetterPart
	Foot    string
}

// A LetterPart is a part of a letter. All fields but one may be empty.
type LetterPart struct {
	Head, Text string
	URL, Link  string // a whole address, and its text
}

// Text returns the letter as plain text.
func (v Letter) Text() string {
	var b strings.Builder
	for _, p := range v.Parts {
		for _, line := range []string{p.Head, p.Text, p.Link, p.URL} {
			if line != "" {
				b.WriteString(line + "\n")
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("--\n" + v.Foot + "\n")
	return b.String()
}

// A ResetLink is a link for a new password of an account.
type ResetLink struct {
	User sns.User
	URL  string
}

// ResetLetter returns the mail to somebody who forgot the password.
func (l *Locale) ResetLetter(links []ResetLink) Letter {
	v := Letter{Lang: l.Lang, Subject: l.T("mail.reset_subject"), Foot: l.T("mail.unasked"), Parts: []LetterPart{{Text: l.T("mail.reset_text")}}}
	for _, link := range links {
		v.Parts = append(v.Parts, LetterPart{Head: l.TUser("mail.for", link.User), URL: link.URL, Link: l.T("reset.title")})
	}
	return v
}

// TestLetter returns a mail that shows an operator that mails arrive.
func (l *Locale) TestLetter() Letter {
	return Letter{Lang: l.Lang, Subject: l.T("mail.test_subject"), Foot: l.T("mail.unasked"), Parts: []LetterPart{{Text: l.T("mail.test_text")}}}
}

// Forgot is account/_forgot: the form of somebody who forgot the password.
type Forgot struct {
	Form Form // the field name
	Sent bool // the mail is on its way, if there is an account
}
