package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"path/filepath"
	"strings"
	"testing"

	"xxsns/app/media/mediatest"
)

// onto draws a photo of 64 × 48 pixels onto m.
func onto(m draw.Image) []byte {
	photo := mediatest.Photo(64, 48)
	draw.Draw(m, m.Bounds(), photo, image.Point{}, draw.Src)
	return mediatest.EncodePNG(m)
}

// holed returns a photo whose upper left quarter is transparent.
func holed(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, mediatest.Photo(w, h), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, 0, w/2, h/2), image.Transparent, image.Point{}, draw.Src)
	return m
}

// clearGIF returns a GIF in which all pixels are transparent.
func clearGIF(t *testing.T) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 64, 48), color.Palette{color.Transparent, color.White})
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Saved images of every format look like the originals.
func TestSaveFormats(t *testing.T) {
	rect := image.Rect(0, 0, 64, 48)
	tests := []struct {
		name string
		data []byte
		ext  string
	}{
		{"photo", mediatest.PhoneJPEG(64, 48, 1), ".jpg"},
		{"gray jpeg", testdata(t, "go-gray.jpeg"), ".jpg"},
		{"cmyk jpeg", testdata(t, "go-cmyk.jpeg"), ".jpg"},
		{"rgb jpeg", testdata(t, "go-rgb.jpeg"), ".jpg"},
		{"progressive jpeg", testdata(t, "go-progressive.jpeg"), ".jpg"},
		{"4:1:0 jpeg", testdata(t, "go-410.jpeg"), ".jpg"},
		{"4:1:1 jpeg", testdata(t, "go-411.jpeg"), ".jpg"},
		{"4:2:2 jpeg", testdata(t, "go-422.jpeg"), ".jpg"},
		{"4:4:0 jpeg", testdata(t, "go-440.jpeg"), ".jpg"},
		{"4:4:4 jpeg", testdata(t, "go-444.jpeg"), ".jpg"},
		{"png", mediatest.PNG(64, 48), ".jpg"},
		{"16-bit png", onto(image.NewRGBA64(rect)), ".jpg"},
		{"gray png", onto(image.NewGray(rect)), ".jpg"},
		{"16-bit gray png", onto(image.NewGray16(rect)), ".jpg"},
		{"1-bit png", mediatest.GrayPNG(64, 48), ".jpg"},
		{"paletted png", onto(image.NewPaletted(rect, color.Palette{color.Black, color.White, color.RGBA{200, 0, 0, 255}})), ".jpg"},
		{"transparent png", mediatest.EncodePNG(holed(64, 48)), ".png"},
		{"gif", frames(t, 64, 48, 1, image.Pt(64, 48)), ".jpg"},
		{"interlaced gif", testdata(t, "go-interlaced.gif"), ".jpg"},
		{"transparent gif", clearGIF(t), ".png"},
		{"animated gif", mediatest.AnimatedGIF(3), ".gif"},
		{"webp", mediatest.WebP(), ".jpg"},
		{"transparent lossless webp", testdata(t, "alpha-lossless.webp"), ".png"},
		{"transparent lossy webp", testdata(t, "alpha-lossy.webp"), ".png"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := openFolder(t)
			want, _, err := image.Decode(bytes.NewReader(tt.data))
			if strings.Contains(tt.name, "webp") {
				want, err = decodeWebP(bytes.NewReader(tt.data))
			}
			if err != nil {
				t.Fatal(err)
			}
			saved := f.saved(t, tt.data)
			wantNames(t, f, saved.files()...)
			if filepath.Ext(saved.Name) != tt.ext || !ValidName(saved.Name) || !ValidName(Thumb(saved.Name)) {
				t.Errorf("it is called %s, its thumbnail %s", saved.Name, Thumb(saved.Name))
			}
			if size := (image.Point{X: saved.Width, Y: saved.Height}); size != want.Bounds().Size() {
				t.Errorf("it is of %v pixels, want %v", size, want.Bounds().Size())
			}
			for _, name := range []string{saved.Name, Thumb(saved.Name)} {
				if d := distance(t, f.imageOf(t, name), want); d > 5 {
					t.Errorf("%s is %.1f away from what was sent", name, d)
				}
			}
		})
	}
}

