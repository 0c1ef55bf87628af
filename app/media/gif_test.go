package media

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"path/filepath"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

var twoColours = color.Palette{color.RGBA{220, 30, 30, 255}, color.RGBA{30, 30, 220, 255}}

// frames returns a GIF of w × h pixels with n red frames of the given size in
// the upper left corner. A single frame is encoded and then copied.
func frames(t testing.TB, w, h, n int, size image.Point) []byte {
	t.Helper()
	one := &gif.GIF{
		Image:     []*image.Paletted{image.NewPaletted(image.Rectangle{Max: size}, twoColours)},
		Delay:     []int{5},
		Config:    image.Config{Width: w, Height: h, ColorModel: twoColours},
		LoopCount: -1,
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, one); err != nil {
		t.Fatal(err)
	}
	const header = 13 + 2*3
	frame := b.Bytes()[header : b.Len()-1]
	return slices.Concat(b.Bytes()[:header], bytes.Repeat(frame, n), []byte{0x3b})
}

func TestAnimationIsKept(t *testing.T) {
	f := openFolder(t)
	data := mediatest.AnimatedGIF(7)
	want, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want.LoopCount, want.Disposal[2], want.Delay[3] = 4, gif.DisposalBackground, 55
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, want); err != nil {
		t.Fatal(err)
	}
	saved := f.saved(t, b.Bytes())
	got, err := gif.DecodeAll(bytes.NewReader(f.bytesOf(t, saved.Name)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Delay, want.Delay) || !slices.Equal(got.Disposal, want.Disposal) || got.LoopCount != want.LoopCount {
		t.Errorf("got %v %v %d", got.Delay, got.Disposal, got.LoopCount)
	}
	for i := range want.Image {
		if d := distance(t, got.Image[i], want.Image[i]); d != 0 {
			t.Errorf("frame %d is %.1f away", i, d)
		}
	}
	if d := distance(t, f.imageOf(t, Thumb(saved.Name)), want.Image[0]); d != 0 {
		t.Errorf("the thumbnail is %.1f away from the first frame", d)
	}
}

// A GIF beyond the limits of an animation becomes a still image. It is not
// refused, and takes no more memory than one frame.
func TestTooMuchForAnAnimation(t *testing.T) {
	for name, data := range map[string][]byte{
		"wide":             frames(t, 2049, 10, 2, image.Pt(2049, 10)),
		"bomb":             frames(t, 2048, 2048, 1000, image.Pt(2048, 2048)),
		"bomb of colours":  frames(t, 10, 10, maxFrames+1, image.Pt(10, 10)),
		"one frame":        frames(t, 100, 100, 1, image.Pt(100, 100)),
		"smaller than all": frames(t, 100, 50, 1, image.Pt(10, 10)),
	} {
		f := openFolder(t)
		src, err := inspect(data)
		if err != nil || src.pixels > 2049*2048 {
			t.Errorf("%s: %d pixels to decode, %v", name, src.pixels, err)
		}
		saved := f.saved(t, data)
		wantExt := ".jpg"
		if name == "smaller than all" {
			wantExt = ".png" // the canvas around the frame is transparent
		}
		m := f.imageOf(t, saved.Name)
		if filepath.Ext(saved.Name) != wantExt || m.Bounds().Dx() != saved.Width {
			t.Errorf("%s: %+v", name, saved)
		}
		if r, _, b, _ := m.At(5, 5).RGBA(); r < 200<<8 || b > 60<<8 {
			t.Errorf("%s: the frame is not there", name)
		}
	}
}

func TestAnimationAtItsLimits(t *testing.T) {
	for name, data := range map[string][]byte{
		"50 megapixels":   frames(t, 2000, 1000, 25, image.Pt(2000, 1000)),
		"wide":            frames(t, 2048, 10, 2, image.Pt(2048, 10)),
		"as many as ever": frames(t, 10, 10, maxFrames, image.Pt(1, 1)),
	} {
		if src, err := inspect(data); err != nil || !src.animated {
			t.Errorf("%s: it is taken for a still image, %v", name, err)
		}
	}
}

