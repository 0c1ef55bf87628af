package mediatest

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// HasMetadata reports whether an image holds more than is needed to show it:
// EXIF, GPS, XMP, comments, names, times, unknown segments, or bytes after the
// end. Colour profiles are not metadata. It returns true for data that is not
// an image.
func HasMetadata(b []byte) bool {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8")):
		return jpegHasMetadata(b[2:])
	case bytes.HasPrefix(b, []byte("\x89PNG")):
		return pngHasMetadata(b[8:])
	case bytes.HasPrefix(b, []byte("GIF8")):
		return gifHasMetadata(b)
	case bytes.HasPrefix(b, []byte("RIFF")):
		return webpHasMetadata(b[12:])
	}
	return true
}

func jpegHasMetadata(b []byte) bool {
	for len(b) >= 4 && b[0] == 0xff {
		marker, size := b[1], 2+int(binary.BigEndian.Uint16(b[2:]))
		if marker == 0xda { // the scans, up to the end
			return !bytes.HasSuffix(b, []byte("\xff\xd9")) || bytes.Count(b, []byte("\xff\xd9")) > 1
		}
		icc := marker == 0xe2 && bytes.HasPrefix(b[4:], []byte("ICC_PROFILE\x00"))
		jfifOrAdobe := marker == 0xe0 || marker == 0xee
		if isApp := marker >= 0xe0 && marker <= 0xef; marker == 0xfe || isApp && !icc && !jfifOrAdobe || size > len(b) {
			return true
		}
		b = b[size:]
	}
	return true
}

func pngHasMetadata(b []byte) bool {
	needed := []string{"IHDR", "PLTE", "tRNS", "IDAT", "IEND", "gAMA", "cHRM", "sRGB", "iCCP"}
	for len(b) >= 12 {
		size, name := 12+int(binary.BigEndian.Uint32(b)), string(b[4:8])
		if !slices.Contains(needed, name) || size > len(b) {
			return true
		}
		if b = b[size:]; name == "IEND" {
			return len(b) > 0
		}
	}
	return true
}

func webpHasMetadata(b []byte) bool {
	for len(b) >= 8 {
		size, name := int(binary.LittleEndian.Uint32(b[4:])), string(b[:4])
		if name == "EXIF" || name == "XMP " || 8+size > len(b) {
			return true
		}
		b = b[min(len(b), 8+size+size%2):]
	}
	return len(b) > 0
}

func gifHasMetadata(b []byte) bool {
	table := func(flags byte) int { return int(flags>>7) * 3 << (1 + flags&7) }
	for b = b[13+table(b[10]):]; len(b) > 1; {
		switch b[0] {
		case 0x21: // graphic control and looping are needed
			if b[1] != 0xf9 && !bytes.HasPrefix(b[1:], []byte("\xff\x0bNETSCAPE2.0")) {
				return true
			}
			b = b[2:]
		case 0x2c:
			b = b[11+table(b[9]):]
		default:
			return true
		}
		for b[0] != 0 {
			b = b[1+int(b[0]):]
		}
		b = b[1:]
	}
	return len(b) != 1 || b[0] != 0x3b
}
