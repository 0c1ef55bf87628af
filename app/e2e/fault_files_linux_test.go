package e2e

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestFaultOutOfFiles: more people come than the program may have connections. The log
// says so in plain words, once; what cannot be opened is answered with 503, and the
// program goes on when there is room again.
func TestFaultOutOfFiles(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	p.AddUser("민지", sns.RoleUser)
	minji := signsIn(t, p, "민지", apptest.Password)
	_, picture := postsWithPhoto(t, minji, "바다")
	minji.Get("/").Want(http.StatusOK)

	p.LimitFiles(5)
	var crowd []net.Conn
	for range 40 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://")) //nolint:noctx // the listener is on this machine
		if err != nil {
			t.Fatal(err)
		}
		crowd = append(crowd, conn)
	}
	const words = "out of file descriptors"
	for deadline := time.Now().Add(patience); !strings.Contains(p.Log(), words); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log does not say %q:\n%s", words, p.Log())
		}
	}
	minji.Get(picture).Want(http.StatusServiceUnavailable) // over the connection that she has
	time.Sleep(2 * time.Second)                            // net/http tries again and again
	for _, conn := range crowd {
		_ = conn.Close()
	}
	signsIn(t, p, "민지", apptest.Password).Get(picture).Want(http.StatusOK)
	if n := strings.Count(p.Log(), words); n != 1 {
		t.Errorf("the log says so %d times", n)
	}
}
