package media

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

// Ids of people.
const (
	minji int64 = 1 + iota
	seojun
	haneul
)

func openFolder(t testing.TB) *Folder {
	t.Helper()
	f, err := Open(t.TempDir(), mostMemory)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// saved saves data and fails on an error.
func (f *Folder) saved(t testing.TB, data []byte) Image {
	t.Helper()
	saved, err := f.Save(context.Background(), minji, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// bytesOf reads a saved file like a web handler, and checks that it has no
// metadata.
func (f *Folder) bytesOf(t testing.TB, name string) []byte {
	t.Helper()
	file, err := f.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	if mediatest.HasMetadata(b) {
		t.Errorf("%s has metadata", name)
	}
	return b
}

// imageOf decodes a saved file.
func (f *Folder) imageOf(t testing.TB, name string) image.Image {
	t.Helper()
	decode := map[string]func(io.Reader) (image.Image, error){
		".jpg": jpeg.Decode, ".png": png.Decode, ".gif": gif.Decode, ".webp": decodeWebP,
	}[filepath.Ext(name)]
	m, err := decode(bytes.NewReader(f.bytesOf(t, name)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

// files returns the names of all files of a saved image.
func (i Image) files() []string {
	names := []string{i.Name, Thumb(i.Name)}
	for _, size := range Sizes(i.Name, i.Width, i.Sized) {
		names = append(names, size.Name)
	}
	return names
}

// names returns the names of all files in the folder.
func (f *Folder) names(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func wantNames(t *testing.T, f *Folder, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := f.names(t); !slices.Equal(got, want) {
		t.Errorf("in the folder: %q\nwant: %q", got, want)
	}
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// distance returns the mean difference of the samples of two images of the same
// size, of 255.
func distance(t testing.TB, a, b image.Image) float64 {
	t.Helper()
	if a.Bounds().Size() != b.Bounds().Size() {
		t.Fatalf("sizes differ: %v, %v", a.Bounds(), b.Bounds())
	}
	var sum uint64
	size := a.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			r1, g1, b1, a1 := a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y).RGBA()
			r2, g2, b2, a2 := b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y).RGBA()
			for _, d := range [][2]uint32{{r1, r2}, {g1, g2}, {b1, b2}, {a1, a2}} {
				sum += uint64(max(d[0], d[1]) - min(d[0], d[1]))
			}
		}
	}
	return float64(sum) / float64(4*size.X*size.Y) / 257
}
