package apptest

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// An SMTPServer is a mail server on this machine, which keeps the mails that it takes.
type SMTPServer struct {
	tb       testing.TB
	listener net.Listener
	done     chan struct{}

	mu      sync.Mutex // guards the fields below
	answers map[string]string
	mails   []Mail
	asked   int
}

// A Mail is a mail that an SMTPServer has taken, decoded.
type Mail struct {
	To      string
	Header  mail.Header
	Subject string
	Text    string
	HTML    string
}

// Link returns the first address in the text whose path begins with a prefix, without what
// stands before the path.
func (m Mail) Link(prefix string) string {
	return regexp.MustCompile(regexp.QuoteMeta(prefix) + `[^\s]*`).FindString(m.Text)
}

// NewSMTPServer starts a mail server, which takes everything until Answer.
func NewSMTPServer(tb testing.TB) *SMTPServer {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // returns at once
	if err != nil {
		tb.Fatal(err)
	}
	s := &SMTPServer{tb: tb, listener: listener, done: make(chan struct{}), answers: map[string]string{}}
	tb.Cleanup(func() {
		close(s.done)
		_ = listener.Close()
	})
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

// URL returns the SMTP_URL of the server.
func (s *SMTPServer) URL() string { return "smtp://" + s.listener.Addr().String() }

// Answer makes the server answer the command RCPT or DATA with a line such as "550 no such
// user", never if the line is "hang", or as usual if the line is empty.
func (s *SMTPServer) Answer(command, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[command] = line
}

// Mails returns the mails that were taken.
func (s *SMTPServer) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Asked returns how many mails were to be sent, also those that were refused.
func (s *SMTPServer) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Wait waits until n mails were taken, and returns them.
func (s *SMTPServer) Wait(n int) []Mail {
	s.tb.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if got := s.Mails(); len(got) >= n {
			return got
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.tb.Fatalf("%d mails, want %d", len(s.Mails()), n)
	return nil
}

// serve speaks with a client until it hangs up.
func (s *SMTPServer) serve(conn net.Conn) {
	defer conn.Close()
	in, to := bufio.NewReader(conn), ""
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 mail.example.org")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command := strings.ToUpper(strings.TrimSpace(line))
		switch {
		case strings.HasPrefix(command, "EHLO"):
			say("250-mail.example.org\r\n250-8BITMIME\r\n250 SMTPUTF8")
		case strings.HasPrefix(command, "RCPT"):
			to = strings.Trim(strings.TrimSpace(line[len("RCPT TO:"):]), "<>")
			s.mu.Lock()
			s.asked++
			s.mu.Unlock()
			s.answers250(say, "RCPT")
		case command == "DATA":
			say("354 go on")
			body, err := io.ReadAll(textproto.NewReader(in).DotReader())
			if err != nil {
				return
			}
			if s.answers250(say, "DATA") {
				s.take(to, string(body))
			}
		case command == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// answers250 answers a command, and reports whether the answer was yes.
func (s *SMTPServer) answers250(say func(string), command string) bool {
	s.mu.Lock()
	answer := s.answers[command]
	s.mu.Unlock()
	switch answer {
	case "":
		say("250 ok")
		return true
	case "hang":
		<-s.done
		return false
	}
	say(answer)
	return false
}

// take keeps a mail, and fails the test if the mail is not as clients can read it.
func (s *SMTPServer) take(to, body string) {
	m, err := mail.ReadMessage(strings.NewReader(body))
	if err != nil {
		s.tb.Errorf("the mail is broken: %v\n%s", err, body)
		return
	}
	got := Mail{To: to, Header: m.Header}
	if got.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		s.tb.Errorf("the subject is broken: %v", err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		s.tb.Errorf("the mail is %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			break
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil || part.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			s.tb.Errorf("a part is broken: %v", err)
		}
		if kind := part.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/plain") {
			got.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
		} else {
			got.HTML = string(text)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, got)
}
