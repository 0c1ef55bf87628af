package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
)

// conversion returns the conversion of the image's colours to sRGB, or nil if
// the image is in sRGB or says nothing that is understood. No profile of an
// upload is passed on: a profile can hold names, places and serial numbers.
func (s source) conversion() *conversion {
	var profile []byte
	switch s.format {
	case jpegFormat:
		profile = profileJPEG(s.uploaded)
	case pngFormat:
		return s.conversionPNG()
	case webpFormat:
		profile = firstChunk(chunks(skip(s.uploaded, 12)), "ICCP")
	}
	return convertICC(profile)
}

func convertICC(profile []byte) *conversion {
	if space, ok := parseICC(profile); ok {
		return space.toSRGB()
	}
	return nil
}

// conversionPNG returns the conversion by the first of the chunks that the PNG
// standard prefers: cICP, iCCP, sRGB, and gAMA with cHRM.
func (s source) conversionPNG() *conversion {
	found := map[string][]byte{}
	for name, body := range chunksPNG(s.uploaded) {
		if name == "IDAT" {
			break
		}
		if _, ok := found[name]; !ok {
			found[name] = body
		}
	}
	if body := found["cICP"]; len(body) >= 2 {
		if space, ok := codedSpace(body[0], body[1]); ok {
			return space.toSRGB()
		}
	}
	if body := found["iCCP"]; body != nil {
		_, packed, _ := bytes.Cut(body, []byte("\x00\x00")) // between the profile's name and the compression method
		return convertICC(inflate(packed))
	}
	if found["sRGB"] == nil && len(found["gAMA"]) >= 4 && len(found["cHRM"]) >= 32 {
		if space, ok := measuredSpace(found["gAMA"], found["cHRM"]); ok {
			return space.toSRGB()
		}
	}
	return nil
}

// profileJPEG returns the profile in the segments before the first scan, or nil
// if a segment is missing.
func profileJPEG(data []byte) []byte {
	var parts [256][]byte
	count := 0
	for marker, body := range headersJPEG(data) {
		part, ok := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00"))
		if ok && marker == markApp2 && len(part) > 2 {
			parts[part[0]], count = part[2:], int(part[1])
		}
	}
	var profile []byte
	for i := 1; i <= count; i++ {
		if parts[i] == nil {
			return nil
		}
		profile = append(profile, parts[i]...)
	}
	return profile
}

// inflate decompresses at most maxProfile bytes. Bytes before an error are
// returned.
func inflate(packed []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(r, maxProfile))
	return out
}

// codedSpace returns the colour space of two code points of ITU-T H.273: the
// primary colours, and the curve. High dynamic range is not understood.
func codedSpace(primaries, curve byte) (colourSpace, bool) {
	xy, ok := map[byte][8]float64{ // white, red, green, blue
		1:  {0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060}, // sRGB
		9:  {0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046}, // BT.2020
		12: {0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}, // Display P3
	}[primaries]
	light := map[byte]func(float64) float64{
		1: srgbLight, 6: srgbLight, 13: srgbLight, 14: srgbLight, 15: srgbLight,
		4: func(v float64) float64 { return math.Pow(v, 2.2) },
		8: func(v float64) float64 { return v },
	}[curve]
	if !ok || light == nil {
		return colourSpace{}, false
	}
	return spaceOf(xy, light)
}

// measuredSpace returns the colour space of a gAMA and a cHRM chunk.
func measuredSpace(gamma, chromaticities []byte) (colourSpace, bool) {
	const unit = 100_000
	exponent := float64(binary.BigEndian.Uint32(gamma)) / unit
	var xy [8]float64
	for i := range xy {
		xy[i] = float64(binary.BigEndian.Uint32(chromaticities[4*i:])) / unit
	}
	if exponent < 0.1 || exponent > 10 {
		return colourSpace{}, false
	}
	if math.Abs(exponent-1/2.2) < 0.001 {
		return spaceOf(xy, srgbLight)
	}
	return spaceOf(xy, func(v float64) float64 { return math.Pow(v, 1/exponent) })
}
