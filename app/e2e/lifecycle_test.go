package e2e

import (
	"bufio"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/media/mediatest"
)

// patience is that of all tests.
const patience = await.Patience

// TestTerminatedWhileBusy: SIGTERM loses no photos. A request that is under way
// is answered; streams end; new connections are refused; then the program ends
// by itself, without an error in its log.
func TestTerminatedWhileBusy(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	adds(t, p, "민지")
	minji := signsIn(t, p, "민지", apptest.Password)
	ends := make([]<-chan error, 20)
	for i := range ends {
		ends[i] = listens(t, minji)
	}
	upload := sendsSlowly(t, minji, "끝까지 올린 글", mediatest.PhoneJPEG(1200, 900, 6))
	upload.begin(t)

	exit := p.Terminate()
	for _, end := range ends {
		if err := within(t, "the stream ends", end); err != nil {
			t.Errorf("the stream broke off: %v", err)
		}
	}
	if conn, err := net.DialTimeout("tcp", strings.TrimPrefix(p.URL, "http://"), patience); err == nil {
		_ = conn.Close()
		t.Error("a new connection is taken")
	}
	select {
	case code := <-exit:
		t.Fatalf("the program did not wait for the upload: exit code %d\n%s", code, p.Log())
	case <-time.After(300 * time.Millisecond):
	}
	upload.finish(t)
	if status := within(t, "the upload is answered", upload.answered); status != http.StatusSeeOther {
		t.Errorf("the upload was answered with %d", status)
	}
	if code := within(t, "the program ends", exit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if log := p.Log(); strings.Contains(log, "level=") {
		t.Errorf("a clean stop is no reason to warn:\n%s", log)
	}

	p.Start()
	if shown := readAll(t, p, "민지"); shown["끝까지 올린 글"] != 1 {
		t.Errorf("after the restart there is %v", shown)
	}
}

// TestTerminatedAtOnce: with only idle connections the program ends without a
// wait: it would complain of requests that were cut off.
func TestTerminatedAtOnce(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	p.Guest().Get("/sign-in").Want(http.StatusOK)
	if code := within(t, "the program ends", p.Terminate()); code != 0 || strings.Contains(p.Log(), "level=") {
		t.Errorf("exit code %d\n%s", code, p.Log())
	}
}

// TestGreeting: the program prints its address and, as long as the community
// has no administrator, how to make an administrator.
func TestGreeting(t *testing.T) {
	t.Parallel()
	const seed, add, role = " seed\n", " user add 이름 --role ADMIN\n", " user role 이름 ADMIN\n"
	p := apptest.StartProgram(t)
	says := func(parts map[string]bool) {
		t.Helper()
		for part, want := range parts {
			if strings.Contains(p.Log(), part) != want {
				t.Errorf("%q is said: %v, want %v\n%s", part, !want, want, p.Log())
			}
		}
	}
	restart := func() {
		t.Helper()
		within(t, "the program ends", p.Terminate())
		p.Start()
	}
	says(map[string]bool{seed: true, add: true, role: true})
	adds(t, p, "민지")
	restart()
	says(map[string]bool{seed: false, add: true, role: true})
	operate(t, p, "", nil, "user", "role", "민지", "ADMIN").does("ADMIN")
	restart()
	says(map[string]bool{seed: false, add: false, role: false})
}

// within waits for the value of a channel.
func within[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("never: %s", what)
	}
	return v
}

// adds makes a member by the command.
func adds(t *testing.T, p *apptest.Program, name string, options ...string) {
	t.Helper()
	if out, err := p.Run(apptest.Password+"\n", append([]string{"user", "add", name}, options...)...); err != nil {
		t.Fatalf("user add: %v\n%s", err, out)
	}
}

// signsIn returns the client of a member who has signed in.
func signsIn(t *testing.T, p *apptest.Program, name, password string) *apptest.Client {
	t.Helper()
	c := p.Guest()
	c.Post("/sign-in", "username", name, "password", password).Want(http.StatusSeeOther)
	return c
}

// listens opens a stream, and returns a channel that brings the end of the
// stream: nil if the server ended the stream in good order.
func listens(t *testing.T, c *apptest.Client) <-chan error {
	t.Helper()
	res, err := c.HTTP().Do(c.Request(http.MethodGet, "/live?topic=timeline", nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	body := bufio.NewReader(res.Body)
	if hello, err := body.ReadString('\n'); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("no stream: %d, %q, %v", res.StatusCode, hello, err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, body)
		ended <- err
	}()
	return ended
}

// A slowUpload is a post with a picture on its way over a slow line.
type slowUpload struct {
	picture  []byte
	body     *io.PipeWriter
	form     *multipart.Writer
	part     io.Writer
	read     <-chan struct{} // closed once the server reads the body
	answered <-chan int      // brings the status, or 0 when the connection broke
}

func sendsSlowly(t *testing.T, c *apptest.Client, text string, picture []byte) *slowUpload {
	t.Helper()
	pipe, body := io.Pipe()
	t.Cleanup(func() { _ = body.Close() })
	read, answered := make(chan struct{}), make(chan int, 1)
	u := &slowUpload{picture: picture, body: body, form: multipart.NewWriter(body), read: read, answered: answered}
	req := c.Request(http.MethodPost, "/posts", pipe)
	req.Header.Set("Content-Type", u.form.FormDataContentType())
	req.Header.Set("Expect", "100-continue")
	req = req.WithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(read) }}))
	go func() {
		res, err := c.HTTP().Do(req)
		if err != nil {
			answered <- 0
			return
		}
		_ = res.Body.Close()
		answered <- res.StatusCode
	}()
	if err := u.form.WriteField("content", text); err != nil {
		t.Fatal(err)
	}
	return u
}

// begin sends half of the picture, and returns when the server is reading it.
func (u *slowUpload) begin(t *testing.T) {
	t.Helper()
	var err error
	if u.part, err = u.form.CreateFormFile("images", "사진.jpg"); err != nil {
		t.Fatal(err)
	}
	if _, err := u.part.Write(u.picture[:len(u.picture)/2]); err != nil {
		t.Fatal(err)
	}
	within(t, "the server reads the upload", u.read)
}

// finish sends the rest.
func (u *slowUpload) finish(t *testing.T) {
	t.Helper()
	if _, err := u.part.Write(u.picture[len(u.picture)/2:]); err != nil {
		t.Fatal(err)
	}
	if err := u.form.Close(); err != nil {
		t.Fatal(err)
	}
	if err := u.body.Close(); err != nil {
		t.Fatal(err)
	}
}
