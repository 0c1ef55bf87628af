package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xxsns/app/store"
)

// findDatabase opens the database if the file exists: opening would make the file.
func findDatabase(ctx context.Context, p *patient) (found []Finding, err error) {
	if p.DatabaseFile != "" {
		info, err := os.Stat(p.DatabaseFile)
		if errors.Is(err, fs.ErrNotExist) {
			return []Finding{{
				Error, "there is no database at " + p.Config.Database(), "serve would begin a new, empty community there",
				"look for a mistake in DATABASE_URL, and at the folder from which the program starts; for a new community, start xxsns",
			}}, nil
		}
		if err != nil {
			return nil, err
		}
		found = findReadable(info, p.DatabaseFile)
	}
	p.store, err = p.OpenStore(ctx)
	if err == nil {
		err = p.store.Ping(ctx)
	}
	if err != nil {
		do := "start the database server, and look at host, name and password in DATABASE_URL"
		if p.DatabaseFile != "" {
			do = "run doctor as the user of the server; if the file is damaged, stop the server, keep the file, and restore the newest backup"
		}
		if p.store != nil {
			_ = p.store.Close()
			p.store = nil
		}
		return append(found, Finding{Error, err.Error(), "nobody can use the community", do}), nil
	}
	return found, nil
}

func findSchema(ctx context.Context, p *patient) ([]Finding, error) {
	if err := p.store.Restoring(ctx); errors.Is(err, store.ErrRestoring) {
		return []Finding{{Error, "a restore was begun and not finished", "a part of the rows is missing, and no server starts", "run xxsns restore FILE again"}}, nil
	} else if err != nil {
		return nil, err
	}
	schema, err := p.store.SchemaOf(ctx)
	newest := store.NewestSchema()
	switch {
	case err != nil:
		return nil, err
	case schema == 0:
		return []Finding{{Error, "the database is empty", "there is no community in it", "look for a mistake in DATABASE_URL; for a new community, start xxsns"}}, nil
	case schema > newest:
		return []Finding{{
			Error, fmt.Sprintf("the schema is %d, and this program knows schemas up to %d", schema, newest),
			"rows may mean something else than this program thinks", "use the newer program, or the copy of the database from before: " + copiesNear(p.DatabaseFile),
		}}, nil
	case schema < newest:
		return []Finding{{
			Warning, fmt.Sprintf("the schema is %d, and this program needs %d", schema, newest), "the rows cannot be examined before",
			"xxsns migrate, or start the server, which does it by itself",
		}}, nil
	}
	p.rows = true
	return nil, nil
}

// copiesNear names the copies that were made before migrations.
func copiesNear(file string) string {
	copies, _ := filepath.Glob(file + ".before-*")
	if file == "" || len(copies) == 0 {
		return "a backup"
	}
	return strings.Join(copies, ", ")
}

func findSettings(ctx context.Context, p *patient) (found []Finding, err error) {
	wrong, err := p.store.WrongSettings(ctx, p.Config.DatabasePool)
	for _, s := range wrong {
		found = append(found, Finding{Warning, fmt.Sprintf("%s is %s instead of %s", s.Name, s.Value, s.Want), s.Why, "change the setting of the database, and start it again"})
	}
	return found, err
}

func findDamage(ctx context.Context, p *patient) ([]Finding, error) {
	damages, err := p.store.Damages(ctx)
	if err != nil {
		damages = append(damages, err.Error())
	}
	if len(damages) == 0 {
		return nil, nil
	}
	p.rows = false // the other checks cannot trust damaged pages
	return []Finding{{
		Error, p.DatabaseFile + " is damaged: " + strings.Join(damages, "; "), "rows are lost or wrong, and it gets worse with each change",
		"stop the server, keep the file with -wal and -shm, look at the disk, and restore the newest backup",
	}}, nil
}

// Bounds of clocks that differ.
const (
	clockApart = 2 * time.Second
	clockWrong = time.Minute
)

func findClock(ctx context.Context, p *patient) (found []Finding, err error) {
	before := p.Now()
	theirs, err := p.store.Clock(ctx)
	if err != nil {
		return nil, err
	}
	half := p.Now().Sub(before) / 2
	ours := before.Add(half) // the clock was read at most half of the time before or after
	const do = "let both machines keep their clocks by NTP (timedatectl set-ntp true)"
	if apart := theirs.Sub(ours).Abs(); apart > clockApart+half {
		severity := Warning
		if apart > clockWrong {
			severity = Error
		}
		found = append(found, Finding{
			severity, fmt.Sprintf("the clock of this machine is %s, and that of the database %s", ours.UTC().Format(time.RFC3339), theirs.UTC().Format(time.RFC3339)),
			"times are wrong, and rooms are saved or links end too early or late", do,
		})
	}
	newest, err := p.store.Newest(ctx)
	if err == nil && newest.Sub(ours) > clockWrong {
		found = append(found, Finding{
			Warning, "the newest account, post or comment was made at " + newest.Format(time.RFC3339) + ", which is to come",
			"a clock was wrong, or is: lists by time and links that end are wrong", do,
		})
	}
	return found, err
}

// Bounds of the free space of a disk.
const (
	spaceLow   = 500 << 20
	spaceGone  = 100 << 20
	spaceParts = 20 // a twentieth of a disk should be free
)

func findSpace(_ context.Context, p *patient) (found []Finding, err error) {
	for _, d := range p.disks() {
		severity := Warning
		switch {
		case d.free < spaceGone:
			severity = Error
		case d.free >= spaceLow && (d.free >= d.all/spaceParts || d.free >= 10*spaceLow):
			continue
		}
		found = append(found, Finding{
			severity, fmt.Sprintf("%s is left of %s on the disk of %s", size(d.free), size(d.all), absolute(d.folder)),
			"on a full disk nobody can write or sign in, and databases may be damaged",
			"delete what is not needed (old logs, old backups), or get a larger disk",
		})
	}
	return found, nil
}

// A disk holds a folder of the installation.
type disk struct {
	folder    string
	all, free int64
}

func (p *patient) disks() (all []disk) {
	folders := []string{p.Config.UploadsDir}
	if p.DatabaseFile != "" {
		folders = append(folders, filepath.Dir(p.DatabaseFile))
	}
	for _, folder := range folders {
		whole, free := p.Space(folder)
		same := func(d disk) bool { return d.all == whole && d.free == free }
		if whole > 0 && !slices.ContainsFunc(all, same) {
			all = append(all, disk{folder, whole, free})
		}
	}
	return all
}
