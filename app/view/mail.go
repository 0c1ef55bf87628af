package view

import (
	"cmp"
	"strings"
	"time"

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

// Sign returns a letter with its last line, which names the community: an empty name is that of
// the product. wanted tells that the reader has asked for such letters.
func (l *Locale) Sign(v Letter, name string, wanted bool) Letter {
	key := "mail.unasked"
	if wanted {
		key = "mail.wanted"
	}
	v.Foot = l.T(key, "Site", cmp.Or(name, l.T("app.name")))
	return v
}

// A ResetLink is a link for a new password of an account.
type ResetLink struct {
	User sns.User
	URL  string
}

// ResetLetter returns the mail to somebody who forgot the password.
func (l *Locale) ResetLetter(links []ResetLink) Letter {
	v := Letter{Lang: l.Lang, Subject: l.T("mail.reset_subject"), Parts: []LetterPart{{Text: l.T("mail.reset_text")}}}
	for _, link := range links {
		v.Parts = append(v.Parts, LetterPart{Head: l.TUser("mail.for", link.User), URL: link.URL, Link: l.T("reset.title")})
	}
	return v
}

// ConfirmLetter returns the mail with the link that confirms an address.
func (l *Locale) ConfirmLetter(u sns.User, url string) Letter {
	return Letter{Lang: l.Lang, Subject: l.T("mail.confirm_subject"), Parts: []LetterPart{
		{Head: l.TUser("mail.for", u), Text: l.T("mail.confirm_text"), URL: url, Link: l.T("address.confirm")},
	}}
}

// DecidedLetter returns the mail about an application for an account, which was decided.
func (l *Locale) DecidedLetter(a sns.Application, site string) Letter {
	v := Letter{Lang: l.Lang, Subject: l.T("mail.declined_subject")}
	part := LetterPart{Head: l.T("mail.for", "Name", a.Username), Text: l.T("mail.declined_text")}
	if a.State == sns.ApplicationAccepted {
		v.Subject = l.T("mail.accepted_subject")
		part.Text, part.URL, part.Link = l.T("mail.accepted_text"), site+"/sign-in", l.T("signin.title")
	}
	v.Parts = []LetterPart{part}
	if a.Note != "" {
		v.Parts = append(v.Parts, LetterPart{Head: l.T("mail.decided_note"), Text: a.Note})
	}
	return v
}

// TestLetter returns a mail that shows an operator that mails arrive.
func (l *Locale) TestLetter() Letter {
	return Letter{Lang: l.Lang, Subject: l.T("mail.test_subject"), Parts: []LetterPart{{Text: l.T("mail.test_text")}}}
}

// Forgot is account/_forgot: the form of somebody who forgot the password.
type Forgot struct {
	Form Form // the field name
	Sent bool // the mail is on its way, if there is an account
}

// NoticesLetter returns the mail of new notices. stop is where one click ends such mails.
func (l *Locale) NoticesLetter(u sns.User, notices []sns.Notice, site, stop string) Letter {
	v := Letter{Lang: l.Lang, Subject: l.T("mail.notice_subject"), Parts: []LetterPart{{Head: l.TUser("mail.for", u)}}}
	for _, n := range notices {
		v.Parts = append(v.Parts, LetterPart{
			Text: l.NoticeText(n) + l.quoted(n), URL: site + "/notifications/" + Itoa(n.ID) + "/open", Link: l.T("mail.open"),
		})
	}
	v.Parts = append(v.Parts, LetterPart{URL: stop, Link: l.T("mail.stop")})
	return v
}

// TakedownLetter returns the mail that tells an asker how a takedown stands. The letter
// holds nothing that the asker has typed: the address may be somebody else's.
func (l *Locale) TakedownLetter(t sns.Takedown, site, token string, now time.Time) Letter {
	v := l.AskedTakedown(t, "", now)
	return Letter{Lang: l.Lang, Subject: l.T("takedown.mail_subject"), Parts: []LetterPart{
		{Head: l.T("takedown.mail_head", "Number", t.ID, "State", v.State), Text: v.Text},
		{Text: v.Note},
		{URL: site + TakedownPath + "/" + token, Link: l.T("takedown.mail_link")},
	}}
}

// quoted returns the first words of what a notice tells of, after a space; or nothing.
func (l *Locale) quoted(n sns.Notice) string {
	if words := cmp.Or(n.Words, l.noticeTitle(n)); words != "" {
		return " “" + words + "”"
	}
	return ""
}

// DigestLetter returns the mail of the best posts of the week.
func (l *Locale) DigestLetter(u sns.User, posts []sns.Post, site, stop string) Letter {
	v := Letter{Lang: l.Lang, Subject: l.T("mail.digest_subject"), Parts: []LetterPart{{Head: l.TUser("mail.for", u)}}}
	for _, p := range posts {
		text := cmp.Or(sns.FirstWords(p.Content), l.T("notice.image"))
		v.Parts = append(v.Parts, LetterPart{
			Text: l.T("mail.digest_post", "Name", l.Name(p.Author), "Words", text, "Likes", p.Likes, "Comments", p.Comments),
			URL:  site + PostPath(p.ID), Link: l.T("mail.open"),
		})
	}
	v.Parts = append(v.Parts, LetterPart{URL: stop, Link: l.T("mail.stop")})
	return v
}

// StopMail is account/_stop: the button that ends mails of a kind.
type StopMail struct {
	Path string
	Done bool
}
