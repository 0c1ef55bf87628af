package media

// spaceOf returns the colour space of chromaticities (x and y of white, red,
// green and blue) and of a curve from samples to light. It reports whether the
// chromaticities make sense.
func spaceOf(xy [8]float64, light func(float64) float64) (c colourSpace, ok bool) {
	for i := 1; i < 8; i += 2 {
		if xy[i] <= 0 {
			return c, false
		}
	}
	var primaries [3][3]float64 // columns: X, Y and Z of red, green and blue with Y = 1
	for i := range 3 {
		x, y := xy[2+2*i], xy[3+2*i]
		primaries[0][i], primaries[1][i], primaries[2][i] = x/y, 1, (1-x-y)/y
	}
	white := [3]float64{xy[0] / xy[1], 1, (1 - xy[0] - xy[1]) / xy[1]}
	inverse, ok := invert(primaries)
	if !ok {
		return c, false
	}
	strength := times(inverse, white) // of each primary in white
	for i := range 3 {
		c.tones[i].fill(light)
		c.xyz[i] = adapt([3]float64{primaries[0][i] * strength[i], primaries[1][i] * strength[i], primaries[2][i] * strength[i]}, white)
	}
	return c, true
}

// adapt returns the colour that looks under the white point D50 as xyz does
// under white, by the method of Bradford.
func adapt(xyz, white [3]float64) [3]float64 {
	bradford := [3][3]float64{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}
	back, _ := invert(bradford)
	cones, from, to := times(bradford, xyz), times(bradford, white), times(bradford, [3]float64{0.9642, 1, 0.8249})
	for i := range cones {
		cones[i] *= to[i] / from[i]
	}
	return times(back, cones)
}

func times(m [3][3]float64, v [3]float64) (out [3]float64) {
	for i := range 3 {
		out[i] = m[i][0]*v[0] + m[i][1]*v[1] + m[i][2]*v[2]
	}
	return out
}

// invert returns the inverse of m, or false if there is none.
func invert(m [3][3]float64) (out [3][3]float64, ok bool) {
	minor := func(r, c int) float64 {
		r1, r2, c1, c2 := (r+1)%3, (r+2)%3, (c+1)%3, (c+2)%3
		return m[r1][c1]*m[r2][c2] - m[r1][c2]*m[r2][c1]
	}
	det := m[0][0]*minor(0, 0) + m[0][1]*minor(0, 1) + m[0][2]*minor(0, 2)
	if det > -1e-9 && det < 1e-9 {
		return out, false
	}
	for r := range 3 {
		for c := range 3 {
			out[c][r] = minor(r, c) / det
		}
	}
	return out, true
}
