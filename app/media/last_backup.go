package media

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// backupFile holds the time of the newest backup. All replicas share the folder, whatever
// their database is. The name is not valid for an image, and no backup holds the file.
const backupFile = ".backup"

// LastBackup returns the time that SetLastBackup has written, or the zero time if no backup
// was ever made.
func (f *Folder) LastBackup() (time.Time, error) {
	text, err := os.ReadFile(f.path(backupFile))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
}

// SetLastBackup writes that the newest backup holds what was there at a time. The caller has
// finished that backup.
func (f *Folder) SetLastBackup(at time.Time) error {
	return f.put([]file{{name: backupFile, data: []byte(at.UTC().Format(time.RFC3339) + "\n")}})
}
