package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 29, 13, 0, 0, 0, time.UTC)

// installation returns a folder with an .env.
func installation(t *testing.T, env string) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, ".env"), env)
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// makes runs the command, and returns what it prints.
func makes(t *testing.T, domain, root string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(&out, []string{domain, root}, now); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestACertificateForATry(t *testing.T) {
	for domain, name := range map[string]string{"sns.example.org": "sns.example.org", "SNS.Example.org": "sns.example.org", "localhost": "localhost", "192.0.2.7": "192.0.2.7", "::1": "::1"} {
		root := installation(t, "HTTP_PORT=80\nPUBLIC_URL=\n")
		printed := makes(t, domain, root)
		folder := filepath.Join(root, ".tls")
		pair, err := tls.LoadX509KeyPair(filepath.Join(folder, "site.crt"), filepath.Join(folder, "site.key"))
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AddCert(pair.Leaf)
		for _, at := range []time.Duration{0, 89 * 24 * time.Hour} {
			if _, err := pair.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: now.Add(at)}); err != nil {
				t.Errorf("%s after %v: %v", domain, at, err)
			}
		}
		if pair.Leaf.VerifyHostname("evil.example.org") == nil {
			t.Errorf("%s: the certificate is everybody's", domain)
		}
		if info, err := os.Stat(filepath.Join(folder, "site.key")); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the key: %v, %v", info, err)
		}
		if !strings.Contains(printed, "for a try") || !strings.Contains(printed, "certbot") || strings.Contains(printed, "PRIVATE KEY") {
			t.Errorf("it says\n%s", printed)
		}
	}
}

// A second run, such as with a newer version, keeps the certificate that was bought or
// given meanwhile.
func TestWhatIsThereIsKept(t *testing.T) {
	root := installation(t, "SESSION_SECRET=ours\nPUBLIC_URL=https://old.example.org\n")
	makes(t, "sns.example.org", root)
	folder := filepath.Join(root, ".tls")
	write(t, filepath.Join(folder, "site.crt"), "theirs")
	write(t, filepath.Join(folder, "site.conf"), "old")
	key := read(t, folder, "site.key")
	printed := makes(t, "sns.example.org", root)
	if read(t, folder, "site.crt") != "theirs" || read(t, folder, "site.key") != key {
		t.Error("certificate or key are new")
	}
	if !strings.Contains(read(t, folder, "site.conf"), "https://sns.example.org$request_uri") {
		t.Error("the settings are old")
	}
	if env := read(t, root, ".env"); env != "SESSION_SECRET=ours\nPUBLIC_URL=https://old.example.org\n" {
		t.Errorf(".env becomes\n%s", env)
	}
	for _, want := range []string{"are kept", "PUBLIC_URL in .env is https://old.example.org and not https://sns.example.org"} {
		if !strings.Contains(printed, want) {
			t.Errorf("it does not say %q:\n%s", want, printed)
		}
	}
}

func TestTheAddressIsPublished(t *testing.T) {
	for env, want := range map[string]string{
		"A=1\nPUBLIC_URL=\nB=2\n": "A=1\nPUBLIC_URL=https://sns.example.org\nB=2\n",
		"A=1":                     "A=1\nPUBLIC_URL=https://sns.example.org\n",
		"HTTPS_PORT=127.0.0.1:8443\nPUBLIC_URL=\n":    "HTTPS_PORT=127.0.0.1:8443\nPUBLIC_URL=https://sns.example.org:8443\n",
		"PUBLIC_URL=https://sns.example.org\n":        "PUBLIC_URL=https://sns.example.org\n",
		"# PUBLIC_URL=x\nTLS_FOLDER=certificates\n\n": "# PUBLIC_URL=x\nTLS_FOLDER=certificates\n\nPUBLIC_URL=https://sns.example.org\n",
	} {
		root := installation(t, env)
		makes(t, "sns.example.org", root)
		if got := read(t, root, ".env"); got != want {
			t.Errorf("%q becomes %q, want %q", env, got, want)
		}
		if strings.Contains(env, "TLS_FOLDER") {
			read(t, root, "certificates", "site.conf")
		}
	}
}

func TestNoDomain(t *testing.T) {
	root := installation(t, "")
	for _, domain := range []string{"", "-x", "a..b", "https://sns.example.org", "sns.example.org/", "a b", "x;}", "*.example.org", strings.Repeat("a", 64) + ".org", "예시.한국"} {
		if err := run(&bytes.Buffer{}, []string{domain, root}, now); err == nil || !strings.Contains(err.Error(), "which domain?") {
			t.Errorf("%q: %v", domain, err)
		}
	}
	if err := run(&bytes.Buffer{}, []string{"sns.example.org", t.TempDir()}, now); err == nil || !strings.Contains(err.Error(), ".env is missing") {
		t.Errorf("without .env: %v", err)
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 1 {
		t.Errorf("it wrote %v, %v", entries, err)
	}
}
