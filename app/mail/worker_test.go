package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/mail"
	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// A world is a database with a mail server, replicas, and a clock.
type world struct {
	t     *testing.T
	store *store.Store
	smtp  *apptest.SMTPServer
	now   time.Time
	log   strings.Builder
}

// each runs a test in a world on each database.
func each(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":  func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "xxsns.db") },
		"mariadb": apptest.MariaDB,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := url(t)
			apptest.Migrate(t, address)
			s, err := store.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			test(t, &world{t: t, store: s, smtp: apptest.NewSMTPServer(t), now: time.Now()})
		})
	}
}

// replica returns the worker of a replica, which writes the name or address into the mail.
func (w *world) replica() *mail.Worker {
	w.t.Helper()
	sender, err := mail.NewSender(w.smtp.URL(), "작은 SNS <sns@example.org>")
	if err != nil {
		w.t.Fatal(err)
	}
	return &mail.Worker{
		Store: w.store, Sender: sender, Log: slog.New(slog.NewTextHandler(&w.log, nil)), Now: func() time.Time { return w.now },
		Compose: func(_ context.Context, m sns.Mail, _ time.Time) (c mail.Composed, err error) {
			if m.To == "nobody@example.org" {
				return c, sns.ErrNotFound
			}
			c.Message = mail.Message{
				To: m.To, Subject: "새 비밀번호를 정하는 링크예요, 오래오래 읽을 수 있도록 길게", Text: "안녕하세요.\n.\n끝", HTML: "<p>안녕하세요.</p>", Stop: "https://sns.example.org/mail/stop/x",
			}
			return c, nil
		},
	}
}

func (w *world) queues(to string) {
	w.t.Helper()
	if err := w.store.QueueMail(w.t.Context(), sns.Mail{Kind: sns.MailForgot, To: to, CreatedAt: w.now}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) runs(replicas ...*mail.Worker) {
	w.t.Helper()
	var all sync.WaitGroup
	for _, replica := range replicas {
		all.Go(func() {
			if err := replica.Run(w.t.Context()); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
}

func (w *world) wantWaiting(want int64) {
	w.t.Helper()
	if n, _, err := w.store.CountMails(w.t.Context(), w.now); err != nil || n != want {
		w.t.Errorf("%d mails wait, %v, want %d", n, err, want)
	}
}

func TestAMailArrivesAsItWasWritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.queues("minji@example.org")
		w.queues("nobody@example.org")
		replica := w.replica()
		w.runs(replica)
		got := w.smtp.Mails()
		if len(got) != 1 || replica.Count(mail.Sent) != 1 || replica.Count(mail.Idle) != 1 {
			t.Fatalf("%d mails, %d sent, %d dropped", len(got), replica.Count(mail.Sent), replica.Count(mail.Idle))
		}
		m := got[0]
		if m.To != "minji@example.org" || m.Subject != "새 비밀번호를 정하는 링크예요, 오래오래 읽을 수 있도록 길게" || m.Text != "안녕하세요.\n.\n끝\n" && m.Text != "안녕하세요.\n.\n끝" || !strings.Contains(m.HTML, "<p>안녕하세요.</p>") {
			t.Errorf("got %+v", m)
		}
		if m.Header.Get("List-Unsubscribe") != "<https://sns.example.org/mail/stop/x>" || m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("the headers are %v", m.Header)
		}
		if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "작은 SNS" || from[0].Address != "sns@example.org" {
			t.Errorf("from %v, %v", from, err)
		}
		w.wantWaiting(0)
	})
}

func TestTwoReplicasSendEachMailOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 12 {
			w.queues("minji@example.org")
		}
		w.runs(w.replica(), w.replica())
		if n := len(w.smtp.Mails()); n != 12 {
			t.Errorf("%d mails, want 12", n)
		}
		w.wantWaiting(0)
	})
}

func TestARefusedMailIsDroppedAndCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, command := range []string{"RCPT", "DATA"} {
			w.queues("gone@example.org")
			w.smtp.Answer(command, "550 5.1.1 no such user")
			replica := w.replica()
			w.runs(replica)
			w.smtp.Answer(command, "")
			if replica.Count(mail.Refused) != 1 {
				t.Errorf("%s: %d are refused", command, replica.Count(mail.Refused))
			}
			w.wantWaiting(0)
		}
		if strings.Contains(w.log.String(), "gone@") {
			t.Errorf("the log has the address: %s", w.log.String())
		}
	})
}

func TestAMailWaitsForTheServer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.queues("minji@example.org")
		w.smtp.Answer("RCPT", "451 4.3.0 later")
		w.runs(w.replica())
		w.runs(w.replica()) // at once: nothing is due
		if n := w.smtp.Asked(); n != 1 {
			t.Errorf("the server was asked %d times", n)
		}
		w.wantWaiting(1)
		w.smtp.Answer("RCPT", "")
		w.now = w.now.Add(2 * time.Minute)
		w.runs(w.replica()) // the program was started again meanwhile
		if n := len(w.smtp.Mails()); n != 1 {
			t.Errorf("%d mails", n)
		}
		w.wantWaiting(0)
	})
}

func TestAMailIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.store.QueueMail(t.Context(), sns.Mail{Kind: sns.MailConfirm, User: 1, To: "minji@example.org", CreatedAt: w.now}); err != nil {
			t.Fatal(err)
		}
		w.queues("minji@example.org") // is too old after an hour
		w.smtp.Answer("RCPT", "451 4.3.0 later")
		replica := w.replica()
		for range sns.MailAttempts {
			w.runs(replica)
			w.now = w.now.Add(7 * time.Hour)
		}
		if replica.Count(mail.GivenUp) != 1 || replica.Count(mail.Old) != 1 {
			t.Errorf("%d given up, %d too old", replica.Count(mail.GivenUp), replica.Count(mail.Old))
		}
		w.wantWaiting(0)
	})
}

func TestAServerThatHangsIsLeft(t *testing.T) {
	t.Parallel()
	smtp := apptest.NewSMTPServer(t)
	smtp.Answer("RCPT", "hang")
	sender, err := mail.NewPatientSender(smtp.URL(), "sns@example.org", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	sent := make(chan error, 1)
	go func() {
		sent <- sender.Send(ctx, mail.Message{To: "minji@example.org", Subject: "a", Text: "a", HTML: "a"})
	}()
	select {
	case err := <-sent:
		if err == nil || errors.Is(err, mail.ErrRefused) {
			t.Errorf("got %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("the caller waits longer than its context")
	}
}
