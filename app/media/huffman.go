package media

import "math/bits"

// A huffman is a Huffman table of a JPEG.
type huffman struct {
	// decode holds, for the next 16 bits, the length of the first code (high
	// byte) and its symbol; 0 if no code starts like this.
	decode [1 << 16]uint16
	codes  [256]huffmanCode // by symbol
}

// A huffmanCode is the code of a symbol; its size is 0 if the table lacks the
// symbol.
type huffmanCode struct {
	bits uint32
	size int
}

// newHuffman reads a table: 16 counts of codes by length, and the symbols. It
// returns the number of bytes read, or nil if the table is invalid.
func newHuffman(b []byte) (*huffman, int) {
	if len(b) < 16 {
		return nil, 0
	}
	h, code, read := new(huffman), 0, 16
	for i, count := range b[:16] {
		size := i + 1
		for range count {
			if read >= len(b) || code >= 1<<size {
				return nil, 0
			}
			symbol := b[read]
			h.codes[symbol] = huffmanCode{uint32(code), size}
			span := 1 << (16 - size)
			for j := range span {
				h.decode[code*span+j] = uint16(size)<<8 | uint16(symbol)
			}
			code, read = code+1, read+1
		}
		code <<= 1
	}
	return h, read
}

// blank returns the symbol that ends a block, or if the table lacks this symbol
// another that adds least to a block.
func (h *huffman) blank() int {
	const skip16 = 0xf0 // skips 16 coefficients
	// Of the others, those that end a block and 1, 3, 7 … blocks behind.
	for _, symbol := range []int{0, skip16, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0} {
		if h.codes[symbol].size > 0 {
			return symbol
		}
	}
	for size := 1; size < 16; size++ { // of a coefficient, in bits
		for run := 15; run >= 0; run-- {
			if symbol := run<<4 | size; h.codes[symbol].size > 0 {
				return symbol
			}
		}
	}
	return skip16
}

// writeStep writes a DC difference as near to want as the table allows, and
// returns the difference.
func (h *huffman) writeStep(w *bitWriter, want int) int {
	size := bits.Len(uint(max(want, -want)))
	for size > 0 && h.codes[size].size == 0 {
		size--
	}
	for size < 16 && h.codes[size].size == 0 {
		size++
	}
	step := max(want, -want)
	if bits.Len(uint(step)) != size {
		step = 1<<size - 1
	}
	w.symbol(h, size)
	if want < 0 {
		w.write(uint32(1<<size-1-step), size)
		return -step
	}
	w.write(uint32(step), size)
	return step
}

// A bitReader reads the bits of a scan, without stuffed bytes. After the last
// bit it reads 0 and sets over.
type bitReader struct {
	data []byte
	pos  int // in bits
	over bool
}

// peek returns the next 16 bits.
func (r *bitReader) peek() uint32 {
	var v uint32
	at := r.pos >> 3
	for i := range 3 {
		v <<= 8
		if at+i < len(r.data) {
			v |= uint32(r.data[at+i])
		}
	}
	return v >> (8 - r.pos&7) & 0xffff
}

// read returns the next n bits, at most 16.
func (r *bitReader) read(n int) int {
	v := r.peek() >> (16 - n)
	r.pos += n
	r.over = r.over || r.pos > 8*len(r.data)
	return int(v)
}

// symbol returns the next symbol. It sets over if there is no valid code.
func (r *bitReader) symbol(h *huffman) int {
	found := h.decode[r.peek()]
	if found == 0 {
		r.over = true
		return 0
	}
	r.read(int(found >> 8))
	return int(found & 0xff)
}

// A bitWriter writes the bits of a scan, with stuffed bytes.
type bitWriter struct {
	out  []byte
	bits uint32
	size int // bits not yet in out, at most 7
}

// write appends the low n bits of v, at most 16.
func (w *bitWriter) write(v uint32, n int) {
	w.bits, w.size = w.bits<<n|v&(1<<n-1), w.size+n
	for w.size >= 8 {
		w.size -= 8
		b := byte(w.bits >> w.size)
		if w.out = append(w.out, b); b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

// symbol appends the code of a symbol.
func (w *bitWriter) symbol(h *huffman, symbol int) {
	w.write(h.codes[symbol].bits, h.codes[symbol].size)
}

// copy appends the first n bits of data.
func (w *bitWriter) copy(data []byte, n int) {
	for _, b := range data[:n>>3] {
		w.write(uint32(b), 8)
	}
	if left := n & 7; left > 0 {
		w.write(uint32(data[n>>3])>>(8-left), left)
	}
}

// flush fills the last byte with bits of 1.
func (w *bitWriter) flush() {
	if w.size > 0 {
		w.write(0xff, 8-w.size)
	}
}
