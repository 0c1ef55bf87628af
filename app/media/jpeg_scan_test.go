package media

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

var orange = color.RGBA{230, 120, 20, 255}

// withRestarts returns an orange JPEG of 160 × 160 pixels, with a restart marker
// after each row of 16 pixels: 10 MCUs. It also returns the data of a row.
func withRestarts(t testing.TB) (data, row []byte) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 160, 160))
	draw.Draw(m, m.Rect, image.NewUniform(orange), image.Point{}, draw.Src)
	plain := jpegOf(t, m)
	start := bytes.Index(plain, []byte{0xff, markSOS})
	var mender jpegMender
	for rest := plain[2:start]; len(rest) > 0; {
		mender.segment(&rest)
	}
	rest := plain[start:]
	_, header := nextSegment(&rest)
	scan, ok := mender.newScan(header)
	if !ok {
		t.Fatal("the scan of image/jpeg is not understood")
	}
	r, state := bitReader{data: unstuff(rest[:len(rest)-2])}, scanState{}
	for range 10 {
		scan.eachBlock(func(i int, p scanPart) { scan.readBlock(&r, i, p, &state) })
	}
	w := bitWriter{}
	w.copy(r.data, r.pos)
	w.flush()
	data = slices.Concat(plain[:start], mediatest.Segment(markDRI, []byte{0, 10}), plain[start:len(plain)-len(rest)])
	for i := range 10 {
		data = append(append(data, w.out...), 0xff, markRST0+byte(i&7))
	}
	return append(data[:len(data)-1], markEOI), w.out
}

// A damaged part of a scan ends at the next restart marker.
func TestJPEGDamagedBetweenRestartMarkers(t *testing.T) {
	data, row := withRestarts(t)
	if m, err := jpeg.Decode(bytes.NewReader(data)); err != nil || colourDistance(m.At(80, 152), orange) > 4 {
		t.Fatalf("the test's JPEG: %v", err)
	}
	first := bytes.Index(data, row)
	second := first + len(row) + 2
	tests := map[string][]byte{
		"a row lost":      slices.Concat(data[:second], data[second+len(row):]),
		"half a row lost": slices.Concat(data[:second+2], data[second+len(row):]),
		"cut off":         data[:second],
		"cut off later":   data[:second+4*(len(row)+2)+3],
	}
	for name, damaged := range tests {
		f := openFolder(t)
		m := f.imageOf(t, f.saved(t, damaged).Name)
		if got := m.At(80, 5); colourDistance(got, orange) > 8 {
			t.Errorf("%s: the top is %v", name, got)
		}
		want := color.RGBA{128, 128, 128, 255}
		if name == "a row lost" || name == "half a row lost" {
			want = orange
		}
		if got := m.At(80, 152); colourDistance(got, want) > 8 {
			t.Errorf("%s: the bottom is %v, want %v", name, color.RGBAModel.Convert(got), want)
		}
	}
}

// The tables of these scans have no code for an empty block, only for many.
func TestProgressiveJPEGCutOffAmongScans(t *testing.T) {
	data := mediatest.ScanBomb(640, 480, 20)
	for n := len(data) - 100; n < len(data); n++ {
		m, err := jpeg.Decode(mendJPEG(data[:n]))
		if err != nil || m.Bounds() != image.Rect(0, 0, 640, 480) {
			t.Fatalf("%d of %d bytes: %v", n, len(data), err)
		}
	}
}
