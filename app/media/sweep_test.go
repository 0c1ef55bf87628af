package media

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"xxsns/app/media/mediatest"
)

var (
	now  = time.Now()
	old  = now.Add(-48 * time.Hour)
	when = now.Add(-24 * time.Hour)
)

// age makes files old. Missing files are created.
func (f *Folder) age(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		file, err := os.OpenFile(f.path(name), os.O_CREATE, 0o644)
		if err == nil {
			err = errors.Join(file.Close(), os.Chtimes(f.path(name), old, old))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// rows returns an inUse function for the names used, which fails if a batch is
// too long.
func rows(t *testing.T, used ...string) func(context.Context, []string) (map[string]bool, error) {
	return func(_ context.Context, names []string) (map[string]bool, error) {
		if len(names) == 0 || len(names) > 500 {
			t.Errorf("asked for %d names at once", len(names))
		}
		answer := map[string]bool{}
		for _, name := range names {
			answer[name] = slices.Contains(used, name)
		}
		return answer, nil
	}
}

func TestSweep(t *testing.T) {
	f := openFolder(t)
	post, walk, lost, lostWalk, fresh := f.saved(t, mediatest.PNG(1000, 40)), f.saved(t, mediatest.AnimatedGIF(2)),
		f.saved(t, mediatest.PNG(1000, 40)), f.saved(t, mediatest.AnimatedGIF(2)), f.saved(t, mediatest.WebP())
	for _, im := range []Image{post, walk, lost, lostWalk} {
		f.age(t, im.files()...)
	}
	orphan, oldTemp, freshTemp := Thumb(newName(".jpg")), "."+newName(".jpg")+".tmp", "."+newName(".png")+".tmp"
	foreign := []string{".gitignore", "notes.txt", ".something.tmp", lost.Name + ".bak", "lost+found"}
	f.age(t, append(foreign, orphan, oldTemp)...)
	if err := os.WriteFile(f.path(freshTemp), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	n, err := f.Sweep(context.Background(), when, rows(t, post.Name, walk.Name))
	if err != nil || n != 9 { // five of lost, two of lostWalk, orphan and oldTemp
		t.Errorf("removed %d, %v", n, err)
	}
	kept := append(foreign, freshTemp)
	for _, im := range []Image{post, walk, fresh} {
		kept = append(kept, im.files()...)
	}
	wantNames(t, f, kept...)
}

func TestSweepManyInBatches(t *testing.T) {
	f := openFolder(t)
	var used []string
	for i := range 1300 {
		name := newName([]string{".jpg", ".png", ".gif"}[i%3])
		f.age(t, name, Thumb(name))
		if i%10 == 0 {
			used = append(used, name)
		}
	}
	n, err := f.Sweep(context.Background(), when, rows(t, used...))
	if err != nil || n != 2*1170 || len(f.names(t)) != 2*130 {
		t.Errorf("removed %d, left %d, %v", n, len(f.names(t)), err)
	}
}

func TestSweepKeepsEverythingWhenItCannotAsk(t *testing.T) {
	f := openFolder(t)
	name := newName(".jpg")
	f.age(t, name)
	away := fmt.Errorf("database is away")
	n, err := f.Sweep(context.Background(), when, func(context.Context, []string) (map[string]bool, error) { return nil, away })
	if n != 0 || !errors.Is(err, away) {
		t.Errorf("removed %d, %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if n, err := f.Sweep(ctx, when, rows(t)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("removed %d, %v", n, err)
	}
	wantNames(t, f, name)
}

func TestSweepOfALostFolder(t *testing.T) {
	f := openFolder(t)
	if err := os.Remove(f.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Sweep(context.Background(), when, rows(t)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
