package apptest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Nginx is a private nginx that runs the nginx.conf of the repository, in which
// only addresses are replaced.
type Nginx struct {
	URL       string
	SecureURL string // with TLS; empty without

	tb      testing.TB
	folder  string
	port    int
	process *process
}

// StartNginx starts nginx before two replicas at addresses such as
// 127.0.0.1:8080, which need not be there yet. The server ends with the test.
// The bounds of an address are lifted: tests and loads come from few addresses.
func StartNginx(tb testing.TB, app1, app2 string) *Nginx {
	tb.Helper()
	return startNginx(tb, app1, app2, "", liftBounds)
}

// StartBoundedNginx is StartNginx with the bounds of the shipped file, and with more
// changes of its text.
func StartBoundedNginx(tb testing.TB, app1, app2 string, changes ...func(string) string) *Nginx {
	tb.Helper()
	return startNginx(tb, app1, app2, "", changes...)
}

// StartSecureNginx is StartNginx with the files of a folder beside nginx.conf, as operators
// put them into .tls: site.conf, in which only the address is replaced, certificate and key.
func StartSecureNginx(tb testing.TB, app1, app2, tls string) *Nginx {
	tb.Helper()
	return startNginx(tb, app1, app2, tls, liftBounds)
}

// startNginx starts nginx with the files of the folder tls, if that is not empty.
func startNginx(tb testing.TB, app1, app2, tls string, changes ...func(string) string) *Nginx {
	tb.Helper()
	Need(tb, "nginx")
	folder, remove, err := newFolder()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(remove)
	n := &Nginx{tb: tb, folder: folder}
	if n.port, err = freePort(); err != nil {
		tb.Fatal(err)
	}
	n.URL = "http://" + n.address()
	n.configure(app1, app2, changes...)
	if tls != "" {
		n.secure(tls)
	}
	tb.Cleanup(n.Kill9)
	n.Start()
	return n
}

// The bounds of an address in nginx.conf.
var (
	boundOfConnections = regexp.MustCompile(`(limit_conn \w+) \d+;`)
	boundOfRequests    = regexp.MustCompile(`rate=\d+r/s`)
)

// liftBounds returns the text of nginx.conf with bounds that no test reaches.
func liftBounds(text string) string {
	return boundOfRequests.ReplaceAllString(boundOfConnections.ReplaceAllString(text, "$1 65535;"), "rate=100000r/s")
}

// configure writes the shipped file with the addresses of the test, and with the changes.
func (n *Nginx) configure(app1, app2 string, changes ...func(string) string) {
	n.tb.Helper()
	text := NginxConf(n.tb)
	for _, change := range changes {
		text = change(text)
	}
	for shipped, ours := range map[string]string{
		"listen 80;":       "listen " + n.address() + ";",
		"server app1:8080": "server " + app1,
		"server app2:8080": "server " + app2,
	} {
		if strings.Count(text, "\n        "+shipped) != 1 {
			n.tb.Fatalf("nginx.conf has not one line that begins with %q", shipped)
		}
		text = strings.Replace(text, "\n        "+shipped, "\n        "+ours, 1)
	}
	if err := os.WriteFile(filepath.Join(n.folder, "nginx.conf"), []byte(text), 0o600); err != nil {
		n.tb.Fatal(err)
	}
}

