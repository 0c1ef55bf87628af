package media

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

// corners are the colours in the corners of a test image.
type corners [4]color.RGBA

// fourColours are the corners of the images of testdata with four areas.
var fourColours = corners{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}

// wantCorners checks the size of m, and the colours near the corners within 40.
func wantCorners(t testing.TB, m image.Image, size image.Point, want corners) {
	t.Helper()
	b := m.Bounds()
	if b.Size() != size {
		t.Errorf("it is of %v, want %v", b.Size(), size)
	}
	for i, p := range []image.Point{{b.Min.X + 4, b.Min.Y + 4}, {b.Max.X - 5, b.Min.Y + 4}, {b.Min.X + 4, b.Max.Y - 5}, {b.Max.X - 5, b.Max.Y - 5}} {
		if d := colourDistance(m.At(p.X, p.Y), want[i]); d > 40 {
			t.Errorf("corner %d is %v, want %v", i, m.At(p.X, p.Y), want[i])
		}
	}
}

// colourDistance returns the largest difference of two colours in a channel, of
// 255.
func colourDistance(a, b color.Color) int {
	c, d := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	most := 0
	for _, pair := range [][2]uint8{{c.R, d.R}, {c.G, d.G}, {c.B, d.B}, {c.A, d.A}} {
		most = max(most, int(pair[0])-int(pair[1]), int(pair[1])-int(pair[0]))
	}
	return most
}

func TestJPEGOfCarelessPrograms(t *testing.T) {
	for _, name := range []string{"no-eoi.jpg", "cmyk-noadobe.jpg", "trunc-prog-60.jpg"} {
		f := openFolder(t)
		saved := f.saved(t, testdata(t, name))
		wantCorners(t, f.imageOf(t, saved.Name), image.Pt(240, 160), fourColours)
	}
}

// plainJPEG returns a photo of 240 × 160 pixels.
func plainJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, mediatest.Photo(240, 160), &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJPEGWithDamageThatBrowsersOverlook(t *testing.T) {
	plain := plainJPEG(t)
	header := bytes.Index(plain, []byte{0xff, markSOF0})
	scan := bytes.Index(plain, []byte{0xff, markSOS})
	end := len(plain) - 2
	tests := map[string][]byte{
		"end marker cut in half":   plain[:len(plain)-1],
		"zeros instead of the end": slices.Concat(plain[:end], make([]byte, 5000)),
		"bytes before the end":     slices.Concat(plain[:end], []byte("\x12\x34"), plain[end:]),
		"no Huffman tables":        withoutSegments(plain, markDHT),
		"unknown segment":          slices.Concat(plain[:header], mediatest.Segment(0xf7, []byte("hello")), plain[header:]),
		"bytes between segments":   slices.Concat(plain[:scan], []byte("hello"), plain[scan:]),
		"a marker without meaning": slices.Concat(plain[:header], []byte{0xff, 0x02, 0, 2}, plain[header:]),
		"last bytes lost":          plain[:end-20],
		"a marker in the last row": slices.Concat(plain[:end-40], []byte{0xff, 0x05}, plain[end-38:]),
	}
	for name, data := range tests {
		f := openFolder(t)
		m := f.imageOf(t, f.saved(t, data).Name)
		if d := distance(t, m, mediatest.Photo(240, 160)); d > 6 {
			t.Errorf("%s: it is %.1f away", name, d)
		}
	}
}

// withoutSegments returns a JPEG without the segments of a marker.
func withoutSegments(data []byte, marker byte) []byte {
	out := slices.Clone(data[:2])
	for rest := data[2:]; ; {
		before := rest
		found, body := nextSegment(&rest)
		if found != marker {
			out = append(out, before[:len(before)-len(rest)]...)
		}
		if found == markSOS || body == nil {
			return append(out, rest...)
		}
	}
}

// A JPEG cut off anywhere behind its header shows the part that is there.
func TestJPEGCutOff(t *testing.T) {
	tests := map[string][]byte{"baseline": plainJPEG(t)}
	for _, name := range []string{"go-410.jpeg", "go-411.jpeg", "go-422.jpeg", "go-440.jpeg", "go-444.jpeg", "go-gray.jpeg", "go-cmyk.jpeg", "go-rgb.jpeg", "go-progressive.jpeg"} {
		tests[name] = testdata(t, name)
	}
	for name, data := range tests {
		whole, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		start := bytes.Index(data, []byte{0xff, markSOS})
		last := 256.0
		for percent := 10; percent <= 100; percent += 10 {
			mended := mendJPEG(data[:start+(len(data)-start)*percent/100])
			if mended == nil {
				t.Errorf("%s: nothing is left of %d %%", name, percent)
				continue
			}
			m, err := jpeg.Decode(mended)
			if err != nil {
				t.Errorf("%s: %d %%: %v", name, percent, err)
				continue
			}
			d := distance(t, m, whole)
			if d > last+0.5 || percent == 100 && d > 1 {
				t.Errorf("%s: %d %% is %.2f away, less was %.2f", name, percent, d, last)
			}
			if top := image.Rect(0, 0, 16, 8); percent > 20 && distance(t, within(m, top), within(whole, top)) > 12 {
				t.Errorf("%s: %d %% lacks the top", name, percent)
			}
			last = d
		}
	}
}

func within(m image.Image, r image.Rectangle) image.Image {
	return m.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(r)
}
