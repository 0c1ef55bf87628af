package media

import (
	"encoding/binary"
	"math"
)

// maxProfile is the largest colour profile that is read, in bytes. Profiles of
// displays hold curves for each channel, and take some 10 kB.
const maxProfile = 4 << 20

// A tone maps a stored sample, 0 to 255, to light, 0 to 1.
type tone [256]float64

// A colourSpace tells which light the samples of an RGB image mean.
type colourSpace struct {
	tones [3]tone
	// xyz holds the light of red, green and blue in each row: X, Y and Z relative
	// to the white point D50.
	xyz [3][3]float64
}

// parseICC reads an RGB profile that consists of three primary colours and
// their curves, as those of cameras, phones and displays do. It reports whether
// p is such a profile.
func parseICC(p []byte) (c colourSpace, ok bool) {
	const header = 128
	if len(p) < header+4 || string(p[16:20]) != "RGB " || string(p[20:24]) != "XYZ " || string(p[36:40]) != "acsp" {
		return c, false
	}
	for i, channel := range "rgb" {
		light, curve := iccTag(p, string(channel)+"XYZ"), iccTag(p, string(channel)+"TRC")
		if len(light) < 20 || string(light[:4]) != "XYZ " || !c.tones[i].parse(curve) {
			return c, false
		}
		for j := range 3 {
			c.xyz[i][j] = fixed16(light[8+4*j:])
		}
	}
	return c, true
}

// iccTag returns the value of a tag, or nil.
func iccTag(p []byte, name string) []byte {
	const header, entry = 128, 12
	count, table := int(binary.BigEndian.Uint32(p[header:])), p[header+4:]
	for i := range min(count, len(table)/entry) {
		t := table[i*entry:]
		at, size := int(binary.BigEndian.Uint32(t[4:])), int(binary.BigEndian.Uint32(t[8:]))
		if string(t[:4]) == name && at <= len(p) && size <= len(p)-at {
			return p[at : at+size]
		}
	}
	return nil
}

// fixed16 reads a number with 16 fractional bits.
func fixed16(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / (1 << 16) }

// parse reads a curve of a profile: a table or a formula. It reports whether
// the curve is valid.
func (t *tone) parse(b []byte) bool {
	switch {
	case len(b) >= 12 && string(b[:4]) == "curv":
		return t.parseTable(int(binary.BigEndian.Uint32(b[8:])), b[12:])
	case len(b) >= 12 && string(b[:4]) == "para":
		return t.parseFormula(binary.BigEndian.Uint16(b[8:]), b[12:])
	}
	return false
}

// parseTable reads a table of n numbers of 16 bits. A single number is a gamma
// with 8 fractional bits.
func (t *tone) parseTable(n int, b []byte) bool {
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[2*i:])) }
	switch {
	case n > len(b)/2:
		return false
	case n == 0:
		t.fill(func(v float64) float64 { return v })
	case n == 1:
		t.fill(func(v float64) float64 { return math.Pow(v, at(0)/256) })
	default:
		t.fill(func(v float64) float64 {
			i := min(int(v*float64(n-1)), n-2)
			part := v*float64(n-1) - float64(i)
			return (at(i)*(1-part) + at(i+1)*part) / 65535
		})
	}
	return true
}

// parseFormula reads the parameters of a formula: g, a, b, c, d, e and f in the
// ICC specification, or the first of them.
func (t *tone) parseFormula(kind uint16, b []byte) bool {
	counts := []int{1, 3, 4, 5, 7}
	if int(kind) >= len(counts) || len(b) < 4*counts[kind] {
		return false
	}
	p := [7]float64{1, 1, 0, 0, math.Inf(-1), 0, 0}
	for i := range counts[kind] {
		p[i] = fixed16(b[4*i:])
	}
	switch kind {
	case 1: // linear part of 0, up to -b/a
		p[4] = -p[2] / p[1]
	case 2:
		p[3], p[4], p[5], p[6] = 0, -p[2]/p[1], p[3], p[3]
	}
	t.fill(func(v float64) float64 {
		if v < p[4] {
			return p[3]*v + p[6]
		}
		return math.Pow(p[1]*v+p[2], p[0]) + p[5]
	})
	return true
}

// fill sets the table of light from a function of samples from 0 to 1.
func (t *tone) fill(light func(float64) float64) {
	for i := range t {
		v := light(float64(i) / 255)
		if math.IsNaN(v) {
			v = 0
		}
		t[i] = min(max(v, 0), 1)
	}
}