// secure links the folder of TLS, and writes its settings with the address of the test.
func (n *Nginx) secure(tls string) {
	n.tb.Helper()
	port, err := freePort()
	if err != nil {
		n.tb.Fatal(err)
	}
	n.SecureURL = fmt.Sprintf("https://127.0.0.1:%d", port)
	settings, err := os.ReadFile(filepath.Join(tls, "site.conf"))
	if err != nil {
		n.tb.Fatal(err)
	}
	text := string(settings)
	for shipped, ours := range map[string]string{
		"listen 443 ssl;\nhttp2 on;": fmt.Sprintf("listen 127.0.0.1:%d ssl http2;", port), // as nginx before 1.25.1 says so, too
		"/etc/nginx/":                n.folder + "/",
	} {
		if strings.Count(text, shipped) != 1 {
			n.tb.Fatalf("site.conf has not %q once:\n%s", shipped, text)
		}
		text = strings.Replace(text, shipped, ours, 1)
	}
	err = os.WriteFile(filepath.Join(tls, "site.conf"), []byte(text), 0o600)
	if err == nil {
		err = os.Symlink(tls, filepath.Join(n.folder, "tls"))
	}
	if err != nil {
		n.tb.Fatal(err)
	}
}

// NginxConf is the nginx.conf of the repository.
func NginxConf(tb testing.TB) string {
	tb.Helper()
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(folder, "go.mod")); missing == nil {
			break
		}
		if folder == filepath.Dir(folder) {
			err = errors.New("the test does not run in the repository")
		}
		folder = filepath.Dir(folder)
	}
	if err != nil {
		tb.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "nginx.conf"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// Start starts nginx again after Kill9, at the same address.
func (n *Nginx) Start() {
	n.tb.Helper()
	program, _ := lookUp("nginx")
	settings := "daemon off;"
	if os.Geteuid() == 0 {
		settings += " user root;" // workers of another user could not write to the test's folder
	}
	cmd := exec.Command(program, "-e", "stderr", "-p", n.folder, "-c", filepath.Join(n.folder, "nginx.conf"), "-g", settings)
	leadGroup(cmd)
	process, err := startCommand(n.folder, cmd)
	if err != nil {
		n.tb.Fatal(err)
	}
	n.process = process
	if err := process.waitFor(n.dial); err != nil {
		n.tb.Fatal(err)
	}
}

// Kill9 kills nginx as a crash would, and waits until the workers are gone.
func (n *Nginx) Kill9() {
	if n.process == nil {
		return
	}
	n.process.killGroup()
	for n.dial() == nil { // a worker goes a moment after its master
		time.Sleep(time.Millisecond)
	}
}

// Reload makes nginx read its file again, as operators do (SIGHUP), and waits
// until the new workers are there and the old workers take no new connections.
// The old workers finish their requests and close idle connections: a client
// that has one asks on a new connection next (see Client.Reconnect).
func (n *Nginx) Reload() {
	n.tb.Helper()
	before := n.workers()
	if err := n.process.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		n.tb.Fatal(err)
	}
	serves := func(worker string) bool { return !slices.Contains(before, worker) }
	for deadline := time.Now().Add(patience); !slices.ContainsFunc(n.workers(), serves) || slices.ContainsFunc(before, isAccepting); {
		if time.Now().After(deadline) {
			n.tb.Fatalf("nginx has not loaded its file again:\n%s", n.Log())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// isAccepting reports whether a worker is there and takes connections. A worker
// that was told to quit says so in its title before it does anything else.
func isAccepting(worker string) bool {
	title, err := os.ReadFile("/proc/" + worker + "/cmdline")
	return err == nil && len(title) > 0 && !bytes.Contains(title, []byte("shutting down"))
}

// workers returns the processes that nginx has started.
func (n *Nginx) workers() []string {
	pid := n.process.cmd.Process.Pid
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil {
		n.tb.Fatal(err)
	}
	return strings.Fields(string(children))
}

// Log returns the log of nginx: a line for each answered request, and the
// errors.
func (n *Nginx) Log() string {
	output, _ := os.ReadFile(n.process.logFile) // made by startCommand
	return string(output)
}

// dial fails as long as nginx does not listen.
func (n *Nginx) dial() error {
	conn, err := net.Dial("tcp", n.address())
	if err == nil {
		err = conn.Close()
	}
	return err
}

func (n *Nginx) address() string { return fmt.Sprintf("127.0.0.1:%d", n.port) }
