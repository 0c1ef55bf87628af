package media

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"xxsns/app/media/mediatest"
)

func TestAsManyScansAsAreTaken(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, mediatest.ScanBomb(64, 48, maxScans))
	if saved.Width != 64 || saved.Height != 48 {
		t.Errorf("%+v", saved)
	}
}

// Bytes after the end of a photo, such as a video that a phone appends, count
// as scans only if image/jpeg would take them for one.
func TestMarkersInOtherDataAreNoScans(t *testing.T) {
	film := bytes.Repeat([]byte("\xff\xda\x5c\x08\x01\xff\xda\x00\x09\x01"), 1000)
	openFolder(t).saved(t, append(mediatest.PhoneJPEG(64, 48, 1), film...))
}

// Decoders skip fill bytes before a marker, and what stands between segments.
func TestJPEGOrientationBehindAnything(t *testing.T) {
	turned := mediatest.PhoneJPEG(64, 48, 6)
	for name, before := range map[string]string{"fill bytes": "\xff\xff", "other bytes": "\xff\xfe\x00\x03a\x00\x00\x00"} {
		f := openFolder(t)
		saved := f.saved(t, slices.Insert(slices.Clone(turned), 2, []byte(before)...))
		if saved.Width != 48 || saved.Height != 64 || !mediatest.Upright(f.imageOf(t, saved.Name)) {
			t.Errorf("behind %s it is %d × %d, and not upright", name, saved.Width, saved.Height)
		}
	}
}

// Decoding stops when the context ends: no decoder gets as far as the missing
// second half of the image.
func TestDecodingStops(t *testing.T) {
	left, cancel := context.WithCancel(context.Background())
	cancel()
	for name, data := range map[string][]byte{
		"jpeg": mediatest.ScanBomb(64, 48, 50), "png": mediatest.PNG(64, 48), "webp": mediatest.WebP(),
		"animation": mediatest.AnimatedGIF(3), "gif": testdata(t, "go-interlaced.gif"),
	} {
		src, err := inspect(data)
		if err != nil {
			t.Fatal(err)
		}
		src.data = src.data[:len(src.data)/2]
		for _, render := range []renderer{source.post, source.avatar} {
			if _, err := render(src, left); !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), left.Err().Error()) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
