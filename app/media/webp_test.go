package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gen2brain/webp"

	"xxsns/app/media/mediatest"
)

// chunkWebP returns a RIFF chunk without the zero behind a body of odd size if
// bare is true.
func chunkWebP(id string, body []byte, bare bool) []byte {
	c := appendChunk(nil, id, body)
	if bare && len(body)%2 == 1 {
		c = c[:len(c)-1]
	}
	return c
}

// tiff returns EXIF with nothing but an orientation, in either byte order.
func tiff(order binary.AppendByteOrder, orientation uint16) []byte {
	b := map[string][]byte{"BigEndian": []byte("MM\x00*\x00\x00\x00\x08"), "LittleEndian": []byte("II*\x00\x08\x00\x00\x00")}[order.String()]
	for _, v := range []uint16{1, 0x0112, 3} {
		b = order.AppendUint16(b, v)
	}
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

func TestWebPOrientationBehindAnyChunk(t *testing.T) {
	var pixels []byte
	for id, body := range chunks(testdata(t, "o6-lossless.webp")[12:]) {
		if id == "VP8L" {
			pixels = body
		}
	}
	if len(pixels)%2 == 0 {
		t.Fatal("the test's chunk is not odd")
	}
	head := appendChunk(nil, "VP8X", []byte{8, 0, 0, 0, 239, 0, 0, 159, 0, 0})
	odd, exif := chunkWebP("VP8L", pixels, false), chunkWebP("EXIF", tiff(binary.BigEndian, 6), false)
	tests := map[string][]byte{
		"the case":                 testdata(t, "o6-lossless.webp"),
		"odd chunk without a zero": riff(slices.Concat(head, chunkWebP("VP8L", pixels, true), exif)),
		"little endian":            riff(slices.Concat(head, odd, chunkWebP("EXIF", tiff(binary.LittleEndian, 6), false))),
		"as in a JPEG":             riff(slices.Concat(head, odd, chunkWebP("EXIF", append([]byte("Exif\x00\x00"), tiff(binary.BigEndian, 6)...), false))),
		"before the pixels":        riff(slices.Concat(head, exif, odd)),
		"behind an odd profile":    riff(slices.Concat(head, chunkWebP("ICCP", []byte("abc"), false), odd, exif)),
		"behind an odd XMP":        riff(slices.Concat(head, odd, chunkWebP("XMP ", []byte("abc"), false), exif)),
		"behind an unknown chunk":  riff(slices.Concat(head, odd, chunkWebP("abcd", []byte("abc"), false), exif)),
		"no header":                riff(slices.Concat(odd, exif)),
		"cut off behind":           riff(slices.Concat(head, odd, exif[:len(exif)-4])),
		"wrong size of all":        append([]byte("RIFF\x04\x00\x00\x00WEBP"), slices.Concat(head, odd, exif)...),
	}
	for name, data := range tests {
		f := openFolder(t)
		saved := f.saved(t, data)
		t.Run(name, func(t *testing.T) {
			turned := corners{fourColours[2], fourColours[0], fourColours[3], fourColours[1]}
			wantCorners(t, f.imageOf(t, saved.Name), image.Pt(160, 240), turned)
		})
	}
}

func TestLossyWebPHasItsColours(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, mediatest.WebP())
	if d := distance(t, f.imageOf(t, saved.Name), mediatest.Photo(64, 48)); d > 5 {
		t.Errorf("it is %.1f away", d)
	}
}

// Of a WebP cut off among its pixels, the part is shown that is there.
func TestWebPCutOff(t *testing.T) {
	for _, name := range []string{"../mediatest/photo.webp", "alpha-lossless.webp", "alpha-lossy.webp"} {
		data := testdata(t, name)
		whole, err := decodeWebP(bytes.NewReader(plainWebP(data)))
		if err != nil {
			t.Fatal(err)
		}
		for percent := 50; percent < 100; percent += 10 {
			src, err := inspect(data[:len(data)*percent/100])
			if err != nil {
				t.Errorf("%s of %d %%: %v", name, percent, err)
				continue
			}
			m, err := src.image(t.Context())
			if err != nil {
				t.Errorf("%s of %d %%: %v", name, percent, err)
				continue
			}
			if d := distance(t, m, whole); d > 40 || percent == 90 && d > 5 {
				t.Errorf("%s of %d %% is %.1f away", name, percent, d)
			}
		}
	}
}

// A detailed picture without loss takes several bytes for each pixel, also for a lost one.
func TestDetailedWebPCutOff(t *testing.T) {
	detailed := image.NewNRGBA(image.Rect(0, 0, 120, 80))
	random := rand.NewChaCha8([32]byte{})
	_, _ = random.Read(detailed.Pix)
	for i := 3; i < len(detailed.Pix); i += 4 {
		detailed.Pix[i] = 255
	}
	var b bytes.Buffer
	if err := webp.Encode(&b, detailed, webp.Options{Lossless: true}); err != nil {
		t.Fatal(err)
	}
	for _, percent := range []int{30, 60, 90} {
		f := openFolder(t)
		m := f.imageOf(t, f.saved(t, b.Bytes()[:b.Len()*percent/100]).Name)
		if m.Bounds() != detailed.Rect {
			t.Errorf("of %d %% it is %v", percent, m.Bounds())
		}
	}
}

// The first frame of an animated WebP may be smaller than the animation.
func TestSavePlacesTheFirstFrameOfAWebP(t *testing.T) {
	f := openFolder(t)
	still := mediatest.WebP()
	w, h, err := sizeWebP(still)
	if err != nil {
		t.Fatal(err)
	}
	frame := []byte{10, 0, 0, 4, 0, 0, byte(w - 1), 0, 0, byte(h - 1), 0, 0, 100, 0, 0, 0} // at 20, 8
	frame = append(frame, still[12:]...)
	moving := appendChunk(nil, "VP8X", []byte{2, 0, 0, 0, 119, 0, 0, 99, 0, 0}) // of 120 × 100
	moving = appendChunk(moving, "ANIM", make([]byte, 6))
	moving = appendChunk(appendChunk(moving, "ANMF", frame), "ANMF", frame)
	saved := f.saved(t, riff(moving))
	m := f.imageOf(t, saved.Name)
	if saved.Width != 120 || saved.Height != 100 || !saved.Stilled {
		t.Fatalf("saved %+v", saved)
	}
	want, err := decodeWebP(bytes.NewReader(still))
	if err != nil {
		t.Fatal(err)
	}
	part := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(part, part.Rect, m, image.Pt(20, 8), draw.Src)
	if d := distance(t, part, want); d > 5 {
		t.Errorf("the frame is %.1f away", d)
	}
	for _, at := range []image.Point{{X: 5, Y: 4}, {X: 110, Y: 90}} {
		if _, _, _, a := m.At(at.X, at.Y).RGBA(); a != 0 {
			t.Errorf("outside of the frame, at %v, alpha is %d", at, a)
		}
	}
}
