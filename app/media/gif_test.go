package media

import (
	"bytes"
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
		"large":            frames(t, 2100, 2000, 2, image.Pt(2100, 2000)),
		"bomb":             frames(t, 2048, 2048, 1000, image.Pt(2048, 2048)),
		"too long":         frames(t, 2000, 1000, 126, image.Pt(2000, 1000)),
		"bomb of frames":   frames(t, 10, 10, maxFrames+1, image.Pt(10, 10)),
		"one frame":        frames(t, 100, 100, 1, image.Pt(100, 100)),
		"smaller than all": frames(t, 100, 50, 1, image.Pt(10, 10)),
	} {
		f := openFolder(t)
		src, err := inspect(data)
		if one := name == "one frame" || name == "smaller than all"; err != nil || src.animated || src.moving == one {
			t.Errorf("%s: moving %v, animated %v, %v", name, src.moving, src.animated, err)
		}
		saved := f.saved(t, data)
		wantExt := ".jpg"
		if name == "smaller than all" {
			wantExt = ".png" // the screen around the frame is transparent
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
		"250 megapixels":  frames(t, 2000, 1000, 125, image.Pt(2000, 1000)),
		"wide":            frames(t, 4096, 1024, 2, image.Pt(4096, 1024)),
		"as many as ever": frames(t, 10, 10, maxFrames, image.Pt(1, 1)),
	} {
		if src, err := inspect(data); err != nil || !src.animated {
			t.Errorf("%s: it is taken for a still image, %v", name, err)
		}
	}
}

func TestLongAnimationStillMoves(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, frames(t, 640, 360, 250, image.Pt(640, 360))) // 57 megapixels
	if g, err := parseGIF(f.bytesOf(t, saved.Name), maxFrames); err != nil || len(g.frames) != 250 || g.width != 640 {
		t.Errorf("%+v has %d frames, %v", saved, len(g.frames), err)
	}
}

func TestGIFOfCarelessPrograms(t *testing.T) {
	for name, frames := range map[string]int{"gif-no-trailer.gif": 2, "gif-screen-0x0.gif": 1, "gif-frame-bigger-than-screen.gif": 1} {
		f := openFolder(t)
		data := testdata(t, name)
		saved := f.saved(t, data)
		wantCorners(t, f.imageOf(t, saved.Name), image.Pt(240, 160), fourColours)
		if g, err := parseGIF(data, maxFrames); err != nil || len(g.frames) != frames || (filepath.Ext(saved.Name) == ".gif") != (frames > 1) {
			t.Errorf("%s: %d frames, %+v, %v", name, len(g.frames), saved, err)
		}
	}
}

// moved returns a GIF whose second frame is moved by x, y.
func moved(data []byte, x, y byte) []byte {
	out := slices.Clone(data)
	at := bytes.LastIndex(out, []byte{0x2c, 0, 0, 0, 0})
	out[at+1], out[at+3] = x, y
	return out
}

func TestGIFWithDamageThatBrowsersOverlook(t *testing.T) {
	plain := frames(t, 40, 30, 2, image.Pt(40, 30))
	end := len(plain) - 1
	const header = 13 + 2*3
	frame := (end - header) / 2
	tests := map[string]struct {
		data   []byte
		frames int
	}{
		"no trailer":                 {plain[:end], 2},
		"a zero before the trailer":  {slices.Insert(slices.Clone(plain), end, 0), 2},
		"zeros before a frame":       {slices.Insert(slices.Clone(plain), header, 0, 0, 0), 2},
		"zeros between frames":       {slices.Insert(slices.Clone(plain), header+frame, 0, 0), 2},
		"bytes behind":               {slices.Concat(plain, []byte("hello")), 2},
		"an unknown block":           {slices.Insert(slices.Clone(plain), end, 'x', 'y'), 2},
		"a second trailer":           {slices.Concat(plain, plain[end:]), 2},
		"no last block":              {plain[:end-1], 2},
		"half an extension":          {slices.Concat(plain[:end], []byte("\x21\xfe\x20abc")), 2},
		"a text of a wrong size":     {slices.Insert(slices.Clone(plain), header, []byte("\x21\x01\x05hello\x00")...), 2},
		"an empty application":       {slices.Insert(slices.Clone(plain), header, []byte("\x21\xff\x00")...), 2},
		"frame a pixel outside":      {moved(plain, 1, 0), 2},
		"frame mostly outside":       {moved(plain, 39, 29), 2},
		"frame wholly outside":       {moved(plain, 50, 50), 2},
		"the second frame cut off":   {plain[:header+frame+14], 1},
		"a frame hidden in a text":   {hiding(t, 0x01), 1},
		"a frame hidden in its data": {hiding(t, 0xff), 1},
	}
	for name, tt := range tests {
		g, err := parseGIF(tt.data, maxFrames)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, err := g.encode(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all, err := gif.DecodeAll(bytes.NewReader(out))
		if err != nil || len(all.Image) != tt.frames || colourDistance(all.Image[0].At(3, 3), twoColours[0]) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of a GIF whose only frame is cut off, the rows are shown that are there.
func TestGIFCutOff(t *testing.T) {
	for _, name := range []string{"plain", "interlaced"} {
		data := testdata(t, "go-interlaced.gif")
		if name == "plain" {
			var b bytes.Buffer
			if err := gif.Encode(&b, mediatest.Photo(150, 103), nil); err != nil {
				t.Fatal(err)
			}
			data = b.Bytes()
		}
		whole, err := gif.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		m, err := decodeGIF(t.Context(), data[:len(data)*7/10])
		if err != nil {
			t.Fatal(err)
		}
		top := image.Rect(0, 0, 150, 8)
		if d := distance(t, within(m, top), within(whole, top)); d > 20 || m.Bounds() != whole.Bounds() {
			t.Errorf("%s: the top is %.1f away, in %v", name, d, m.Bounds())
		}
	}
}
