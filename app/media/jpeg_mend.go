package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"sync"
)

// Markers of JPEG segments.
const (
	markSOF0, markSOF2 = 0xc0, 0xc2 // frame: baseline to progressive
	markDHT            = 0xc4       // Huffman tables
	markRST0, markRST7 = 0xd0, 0xd7
	markSOI, markEOI   = 0xd8, 0xd9
	markSOS            = 0xda // scan
	markDQT            = 0xdb // quantisation tables
	markDRI            = 0xdd // restart interval
	markApp0           = 0xe0 // JFIF
	markApp1           = 0xe1 // EXIF
	markApp2           = 0xe2 // profile
	markApp14          = 0xee // Adobe
)

// adobeCMYK is an Adobe marker for CMYK. Browsers read CMYK without the marker
// in the same way; image/jpeg refuses such a file.
var adobeCMYK = []byte{0xff, markApp14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}

// standardTables returns the segment of the Huffman tables that image/jpeg
// writes: those of the standard, which some cameras leave out.
var standardTables = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 8, 8), image.YCbCrSubsampleRatio420), nil)
	for rest := b.Bytes()[2:]; ; {
		if marker, body := nextSegment(&rest); marker == markDHT || marker == markEOI {
			return body
		}
	}
})

// mendJPEG returns a JPEG that image/jpeg can decode, or nil if nothing of the
// image is there. Lost parts of a scan are gray, as in browsers; segments that
// are not needed are left out.
func mendJPEG(data []byte) io.Reader {
	m := jpegMender{out: []byte{0xff, markSOI}}
	m.huffman(standardTables())
	for rest := skip(data, 2); m.segment(&rest); {
	}
	if m.found == 0 {
		return nil
	}
	if len(m.frame.components) == 4 && !m.adobe {
		m.out = slices.Insert(m.out, 2, adobeCMYK...)
	}
	return bytes.NewReader(append(m.out, 0xff, markEOI))
}

// A jpegMender copies a JPEG segment by segment.
type jpegMender struct {
	out    []byte
	frame  jpegFrame
	tables [2][4]*huffman // DC and AC
	adobe  bool
	found  int // number of MCUs found in all scans
}

// segment copies the first segment of rest, moves rest behind the segment, and
// reports whether there may be more.
func (m *jpegMender) segment(rest *[]byte) bool {
	marker, body := nextSegment(rest)
	switch marker {
	case 0, markEOI:
		return false
	case markSOF0, markSOF0 + 1, markSOF2:
		if m.frame.components != nil || !m.frame.parse(marker, body) {
			return false
		}
	case markDHT:
		m.huffman(body)
		return true
	case markDRI:
		if len(body) != 2 {
			return true
		}
		m.frame.interval = int(binary.BigEndian.Uint16(body))
	case markSOS:
		return m.scan(body, rest)
	case markDQT, markApp0:
	case markApp14:
		m.adobe = m.adobe || bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12
	default:
		return true
	}
	m.copy(marker, body)
	return true
}

// nextSegment returns the next marker of rest with its body, and moves rest
// behind both. The marker is 0 at the end of the data.
func nextSegment(rest *[]byte) (marker byte, body []byte) {
	b := *rest
	for {
		start := bytes.IndexByte(b, 0xff)
		if start < 0 || start+1 >= len(b) {
			return 0, nil
		}
		if b = b[start+1:]; b[0] == 0xff || b[0] == 0 || markRST0 <= b[0] && b[0] <= markSOI {
			continue // fill bytes, and remains of a scan
		}
		break
	}
	if marker = b[0]; marker == markEOI || len(b) < 3 {
		return markEOI, nil
	}
	size := max(2, int(binary.BigEndian.Uint16(b[1:])))
	if 1+size > len(b) {
		return markEOI, nil
	}
	*rest = b[1+size:]
	return marker, b[3 : 1+size]
}

func (m *jpegMender) copy(marker byte, body []byte) {
	m.out = append(m.out, 0xff, marker)
	m.out = binary.BigEndian.AppendUint16(m.out, uint16(len(body)+2))
	m.out = append(m.out, body...)
}

// huffman reads and copies Huffman tables, up to the first invalid table.
func (m *jpegMender) huffman(body []byte) {
	for len(body) > 0 {
		class, id := body[0]>>4, body[0]&15
		table, size := newHuffman(body[1:])
		if table == nil || class > 1 || id > 3 {
			return
		}
		m.tables[class][id] = table
		m.copy(markDHT, body[:1+size])
		body = body[1+size:]
	}
}

// scan copies the scan with the given header, whose data is at the start of
// rest. A scan that cannot be mended is left out.
func (m *jpegMender) scan(header []byte, rest *[]byte) bool {
	n := scanLength(*rest)
	data := (*rest)[:n]
	*rest = (*rest)[n:]
	s, ok := m.newScan(header)
	if !ok {
		return true
	}
	if s.refines && s.last > 0 {
		// The bits of this scan depend on all earlier scans. Without the scan, the
		// image looks nearly the same.
		if len(*rest) == 0 {
			return false
		}
	} else {
		mended, found := s.mend(data)
		data, m.found = mended, m.found+found
	}
	m.copy(markSOS, header)
	m.out = append(m.out, data...)
	return true
}

// scanLength returns the number of bytes before the first marker that does not
// belong to the data of a scan.
func scanLength(data []byte) int {
	for i := 0; ; {
		next := bytes.IndexByte(data[i:], 0xff)
		if next < 0 || i+next+1 >= len(data) {
			return len(data)
		}
		i += next
		if b := data[i+1]; b != 0 && b != 0xff && (b < markRST0 || b > markRST7) {
			return i
		}
		i++
	}
}
