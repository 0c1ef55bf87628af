package systemd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xxsns/app/systemd"
)

func installation() systemd.Installation {
	return systemd.Installation{
		Program: "/usr/local/bin/xxsns", Folder: "/var/lib/xxsns", Environment: "/etc/xxsns.env", Addr: ":8080", User: "xxsns",
		Writes: []string{"/var/lib/xxsns/uploads", "/var/lib/xxsns", "/var/lib/xxsns"}, Backups: "/var/backups/100% sns", Keep: 7,
	}
}

// unit returns the lines of a unit.
func unit(t *testing.T, i systemd.Installation, name string) []string {
	t.Helper()
	units, err := systemd.Units(i)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if u.Name == name {
			return strings.Split(u.Text, "\n")
		}
	}
	t.Fatalf("there is no %s", name)
	return nil
}

func wantLines(t *testing.T, lines []string, want ...string) {
	t.Helper()
	for _, line := range want {
		if !slices.Contains(lines, line) {
			t.Errorf("%q is not in\n%s", line, strings.Join(lines, "\n"))
		}
	}
}

func TestUnitsNameTheInstallation(t *testing.T) {
	t.Parallel()
	i := installation()
	wantLines(t, unit(t, i, "xxsns.service"), `ExecStart="/usr/local/bin/xxsns" serve`, "WorkingDirectory=/var/lib/xxsns", "EnvironmentFile=/etc/xxsns.env",
		"User=xxsns", "Requires=xxsns.socket", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", `ReadWritePaths="/var/lib/xxsns"`, `ReadWritePaths="/var/lib/xxsns/uploads"`)
	wantLines(t, unit(t, i, "xxsns.socket"), "ListenStream=8080")
	wantLines(t, unit(t, i, "xxsns-backup.service"), `ExecStart="/usr/local/bin/xxsns" backup --keep 7 "/var/backups/100%% sns"`, "Type=oneshot",
		`ReadWritePaths="/var/backups/100%% sns"`, `ReadWritePaths="/var/lib/xxsns"`)
	wantLines(t, unit(t, i, "xxsns-backup.timer"), "Persistent=true", "WantedBy=timers.target")
	i.Folder = "/home/seojun/xxsns"
	i.Program = "/tmp/xxsns"
	wantLines(t, unit(t, i, "xxsns.service"), "ProtectHome=read-only", "PrivateTmp=no")
}

func TestAddressesForSystemd(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:8080", "[::1]:80": "[::1]:80", "localhost:80": "127.0.0.1:80", ":http": "80",
		"sns.example.org:80": "", "8080": "",
	} {
		i := installation()
		i.Addr = addr
		units, err := systemd.Units(i)
		switch {
		case want == "":
			if err == nil || !strings.HasPrefix(err.Error(), "ADDR: ") {
				t.Errorf("%s: %v", addr, err)
			}
		case err != nil || !strings.Contains(units[1].Text, "\nListenStream="+want+"\n"):
			t.Errorf("%s: %v, %v", addr, units, err)
		}
	}
	for _, folder := range []string{"relative", "/with\nline", `/with"quote`} {
		i := installation()
		i.Writes = []string{folder}
		if _, err := systemd.Units(i); err == nil {
			t.Errorf("%q stands in a unit", folder)
		}
	}
}

// systemd itself finds nothing wrong with the units.
func TestSystemdReadsTheUnits(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("needs systemd-analyze")
	}
	folder, i := t.TempDir(), installation()
	i.Program = "/bin/true"
	units, err := systemd.Units(i)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"verify", "--man=no", "--recursive-errors=no"}
	for _, u := range units {
		path := filepath.Join(folder, u.Name)
		if err := os.WriteFile(path, []byte(u.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.CommandContext(t.Context(), analyze, args...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
	broken := filepath.Join(folder, "broken.service")
	if err := os.WriteFile(broken, []byte("[Service]\nExecStart=relative\nNonsense=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", broken).CombinedOutput(); !strings.Contains(string(out), "Nonsense") {
		t.Errorf("systemd-analyze finds nothing wrong with a broken unit: %s", out)
	}
}
