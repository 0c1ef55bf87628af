package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	xdraw "golang.org/x/image/draw"

	"xxsns/app/media/mediatest"
)

func TestSizes(t *testing.T) {
	for width, want := range map[int][]Size{
		1: nil, 480: nil,
		481:  {{"a-480.webp", 480}, {"a-960.webp", 481}},
		960:  {{"a-480.webp", 480}, {"a-960.webp", 960}},
		1200: {{"a-480.webp", 480}, {"a-960.webp", 960}, {"a-1440.webp", 1200}},
		2048: {{"a-480.webp", 480}, {"a-960.webp", 960}, {"a-1440.webp", 1440}},
	} {
		if got := Sizes("a.jpg", width, "webp"); !slices.Equal(got, want) {
			t.Errorf("an image %d wide: %v", width, got)
		}
		if got := Sizes("a.jpg", width, ""); got != nil {
			t.Errorf("an image without sizes: %v", got)
		}
	}
}

// capture returns a picture like a capture of a screen: lines of dark signs on white.
func capture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	signs := rand.New(rand.NewPCG(1, 2))
	for y := 20; y+20 < h; y += 40 {
		for x := 20; x+20 < w; x += 16 {
			if signs.IntN(5) > 0 {
				draw.Draw(m, image.Rect(x, y, x+2+signs.IntN(10), y+2+signs.IntN(16)), image.NewUniform(color.Gray{40}), image.Point{}, draw.Src)
			}
		}
	}
	return m
}

// noise returns a picture of random pixels.
func noise(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	grain := rand.New(rand.NewPCG(3, 4))
	for i := range m.Pix {
		m.Pix[i] = uint8(grain.UintN(256)) | uint8(i%4/3*255)
	}
	return m
}

// The files for screens look like the original, in the size that is said.
func TestSaveMakesSizesForScreens(t *testing.T) {
	tests := []struct {
		name    string
		upload  []byte
		sized   string
		heights []int // of 480, 960 and 1440 wide
	}{
		{"photo", mediatest.PhoneJPEG(2000, 1500, 1), "webp", []int{360, 720, 1080}},
		{"turned photo", mediatest.PhoneJPEG(1500, 2000, 6), "webp", []int{360, 720, 1080}},
		{"capture", mediatest.EncodePNG(capture(1080, 1500)), "webp", []int{667, 1333, 1500}},
		{"noise", mediatest.EncodePNG(noise(1100, 600)), "jpg", []int{262, 524, 600}},
		{"transparent", mediatest.EncodePNG(holed(1000, 1000)), "webp", []int{480, 960, 1000}},
		{"moving webp", testdata(t, "animated.webp"), "", nil},
		{"narrow", mediatest.PNG(480, 900), "", nil},
		{"animation", frames(t, 600, 400, 2, image.Pt(600, 400)), "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // the encoder is shared
			f := openFolder(t)
			saved := f.saved(t, tt.upload)
			if saved.Sized != tt.sized || len(f.names(t)) != 2+len(tt.heights) {
				t.Fatalf("saved %+v with the files %q", saved, f.names(t))
			}
			full := f.imageOf(t, saved.Name)
			for i, size := range Sizes(saved.Name, saved.Width, saved.Sized) {
				m := f.imageOf(t, size.Name)
				if got := m.Bounds().Size(); got != image.Pt(size.Width, tt.heights[i]) {
					t.Errorf("%s is of %v, want %d high", size.Name, got, tt.heights[i])
				}
				want := image.NewNRGBA(m.Bounds())
				xdraw.CatmullRom.Scale(want, want.Rect, full, full.Bounds(), draw.Src, nil)
				if d := distance(t, m, want); d > 5 && tt.name != "noise" {
					t.Errorf("%s is %.1f away from the original", size.Name, d)
				}
				if plain, err := newPicture(m, size.Width, tt.heights[i]).encode("jpg"); tt.sized == "webp" && (err != nil || len(f.bytesOf(t, size.Name)) >= len(plain)) {
					t.Errorf("%s takes %d bytes, %d as JPEG", size.Name, len(f.bytesOf(t, size.Name)), len(plain))
				}
			}
		})
	}
}

