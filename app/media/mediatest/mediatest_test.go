package mediatest

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"golang.org/x/image/webp"
)

func TestImagesAreWhatTheySay(t *testing.T) {
	size := func(m image.Image, err error) image.Point {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m.Bounds().Size()
	}
	for what, got := range map[string][2]image.Point{
		"PhoneJPEG": {size(jpeg.Decode(bytes.NewReader(PhoneJPEG(60, 40, 6)))), {X: 60, Y: 40}},
		"Large":     {size(jpeg.Decode(bytes.NewReader(Large()))), {X: 640, Y: 480}},
		"PNG":       {size(png.Decode(bytes.NewReader(PNG(60, 40)))), {X: 60, Y: 40}},
		"GrayPNG":   {size(png.Decode(bytes.NewReader(GrayPNG(60, 40)))), {X: 60, Y: 40}},
		"WebP":      {size(webp.Decode(bytes.NewReader(WebP()))), {X: 64, Y: 48}},
		"GIF":       {size(gif.Decode(bytes.NewReader(AnimatedGIF(3)))), {X: 64, Y: 48}},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is of %v pixels, want %v", what, got[0], got[1])
		}
	}
	if _, err := jpeg.Decode(bytes.NewReader(BrokenJPEG())); err == nil {
		t.Error("the broken JPEG is whole")
	}
	bomb, err := png.DecodeConfig(bytes.NewReader(BombPNG()))
	if err != nil || bomb.Width*bomb.Height != 144_000_000 || len(BombPNG()) > 20_000 {
		t.Errorf("the bomb is %+v in %d bytes, %v", bomb, len(BombPNG()), err)
	}
	if len(Large()) < 30_000_000 {
		t.Error("the large image is small")
	}
}

func TestHasMetadata(t *testing.T) {
	var plainJPEG, plainGIF bytes.Buffer
	check(jpeg.Encode(&plainJPEG, Photo(60, 40), nil))
	check(gif.Encode(&plainGIF, Photo(60, 40), nil))
	plainPNG := EncodePNG(Photo(60, 40))
	insert := func(b []byte, segment []byte) []byte { return append(append(b[:2:2], segment...), b[2:]...) }
	tests := []struct {
		name  string
		image []byte
		want  bool
	}{
		{"phone", PhoneJPEG(60, 40, 1), true},
		{"png", PNG(60, 40), true},
		{"gif", AnimatedGIF(2), true},
		{"webp", WebP(), true},
		{"appended", Large(), true},
		{"broken", BrokenJPEG(), true},
		{"no image", []byte("안녕"), true},
		{"comment", insert(plainJPEG.Bytes(), Segment(0xfe, []byte("hello"))), true},
		{"iptc", insert(plainJPEG.Bytes(), Segment(0xed, []byte("Photoshop 3.0\x00"))), true},
		{"foreign app2", insert(plainJPEG.Bytes(), Segment(0xe2, []byte("MPF\x00"))), true},
		{"time in png", WithChunks(plainPNG, Chunk("tIME", make([]byte, 7))), true},
		{"bytes after png", append(bytes.Clone(plainPNG), "hello"...), true},
		{"profile", insert(plainJPEG.Bytes(), Segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01…"))), false},
		{"plain jpeg", plainJPEG.Bytes(), false},
		{"plain png", plainPNG, false},
		{"plain gif", plainGIF.Bytes(), false},
	}
	for _, tt := range tests {
		if got := HasMetadata(tt.image); got != tt.want {
			t.Errorf("%s: HasMetadata = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestUprightSeesATurnedPhoto(t *testing.T) {
	for o := 1; o <= 8; o++ {
		m, err := jpeg.Decode(bytes.NewReader(PhoneJPEG(120, 80, o)))
		check(err)
		if Upright(m) != (o == 1) {
			t.Errorf("a photo that lies in the file for orientation %d: Upright = %v", o, Upright(m))
		}
	}
}
