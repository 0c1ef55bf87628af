package mediatest

import (
	"bytes"
	"encoding/binary"
)

// EXIF returns a TIFF block as in a phone's photo: make and model of the
// camera, the orientation, and the GPS position (37.5665° N, 126.9780° E) in a
// directory of its own.
func EXIF(orientation int) []byte {
	const main = 8 // offset of the first directory, after the header
	b := directory([]byte("MM\x00*\x00\x00\x00\x08"), main, []entry{
		{0x010f, text, 8, []byte("Samsung\x00")},
		{0x0110, text, 9, []byte("SM-S928N\x00")},
		{0x0112, short, 1, []byte{0, byte(orientation)}},
		{0x8825, long, 1, nil}, // the offset of the GPS directory, set below
	})
	place := len(b)
	pointer := main + 2 + 3*12 + 8
	binary.BigEndian.PutUint32(b[pointer:], uint32(place))
	return directory(b, place, []entry{
		{0x0001, text, 2, []byte("N\x00")},
		{0x0002, rational, 3, degrees(37, 33, 5940)},
		{0x0003, text, 2, []byte("E\x00")},
		{0x0004, rational, 3, degrees(126, 58, 4080)},
	})
}

// Types of values in a TIFF directory.
const (
	text     = 2
	short    = 3
	long     = 4
	rational = 5
)

// An entry of a TIFF directory: tag, type, number of values, and the bytes of
// the values.
type entry struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// directory appends a TIFF directory that starts at offset at, followed by the
// values that are longer than 4 bytes.
func directory(b []byte, at int, entries []entry) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(entries)))
	free := at + 2 + 12*len(entries) + 4
	var values []byte
	for _, e := range entries {
		b = binary.BigEndian.AppendUint16(b, e.tag)
		b = binary.BigEndian.AppendUint16(b, e.kind)
		b = binary.BigEndian.AppendUint32(b, e.count)
		if len(e.value) <= 4 {
			b = append(b, append(bytes.Clone(e.value), 0, 0, 0, 0)[:4]...)
			continue
		}
		b = binary.BigEndian.AppendUint32(b, uint32(free+len(values)))
		values = append(values, e.value...)
	}
	b = append(b, 0, 0, 0, 0) // no next directory
	return append(b, values...)
}

// degrees returns an angle as three EXIF fractions, the seconds in hundredths.
func degrees(whole, minutes, hundredths uint32) []byte {
	var b []byte
	for _, v := range []uint32{whole, 1, minutes, 1, hundredths, 100} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}
