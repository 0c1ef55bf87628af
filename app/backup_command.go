package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"xxsns/app/backup"
	"xxsns/app/config"
	"xxsns/app/server"
)

type backupCommand struct {
	File string `arg:"" help:"The file to write; a folder, in which the file is named by the time; or - for standard output."`
	Keep int    `help:"Of the backups that are named by the time, keep so many of the newest in the folder."`
}

// Run makes a backup. The summary goes to standard error: standard output may be the
// backup.
func (c backupCommand) Run(ctx context.Context, cfg config.Config) error {
	path, folder := c.File, ""
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		folder, path = path, filepath.Join(path, backup.DatedName(time.Now()))
	}
	if c.Keep > 0 && folder == "" {
		return errors.New("--keep needs a folder")
	}
	began := time.Now()
	m, err := c.write(ctx, cfg, path)
	if err != nil {
		return err
	}
	if err := server.RecordBackup(cfg, began); err != nil {
		fmt.Fprintln(os.Stderr, "xxsns: warning: servers do not know of this backup:", err)
	}
	for _, name := range m.Missing {
		fmt.Fprintf(os.Stderr, "xxsns: warning: the image %s is named and not there\n", name)
	}
	fmt.Fprintf(os.Stderr, "%s: %s\n", path, contents(m))
	if c.Keep > 0 {
		gone, err := backup.Rotate(folder, c.Keep)
		for _, name := range gone {
			fmt.Fprintln(os.Stderr, "deleted", name)
		}
		return err
	}
	return nil
}

// write writes a backup to a file, which gets its name when it is whole, or to standard
// output.
func (c backupCommand) write(ctx context.Context, cfg config.Config, path string) (m backup.Manifest, err error) {
	bar := bytesBar("backup", -1)
	defer func() { _ = bar.Clear() }()
	if path == "-" {
		if term.IsTerminal(int(os.Stdout.Fd())) {
			return m, errors.New("a backup is no text for a terminal: > FILE")
		}
		return server.Backup(ctx, cfg, version, io.MultiWriter(os.Stdout, bar))
	}
	file, err := backup.Create(path)
	if err != nil {
		return m, err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	m, err = server.Backup(ctx, cfg, version, io.MultiWriter(buffered, bar))
	if err = errors.Join(err, buffered.Flush()); err != nil {
		file.Abort()
		return m, err
	}
	return m, file.Commit()
}

type verifyCommand struct {
	File string `arg:"" help:"The backup, or - for standard input."`
}

// Run checks a backup.
func (c verifyCommand) Run(context.Context, config.Config) error {
	in, err := backup.OpenFile(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	h, m, err := verify(in)
	if err != nil {
		return err
	}
	fmt.Printf("%s is whole: made %s by version %s, schema %d; %s\n", c.File, h.MadeAt.Format(time.RFC3339), h.Program, h.Schema, contents(m))
	return nil
}

func verify(in io.Reader) (backup.Header, backup.Manifest, error) {
	bar := bytesBar("verify", sizeOf(in))
	defer func() { _ = bar.Clear() }()
	return backup.Verify(bufio.NewReaderSize(io.TeeReader(in, bar), 1<<20), nil)
}

type restoreCommand struct {
	File    string `arg:"" help:"The backup, or - for standard input."`
	Replace bool   `help:"Delete what is in the database and in open rooms first, after asking."`
	Yes     bool   `help:"Do not ask."`
}

// Run restores a backup. A file is checked first as a whole, so that a damaged one deletes
// nothing; what comes from a pipe is checked while it is read.
func (c restoreCommand) Run(ctx context.Context, cfg config.Config) error {
	in, err := backup.OpenFile(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	if again, ok := in.(io.Seeker); ok && c.File != "-" {
		if _, _, err := verify(in); err != nil {
			return err
		}
		if _, err := again.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	if c.Replace && !c.Yes {
		if err := c.ask(); err != nil {
			return err
		}
	}
	bar := bytesBar("restore", sizeOf(in))
	m, err := server.Restore(ctx, cfg, bufio.NewReaderSize(io.TeeReader(in, bar), 1<<20), c.Replace)
	_ = bar.Clear()
	if err != nil {
		return err
	}
	for _, name := range m.Missing {
		fmt.Fprintf(os.Stderr, "xxsns: warning: the backup names the image %s and does not have it\n", name)
	}
	fmt.Printf("restored: %s\n", contents(m))
	return nil
}

// ask asks on the terminal whether everything may be replaced.
func (c restoreCommand) ask() error {
	if c.File == "-" || !term.IsTerminal(int(os.Stdin.Fd())) {
		return errors.New("--replace asks on a terminal; --yes answers")
	}
	return confirm("All accounts, posts, rooms and messages of the present database are deleted.", "replace")
}

// contents tells what is in a backup.
func contents(m backup.Manifest) string {
	var rows, files, size int64
	for _, t := range m.Tables {
		rows += t.Rows
	}
	for _, e := range m.Entries {
		size += e.Size
		if strings.Contains(e.Name, ".file.") {
			files++
		}
	}
	return fmt.Sprintf("%d rows, %d files, %.1f MB", rows, files, float64(size)/1e6)
}

// bytesBar returns a bar that counts the bytes written to it, on a terminal only. size is -1
// if it is not known.
func bytesBar(what string, size int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(size, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what), progressbar.OptionShowBytes(true),
		progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))))
}

// sizeOf returns the size of a file, or -1 for a pipe.
func sizeOf(in io.Reader) int64 {
	if file, ok := in.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return -1
}
