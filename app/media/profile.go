package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
)

// maxProfile is the largest colour profile that is kept, in bytes. Profiles of
// phones (Display P3) have about 600 bytes, those of cameras up to 3,200.
const maxProfile = 4096

// profileTags lists the tags that a kept profile may have: colours, and the
// name and copyright notice of the profile. The profile of a screen has other
// tags, such as the serial number.
var profileTags = []string{"desc", "cprt", "wtpt", "bkpt", "chad", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC",
	"lumi", "meas", "tech", "view", "vued", "dmnd", "dmdd", "chrm", "cicp"}

var iccHeader = []byte("ICC_PROFILE\x00\x01\x01") // segment 1 of 1

// profile returns the ICC colour profile of the image, or nil if there is none
// worth keeping. Without the profile, the wide colours of a phone's photos
// would look dull.
func (s source) profile() []byte {
	var found []byte
	switch s.format {
	case jpegFormat:
		found = profileJPEG(s.data)
	case pngFormat:
		found = profilePNG(s.data)
	}
	if !plainProfile(found) {
		return nil
	}
	return found
}

// profileJPEG returns the profile in the segments before the first scan, or
// nil.
func profileJPEG(data []byte) []byte {
	const app2, startOfScan = 0xe2, 0xda
	for data = skip(data, 2); len(data) >= 4 && data[0] == 0xff && data[1] != startOfScan; {
		size := int(binary.BigEndian.Uint16(data[2:]))
		if size < 2 || 2+size > len(data) {
			return nil
		}
		if profile, ok := bytes.CutPrefix(data[4:2+size], iccHeader); ok && data[1] == app2 {
			return profile
		}
		data = data[2+size:]
	}
	return nil
}

// profilePNG returns the profile, which is compressed in a chunk, or nil.
func profilePNG(data []byte) []byte {
	const frame = 12 // length, name and checksum
	for data = skip(data, 8); len(data) >= frame; {
		size, name := int(binary.BigEndian.Uint32(data)), string(data[4:8])
		if size > len(data)-frame {
			return nil
		}
		if name == "iCCP" {
			_, packed, _ := bytes.Cut(data[8:8+size], []byte("\x00\x00")) // separates the profile's name from the compression method
			return inflate(packed)
		}
		data = data[frame+size:]
	}
	return nil
}

// inflate decompresses at most maxProfile + 1 bytes, and returns nil if packed
// is corrupt.
func inflate(packed []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	if err != nil {
		return nil
	}
	return out
}

// plainProfile reports whether p is a small RGB profile without tags other than
// profileTags.
func plainProfile(p []byte) bool {
	const header, tag = 128, 12
	if len(p) < header+4 || len(p) > maxProfile || int(binary.BigEndian.Uint32(p)) != len(p) ||
		string(p[16:20]) != "RGB " || string(p[20:24]) != "XYZ " || string(p[36:40]) != "acsp" {
		return false
	}
	count, table := int(binary.BigEndian.Uint32(p[header:])), p[header+4:]
	if count > len(table)/tag {
		return false
	}
	for t := range slices.Chunk(table[:count*tag], tag) {
		if !slices.Contains(profileTags, string(t[:4])) {
			return false
		}
	}
	return true
}

// withProfile returns a JPEG with a profile inserted after the first marker.
func withProfile(jpeg, profile []byte) []byte {
	size := 2 + len(iccHeader) + len(profile)
	segment := slices.Concat([]byte{0xff, 0xe2, byte(size >> 8), byte(size)}, iccHeader, profile)
	return slices.Insert(jpeg, 2, segment...)
}
