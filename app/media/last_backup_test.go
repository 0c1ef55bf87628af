package media

import (
	"os"
	"testing"
	"time"
)

func TestTheLastBackupIsRemembered(t *testing.T) {
	f, err := Open(t.TempDir(), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := f.LastBackup(); err != nil || !at.IsZero() {
		t.Errorf("before the first backup: %v, %v", at, err)
	}
	for _, at := range []time.Time{old, when} {
		if err := f.SetLastBackup(at); err != nil {
			t.Fatal(err)
		}
		if kept, err := f.LastBackup(); err != nil || !kept.Equal(at.Truncate(time.Second)) {
			t.Errorf("kept %v, want %v: %v", kept, at, err)
		}
	}
	if err := os.WriteFile(f.path(backupFile), []byte("어제\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if at, err := f.LastBackup(); err == nil {
		t.Errorf("a damaged record is %v", at)
	}
}
