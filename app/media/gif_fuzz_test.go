package media

import (
	"bytes"
	"image"
	"image/gif"
	"slices"
	"testing"

	"xxsns/app/media/mediatest"
)

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

// wantFrames checks that image/gif reads as many frames in a new animation as
// were found in the old.
func wantFrames(t *testing.T, data []byte) {
	t.Helper()
	g, err := parseGIF(data, 100)
	if err != nil || len(data) > 4096 || g.width*g.height > 1<<12 {
		return
	}
	for _, f := range g.frames {
		if f.width*f.height > 1<<12 {
			return
		}
	}
	out, err := g.encode(t.Context())
	if err != nil || g.width*g.height == 0 {
		return
	}
	all, err := gif.DecodeAll(bytes.NewReader(out))
	if err != nil || len(all.Image) > len(g.frames) || all.Config.Width != g.width {
		t.Errorf("%d of %d frames, %v: %q", len(all.Image), len(g.frames), err, data)
	}
	if mediatest.HasMetadata(out) {
		t.Errorf("metadata in %q", data)
	}
}

func FuzzGIF(f *testing.F) {
	for _, data := range small(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { wantFrames(t, data) })
}

// Each byte of a GIF in turn is replaced by bytes with a meaning.
func TestGIFWithAChangedByte(t *testing.T) {
	for _, data := range small(t) {
		for at := range data {
			for _, b := range []byte{0, 1, 2, 3, 4, 10, 11, 12, 13, 0x21, 0x2c, 0x3b, 0x80, 0xf9, 0xfe, 0xff} {
				changed := slices.Clone(data)
				changed[at] = b
				wantFrames(t, changed)
			}
		}
	}
}
