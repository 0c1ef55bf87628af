package doctor

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"xxsns/app/backup"
)

// Bounds of backups.
const (
	backupAge   = 3 * 24 * time.Hour // maximum age of the newest backup
	backupSmall = 64 << 20           // bytes that are read without asking
)

// A foundBackup is the newest backup of the community.
type foundBackup struct {
	path string
	size int64
	made time.Time
}

func findBackup(ctx context.Context, p *patient) ([]Finding, error) {
	site, err := p.store.Site(ctx)
	if err != nil {
		return nil, err
	}
	const why = "what people have written is gone when the disk is"
	do := "xxsns backup --keep 7 FOLDER every night, on another disk or machine; doctor --backups FOLDER looks there"
	var found []Finding
	folders := make([]string, len(p.Backups))
	for i, folder := range p.Backups {
		folders[i] = absolute(folder)
		found = append(found, p.lookInto(folder, site)...)
	}
	elsewhere, err := p.lastBackup()
	if err != nil {
		return nil, err
	}
	newest := p.backup
	if elsewhere.After(newest.made) {
		newest = foundBackup{path: "made elsewhere", made: elsewhere}
	}
	switch {
	case newest.made.IsZero():
		return append(found, Finding{Warning, "no backup of this community is in " + strings.Join(folders, ", "), why, do}), nil
	case p.Now().Sub(newest.made) > backupAge:
		found = append(found, Finding{
			Warning, fmt.Sprintf("the newest backup, %s, is %s old", newest.path, long(p.Now().Sub(newest.made))), why, do,
		})
	}
	if p.backup.path == "" || !p.Verify && p.backup.size > backupSmall {
		return found, nil
	}
	if err := verify(p.backup.path); err != nil {
		found = append(found, Finding{Error, p.backup.path + ": " + err.Error(), "it cannot be restored", "make another one now, verify an older one, and look at the disk"})
	}
	return found, nil
}

// lastBackup returns when the newest backup was made, wherever the file is, or the zero time.
func (p *patient) lastBackup() (time.Time, error) {
	if p.uploads == nil || !p.ours {
		return time.Time{}, nil
	}
	return p.uploads.LastBackup()
}

// lookInto looks for backups of the community in a folder, and for unfinished files.
func (p *patient) lookInto(folder, site string) (found []Finding) {
	files, _ := filepath.Glob(filepath.Join(folder, "*.tar"))
	for _, path := range files {
		made, size, ok := header(path, site)
		if ok && made.After(p.backup.made) {
			p.backup = foundBackup{path, size, made}
		}
	}
	unfinished, _ := filepath.Glob(filepath.Join(folder, "*"+backup.Unfinished))
	for _, path := range unfinished {
		if info, err := os.Stat(path); err == nil && p.Now().Sub(info.ModTime()) > lateTime {
			found = append(found, Finding{Warning, path + " is a backup that was not finished", "the disk may have been full, or the command was killed", "look at the log of the timer, and delete the file"})
		}
	}
	return found
}

// header returns when a file was made, if the file is a backup of a community.
func header(path, site string) (made time.Time, size int64, ok bool) {
	in, err := os.Open(path) //nolint:gosec // the operator chose the folder
	if err != nil {
		return made, 0, false
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return made, 0, false
	}
	reader, err := backup.NewReader(in)
	if err != nil {
		return made, 0, false
	}
	defer reader.Close()
	return reader.Header.MadeAt, info.Size(), reader.Header.Site == site
}

func verify(path string) error {
	in, err := backup.OpenFile(path)
	if err != nil {
		return err
	}
	defer in.Close()
	_, _, err = backup.Verify(bufio.NewReaderSize(in, 1<<20), nil)
	return err
}
