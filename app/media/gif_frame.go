package media

import (
	"bytes"
	"compress/lzw"
	"context"
	"image"
	"image/color"
	"io"
	"slices"
)

// decode unpacks a frame. Of a damaged frame, the rows that are there are
// returned; without a row the error is errGIF, or that of ctx.
func (f gifFrame) decode(ctx context.Context, common []byte) (*image.Paletted, error) {
	if f.codeSize < 2 || f.codeSize > 8 || f.width*f.height == 0 {
		return nil, errGIF
	}
	m := image.NewPaletted(image.Rect(0, 0, f.width, f.height), f.palette(common))
	r := lzw.NewReader(&stoppable{ctx, bytes.NewReader(joinBlocks(f.packed))}, lzw.LSB, f.codeSize)
	defer r.Close()
	n, err := io.ReadFull(r, m.Pix)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	rows := n / f.width
	if rows == 0 {
		return nil, errGIF
	}
	m.Palette = f.trim(m, common)
	if f.interlaced {
		m = f.deinterlace(m, rows)
	} else if err != nil {
		m = m.SubImage(image.Rect(0, 0, f.width, rows)).(*image.Paletted)
	}
	m.Rect = m.Rect.Add(image.Pt(f.x, f.y))
	return m, nil
}

// table returns the colour table of the frame: its own, or that common to all
// frames.
func (f gifFrame) table(common []byte) []byte {
	if len(f.colours) > 0 {
		return f.colours
	}
	return common
}

// palette returns the colours of the frame. Numbers without a colour are
// transparent.
func (f gifFrame) palette(common []byte) color.Palette {
	p := opaquePalette(f.table(common))
	for len(p) < 1<<f.codeSize {
		p = append(p, color.RGBA{})
	}
	const isTransparent = 1
	if at := int(f.control[3]); f.control[0]&isTransparent != 0 && at < len(p) {
		p[at] = color.RGBA{}
	}
	return p
}

// opaquePalette returns the colours of a table.
func opaquePalette(table []byte) color.Palette {
	p := make(color.Palette, len(table)/3, 256)
	for i := range p {
		p[i] = color.RGBA{table[3*i], table[3*i+1], table[3*i+2], 255}
	}
	return p
}

// trim returns the palette of m without numbers that have no colour, unless a
// pixel has such a number.
func (f gifFrame) trim(m *image.Paletted, common []byte) color.Palette {
	n := len(f.table(common)) / 3
	if n == 0 || n >= len(m.Palette) || int(slices.Max(m.Pix)) >= n {
		return m.Palette
	}
	return m.Palette[:n]
}

// deinterlace returns the rows of m in their order. Rows that are lost repeat
// the nearest row above.
func (f gifFrame) deinterlace(m *image.Paletted, rows int) *image.Paletted {
	out := image.NewPaletted(m.Rect, m.Palette)
	from := 0
	for _, pass := range [][3]int{{0, 8, 8}, {4, 8, 4}, {2, 4, 2}, {1, 2, 1}} { // first row, step, rows to fill
		for y := pass[0]; y < f.height && from < rows; y += pass[1] {
			row := m.Pix[from*m.Stride:][:f.width]
			for fill := y; fill < min(y+pass[2], f.height); fill++ {
				copy(out.Pix[fill*out.Stride:], row)
			}
			from++
		}
	}
	return out
}

// joinBlocks returns the data in a sequence of blocks.
func joinBlocks(blocks []byte) []byte {
	out := make([]byte, 0, len(blocks))
	for len(blocks) > 0 && blocks[0] != 0 {
		n := 1 + int(blocks[0])
		out = append(out, blocks[1:min(n, len(blocks))]...)
		blocks = skip(blocks, n)
	}
	return out
}
