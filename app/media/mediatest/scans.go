package mediatest

import (
	"bytes"
	"slices"
)

// ScanBomb returns a gray progressive JPEG. The first scan has the mean of each
// block; the other scans-1 scans go over all blocks and change nothing. Each
// takes a few bytes in the file, and much time.
func ScanBomb(width, height, scans int) []byte {
	blocks := (width + 7) / 8 * ((height + 7) / 8)
	table := func(class, symbol byte) []byte { // of a single code, the bit 0
		return slices.Concat([]byte{0xff, 0xc4, 0, 20, class, 1}, make([]byte, 15), []byte{symbol})
	}
	const run = 0xe0 // "no coefficients in the next 2^14 blocks", followed by 14 bits for more blocks
	return slices.Concat(
		[]byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}, bytes.Repeat([]byte{1}, 64),
		[]byte{0xff, 0xc2, 0, 11, 8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 1, 1, 0x11, 0},
		table(0x00, 0), table(0x10, run),
		[]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0}, make([]byte, blocks/8+2),
		bytes.Repeat(emptyScan(blocks), scans-1), []byte{0xff, 0xd9})
}

// emptyScan returns a scan of the first coefficient in which no block has a
// coefficient: runs of 2^15-1 blocks, each written as the code 0 and 14 bits 1.
func emptyScan(blocks int) []byte {
	const longest = 1<<15 - 1
	scan := []byte{0xff, 0xda, 0, 8, 1, 1, 0, 1, 1, 0}
	bits := (blocks + longest - 1) / longest * 15
	for i := 0; i < bits; i += 8 {
		b := byte(0xff) // padded with 1
		for j := range 8 {
			if i+j < bits && (i+j)%15 == 0 {
				b &^= 0x80 >> j
			}
		}
		if scan = append(scan, b); b == 0xff {
			scan = append(scan, 0)
		}
	}
	return scan
}
