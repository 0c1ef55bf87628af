package media

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// A gifFile is a GIF taken apart. Extensions other than the loop count and the
// control of a frame are left out.
type gifFile struct {
	width, height int
	colours       []byte // table of all frames, or nil
	loop          []byte // the number of repetitions, two bytes, or nil
	frames        []gifFrame
}

// A gifFrame is a frame of a GIF, not yet unpacked. Its place may lie outside
// of the screen.
type gifFrame struct {
	x, y, width, height int
	interlaced          bool
	control             [4]byte // flags, delay (2 bytes), transparent colour
	colours             []byte  // table of this frame, or nil
	codeSize            int
	packed              []byte // blocks
}

var errGIF = errors.New("gif: no frame")

const (
	gifHeader                            = 13 // bytes
	gifExtension, gifImage, gifTrailer   = 0x21, 0x2c, 0x3b
	gifControlLabel, gifApplicationLabel = 0xf9, 0xff
)

// parseGIF takes a GIF apart, at most until a number of frames. A GIF ends at
// its trailer, where the data ends, and at an unknown block; zeros between
// blocks are skipped.
func parseGIF(data []byte, most int) (gifFile, error) {
	if len(data) < gifHeader {
		return gifFile{}, errGIF
	}
	g := gifFile{width: int(binary.LittleEndian.Uint16(data[6:])), height: int(binary.LittleEndian.Uint16(data[8:]))}
	rest := data[gifHeader:]
	g.colours, rest = cutTable(data[10], rest)
	var control [4]byte
	for len(rest) > 0 && len(g.frames) < most {
		kind := rest[0]
		rest = rest[1:]
		switch {
		case kind == 0:
		case kind == gifExtension && len(rest) > 0:
			g.extension(rest[0], rest[1:], &control)
			rest = skipBlocks(rest[1:])
		case kind == gifImage && len(rest) > 9:
			rest = g.frame(rest, control)
			control = [4]byte{}
		default:
			rest = nil
		}
	}
	if len(g.frames) == 0 {
		return gifFile{}, errGIF
	}
	g.fitScreen()
	return g, nil
}

// extension reads the loop count, or the control of the next frame.
func (g *gifFile) extension(label byte, blocks []byte, control *[4]byte) {
	switch {
	case label == gifControlLabel && len(blocks) >= 5 && blocks[0] >= 4:
		copy(control[:], blocks[1:])
	case label == gifApplicationLabel && len(blocks) >= 16 && blocks[12] == 3 && blocks[13] == 1 &&
		(bytes.HasPrefix(blocks, []byte("\x0bNETSCAPE2.0")) || bytes.HasPrefix(blocks, []byte("\x0bANIMEXTS1.0"))):
		g.loop = blocks[14:16]
	}
}

// frame reads the frame at the start of b and returns the bytes behind the
// frame.
func (g *gifFile) frame(b []byte, control [4]byte) []byte {
	at := func(i int) int { return int(binary.LittleEndian.Uint16(b[i:])) }
	flags := b[8]
	f := gifFrame{x: at(0), y: at(2), width: at(4), height: at(6), interlaced: flags&0x40 != 0, control: control}
	f.colours, b = cutTable(flags, b[9:])
	if len(b) < 2 {
		return nil
	}
	f.codeSize = int(b[0])
	rest := skipBlocks(b[1:])
	f.packed = b[1 : len(b)-len(rest)]
	g.frames = append(g.frames, f)
	return rest
}

// fitScreen gives the screen the size of the first frame if the frame is
// larger, as browsers do, and frames without a size the size of the screen.
func (g *gifFile) fitScreen() {
	first := &g.frames[0]
	if first.width > g.width || first.height > g.height {
		g.width, g.height = first.width, first.height
		first.x, first.y = 0, 0
	}
	for i := range g.frames {
		if f := &g.frames[i]; f.width == 0 || f.height == 0 {
			f.width, f.height = g.width, g.height
		}
	}
}

// cutTable returns the colour table that the flags announce, or nil, and the
// bytes behind the table.
func cutTable(flags byte, b []byte) (table, rest []byte) {
	n := tableBytes(flags)
	return b[:min(n, len(b))], skip(b, n)
}

// tableBytes returns the size of the colour table that the flags announce.
func tableBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// skip returns b without the first n bytes, or an empty slice if b is shorter.
func skip(b []byte, n int) []byte { return b[min(n, len(b)):] }

// skipBlocks returns the bytes after a sequence of blocks. Each block starts
// with its length; the last one has the length 0.
func skipBlocks(b []byte) []byte {
	for len(b) > 0 && b[0] != 0 {
		b = skip(b, 1+int(b[0]))
	}
	return skip(b, 1)
}

// sizeGIF returns the size of the screen.
func sizeGIF(data []byte) (w, h int, err error) {
	g, err := parseGIF(data, 1)
	return g.width, g.height, err
}
