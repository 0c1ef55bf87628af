package web_test

import (
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// Applicants have no inbox: a decision reaches them by mail, with the name of the community.
func TestAnApplicantIsMailedTheDecision(t *testing.T) {
	site, smtp := openWithMail(t)
	v := &siteWithWords{site, site.joins("현우", sns.RoleAdmin)}
	v.sets("sign_up", "approval", "name", "책 모임")
	v.Guest().Post("/sign-up", applicant("지민", "apply", "책을 좋아해요")...).Want(303)
	v.Guest().Post("/sign-up", applicant("하준", "apply", "저도요")...).Want(303)
	v.admin.Post("/admin/applications/1", "decision", "accept", "note", "반가워요").Want(303)
	m := smtp.Wait(1)[0]
	if m.To != "a@example.com" || m.Subject != web.Korean("mail.accepted_subject") {
		t.Errorf("%q got %q", m.To, m.Subject)
	}
	for _, want := range []string{"지민님", "반가워요", "http://sns.example.org/sign-in", web.Korean("mail.unasked", "Site", "책 모임")} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q is not in %q", want, m.Text)
		}
	}
	v.admin.Post("/admin/applications/2", "decision", "decline", "note", "자리가 없어요").Want(303)
	m = smtp.Wait(2)[1]
	if m.To != "a@example.com" || m.Subject != web.Korean("mail.declined_subject") || !strings.Contains(m.Text, "자리가 없어요") || strings.Contains(m.Text, "/sign-in") {
		t.Errorf("%q got %q: %q", m.To, m.Subject, m.Text)
	}
	// A member who becomes a mentor has a notice, and no such mail.
	v.minji.Post("/settings/mentor", "text", "책 모임을 이끌고 싶어요").Want(303)
	v.admin.Post("/admin/applications/3", "decision", "accept").Want(303)
	v.Guest().Post("/sign-up", applicant("유진", "apply", "저도요")...).Want(303)
	v.admin.Post("/admin/applications/4", "decision", "accept").Want(303)
	for _, m := range smtp.Wait(3)[2:] {
		if !strings.Contains(m.Text, "유진님") {
			t.Errorf("%q was mailed", m.Text)
		}
	}
}

// Without mail nothing waits in the queue for a server that may come later.
func TestADecisionIsNotQueuedWithoutMail(t *testing.T) {
	v := openWithWords(t)
	v.sets("sign_up", "approval")
	v.Guest().Post("/sign-up", applicant("지민", "apply", "책을 좋아해요")...).Want(303)
	v.admin.Post("/admin/applications/1", "decision", "accept").Want(303)
	var waiting int
	if err := v.database().QueryRow("SELECT COUNT(*) FROM mails").Scan(&waiting); err != nil || waiting != 0 {
		t.Errorf("%d mails wait, %v", waiting, err)
	}
	v.Guest().Post("/sign-in", "username", "지민", "password", apptest.Password).Want(303)
}
