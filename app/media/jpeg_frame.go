package media

import "encoding/binary"

// A jpegFrame is the frame of a JPEG: its size in pixels and its components.
type jpegFrame struct {
	width, height int
	progressive   bool
	components    []jpegComponent
	interval      int // MCUs between two restart markers, or 0
}

// A jpegComponent has h × v blocks in each MCU of all components.
type jpegComponent struct {
	id   byte
	h, v int
}

// parse reads the body of a frame segment. It reports whether image/jpeg could
// decode such a frame.
func (f *jpegFrame) parse(marker byte, body []byte) bool {
	if len(body) < 6 || len(body) != 6+3*int(body[5]) || body[5] == 0 || body[5] > 4 {
		return false
	}
	f.progressive = marker == markSOF2
	f.height, f.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	for c := body[6:]; len(c) > 0; c = c[3:] {
		h, v := int(c[1]>>4), int(c[1]&15)
		if h < 1 || h > 4 || v < 1 || v > 4 {
			return false
		}
		if body[5] == 1 {
			h, v = 1, 1
		}
		f.components = append(f.components, jpegComponent{c[0], h, v})
	}
	return f.width > 0 && f.height > 0
}

// mcus returns the number of MCUs of all components, across and down.
func (f *jpegFrame) mcus() (across, down int) {
	first := f.components[0]
	return (f.width + 8*first.h - 1) / (8 * first.h), (f.height + 8*first.v - 1) / (8 * first.v)
}

// newScan returns the scan with the given header, or false if image/jpeg
// refuses the scan or counts the restart intervals of the scan otherwise than
// other decoders.
func (m *jpegMender) newScan(header []byte) (*jpegScan, bool) {
	if len(header) < 1 || m.frame.components == nil || len(header) != 4+2*int(header[0]) {
		return nil, false
	}
	end := header[len(header)-3:]
	s := &jpegScan{interval: m.frame.interval, first: int(end[0]), last: int(end[1]), refines: end[2]>>4 != 0}
	if !m.frame.progressive {
		s.first, s.last, s.refines = 0, 63, false
	}
	if s.first > s.last || s.last > 63 || s.first == 0 && s.last > 0 && m.frame.progressive {
		return nil, false
	}
	for c := header[1 : len(header)-3]; len(c) > 0; c = c[2:] {
		if !m.addComponent(s, c[0], c[1]) {
			return nil, false
		}
	}
	return s, s.count()
}

// addComponent adds a component to the scan. selector has the number of the DC
// table and of the AC table.
func (m *jpegMender) addComponent(s *jpegScan, id, selector byte) bool {
	dc, ac := selector>>4, selector&15
	if dc > 3 || ac > 3 {
		return false
	}
	for _, c := range m.frame.components {
		if c.id == id {
			s.parts = append(s.parts, scanPart{blocks: c.h * c.v, dc: m.tables[0][dc], ac: m.tables[1][ac]})
			s.frame, s.single = &m.frame, c
			return s.hasTables(s.parts[len(s.parts)-1])
		}
	}
	return false
}

// count sets the number of MCUs of the scan. A scan of a single component has
// an MCU for each block inside of the image. count reports whether image/jpeg
// counts the same.
func (s *jpegScan) count() bool {
	if len(s.parts) == 0 {
		return false
	}
	across, down := s.frame.mcus()
	if len(s.parts) == 1 {
		if s.parts[0].blocks > 1 && s.interval > 0 {
			return false
		}
		across = min(across*s.single.h, (s.frame.width+7)/8)
		down = min(down*s.single.v, (s.frame.height+7)/8)
		s.parts[0].blocks = 1
	}
	s.mcus = across * down
	return true
}
