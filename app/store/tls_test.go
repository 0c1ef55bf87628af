package store_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// certificate makes a self-signed certificate, and returns the arguments with
// which a server uses it.
func certificate(t *testing.T) []string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// The server checks the dates, too; the test may run at any time.
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().AddDate(0, 0, -1), NotAfter: time.Now().AddDate(0, 0, 1)}
	cert, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, block := range []struct {
		option, kind string
		bytes        []byte
	}{{"--ssl-cert=", "CERTIFICATE", cert}, {"--ssl-key=", "PRIVATE KEY", private}} {
		path := filepath.Join(t.TempDir(), "part.pem")
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: block.kind, Bytes: block.bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, block.option+path)
	}
	return args
}

// The account requires an encrypted connection.
func TestEncryptedConnections(t *testing.T) {
	t.Parallel()
	server := apptest.StartMariaDB(t, apptest.MariaDBOptions{Args: certificate(t)})
	url := server.Database(t)
	d := migrated(t, url)
	d.run(t, `CREATE USER secretive@'127.0.0.1' IDENTIFIED BY 'secret' REQUIRE SSL`)
	d.run(t, `GRANT ALL PRIVILEGES ON *.* TO secretive@'127.0.0.1'`)
	url = strings.Replace(url, "//xxsns:", "//secretive:", 1)
	for option, words := range map[string]string{
		"":                 "Access denied",
		"?tls=true":        "certificate",
		"?tls=skip-verify": "",
		"?tls=preferred":   "",
	} {
		_, err := store.Migrate(t.Context(), url+option)
		if err == nil != (words == "") || err != nil && !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v, want %q", option, err, words)
		}
	}
}

func TestServerWithoutEncryption(t *testing.T) {
	t.Parallel()
	url := apptest.StartMariaDB(t, apptest.MariaDBOptions{}).Database(t)
	for option, words := range map[string]string{
		"?tls=true":        "does not support TLS",
		"?tls=skip-verify": "does not support TLS",
		"?tls=preferred":   "",
	} {
		_, err := store.Migrate(t.Context(), url+option)
		if err == nil != (words == "") || err != nil && !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v, want %q", option, err, words)
		}
	}
}
