package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image/jpeg"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

// iccProfile returns the outline of a profile: a header and a table of tags.
func iccProfile(size int, space string, tags ...string) []byte {
	p := make([]byte, size)
	binary.BigEndian.PutUint32(p, uint32(size))
	copy(p[16:], space+"XYZ ")
	copy(p[36:], "acsp")
	binary.BigEndian.PutUint32(p[128:], uint32(len(tags)))
	for i, tag := range tags {
		copy(p[132+12*i:], tag)
	}
	return p
}

var displayP3 = iccProfile(548, "RGB ", "desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "chad", "bTRC", "gTRC")

func jpegWith(segment []byte) []byte {
	return slices.Insert(mediatest.PhoneJPEG(800, 60, 6), 2, segment...)
}

func pngWith(profile []byte) []byte {
	body := bytes.NewBufferString("Display P3\x00\x00")
	z := zlib.NewWriter(body)
	_, _ = z.Write(profile)
	_ = z.Close()
	return mediatest.WithChunks(mediatest.PNG(800, 60), mediatest.Chunk("iCCP", body.Bytes()))
}

func app2(profile []byte) []byte {
	return mediatest.Segment(0xe2, append(iccHeader[:len(iccHeader):len(iccHeader)], profile...))
}

func TestColourProfile(t *testing.T) {
	tooMany := iccProfile(200, "RGB ", "desc")
	binary.BigEndian.PutUint32(tooMany[128:], 1<<31)
	tests := []struct {
		name string
		data []byte
		kept bool
	}{
		{"of a photo", jpegWith(app2(displayP3)), true},
		{"of a screenshot", pngWith(displayP3), true},
		{"none", jpegWith(nil), false},
		{"for print", jpegWith(app2(iccProfile(548, "CMYK", "desc"))), false},
		{"of a certain screen", jpegWith(app2(iccProfile(548, "RGB ", "desc", "mmod"))), false},
		{"too large", jpegWith(app2(iccProfile(maxProfile+1, "RGB ", "desc"))), false},
		{"too large when unpacked", pngWith(iccProfile(100_000, "RGB ", "desc")), false},
		{"more tags than bytes", jpegWith(app2(tooMany)), false},
		{"cut off", jpegWith(app2(displayP3[:300])), false},
		{"one of two segments", jpegWith(mediatest.Segment(0xe2, append([]byte("ICC_PROFILE\x00\x01\x02"), displayP3...))), false},
		{"not packed", mediatest.WithChunks(mediatest.PNG(64, 48), mediatest.Chunk("iCCP", []byte("P3\x00\x00hello"))), false},
		{"on gray", slices.Insert(testdata(t, "go-gray.jpeg"), 2, app2(displayP3)...), false},
	}
	for _, tt := range tests {
		f := openFolder(t)
		saved := f.saved(t, tt.data)
		for _, name := range []string{saved.Name, Thumb(saved.Name)} {
			b := f.bytesOf(t, name)
			if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			if bytes.Contains(b, app2(displayP3)) != tt.kept || bytes.Contains(b, []byte("ICC_PROFILE")) != tt.kept {
				t.Errorf("%s: kept = %v in %s", tt.name, !tt.kept, name)
			}
		}
	}
}

func TestColourProfileOfHostileBytes(t *testing.T) {
	photo, png := jpegWith(app2(displayP3)), pngWith(displayP3)
	for n := range 800 {
		for _, src := range []source{{format: jpegFormat, data: photo[:n]}, {format: pngFormat, data: png[:n]}} {
			if p := src.profile(); p != nil && !bytes.Equal(p, displayP3) {
				t.Fatalf("%d bytes have the profile %q", n, p)
			}
		}
	}
	if p := (source{format: jpegFormat, data: []byte("\xff\xd8\xff\xe2\x00\x00")}).profile(); p != nil {
		t.Error("a segment shorter than its length")
	}
}
