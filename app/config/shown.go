package config

import (
	"net/url"
	"path/filepath"
	"strings"
)

// Database returns where the database is, for operators: the whole path of a file, or the
// address without the password.
func (c Config) Database() string {
	if path, ok := strings.CutPrefix(c.DatabaseURL, "sqlite:"); ok {
		if whole, err := filepath.Abs(path); err == nil {
			path = whole
		}
		return path
	}
	return shown(c.DatabaseURL)
}

// Redis returns where Redis is, without the password, or "none".
func (c Config) Redis() string {
	if c.RedisURL == "" {
		return "none"
	}
	return shown(c.RedisURL)
}

// shown returns a URL without its password.
func shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "unreadable" // the error would hold the password
	}
	return u.Redacted()
}
