package config

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

var errPublicURL = errors.New("PUBLIC_URL: must be https://HOST or http://HOST, with a port if there is one, and nothing else")

// PublicTLS reports whether people reach the server over TLS, as PUBLIC_URL says. A proxy
// before the server may not say so in its requests.
func (c Config) PublicTLS() bool { return strings.HasPrefix(c.PublicURL, "https://") }

// publicURL returns the URL without a slash at the end; empty stays empty.
func publicURL(value string) (string, error) {
	value = strings.TrimSuffix(value, "/")
	if value == "" {
		return "", nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || value != u.Scheme+"://"+u.Host {
		return "", errPublicURL
	}
	if strings.HasSuffix(u.Host, ":") {
		return "", errPublicURL
	}
	if port := u.Port(); port != "" {
		if _, err := net.LookupPort("tcp", port); err != nil {
			return "", errPublicURL
		}
	}
	return value, nil
}
