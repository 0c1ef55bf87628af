package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

// displayP3 returns the profile of p3-webp.webp.
func displayP3(t testing.TB) []byte {
	t.Helper()
	return slices.Clone(firstChunk(chunks(testdata(t, "p3-webp.webp")[12:]), "ICCP"))
}

// larger returns a profile with n bytes of a private tag.
func larger(p []byte, n int) []byte {
	const header, entry = 128, 12
	count := int(binary.BigEndian.Uint32(p[header:]))
	var table []byte
	for i := range count {
		t := slices.Clone(p[header+4+entry*i:][:entry])
		binary.BigEndian.PutUint32(t[4:], binary.BigEndian.Uint32(t[4:])+entry)
		table = append(table, t...)
	}
	private := binary.BigEndian.AppendUint32([]byte("priv"), uint32(len(p)+entry))
	private = binary.BigEndian.AppendUint32(private, uint32(n))
	out := slices.Concat(p[:header], binary.BigEndian.AppendUint32(nil, uint32(count+1)), table, private,
		p[header+4+entry*count:], bytes.Repeat([]byte("home"), n/4))
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// plain returns an image of one colour.
func plain(c color.Color) draw.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 200, 200))
	draw.Draw(m, m.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return m
}

func jpegOf(t testing.TB, m image.Image, segments ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return slices.Insert(b.Bytes(), 2, slices.Concat(segments...)...)
}

// app2 returns the segments of a profile, with at most size bytes each.
func app2(profile []byte, size int) (segments []byte) {
	parts := slices.Collect(slices.Chunk(profile, size))
	for i, part := range parts {
		head := append([]byte("ICC_PROFILE\x00"), byte(i+1), byte(len(parts)))
		segments = append(segments, mediatest.Segment(0xe2, append(head, part...))...)
	}
	return segments
}

func iccp(profile []byte) []byte {
	body := bytes.NewBufferString("a display\x00\x00")
	z := zlib.NewWriter(body)
	_, _ = z.Write(profile)
	_ = z.Close()
	return mediatest.Chunk("iCCP", body.Bytes())
}

// numbers returns 32-bit numbers.
func numbers(values ...uint32) (b []byte) {
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

func TestColoursBecomeSRGB(t *testing.T) {
	p3 := displayP3(t)
	wide := color.NRGBA{180, 60, 50, 255}
	half := color.NRGBA{180, 60, 50, 128}
	inSRGB := func(c color.NRGBA) color.NRGBA { return color.NRGBA{196, 45, 39, c.A} } // of wide in P3
	png := func(m image.Image, chunks ...[]byte) []byte {
		return mediatest.WithChunks(mediatest.EncodePNG(m), chunks...)
	}
	tests := map[string]struct {
		data []byte
		want color.NRGBA
	}{
		"the case of a WebP":          {testdata(t, "p3-webp.webp"), color.NRGBA{196, 43, 37, 255}},
		"the case of a display":       {testdata(t, "mac-display-jpeg.jpg"), color.NRGBA{198, 42, 38, 255}},
		"jpeg":                        {jpegOf(t, plain(wide), app2(p3, 60000)), inSRGB(wide)},
		"jpeg with private tags":      {jpegOf(t, plain(wide), app2(larger(p3, 400), 60000)), inSRGB(wide)},
		"jpeg above 4 kB":             {jpegOf(t, plain(wide), app2(larger(p3, 8000), 60000)), inSRGB(wide)},
		"jpeg in several segments":    {jpegOf(t, plain(wide), app2(larger(p3, 8000), 3000)), inSRGB(wide)},
		"png":                         {png(plain(wide), iccp(p3)), inSRGB(wide)},
		"png with transparency":       {png(plain(half), iccp(p3)), inSRGB(half)},
		"png above 4 kB":              {png(plain(half), iccp(larger(p3, 100_000))), inSRGB(half)},
		"png with a code":             {png(plain(half), mediatest.Chunk("cICP", []byte{12, 13, 0, 1})), inSRGB(half)},
		"png with measures":           {png(plain(wide), mediatest.Chunk("gAMA", numbers(45455)), mediatest.Chunk("cHRM", numbers(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))), inSRGB(wide)},
		"png with measures of sRGB":   {png(plain(wide), mediatest.Chunk("gAMA", numbers(45455)), mediatest.Chunk("cHRM", numbers(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))), wide},
		"png that says sRGB":          {png(plain(wide), mediatest.Chunk("sRGB", []byte{0})), wide},
		"jpeg without a profile":      {jpegOf(t, plain(wide)), wide},
		"half a profile":              {jpegOf(t, plain(wide), app2(p3, 300)[:318]), wide},
		"profile cut off":             {jpegOf(t, plain(wide), app2(p3[:300], 60000)), wide},
		"profile for print":           {jpegOf(t, plain(wide), app2(slices.Concat(p3[:16], []byte("CMYK"), p3[20:]), 60000)), wide},
		"profile that is not packed":  {png(plain(wide), mediatest.Chunk("iCCP", []byte("P3\x00\x00hello"))), wide},
		"profile with wrong checksum": {badSum(png(plain(half), iccp(p3)), "iCCP"), inSRGB(half)},
	}
	for name, tt := range tests {
		f := openFolder(t)
		saved := f.saved(t, tt.data)
		for _, name2 := range []string{saved.Name, Thumb(saved.Name)} {
			if got := f.imageOf(t, name2).At(100, 100); colourDistance(got, tt.want) > 4 {
				t.Errorf("%s: it is %v, want %v", name, color.NRGBAModel.Convert(got), tt.want)
			}
			for _, word := range []string{"ICC_PROFILE", "iCCP", "Display P3", "home"} {
				if bytes.Contains(f.bytesOf(t, name2), []byte(word)) {
					t.Errorf("%s: it still says %q", name, word)
				}
			}
		}
	}
}

// A photo in sRGB is not converted: its planes stay as they are.
func TestSRGBIsNotConverted(t *testing.T) {
	xy := [8]float64{0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060}
	srgb, ok := spaceOf(xy, srgbLight)
	if !ok || srgb.toSRGB() != nil {
		t.Error("sRGB is converted to sRGB")
	}
	xy[2], xy[3] = 0.68, 0.32
	if wide, ok := spaceOf(xy, srgbLight); !ok || wide.toSRGB() == nil {
		t.Error("a wide red is not converted")
	}
}

func TestProfileOfHostileBytes(t *testing.T) {
	p3 := displayP3(t)
	for n := range p3 {
		parseICC(p3[:n])
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			changed := slices.Clone(p3)
			changed[n] = b
			if space, ok := parseICC(changed); ok {
				space.toSRGB()
			}
		}
	}
	photo, png := jpegOf(t, plain(color.White), app2(p3, 100)), mediatest.WithChunks(mediatest.EncodePNG(plain(color.White)), iccp(p3))
	for n := range 900 {
		for _, src := range []source{{format: jpegFormat, uploaded: photo[:min(n, len(photo))]}, {format: pngFormat, uploaded: png[:min(n, len(png))]}} {
			src.conversion()
		}
	}
}
