package doctor_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"xxsns/app/config"
	"xxsns/app/doctor"
	"xxsns/app/store"
)

// TestSpace: little free space is found although nothing else can be examined.
func TestSpace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		all, free int64
		severity  doctor.Severity // "": enough
	}{
		{0, 0, ""}, {1 << 40, 1 << 39, ""}, {1 << 40, 6 << 30, ""}, {4 << 30, 1 << 30, ""},
		{1 << 40, 4 << 30, doctor.Warning}, {4 << 30, 400 << 20, doctor.Warning}, {4 << 30, 50 << 20, doctor.Error},
	} {
		r := doctor.Examine(t.Context(), doctor.Options{
			Config: config.Config{UploadsDir: "none"}, Now: time.Now,
			OpenStore: func(context.Context) (*store.Store, error) { return nil, errors.New("down") },
			Server:    func(context.Context) error { return doctor.ErrNoServer },
			Space:     func(string) (int64, int64) { return test.all, test.free },
		})
		var severity doctor.Severity
		for _, result := range r.Results {
			if result.Check == "space" && len(result.Findings) > 0 {
				severity = result.Findings[0].Severity
			}
		}
		if severity != test.severity {
			t.Errorf("%d of %d bytes are free: %q, want %q", test.free, test.all, severity, test.severity)
		}
	}
}