func TestSizesOfATallPictureShowTheTop(t *testing.T) {
	f := openFolder(t)
	tall := image.NewRGBA(image.Rect(0, 0, 700, 4000))
	draw.Draw(tall, image.Rect(0, 0, 700, 1400), image.NewUniform(color.RGBA{200, 30, 30, 255}), image.Point{}, draw.Src)
	draw.Draw(tall, image.Rect(0, 1400, 700, 4000), image.NewUniform(color.RGBA{30, 30, 200, 255}), image.Point{}, draw.Src)
	saved := f.saved(t, mediatest.EncodePNG(tall))
	sizes := Sizes(saved.Name, saved.Width, saved.Sized)
	if len(sizes) != 2 {
		t.Fatalf("saved %+v", saved)
	}
	for _, size := range sizes {
		m := f.imageOf(t, size.Name)
		if b := m.Bounds(); b.Dx() != size.Width || b.Dy() != 2*size.Width {
			t.Fatalf("%s is of %v", size.Name, b)
		}
		for _, y := range []int{10, size.Width, 2*size.Width - 10} {
			if r, _, b, _ := m.At(size.Width/2, y).RGBA(); r>>8 < 180 || b>>8 > 60 {
				t.Errorf("at %d %s is %v", y, size.Name, m.At(size.Width/2, y))
			}
		}
	}
}

// withoutSizes makes a saved image one of the time before there were sizes.
func (f *Folder) withoutSizes(t *testing.T, saved Image) {
	t.Helper()
	for _, name := range saved.files()[2:] {
		if err := os.Remove(f.path(name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAddSizes(t *testing.T) {
	for name, upload := range map[string][]byte{
		"photo":       mediatest.PhoneJPEG(2000, 1500, 1),
		"turned":      mediatest.PhoneJPEG(1500, 2000, 6),
		"transparent": mediatest.EncodePNG(holed(1000, 1000)),
		"tall":        mediatest.EncodePNG(capture(700, 3000)),
		"narrow":      mediatest.PNG(300, 300),
		"animation":   frames(t, 600, 400, 2, image.Pt(600, 400)),
	} {
		t.Run(name, func(t *testing.T) {
			f := openFolder(t)
			saved := f.saved(t, upload)
			want := map[string]image.Image{}
			for _, name := range saved.files()[2:] {
				want[name] = f.imageOf(t, name)
			}
			f.withoutSizes(t, saved)
			var calls sync.WaitGroup
			for range 3 { // as several replicas do
				calls.Go(func() {
					if sized, err := f.AddSizes(context.Background(), saved.Name); err != nil || sized != saved.Sized {
						t.Errorf("AddSizes: %q, %v, want %q", sized, err, saved.Sized)
					}
				})
			}
			calls.Wait()
			wantNames(t, f, saved.files()...)
			for name, m := range want {
				if d := distance(t, f.imageOf(t, name), m); d > 2 {
					t.Errorf("%s is %.1f away from what Save makes", name, d)
				}
			}
		})
	}
}

func TestAddSizesOfWhatIsNoImage(t *testing.T) {
	f := openFolder(t)
	broken := newName(".jpg")
	if err := os.WriteFile(f.path(broken), []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	if sized, err := f.AddSizes(context.Background(), broken); err != nil || sized != "" {
		t.Errorf("a broken image: %q, %v", sized, err)
	}
	for _, name := range []string{newName(".jpg"), newName(".gif"), "../x.jpg", ""} {
		if _, err := f.AddSizes(context.Background(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
	saved := f.saved(t, mediatest.PNG(1000, 100))
	f.withoutSizes(t, saved)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.AddSizes(ctx, saved.Name); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// A size that another process has made stays when this process fails.
func TestAddSizesTakesNothingAway(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, mediatest.PNG(1000, 100))
	last := saved.files()[len(saved.files())-1]
	f.withoutSizes(t, saved)
	if err := os.MkdirAll(f.path(last)+"/full", 0o755); err != nil { // the last rename fails
		t.Fatal(err)
	}
	if _, err := f.AddSizes(context.Background(), saved.Name); !errors.Is(err, ErrNoSpace) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f, saved.files()...)
}

// Whatever decodes as an image can be encoded as WebP, and looks the same.
func FuzzWebP(f *testing.F) {
	f.Add(3, 5, []byte("\xff\x00\x80"), true)
	f.Add(1, 1, []byte{}, false)
	f.Add(200, 1, []byte("abcdefgh"), false)
	f.Fuzz(func(t *testing.T, w, h int, pix []byte, opaque bool) {
		if w < 1 || h < 1 || w > 300 || h > 300 {
			return
		}
		m := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range m.Pix {
			if i < len(pix) {
				m.Pix[i] = pix[i]
			}
			if opaque && i%4 == 3 {
				m.Pix[i] = 255
			}
		}
		data, err := newPicture(m, w, h).encode(extWebP)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeWebP(bytes.NewReader(data))
		if err != nil || got.Bounds().Size() != m.Rect.Size() {
			t.Fatalf("%v, %v", got, err)
		}
		for y := range h {
			for x := range w {
				_, _, _, was := m.At(x, y).RGBA()
				if _, _, _, is := got.At(x, y).RGBA(); is>>8 != was>>8 {
					t.Fatalf("alpha at %d, %d is %d, was %d", x, y, is>>8, was>>8)
				}
			}
		}
	})
}
