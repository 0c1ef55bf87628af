package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/redis/go-redis/v9"

	"xxsns/app/backup"
	"xxsns/app/chat"
	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/store"
)

// A restoring is a restore at work.
type restoring struct {
	*store.Restore
	cfg    config.Config
	redis  *chat.Redis // nil without Redis
	client redis.UniversalClient
	images *media.Folder

	lastIDs  [][]any
	upgraded bool
	held     *store.HeldRoom // whose lines come
	secret   []byte
}

// Restore fills the database, the images and the buffer of open rooms with a backup. Without
// replace all three must be empty; a restore that was not finished is begun again. No server
// may run. Restore checks the whole backup while reading; if that fails, the database refuses
// to be served until another restore.
func Restore(ctx context.Context, cfg config.Config, in io.Reader, replace bool) (m backup.Manifest, err error) {
	reader, err := backup.NewReader(in)
	if err != nil {
		return m, err
	}
	defer reader.Close()
	lock, err := lockDatabase(cfg.DatabaseURL)
	if err != nil {
		return m, err
	}
	if lock != nil {
		defer func() { _ = lock.Unlock() }()
	}
	r := restoring{cfg: cfg}
	if r.images, err = media.Open(cfg.UploadsDir, media.Memory(memoryLimit())); err != nil {
		return m, fmt.Errorf("UPLOADS_DIR: %w", err)
	}
	if r.client, err = openRedis(cfg.RedisURL, cfg.RedisPool); err != nil {
		return m, err
	}
	if r.client != nil {
		defer r.client.Close()
		r.redis = chat.NewRedis(r.client)
	}
	var refused error
	r.Restore, err = store.BeginRestore(ctx, cfg.DatabaseURL, reader.Header.Schema, replace, func(replace bool) error {
		refused = errors.Join(r.mayReplaceRooms(ctx, replace), r.mayReplaceImages(reader.Header.Site, replace))
		return refused
	})
	if err != nil {
		return m, cmp.Or(refused, namingDatabase(cfg, err))
	}
	defer r.Close()
	r.ShareStamp(SharedStamp(r.client))
	return r.run(ctx, reader)
}

// mayReplaceRooms refuses a Redis that holds rooms, of which nothing tells whose they are.
func (r *restoring) mayReplaceRooms(ctx context.Context, replace bool) error {
	if r.redis == nil || replace {
		return nil
	}
	held, err := r.redis.Holds(ctx)
	if err == nil && held {
		err = errors.New("holds rooms; --replace removes them")
	}
	return naming("REDIS_URL", err)
}

// mayReplaceImages refuses the images of another community, which would be swept.
func (r *restoring) mayReplaceImages(site string, replace bool) error {
	owner, err := r.images.Owner()
	if err != nil || replace || owner == "" || owner == site {
		return naming("UPLOADS_DIR", err)
	}
	names, err := r.images.Names(1)
	if err == nil && len(names) > 0 {
		err = errors.New("has the images of another community; --replace gives the folder to this one")
	}
	return naming("UPLOADS_DIR", err)
}

// run reads the backup into the emptied database.
func (r *restoring) run(ctx context.Context, reader *backup.Reader) (m backup.Manifest, err error) {
	if r.redis != nil {
		if err := r.redis.Forget(ctx); err != nil {
			return m, naming("REDIS_URL", err)
		}
	}
	for {
		item, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.take(ctx, item)
		}
		if err != nil {
			return m, err
		}
	}
	if err := r.upgrade(ctx); err != nil {
		return m, err
	}
	if err := r.images.SetOwner(reader.Header.Site); err != nil {
		return m, naming("UPLOADS_DIR", err)
	}
	if path := secretPath(r.cfg); path != "" && len(r.secret) > 0 {
		if err := os.WriteFile(path, r.secret, 0o600); err != nil {
			return m, naming("SESSION_SECRET", err)
		}
	}
	return reader.Manifest(), r.Finish(ctx)
}

// take restores an item.
func (r *restoring) take(ctx context.Context, item *backup.Item) error {
	switch {
	case item.File == secretFile:
		secret, err := io.ReadAll(io.LimitReader(item, 1<<16))
		r.secret = secret
		return err
	case item.File != "":
		return naming("UPLOADS_DIR", r.images.Put(item.File, item))
	case item.Table == store.LastIDs:
		for row, err := range item.Rows() {
			if err != nil {
				return err
			}
			r.lastIDs = append(r.lastIDs, append([]any(nil), row...))
		}
		return nil
	case item.Table == store.OpenRooms:
		return r.takeRooms(ctx, item)
	case item.Table == store.OpenLines:
		return r.takeLines(item)
	}
	return r.Insert(ctx, item.Table, item.Columns(), item.Rows())
}

// takeRooms begins the rooms of the rows. The lines of the last one follow.
func (r *restoring) takeRooms(ctx context.Context, item *backup.Item) error {
	for row, err := range item.Rows() {
		if err == nil {
			err = r.upgradeOnce(ctx)
		}
		if err == nil {
			err = r.endRoom(ctx)
		}
		if err != nil {
			return err
		}
		held, err := store.ParseHeld(row)
		if err != nil {
			return err
		}
		r.held = &held
	}
	return nil
}

func (r *restoring) takeLines(item *backup.Item) error {
	for row, err := range item.Rows() {
		if err != nil {
			return err
		}
		m, err := store.ParseLine(row)
		if err != nil {
			return err
		}
		if r.held == nil || m.Room != r.held.Room {
			return fmt.Errorf("a message of room %d is out of place", m.Room)
		}
		r.held.Lines = append(r.held.Lines, m)
	}
	return nil
}

// endRoom puts the room that was read last into the buffer.
func (r *restoring) endRoom(ctx context.Context) error {
	held := r.held
	r.held = nil
	switch {
	case held == nil:
		return nil
	case r.redis != nil:
		return naming("REDIS_URL", r.redis.Hold(ctx, *held))
	}
	return r.Hold(ctx, *held)
}

// upgradeOnce brings the database to the newest schema, after all rows.
func (r *restoring) upgradeOnce(ctx context.Context) error {
	if r.upgraded {
		return nil
	}
	r.upgraded = true
	name := chat.BufferTable
	if r.redis != nil {
		name = chat.BufferRedis
	}
	return r.Upgrade(ctx, name, r.lastIDs)
}

// upgrade ends what the last item has begun.
func (r *restoring) upgrade(ctx context.Context) error {
	return errors.Join(r.upgradeOnce(ctx), r.endRoom(ctx))
}
