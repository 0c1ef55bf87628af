package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestARestartOfOneProcessRefusesNobody: a single process on the embedded database is restarted
// several times under load, on a socket that it inherits. No request fails, and each post that
// was sent is there once.
func TestARestartOfOneProcessRefusesNobody(t *testing.T) {
	t.Parallel()
	const restarts, readers, writers = 4, 6, 2
	p := apptest.StartActivatedProgram(t)
	adds(t, p, "민지")
	minji := signsIn(t, p, "민지", apptest.Password)
	// A proxy that keeps no connection, as nginx.conf is: on one that is kept, a form may
	// arrive while the server closes it.
	client := &http.Client{Jar: minji.HTTP().Jar, Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var asked, posted, failed atomic.Int64
	stop, busy := make(chan struct{}), sync.WaitGroup{}
	does := func(request *http.Request, want int) {
		answer, err := client.Do(request)
		asked.Add(1)
		if err != nil {
			failed.Add(1)
			t.Error(err)
			return
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			failed.Add(1)
			t.Errorf("%s %s is answered %s", request.Method, request.URL.Path, answer.Status)
		}
	}
	works := func(act func()) {
		busy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					act()
				}
			}
		})
	}
	for range readers {
		works(func() { does(minji.Request(http.MethodGet, "/", nil), http.StatusOK) })
	}
	for range writers {
		works(func() {
			does(minji.Form("/posts", nil, "content", fmt.Sprintf("글 %d", posted.Add(1))), http.StatusSeeOther)
			time.Sleep(20 * time.Millisecond)
		})
	}
	for range restarts {
		before := asked.Load()
		for deadline := time.Now().Add(patience); asked.Load() < before+50 && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
		select {
		case code := <-p.Terminate():
			if code != 0 {
				t.Errorf("exit code %d\n%s", code, p.Log())
			}
		case <-time.After(drainWithin):
			t.Fatalf("the process does not stop\n%s", p.Log())
		}
		time.Sleep(200 * time.Millisecond) // as long as systemd may take
		p.Start()
	}
	close(stop)
	busy.Wait()
	t.Logf("%d requests, of which %d are posts, over %d restarts: %d failed", asked.Load(), posted.Load(), restarts, failed.Load())
	if asked.Load() < 50*restarts {
		t.Errorf("only %d requests were sent", asked.Load())
	}
	if text := minji.Get("/users/민지").Want(http.StatusOK).Text("main"); !strings.Contains(text, fmt.Sprintf("글 %d", posted.Load())) {
		t.Errorf("the last post is not there:\n%.500s", text)
	}
}

// TestUnitsOfAnInstallation: the command prints units with the paths of this program and its
// variables, or writes them.
func TestUnitsOfAnInstallation(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	operate(t, p, "", []string{"ADDR=127.0.0.1:8081"}, "systemd", "--user=sns", "--environment=our.env").does(
		"# /etc/systemd/system/xxsns.service\n", "ListenStream=127.0.0.1:8081\n", "User=sns\n", "EnvironmentFile="+filepath.Join(p.Folder, "our.env")+"\n",
		"WorkingDirectory="+p.Folder+"\n", `/xxsns" serve`, `ReadWritePaths="`+filepath.Join(p.Folder, "db")+`"`, `ReadWritePaths="`+filepath.Join(p.Folder, "uploads")+`"`,
		`backup --keep 7 "/var/backups/xxsns"`)
	operate(t, p, "", []string{"ADDR=sns.example.org:80"}, "systemd").refuses("ADDR: ")
	into := t.TempDir()
	operate(t, p, "", nil, "systemd", "--into", into).does(filepath.Join(into, "xxsns.socket"), filepath.Join(into, "xxsns-backup.timer"))
	if text, err := os.ReadFile(filepath.Join(into, "xxsns.service")); err != nil || !strings.Contains(string(text), "Requires=xxsns.socket") {
		t.Errorf("the unit is %s, %v", text, err)
	}
}
