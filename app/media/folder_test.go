package media

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/media/mediatest"
)

func TestNames(t *testing.T) {
	id := "abcdefghijklmnopqrstuvwxyz234567"
	for name, want := range map[string]bool{
		id + ".jpg": true, id + ".png": true, id + ".gif": true, id + "-thumb.jpg": true, id + "-thumb.png": true,
		id + "-480.webp": true, id + "-960.jpg": true, id + "-1440.png": true, id + "-480.gif": false, id + "-481.webp": false, id + ".webp": false,
		id + "-thumb.gif": false, id + ".jpeg": false, id + ".svg": false, id: false, id[1:] + ".jpg": false, "a" + id + ".jpg": false,
		strings.ToUpper(id) + ".jpg": false, "../" + id + ".jpg": false, "." + id + ".jpg.tmp": false, id + ".jpg\n": false, "": false, ".gitignore": false,
	} {
		if ValidName(name) != want {
			t.Errorf("ValidName(%q) = %v", name, !want)
		}
	}
	for name, want := range map[string]string{"a.jpg": "a-thumb.jpg", "a.png": "a-thumb.png", "a.gif": "a-thumb.png", "": "-thumb"} {
		if got := Thumb(name); got != want {
			t.Errorf("Thumb(%q) = %q", name, got)
		}
	}
}

func TestOpenMakesTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "uploads")
	f, err := Open(dir, mostMemory)
	if err != nil {
		t.Fatal(err)
	}
	wantNames(t, f)
	f.saved(t, mediatest.WebP())
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "uploads")
	if err := os.WriteFile(taken, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	dirs := []string{taken}
	if _, err := os.Stat("/proc/self"); err == nil {
		dirs = append(dirs, "/proc/self") // not even root can write there
	}
	for _, dir := range dirs {
		if _, err := Open(dir, mostMemory); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("Open(%q): %v", dir, err)
		}
	}
}

func TestFolderServesItsFilesOnly(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, mediatest.PhoneJPEG(64, 48, 1))
	if err := os.WriteFile(f.path(".gitignore"), []byte("*"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".gitignore", "", "..", "../" + filepath.Base(f.dir) + "/" + saved.Name, newName(".jpg"), "." + saved.Name + ".tmp"} {
		if _, err := f.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v", name, err)
		}
	}
	file, err := f.Open(Thumb(saved.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := httptest.NewRecorder()
	http.ServeContent(w, httptest.NewRequest("GET", "/", nil), file.Name(), time.Now(), file)
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/jpeg" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestDelete(t *testing.T) {
	f := openFolder(t)
	photo, walk, kept := f.saved(t, mediatest.PNG(1500, 48)), f.saved(t, mediatest.AnimatedGIF(2)), f.saved(t, mediatest.WebP())
	foreign := f.path(".gitignore")
	if err := os.WriteFile(foreign, []byte("*"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Delete(photo.Name, ".gitignore", "../x", walk.Name); err == nil || !strings.Contains(err.Error(), ".gitignore") {
		t.Errorf("foreign names: %v", err)
	}
	wantNames(t, f, ".gitignore", kept.Name, Thumb(kept.Name))
	if err := f.Delete(photo.Name, walk.Name); err != nil {
		t.Errorf("deleting again: %v", err)
	}
	if err := f.Delete(); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
}

func TestSaveIntoALostFolder(t *testing.T) {
	f := openFolder(t)
	if err := os.Remove(f.dir); err != nil {
		t.Fatal(err)
	}
	_, err := f.Save(context.Background(), minji, bytes.NewReader(mediatest.WebP()))
	if !errors.Is(err, ErrNoSpace) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removed: %v", err)
	}
	if err := os.WriteFile(f.dir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err = f.Save(context.Background(), minji, bytes.NewReader(mediatest.WebP())); !errors.Is(err, ErrNoSpace) {
		t.Errorf("replaced by a file: %v", err)
	}
}

// If the second of two renames fails, the first one must be undone.
func TestWriteAllOrNothing(t *testing.T) {
	f := openFolder(t)
	taken := newName(".jpg")
	if err := os.MkdirAll(filepath.Join(f.path(taken), "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := f.write([]file{{newName(".jpg"), []byte("a")}, {taken, []byte("b")}})
	if !errors.Is(err, ErrNoSpace) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f, taken)
}

func TestNothingIsWrittenForOneWhoLeavesMeanwhile(t *testing.T) {
	f := openFolder(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := f.save(ctx, minji, bytes.NewReader(mediatest.WebP()), func(s source, ctx context.Context) (rendition, error) {
		cancel()
		return s.post(ctx)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f)
}

func TestSaveOfOneWhoLeftLeavesNothing(t *testing.T) {
	f := openFolder(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Save(ctx, minji, bytes.NewReader(mediatest.WebP())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f)
}

func TestManySaveAtOnce(t *testing.T) {
	f := openFolder(t)
	uploads := [][]byte{mediatest.PhoneJPEG(800, 300, 6), mediatest.AnimatedGIF(5), mediatest.WebP(), mediatest.PNG(64, 48)[:100]}
	var all sync.WaitGroup
	var mu sync.Mutex
	var names []string
	for i := range 40 {
		all.Go(func() {
			saved, err := f.Save(context.Background(), int64(i), bytes.NewReader(uploads[i%4]))
			if broken := i%4 == 3; broken != errors.Is(err, ErrBroken) || !broken && err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				names = append(names, saved.Name, Thumb(saved.Name))
			}
		})
	}
	all.Wait()
	if len(names) != 60 {
		t.Errorf("%d files", len(names))
	}
	wantNames(t, f, names...)
}
