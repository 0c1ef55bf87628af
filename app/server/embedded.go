package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"xxsns/app/config"
)

// sqlitePath returns the file of the embedded database, or "" for MySQL.
func sqlitePath(databaseURL string) string {
	path, ok := strings.CutPrefix(databaseURL, "sqlite:")
	if !ok {
		return ""
	}
	return path
}

// lockDatabase locks the embedded database for this server. With a second server,
// people would miss the live events of the other server. Commands may run beside
// a server. The lock is nil for MySQL.
func lockDatabase(databaseURL string) (*flock.Flock, error) {
	path := sqlitePath(databaseURL)
	if path == "" {
		return nil, nil //nolint:nilnil // nothing to lock
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("DATABASE_URL: the database folder cannot be made: %w", err)
	}
	lock := flock.New(path + ".lock")
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: the database folder cannot be written: %w", err)
	}
	if !locked {
		return nil, fmt.Errorf("DATABASE_URL: %s is in use by another running server", path)
	}
	return lock, nil
}

// sessionSecret returns the configured secret. If there is none, sessionSecret
// creates a secret and keeps the secret beside the embedded database.
func sessionSecret(cfg config.Config) ([]byte, error) {
	if cfg.SessionSecret != "" {
		return []byte(cfg.SessionSecret), nil
	}
	path := secretPath(cfg)
	kept, err := os.ReadFile(path) //nolint:gosec // the operator chose the folder
	if err == nil && len(kept) >= 64 {
		return kept, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("SESSION_SECRET: the kept one cannot be read: %w", err)
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	made := []byte(hex.EncodeToString(secret))
	if err := os.WriteFile(path, made, 0o600); err != nil {
		return nil, fmt.Errorf("SESSION_SECRET: none is set, and one cannot be kept: %w", err)
	}
	return made, nil
}
