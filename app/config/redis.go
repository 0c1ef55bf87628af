package config

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// errRedisURL does not quote the value, which may hold a password.
var errRedisURL = errors.New("REDIS_URL: must be redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER], the same with rediss:// for TLS, " +
	"or unix:///PATH[?db=NUMBER]; signs in a password are written as %XX")

// redisURL refuses URLs that the Redis client would refuse, and URLs that the
// client would read differently than meant, such as one without a host.
func redisURL(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Opaque != "" || u.Fragment != "" || !redisQuery(u) {
		return errRedisURL
	}
	right := false
	switch u.Scheme {
	case "redis", "rediss":
		right = redisHost(u)
	case "unix":
		right = u.Host == "" && len(u.Path) > 1
	}
	if !right {
		return errRedisURL
	}
	return nil
}

// redisHost reports whether u names a host. The port and the number of the
// database are optional.
func redisHost(u *url.URL) bool {
	number := strings.TrimPrefix(u.Path, "/")
	if u.Hostname() == "" || (number != "" && !redisNumber(number)) {
		return false
	}
	if u.Port() == "" {
		return true
	}
	_, err := net.LookupPort("tcp", u.Port())
	return err == nil
}

// redisQuery reports whether u has only allowed parameters: the number of the
// database and, with TLS, skip_verify. Timeouts and other options of the client
// are not allowed.
func redisQuery(u *url.URL) bool {
	query, err := url.ParseQuery(u.RawQuery)
	for name, values := range query {
		value := values[len(values)-1]
		switch {
		case name == "db" && redisNumber(value):
		case name == "skip_verify" && u.Scheme == "rediss" && (value == "true" || value == "false"):
		default:
			return false
		}
	}
	return err == nil
}

// redisNumber reports whether value is the number of a database.
func redisNumber(value string) bool {
	_, err := strconv.ParseUint(value, 10, 15)
	return err == nil
}