func TestSaveTurnsUprightAndForgets(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		// The second image is shrunk; with odd sides, the planes Cb and Cr have
		// half a pixel at the edge.
		for _, size := range []image.Point{{X: 301, Y: 207}, {X: 2401, Y: 1003}} {
			t.Run(fmt.Sprintf("%d of %v", orientation, size), func(t *testing.T) {
				f := openFolder(t)
				data := mediatest.PhoneJPEG(size.X, size.Y, orientation)
				if !mediatest.HasMetadata(data) {
					t.Fatal("the test's photo has no metadata")
				}
				saved := f.saved(t, data)
				w, h := fullSize(size.X, size.Y)
				if orientation >= 5 {
					w, h = h, w
				}
				if saved.Width != w || saved.Height != h {
					t.Errorf("it is %d × %d, want %d × %d", saved.Width, saved.Height, w, h)
				}
				for _, name := range saved.files() {
					if !mediatest.Upright(f.imageOf(t, name)) {
						t.Errorf("%s is not upright", name)
					}
					for _, word := range []string{"Exif", "Samsung", "SM-S928N", "xmp", "서준", "MM\x00*"} {
						if bytes.Contains(f.bytesOf(t, name), []byte(word)) {
							t.Errorf("%s still says %q", name, word)
						}
					}
				}
			})
		}
	}
}

func TestSaveTurnsPNGAndWebP(t *testing.T) {
	lying := image.NewRGBA(image.Rect(0, 0, 64, 48)) // 48 × 64 when upright
	upright := mediatest.Photo(48, 64)
	for y := range 48 {
		for x := range 64 {
			lying.Set(x, y, upright.At(47-y, x))
		}
	}
	for name, data := range map[string][]byte{
		"png":  mediatest.WithChunks(mediatest.EncodePNG(lying), mediatest.Chunk("eXIf", mediatest.EXIF(6))),
		"webp": testdata(t, "turned.webp"),
	} {
		f := openFolder(t)
		if saved := f.saved(t, data); !mediatest.Upright(f.imageOf(t, saved.Name)) || saved.Width != 48 || saved.Height != 64 {
			t.Errorf("%s: %+v is not upright", name, saved)
		}
	}
}

func TestSaveAnimatedWebPTakesItsFirstFrame(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, testdata(t, "animated.webp"))
	m := f.imageOf(t, saved.Name)
	if _, _, _, alpha := m.At(2, 2).RGBA(); alpha != 0 || m.Bounds().Size() != (image.Point{X: 64, Y: 48}) {
		t.Errorf("its corner has alpha %d, it is of %v", alpha, m.Bounds())
	}
}

func TestSaveDamagedEXIFIsNoError(t *testing.T) {
	f := openFolder(t)
	photo := mediatest.PhoneJPEG(64, 48, 6)
	exif := bytes.Index(photo, []byte("MM\x00*"))
	copy(photo[exif+8:], bytes.Repeat([]byte{0xff}, 60))
	if saved := f.saved(t, photo); saved.Width != 64 || saved.Height != 48 {
		t.Errorf("it was turned: %+v", saved)
	}
}

func TestSaveSizes(t *testing.T) {
	tests := []struct{ w, h, fullW, fullH, thumbW, thumbH int }{
		{720, 720, 720, 720, 720, 720},
		{721, 300, 721, 300, 720, 300},
		{2048, 1024, 2048, 1024, 720, 360},
		{2049, 1000, 2048, 1000, 720, 352},
		{1000, 2500, 819, 2048, 720, 1440}, // up to 1:2.5
		{1000, 4000, 1000, 4000, 720, 1440},
		{1080, 12000, 1080, 12000, 720, 1440},
		{1080, 40000, 1080, 40000, 720, 1440},
		{1440, 12000, 1080, 9000, 720, 1440},
		{2160, 6000, 1697, 4714, 720, 1440},
		{12000, 4000, 4896, 1632, 720, 240}, // a panorama
		{9000, 1, 9000, 1, 720, 1},
		{1, 9000, 1, 9000, 1, 2},
		{8192, 6144, 2048, 1536, 720, 540},
		{1, 1, 1, 1, 1, 1},
	}
	for _, tt := range tests {
		f := openFolder(t)
		saved := f.saved(t, mediatest.GrayPNG(tt.w, tt.h))
		full, thumb := f.imageOf(t, saved.Name).Bounds(), f.imageOf(t, Thumb(saved.Name)).Bounds()
		if full.Dx() != tt.fullW || full.Dy() != tt.fullH || thumb.Dx() != tt.thumbW || thumb.Dy() != tt.thumbH ||
			saved.Width != tt.fullW || saved.Height != tt.fullH {
			t.Errorf("%d × %d became %v (said: %d × %d) and %v", tt.w, tt.h, full, saved.Width, saved.Height, thumb)
		}
	}
}

