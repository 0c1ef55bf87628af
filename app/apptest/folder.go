package apptest

import (
	"os"
	"path/filepath"
	"time"
)

const (
	folderPrefix = "xxsns-test-"
	lockName     = "lock"
)

// newFolder makes a temporary folder for a server. The lock in it says that
// this process lives; remove deletes the folder. Folders that dead processes
// left behind are deleted on the way.
func newFolder() (folder string, remove func(), err error) {
	sweep(os.TempDir(), time.Minute)
	folder, err = os.MkdirTemp("", folderPrefix)
	if err != nil {
		return "", nil, err
	}
	lock, err := os.Create(filepath.Join(folder, lockName))
	if err != nil {
		return "", nil, err
	}
	tryLock(lock)
	return folder, func() {
		removeAll(folder)
		_ = lock.Close() // the folder of the lock is gone
	}, nil
}

// sweep deletes the test folders below parent whose process is dead. Folders
// younger than minAge are left alone: their processes may not have locked them
// yet.
func sweep(parent string, minAge time.Duration) {
	locks, _ := filepath.Glob(filepath.Join(parent, folderPrefix+"*", lockName))
	for _, path := range locks {
		info, err := os.Stat(path)
		if err != nil || time.Since(info.ModTime()) < minAge {
			continue
		}
		if lock, err := os.Open(path); err == nil {
			if tryLock(lock) {
				removeAll(filepath.Dir(path))
			}
			_ = lock.Close() // opened only to ask
		}
	}
}

// removeAll deletes a folder in which a program that is just ending may still
// create files.
func removeAll(folder string) {
	for range 50 {
		if os.RemoveAll(folder) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
