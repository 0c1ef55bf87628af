package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// Searches in a room are private.
func TestTheLogHoldsNoSearches(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: rewrite}))
	log.Info("Incoming request", slog.Group("request", "query", "q=비밀", "referer", "/rooms/3?q=비밀", "path", "/rooms/3"), "query", "kept")
	if line := out.String(); strings.Contains(line, "비밀") || !strings.Contains(line, "/rooms/3") || !strings.Contains(line, "kept") {
		t.Errorf("the line is %s", line)
	}
}

// A number of the log says its unit.
func TestTheLogNamesTheUnitOfTimes(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: rewrite}))
	log.Info("Incoming request", slog.Group("response", slog.Duration("latency", 12345*time.Microsecond)))
	if line := out.String(); !strings.Contains(line, `"latency_ms":12.345`) {
		t.Errorf("the line is %s", line)
	}
}