// The lower two thirds of the picture are below what the thumbnail shows.
func TestThumbnailOfATallPictureShowsTheTop(t *testing.T) {
	f := openFolder(t)
	tall := image.NewRGBA(image.Rect(0, 0, 400, 2400))
	draw.Draw(tall, image.Rect(0, 0, 400, 800), image.NewUniform(color.RGBA{200, 30, 30, 255}), image.Point{}, draw.Src)
	draw.Draw(tall, image.Rect(0, 800, 400, 2400), image.NewUniform(color.RGBA{30, 30, 200, 255}), image.Point{}, draw.Src)
	thumb := f.imageOf(t, Thumb(f.saved(t, mediatest.EncodePNG(tall)).Name))
	if size := thumb.Bounds().Size(); size != image.Pt(400, 800) {
		t.Fatalf("the thumbnail has %v", size)
	}
	for _, y := range []int{10, 400, 780} {
		if r, _, b, _ := thumb.At(200, y).RGBA(); r>>8 < 180 || b>>8 > 60 {
			t.Errorf("at %d the thumbnail is %v", y, thumb.At(200, y))
		}
	}
}

func TestSaveShrinksWithTransparency(t *testing.T) {
	f := openFolder(t)
	saved := f.saved(t, mediatest.EncodePNG(holed(2100, 200)))
	for _, name := range saved.files() {
		m := f.imageOf(t, name)
		b := m.Bounds()
		if _, _, _, alpha := m.At(b.Dx()/4, b.Dy()/4).RGBA(); alpha != 0 {
			t.Errorf("%s: the hole has alpha %d", name, alpha)
		}
		c := color.NRGBAModel.Convert(m.At(b.Dx()/2, b.Dy()/4)).(color.NRGBA) // at the edge of the hole
		if want := mediatest.Photo(64, 48).RGBAAt(32, 12); c.A == 0 || max(c.R, want.R)-min(c.R, want.R) > 30 {
			t.Errorf("%s: the hole's edge is %v, want about %v", name, c, want)
		}
	}
}

func TestSaveAvatar(t *testing.T) {
	middle := image.NewRGBA(image.Rect(0, 0, 1000, 401))
	draw.Draw(middle, middle.Rect, image.NewUniform(color.RGBA{255, 255, 0, 255}), image.Point{}, draw.Src)
	draw.Draw(middle, image.Rect(300, 0, 700, 401), mediatest.Photo(400, 401), image.Point{}, draw.Src)
	var middleJPEG bytes.Buffer
	if err := jpeg.Encode(&middleJPEG, middle, nil); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		data    []byte
		side    int
		ext     string
		upright bool
	}{
		{"square", mediatest.PhoneJPEG(600, 600, 1), 256, ".jpg", true},
		{"turned", mediatest.PhoneJPEG(600, 600, 8), 256, ".jpg", true},
		{"middle", mediatest.EncodePNG(middle), 256, ".jpg", true},
		{"middle of a jpeg", middleJPEG.Bytes(), 256, ".jpg", true},
		{"high", mediatest.PhoneJPEG(301, 907, 3), 256, ".jpg", false},
		{"small", mediatest.PhoneJPEG(99, 33, 5), 33, ".jpg", false},
		{"transparent", mediatest.EncodePNG(holed(300, 300)), 256, ".png", false},
		{"animated", mediatest.AnimatedGIF(4), 48, ".jpg", false},
		{"webp", mediatest.WebP(), 48, ".jpg", false},
	}
	for _, tt := range tests {
		f := openFolder(t)
		saved, err := f.SaveAvatar(context.Background(), minji, bytes.NewReader(tt.data))
		if err != nil {
			t.Fatal(err)
		}
		wantNames(t, f, saved.Name)
		m := f.imageOf(t, saved.Name)
		if m.Bounds() != image.Rect(0, 0, tt.side, tt.side) || saved.Width != tt.side || saved.Height != tt.side || filepath.Ext(saved.Name) != tt.ext {
			t.Errorf("%s: %+v, %v", tt.name, saved, m.Bounds())
		}
		if tt.upright && !mediatest.Upright(m) {
			t.Errorf("%s: it does not show the photo's middle, upright", tt.name)
		}
	}
}