func TestScanGIFOfEveryLength(t *testing.T) {
	data := mediatest.AnimatedGIF(3)
	for n := range data {
		if _, _, err := scanGIF(data[:n]); err == nil {
			t.Errorf("%d of %d bytes pass for whole", n, len(data))
		}
	}
	if n, pixels, err := scanGIF(data); n != 3 || pixels != 3*64*48 || err != nil {
		t.Errorf("%d frames of %d pixels, %v", n, pixels, err)
	}
}

// hiding returns a GIF in which image/gif finds two frames. By the
// specification, the second frame is the data of a comment. label selects the
// extension that both read differently.
func hiding(t testing.TB, label byte) []byte {
	t.Helper()
	one := frames(t, 10, 10, 1, image.Pt(10, 10))
	const header = 13 + 2*3
	frame := one[header : len(one)-1]
	filler := 0x21 - 2 // image/gif takes the comment's 0x21 for the length of a block
	if label == 0x01 {
		filler = 12 - 3 // here it is one of 12 bytes
	}
	comment := []byte{0x21, 0xfe, byte(filler + len(frame))} // up to the frame's last byte, 0
	return slices.Concat(one[:len(one)-1], []byte{0x21, label, 0}, comment, bytes.Repeat([]byte{'A'}, filler), []byte{0}, frame, []byte{0x3b})
}

// small returns GIFs that decode fast, even with a changed byte.
func small(t testing.TB) [][]byte {
	t.Helper()
	extended := bytes.Join([][]byte{
		frames(t, 4, 4, 1, image.Pt(4, 4))[:19],
		[]byte("\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00\x21\xff\x0aAdobe pict\x02ab\x00\x21\xfe\x01x\x00"),
		[]byte("\x21\x01\x0ctwelve bytes\x02hi\x00\x21\xf9\x04\x01\x05\x00\x00\x00"),
		frames(t, 4, 4, 2, image.Pt(3, 2))[19:], []byte("behind it"),
	}, nil)
	return [][]byte{hiding(t, 0xff), hiding(t, 0x01), extended, frames(t, 4, 4, 3, image.Pt(4, 4))}
}

// sameAsDecoded checks that scanGIF finds the frames and pixels that image/gif
// decodes, if the GIF is small enough to decode.
func sameAsDecoded(t *testing.T, data []byte) (decoded bool) {
	t.Helper()
	config, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil || len(data) > 4096 || config.Width*config.Height > 1<<12 {
		return false
	}
	all, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		return false
	}
	want := 0
	for _, m := range all.Image {
		want += m.Rect.Dx() * m.Rect.Dy()
	}
	n, pixels, err := scanGIF(data)
	if errors.Is(err, errAmbiguous) {
		return true // scanGIF refuses the GIF
	}
	if err != nil || n != len(all.Image) || pixels != want {
		t.Errorf("scanned %d frames of %d pixels (%v), decoded %d of %d: %q", n, pixels, err, len(all.Image), want, data)
	}
	return true
}

func FuzzScanGIF(f *testing.F) {
	for _, data := range small(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { sameAsDecoded(t, data) })
}

// Each byte of a GIF in turn is replaced by bytes with a meaning.
func TestScanGIFSeesWhatIsDecoded(t *testing.T) {
	for i, data := range small(t) {
		if !sameAsDecoded(t, data) {
			t.Errorf("GIF %d cannot be decoded", i)
		}
		if _, _, err := scanGIF(data); errors.Is(err, errAmbiguous) != (i < 2) {
			t.Errorf("GIF %d: %v", i, err)
		}
		for at := range data {
			for _, b := range []byte{0, 1, 2, 3, 4, 10, 11, 12, 13, 0x21, 0x2c, 0x3b, 0x80, 0xf9, 0xfe, 0xff} {
				changed := slices.Clone(data)
				changed[at] = b
				sameAsDecoded(t, changed)
			}
		}
	}
}
