package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"xxsns/app/media/mediatest"
)

// Any upload is either refused with an error of this package and leaves no file
// behind, or becomes a clean image within the limits.
func FuzzSave(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	folder, err := Open(f.TempDir(), mostMemory)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		saved, err := folder.Save(context.Background(), minji, bytes.NewReader(data))
		if err != nil {
			wantRefusal(t, err)
			return
		}
		defer func() {
			if err := folder.Delete(saved.Name); err != nil {
				t.Error(err)
			}
		}()
		size := folder.imageOf(t, saved.Name).Bounds().Size()
		short, long := min(saved.Width, saved.Height), max(saved.Width, saved.Height)
		if long > MaxSide && (2*long < 5*short-5 || short > longSide && long*short > longPixels+long) && filepath.Ext(saved.Name) != ".gif" || filepath.Ext(saved.Name) != ".gif" && size != image.Pt(saved.Width, saved.Height) {
			t.Errorf("it is of %v, said to be %+v", size, saved)
		}
		if thumb := folder.imageOf(t, Thumb(saved.Name)).Bounds(); thumb.Dx() > ThumbSide || thumb.Dy() > Tall*ThumbSide {
			t.Errorf("its thumbnail is of %v", thumb)
		}
	})
}

func wantRefusal(t *testing.T, err error) {
	t.Helper()
	for _, known := range []error{ErrTooLarge, ErrTooManyPixels, ErrHEIC, ErrAVIF, ErrUnsupported, ErrBroken} {
		if errors.Is(err, known) {
			return
		}
	}
	t.Errorf("an error of another kind: %v", err)
}

// A mended small image has the size of the damaged image.
func FuzzMend(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		format, err := recognise(data)
		if err != nil || format == gifFormat {
			return
		}
		w, h, err := format.size(data)
		if err != nil || w < 0 || h < 0 || w > 1000 || h > 1000 || len(data) > 20_000 {
			return
		}
		mended := format.mend(data)
		if mended == nil {
			return
		}
		m, err := format.decode(mended)
		if err == nil && format != webpFormat && m.Bounds().Size() != image.Pt(w, h) {
			t.Errorf("it is of %v, want %d × %d", m.Bounds(), w, h)
		}
	})
}

func seeds(f *testing.F) [][]byte {
	seeds := [][]byte{
		mediatest.PhoneJPEG(64, 48, 6), mediatest.PNG(32, 24), mediatest.AnimatedGIF(3), mediatest.BombPNG(), mediatest.HEIC(),
		mediatest.WebP(), mediatest.PhoneJPEG(640, 480, 1)[:2000], mediatest.EncodePNG(holed(32, 24)), frames(f, 40, 30, 2, image.Pt(10, 10)),
		jpegOf(f, plain(color.White), app2(displayP3(f), 60000))[:1500], nil,
	}
	files, err := filepath.Glob("testdata/*.[jgw]*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, data)
	}
	return seeds
}
