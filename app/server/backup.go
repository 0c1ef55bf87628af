package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"xxsns/app/backup"
	"xxsns/app/chat"
	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/store"
)

// secretFile is the name of the kept secret of sessions, also in a backup.
const secretFile = "session.secret"

// A saving is a backup that is being made.
type saving struct {
	cfg      config.Config
	snapshot *store.Snapshot
	now      *store.Store // the database as it is now
	redis    *chat.Redis  // nil without Redis
	images   *media.Folder
	out      *backup.Writer
	last     map[int64]int64 // of rooms in Redis: the last message, soon after the snapshot
	rooms    []store.UnsavedRoom
}

// Backup writes a backup of the database, the images and what is said in open rooms to out,
// and returns what is in it. Servers go on meanwhile. program is the version of this program.
func Backup(ctx context.Context, cfg config.Config, program string, out io.Writer) (m backup.Manifest, err error) {
	s := saving{cfg: cfg, last: map[int64]int64{}}
	if s.snapshot, err = store.OpenSnapshot(ctx, cfg.DatabaseURL); err != nil {
		return m, namingDatabase(cfg, err)
	}
	defer s.snapshot.Close()
	if s.now, err = openStore(ctx, cfg); err != nil {
		return m, err
	}
	defer func() { _ = s.now.Close() }()
	client, err := openRedis(cfg.RedisURL, cfg.RedisPool)
	if err != nil {
		return m, err
	}
	if client != nil {
		defer client.Close()
		s.redis = chat.NewRedis(client)
	}
	if s.images, err = media.Open(cfg.UploadsDir, media.Memory(memoryLimit())); err != nil {
		return m, fmt.Errorf("UPLOADS_DIR: %w", err)
	}
	if err := s.findRooms(ctx); err != nil {
		return m, err
	}
	header := backup.Header{Program: program, MadeAt: time.Now()}
	if header.Schema, err = s.snapshot.Schema(ctx); err != nil {
		return m, namingDatabase(cfg, err)
	}
	if header.Site, err = s.snapshot.Site(ctx); err != nil {
		return m, err
	}
	if s.out, err = backup.NewWriter(out, header); err != nil {
		return m, err
	}
	for _, step := range []func(context.Context) error{s.saveTables, s.saveRooms, s.saveImages, s.saveSecret} {
		if err := step(ctx); err != nil {
			return m, err
		}
	}
	return s.out.Manifest(), s.out.Close()
}

// RecordBackup tells the servers that a backup which was begun at a time is finished, for the
// metric of its age.
func RecordBackup(cfg config.Config, began time.Time) error {
	images, err := media.Open(cfg.UploadsDir, media.Memory(memoryLimit()))
	if err != nil {
		return naming("UPLOADS_DIR", err)
	}
	return naming("UPLOADS_DIR", images.SetLastBackup(began))
}

// findRooms finds the rooms whose messages are in a buffer, and their last messages in Redis.
func (s *saving) findRooms(ctx context.Context) (err error) {
	if s.rooms, err = s.snapshot.UnsavedRooms(ctx); err != nil {
		return err
	}
	for _, r := range s.rooms {
		if r.Buffer != chat.BufferRedis {
			continue
		}
		if s.redis == nil {
			return errors.New("REDIS_URL: open rooms are in Redis; a backup without it would lose what is said there")
		}
		if s.last[r.ID], err = s.redis.Last(ctx, r.ID); err != nil {
			return naming("REDIS_URL", err)
		}
	}
	return nil
}

func (s *saving) saveTables(ctx context.Context) error {
	tables, err := s.snapshot.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := s.out.Table(t.Name, t.Columns); err != nil {
			return err
		}
		if err := s.snapshot.Rows(ctx, t, s.out.Row); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	ids, err := s.snapshot.LastIDs(ctx)
	if err != nil {
		return err
	}
	return s.table(store.LastIDs, store.LastIDColumns, ids...)
}

func (s *saving) table(name string, columns []string, rows ...[]any) error {
	if err := s.out.Table(name, columns); err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.out.Row(row); err != nil {
			return err
		}
	}
	return nil
}

// saveRooms writes what the buffers hold, room by room.
func (s *saving) saveRooms(ctx context.Context) error {
	for _, r := range s.rooms {
		held, ok, err := s.held(ctx, r)
		if err != nil {
			return fmt.Errorf("room %d: %w", r.ID, err)
		}
		if !ok {
			continue // lost, or not opened yet: the restored room is reopened, as this one would be
		}
		if err := s.table(store.OpenRooms, store.OpenRoomColumns, held.Row()); err != nil {
			return err
		}
		lines := make([][]any, len(held.Lines))
		for i, m := range held.Lines {
			lines[i] = store.OpenLine(m)
		}
		if err := s.table(store.OpenLines, store.OpenLineColumns, lines...); err != nil {
			return err
		}
	}
	return nil
}

func (s *saving) held(ctx context.Context, r store.UnsavedRoom) (store.HeldRoom, bool, error) {
	if r.Buffer != chat.BufferRedis {
		return s.snapshot.Held(ctx, r)
	}
	speakers, err := s.snapshot.Speakers(ctx, r)
	if err != nil {
		return store.HeldRoom{}, false, err
	}
	return s.redis.Held(ctx, s.now, r, s.last[r.ID], speakers)
}

// saveImages writes the files of the images that rows name. An image whose post was deleted
// since the snapshot is gone for good, as its author wanted; the manifest tells.
func (s *saving) saveImages(ctx context.Context) error {
	names, err := s.snapshot.Images(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		found := false
		for _, file := range media.FilesOf(name) {
			if err := ctx.Err(); err != nil {
				return err
			}
			written, err := s.saveImage(file)
			if err != nil {
				return fmt.Errorf("UPLOADS_DIR: %w", err)
			}
			found = written && file == name || found
		}
		if !found {
			s.out.Missing(name)
		}
	}
	return nil
}

func (s *saving) saveImage(file string) (written bool, err error) {
	f, err := s.images.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	return true, s.out.File(file, info.Size(), f)
}

// saveSecret writes the kept secret of sessions. A secret of SESSION_SECRET is kept where the
// operator keeps the configuration.
func (s *saving) saveSecret(context.Context) error {
	path := secretPath(s.cfg)
	if path == "" {
		return nil
	}
	kept, err := os.ReadFile(path) //nolint:gosec // the operator chose the folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("SESSION_SECRET: %w", err)
	}
	return s.out.File(secretFile, int64(len(kept)), bytes.NewReader(kept))
}

// secretPath returns the file of the kept secret, or "" if the secret is configured.
func secretPath(cfg config.Config) string {
	path := sqlitePath(cfg.DatabaseURL)
	if path == "" || cfg.SessionSecret != "" {
		return ""
	}
	return filepath.Join(filepath.Dir(path), secretFile)
}
