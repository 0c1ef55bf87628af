package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// An environment is the file .env: lines NAME=value.
type environment struct {
	path  string
	lines []string
}

// readEnv reads the file, which may be missing.
func readEnv(path string) (environment, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return environment{}, fmt.Errorf("%s is missing; .ci/env makes it", path)
	}
	return environment{path, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}, err
}

// get returns the last value of a name, or otherwise if there is none.
func (e environment) get(name, otherwise string) string {
	value := otherwise
	for _, line := range e.lines {
		if found, ok := strings.CutPrefix(line, name+"="); ok && found != "" {
			value = strings.Trim(found, `"'`)
		}
	}
	return value
}

// publish sets PUBLIC_URL to address if there is none, and returns the other address that
// stands there, which is kept.
func (e environment) publish(address string) (kept string, err error) {
	const name = "PUBLIC_URL"
	switch old := e.get(name, ""); old {
	case "":
	case address:
		return "", nil
	default:
		return old, nil
	}
	lines, set := []string{}, false
	for _, line := range e.lines {
		if line == name+"=" {
			line, set = name+"="+address, true
		}
		lines = append(lines, line)
	}
	if !set {
		lines = append(lines, name+"="+address)
	}
	return "", os.WriteFile(e.path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}
