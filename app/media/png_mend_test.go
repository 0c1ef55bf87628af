package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/png"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

func TestPNGOfCarelessPrograms(t *testing.T) {
	for _, name := range []string{"png-badcrc-iccp.png", "png-no-iend.png"} {
		f := openFolder(t)
		saved := f.saved(t, testdata(t, name))
		wantCorners(t, f.imageOf(t, saved.Name), image.Pt(240, 160), fourColours)
	}
}

// badSum returns data with a wrong checksum of the first chunk of the given
// name.
func badSum(data []byte, name string) []byte {
	out := slices.Clone(data)
	at := bytes.Index(out, []byte(name))
	size := int(binary.BigEndian.Uint32(out[at-4:]))
	out[at+4+size+3]++
	return out
}

// resized returns data with n bytes added to the body of the first chunk of the
// given name, and a right checksum.
func resized(data []byte, name string, n int) []byte {
	var out []byte
	out = append(out, pngSignature...)
	for found, body := range chunksPNG(data) {
		if found == name {
			body = append(slices.Clone(body), make([]byte, n)...)
		}
		out = appendPNG(out, found, body)
	}
	return out
}

func TestPNGWithDamageThatBrowsersOverlook(t *testing.T) {
	photo := mediatest.PNG(240, 160)
	rect := image.Rect(0, 0, 240, 160)
	paletted := mediatest.EncodePNG(imageWith(image.NewPaletted(rect, palette.Plan9)))
	gray := mediatest.EncodePNG(imageWith(image.NewGray(rect)))
	holed := mediatest.EncodePNG(holed(240, 160))
	end := len(photo) - 12
	with := func(data []byte, name string, n int) []byte {
		return mediatest.WithChunks(data, mediatest.Chunk(name, make([]byte, n)))
	}
	tests := map[string]struct{ damaged, whole []byte }{
		"no end":                       {photo[:end], photo},
		"half an end":                  {photo[:end+5], photo},
		"no checksum of pixels":        {photo[:end-4], photo},
		"bytes behind":                 {append(slices.Clone(photo), "hello"...), photo},
		"end of a length":              {resized(photo, "IEND", 7), photo},
		"wrong sum of a text":          {badSum(photo, "tEXt"), photo},
		"wrong sum of EXIF":            {badSum(photo, "eXIf"), photo},
		"wrong sum of a time":          {badSum(with(paletted, "tIME", 7), "tIME"), paletted},
		"wrong sum of a palette":       {badSum(paletted, "PLTE"), paletted},
		"wrong sum of the header":      {badSum(photo, "IHDR"), photo},
		"wrong sum of pixels":          {badSum(photo, "IDAT"), photo},
		"wrong sum of packed pixels":   {resizedPixels(photo, -4), photo},
		"surplus pixels":               {resizedPixels(photo, 9), photo},
		"palette of a gray image":      {with(gray, "PLTE", 3), gray},
		"palette too long":             {resized(paletted, "PLTE", 5), paletted},
		"transparency of alpha":        {with(holed, "tRNS", 6), holed},
		"transparency of a wrong size": {with(photo, "tRNS", 1), photo},
		"a chunk between pixels":       {splitPixels(photo), photo},
		"a chunk of gamma, too long":   {with(photo, "gAMA", 9), photo},
	}
	for name, tt := range tests {
		want, err := png.Decode(bytes.NewReader(tt.whole))
		if err != nil {
			t.Fatal(err)
		}
		src, err := inspect(tt.damaged)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m, err := src.image(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := distance(t, m, want); d != 0 {
			t.Errorf("%s: it is %.1f away", name, d)
		}
	}
}

// A PNG cut off among its pixels shows the rows that are there. The others are
// transparent or gray.
func TestPNGCutOff(t *testing.T) {
	rect := image.Rect(0, 0, 240, 160)
	for name, m := range map[string]image.Image{
		"photo": mediatest.Photo(240, 160), "transparent": holed(240, 160), "16 bits": imageWith(image.NewRGBA64(rect)),
		"gray": imageWith(image.NewGray(rect)), "palette": imageWith(image.NewPaletted(rect, palette.Plan9)),
	} {
		data := mediatest.EncodePNG(m)
		data = data[:len(data)*6/10]
		if _, err := png.Decode(bytes.NewReader(data)); err == nil {
			t.Fatal("the test's PNG is whole")
		}
		got, err := png.Decode(mendPNG(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if top := image.Rect(0, 0, 240, 60); distance(t, within(got, top), within(m, top)) != 0 {
			t.Errorf("%s: the top is not there", name)
		}
		want := map[string]color.Color{"transparent": color.Transparent, "palette": palette.Plan9[0]}[name]
		if want == nil {
			want = color.Gray{0x80}
		}
		if last := got.At(120, 159); colourDistance(last, want) != 0 {
			t.Errorf("%s: the last row is %v", name, last)
		}
	}
}

// imageWith draws a photo onto m.
func imageWith(m draw.Image) image.Image {
	draw.Draw(m, m.Bounds(), mediatest.Photo(m.Bounds().Dx(), m.Bounds().Dy()), image.Point{}, draw.Src)
	return m
}

// resizedPixels returns data with bytes added to the end of the packed pixels,
// or removed.
func resizedPixels(data []byte, n int) []byte {
	var packed []byte
	for name, body := range chunksPNG(data) {
		if name == "IDAT" {
			packed = append(packed, body...)
		}
	}
	packed = append(packed, make([]byte, max(n, 0))...)
	return withPixels(data, packed[:len(packed)+min(n, 0)])
}

// splitPixels returns data with a text between two chunks of pixels.
func splitPixels(data []byte) []byte {
	at := bytes.Index(data, []byte("IDAT"))
	size := int(binary.BigEndian.Uint32(data[at-4:]))
	body := data[at+4 : at+4+size]
	return slices.Concat(data[:at-4], appendPNG(nil, "IDAT", body[:size/2]), appendPNG(nil, "tEXt", []byte("a\x00b")),
		appendPNG(nil, "IDAT", body[size/2:]), data[at+4+size+4:])
}

// withPixels returns data with other packed pixels.
func withPixels(data, packed []byte) []byte {
	out := []byte(pngSignature)
	for name, body := range chunksPNG(data) {
		switch {
		case name != "IDAT":
			out = appendPNG(out, name, body)
		case packed != nil:
			out = appendPNG(out, name, packed)
			packed = nil
		}
	}
	return out
}

// interlacedPNG returns a gray PNG of seven passes; the pixel at x, y is
// 16y + x.
func interlacedPNG(w, h int) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for _, p := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		for y := p[1]; y < h && p[0] < w; y += p[3] {
			row := []byte{0}
			for x := p[0]; x < w; x += p[2] {
				row = append(row, byte(16*y+x))
			}
			_, _ = z.Write(row)
		}
	}
	_ = z.Close()
	header := append(numbers(uint32(w), uint32(h)), 8, 0, 0, 0, 1)
	out := appendPNG([]byte(pngSignature), "IHDR", header)
	return appendPNG(appendPNG(out, "IDAT", packed.Bytes()), "IEND", nil)
}

func TestInterlacedPNGIsMended(t *testing.T) {
	for _, size := range []image.Point{{X: 1, Y: 1}, {X: 3, Y: 2}, {X: 5, Y: 5}, {X: 13, Y: 9}, {X: 16, Y: 16}} {
		data := interlacedPNG(size.X, size.Y)
		want, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(mendPNG(badSum(data, "IDAT")))
		if err != nil || distance(t, got, want) != 0 {
			t.Errorf("%v: %v", size, err)
		}
	}
}
