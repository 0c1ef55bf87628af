// Package push tells browsers of notices while no page of theirs is open (Web Push): it signs
// and encrypts what the push services of the browsers pass on, works off the queue of pushes,
// and checks the addresses of those services.
package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"xxsns/app/network"
	"xxsns/app/sns"
)

// Bounds of what a browser subscribes with, in bytes. Endpoints of the large services have some
// hundred.
const (
	EndpointMax = 2048
	secretSize  = 16
	hostMax     = 253
)

// Errors of Check.
var (
	ErrEndpoint = errors.New("no address of a push service")
	ErrKeys     = errors.New("no keys of a browser")
)

// publicName matches names of hosts that the public DNS may know: at least two labels, of which
// the last has a letter, so that no spelling of an address matches.
var publicName = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+(?:[a-z][a-z0-9-]{0,61}[a-z0-9])$`)

// insideNames are the last labels of names that lead into the operator's network.
var insideNames = []string{".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".home.arpa", ".test", ".invalid", ".example", ".onion"}

// Check returns ErrEndpoint or ErrKeys if a subscription is none that a browser has from a push
// service: the endpoint must be https on port 443 of a public host, without credentials. Names
// are not resolved; the dialer checks what they lead to.
func Check(d sns.PushDevice) error {
	if !goodEndpoint(d.Endpoint) {
		return ErrEndpoint
	}
	secret, err := decode(d.Secret)
	if err != nil || len(secret) != secretSize {
		return ErrKeys
	}
	public, err := decode(d.PublicKey)
	if err != nil {
		return ErrKeys
	}
	if _, err := ecdh.P256().NewPublicKey(public); err != nil { // of another size, or not on the curve
		return ErrKeys
	}
	return nil
}

func goodEndpoint(raw string) bool {
	if len(raw) > EndpointMax || strings.ContainsFunc(raw, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '\\' }) {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" || u.Opaque != "" || u.User != nil || strings.Contains(raw, "#") {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if port := u.Port(); port != "" && port != "443" || strings.HasSuffix(u.Host, ":") || len(host) > hostMax {
		return false
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return network.Public(address)
	}
	if !publicName.MatchString(host) {
		return false
	}
	for _, inside := range insideNames {
		if strings.HasSuffix(host, inside) {
			return false
		}
	}
	return true
}

// decode reads base64url, with or without padding.
func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(s, "="))
}
