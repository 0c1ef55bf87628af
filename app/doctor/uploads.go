package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// findUploads opens the folder of uploads if the folder exists: opening would make the folder.
func findUploads(ctx context.Context, p *patient) ([]Finding, error) {
	const why = "pictures are not shown, and posts with pictures are refused"
	if _, err := os.Stat(p.Config.UploadsDir); errors.Is(err, fs.ErrNotExist) {
		if !p.rows {
			return nil, nil // the first start makes both
		}
		return []Finding{{
			Warning, "there is no folder of uploads at " + p.Config.UploadsDir, why,
			"look for a mistake in UPLOADS_DIR, and at the folder from which the program starts; serve makes an empty one",
		}}, nil
	}
	uploads, err := p.OpenUploads()
	if err != nil {
		return []Finding{{Error, err.Error(), why, "give the folder to the user of the server: chown and chmod u+rwx " + p.Config.UploadsDir}}, nil //nolint:nilerr // the finding tells of it
	}
	p.uploads = uploads
	if !p.rows {
		return nil, nil
	}
	p.ours, err = p.owns(ctx)
	if err != nil || p.ours {
		return nil, err
	}
	return []Finding{{
		Error, p.Config.UploadsDir + " has the pictures of another community", "pictures are not shown, and those of deleted posts stay",
		"set UPLOADS_DIR or DATABASE_URL right; if both are, delete " + p.Config.UploadsDir + "/.owner",
	}}, nil
}

// owns reports whether the uploads belong to the database. A folder without an owner belongs to
// the database if the folder is empty, or has a picture that the database shows.
func (p *patient) owns(ctx context.Context) (bool, error) {
	owner, err := p.uploads.Owner()
	if err != nil {
		return false, err
	}
	if owner != "" {
		site, err := p.store.Site(ctx)
		return owner == site, err
	}
	names, err := p.uploads.Names(100)
	if err != nil || len(names) == 0 {
		return err == nil, err
	}
	used, err := p.store.ImagesInUse(ctx, names)
	return len(used) > 0, err
}

// orphanAge is the minimum age of an orphaned file: a newer file may belong to a post that is
// being written.
const orphanAge = 24 * time.Hour

func findOrphans(ctx context.Context, p *patient) ([]Finding, error) {
	n, err := p.uploads.Stale(ctx, p.Now().Add(-orphanAge), p.store.ImagesInUse)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Finding{{Warning, counted(int64(n), "file", "files") + " of pictures that no post and no profile shows", "they take space, and somebody may have wanted them gone", mendable + "; a server does it every hour, too"}}, nil
}

func mendOrphans(ctx context.Context, p *patient) error {
	_, err := p.uploads.Sweep(ctx, p.Now().Add(-orphanAge), p.store.ImagesInUse)
	return err
}

// mostNamed is how many things a finding names.
const mostNamed = 5

func findPictures(ctx context.Context, p *patient) ([]Finding, error) {
	var missing int64
	var named []string
	err := p.store.EachImage(ctx, func(name, path string) {
		if p.uploads.Has(name) {
			return
		}
		if missing++; len(named) < mostNamed {
			named = append(named, fmt.Sprintf("%s (%s)", name, path))
		}
	})
	if err != nil || missing == 0 {
		return nil, err
	}
	if missing > mostNamed {
		named = append(named, "…")
	}
	return []Finding{{
		Warning, counted(missing, "picture is", "pictures are") + " missing: " + strings.Join(named, ", "), "people see a broken picture",
		"take the files out of a backup (tar -xf FILE --wildcards '*.file.NAME'), and put them into UPLOADS_DIR under these names",
	}}, nil
}
