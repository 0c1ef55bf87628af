package media

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"xxsns/app/media/mediatest"
)

// headJPEG returns the start of a JPEG, and then the heads of scans without pixels.
func headJPEG(frame byte, w, h, scans int) []byte {
	head := append([]byte{0xff, markSOI}, mediatest.Segment(frame, []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), 1, 1, 0x11, 0})...)
	return append(head, bytes.Repeat([]byte{0xff, markSOS, 0, 8, 1, 1, 0, 0, 0, 0}, scans)...)
}

// headOfPNG returns a PNG without pixels.
func headOfPNG(w, h int, depth, colour, interlaced byte) []byte {
	head := mediatest.GrayPNG(w, h)
	head[24], head[25], head[28] = depth, colour, interlaced
	return head
}

// The work is known from the headers: nothing is decoded.
func TestWorkIsKnownBefore(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"the attack: a hundred scans of 7000 × 7000", mediatest.ScanBomb(7000, 7000, 100), ErrTooMuchWork},
		{"52 megapixels", headJPEG(markSOF0, 8192, 6144, 1), nil},
		{"52 megapixels, a scan for each component", headJPEG(markSOF0, 8192, 6144, 3), nil},
		{"52 megapixels, ten scans", headJPEG(markSOF2, 8192, 6144, 10), nil},
		{"52 megapixels, ten scans, previews behind", headJPEG(markSOF2, 8192, 6144, 16), nil},
		{"52 megapixels, 17 scans", headJPEG(markSOF2, 8192, 6144, 18), ErrTooMuchWork},
		{"52 megapixels, calculated six times", headJPEG(markSOF0, 8192, 6144, 6), ErrTooMuchWork},
		{"12 megapixels, 50 scans", headJPEG(markSOF2, 4032, 3024, 50), nil},
		{"12 megapixels, 100 scans", headJPEG(markSOF2, 4032, 3024, 100), ErrTooMuchWork},
		{"a small one, 100 scans", headJPEG(markSOF2, 640, 480, 100), nil},
		{"png of 52 megapixels", headOfPNG(8192, 6144, 8, pngRGB, 0), nil},
		{"png of 52 megapixels, in passes", headOfPNG(8192, 6144, 8, pngRGBAlpha, 1), nil},
		{"png of 52 megapixels, deep", headOfPNG(8192, 6144, 16, pngRGBAlpha, 0), nil},
		{"png of 52 megapixels, deep, in passes", headOfPNG(8192, 6144, 16, pngRGBAlpha, 1), ErrTooMuchWork},
	}
	for _, tt := range tests {
		if _, err := inspect(tt.data); !errors.Is(err, tt.want) || tt.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestTheAttackIsNotDecoded(t *testing.T) {
	f := openFolder(t)
	_, err := f.save(t.Context(), minji, bytes.NewReader(mediatest.ScanBomb(7000, 7000, 100)), func(source, context.Context) (rendition, error) {
		t.Error("it is decoded")
		return rendition{}, nil
	})
	if !errors.Is(err, ErrTooMuchWork) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f)
}

func TestWhatTakesTooLongIsStopped(t *testing.T) {
	for name, data := range map[string][]byte{"photo": mediatest.PhoneJPEG(64, 48, 1), "png": mediatest.PNG(64, 48), "animation": mediatest.AnimatedGIF(3)} {
		f := openFolder(t)
		f.maxWork = -1
		if _, err := f.Save(t.Context(), minji, bytes.NewReader(data)); !errors.Is(err, ErrTooMuchWork) {
			t.Errorf("%s: got %v", name, err)
		}
		wantNames(t, f)
		f.maxWork = maxWork
		f.saved(t, data)
	}
}

// Of the clock, only what the goroutine itself works counts.
func TestWaitingIsNoWork(t *testing.T) {
	spent, end := startClock()
	defer end()
	const pause = 300 * time.Millisecond
	time.Sleep(pause)
	if worked := spent(); runtime.GOOS == "linux" && worked >= pause {
		t.Errorf("a pause of %v counts as %v", pause, worked)
	}
	for start := spent(); spent() == start; {
		_ = mediatest.PNG(16, 16)
	}
}
