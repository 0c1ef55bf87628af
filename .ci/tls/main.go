// Command tls writes what nginx needs to speak TLS: the settings, and a certificate that
// it signs itself, for a try. What is there is kept, but for the settings. PUBLIC_URL in
// .env becomes the address if there is none.
//
//	go run ./.ci/tls DOMAIN [FOLDER]
//
// FOLDER, by default the repository, holds .env; TLS_FOLDER and HTTPS_PORT count.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	if err := run(os.Stdout, os.Args[1:], time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "tls:", err)
		os.Exit(1)
	}
}

// run writes the files, and prints what is to be done then.
func run(out io.Writer, args []string, now time.Time) error {
	if len(args) == 0 || len(args) > 2 || !isDomain(args[0]) {
		return errors.New("which domain? make tls DOMAIN=sns.example.org")
	}
	domain, root := strings.ToLower(args[0]), "."
	if len(args) == 2 {
		root = args[1]
	}
	env, err := readEnv(filepath.Join(root, ".env"))
	if err != nil {
		return err
	}
	folder := env.get("TLS_FOLDER", "./.tls")
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(root, folder)
	}
	if err := os.MkdirAll(filepath.Join(folder, challenges), 0o755); err != nil { //nolint:gosec // nginx's workers read the answers
		return fmt.Errorf("%w (the engine may have made the folder: sudo chown)", err)
	}
	address := publicURL(domain, env.get("HTTPS_PORT", "443"))
	if err := os.WriteFile(filepath.Join(folder, "site.conf"), []byte(site(address)), 0o644); err != nil { //nolint:gosec // no secret
		return err
	}
	made, err := certify(folder, domain, now)
	if err != nil {
		return err
	}
	kept, err := env.publish(address)
	if err != nil {
		return err
	}
	return explain(out, report{domain: domain, folder: folder, root: root, address: address, made: made, kept: kept})
}

// label matches a domain in lower or upper case, as certificates hold it.
var label = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

// isDomain reports whether s is a domain, or an address for a try.
func isDomain(s string) bool {
	return len(s) <= 253 && label.MatchString(s) || net.ParseIP(s) != nil
}

// publicURL returns the address of a domain, with the port that the compose file publishes:
// a port, or an address and a port.
func publicURL(domain, published string) string {
	port := published[strings.LastIndexByte(published, ':')+1:]
	if port != "443" {
		return "https://" + net.JoinHostPort(domain, port)
	}
	if strings.Contains(domain, ":") {
		domain = "[" + domain + "]"
	}
	return "https://" + domain
}

// exists reports whether there is a file.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
