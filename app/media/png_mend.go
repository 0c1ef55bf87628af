package media

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
)

// mendPNG returns a PNG of the rows of pixels that can be read, or nil if there
// are none. Lost rows are transparent, gray or of the first colour. Chunks that
// are no pixels are left out, so that their faults do not matter. The pixels
// are unpacked and packed anew as the PNG is read.
func mendPNG(data []byte) io.Reader {
	h, err := headerPNG(data)
	if err != nil {
		return nil
	}
	m := &pngMender{rows: flate.NewReader(packedPNG(data)), passes: h.passes(), blank: h.blank()}
	m.z, _ = zlib.NewWriterLevel(&m.packed, zlib.NoCompression)
	if len(m.passes) == 0 || !m.next() {
		return nil
	}
	start := appendPNG([]byte(pngSignature), "IHDR", data[16:29])
	return io.MultiReader(bytes.NewReader(append(start, h.colours(data)...)), m)
}

// A pngPass is a pass over the image: rows of size bytes, without the byte for
// the filter.
type pngPass struct{ size, rows int }

// passes returns the passes of the image that have pixels.
func (h pngHeader) passes() []pngPass {
	all := [][4]int{{0, 0, 1, 1}} // first column and row, and steps
	if h.interlaced {
		all = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	var out []pngPass
	for _, p := range all {
		w, rows := (h.width-p[0]+p[2]-1)/p[2], (h.height-p[1]+p[3]-1)/p[3]
		if w > 0 && rows > 0 {
			out = append(out, pngPass{(w*h.pixelBits() + 7) / 8, rows})
		}
	}
	return out
}

// blank returns the byte of which lost rows are made.
func (h pngHeader) blank() byte {
	if h.depth >= 8 && (h.colour == pngGray || h.colour == pngRGB) {
		return 0x80
	}
	return 0
}

// A pngMender reads as the pixel chunks of a PNG, and the end.
type pngMender struct {
	rows    io.Reader // unpacked; nil after the last readable row
	passes  []pngPass // left to do
	blank   byte
	row     []byte // with the filter before it
	z       *zlib.Writer
	packed  bytes.Buffer
	pending bytes.Buffer // chunks not yet read
}

// next moves a row to z. It reports whether the row is one of the image.
func (m *pngMender) next() bool {
	const filters = 5
	size := 1 + m.passes[0].size
	if len(m.row) != size {
		m.row = make([]byte, size)
	}
	if m.rows != nil {
		if _, err := io.ReadFull(m.rows, m.row); err != nil || m.row[0] >= filters {
			m.rows = nil
		}
	}
	if m.rows == nil {
		for i := range m.row {
			m.row[i] = m.blank
		}
		m.row[0] = 0
	}
	_, _ = m.z.Write(m.row)
	if m.passes[0].rows--; m.passes[0].rows == 0 {
		m.passes = m.passes[1:]
	}
	return m.rows != nil
}

// fill makes the next chunk, of about 64 kB.
func (m *pngMender) fill() error {
	if m.z == nil {
		return io.EOF
	}
	for len(m.passes) > 0 && m.packed.Len() < 64<<10 {
		m.next()
	}
	last := len(m.passes) == 0
	if last {
		_ = m.z.Close()
	}
	m.pending.Write(appendPNG(nil, "IDAT", m.packed.Bytes()))
	m.packed.Reset()
	if last {
		m.z = nil
		m.pending.Write(appendPNG(nil, "IEND", nil))
	}
	return nil
}

func (m *pngMender) Read(p []byte) (int, error) {
	for m.pending.Len() == 0 {
		if err := m.fill(); err != nil {
			return 0, err
		}
	}
	return m.pending.Read(p)
}
