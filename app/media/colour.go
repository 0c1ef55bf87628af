package media

import (
	"image"
	"image/draw"
	"math"
	"sync"
	"xxsns/app/media/raster"
)

// xyzToSRGB converts X, Y and Z relative to the white point D50 to red, green
// and blue of sRGB.
var xyzToSRGB = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// toneSteps is the number of steps of light for which the sample in sRGB is
// tabled. With fewer steps, dark colours lose their differences.
const toneSteps = 1 << 14

// A conversion converts samples of a colour space to sRGB.
type conversion struct {
	tones  [3]tone
	matrix [3][3]float32 // from light to light
	sample *[toneSteps + 1]uint8
}

// samples returns the table of the sample in sRGB for each step of light.
var samples = sync.OnceValue(func() *[toneSteps + 1]uint8 {
	var table [toneSteps + 1]uint8
	for i := range table {
		table[i] = uint8(math.Round(255 * srgbSample(float64(i)/toneSteps)))
	}
	return &table
})

// toSRGB returns the conversion from c to sRGB, or nil if the colours differ
// too little to be seen.
func (c colourSpace) toSRGB() *conversion {
	k := &conversion{tones: c.tones, sample: samples()}
	for row := range 3 {
		for column := range 3 {
			for i := range 3 {
				k.matrix[row][column] += float32(xyzToSRGB[row][i] * c.xyz[column][i])
			}
		}
	}
	if k.isNothing() {
		return nil
	}
	return k
}

// srgbSample returns the sample of sRGB, 0 to 1, that means a light.
func srgbSample(light float64) float64 {
	if light <= 0.0031308 {
		return 12.92 * light
	}
	return 1.055*math.Pow(light, 1/2.4) - 0.055
}

// srgbLight returns the light that a sample of sRGB means.
func srgbLight(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// isNothing reports whether the conversion changes no colour by more than 2.
func (k *conversion) isNothing() bool {
	const step, most = 51, 2
	for i := range 6 * 6 * 6 {
		px := [3]uint8{uint8(i % 6 * step), uint8(i / 6 % 6 * step), uint8(i / 36 * step)}
		got := px
		k.convert(got[:])
		for c := range 3 {
			if d := int(got[c]) - int(px[c]); d < -most || d > most {
				return false
			}
		}
	}
	return true
}

// convert converts a pixel.
func (k *conversion) convert(px []uint8) {
	r, g, b := float32(k.tones[0][px[0]]), float32(k.tones[1][px[1]]), float32(k.tones[2][px[2]])
	for i := range 3 {
		m := &k.matrix[i]
		light := min(max(m[0]*r+m[1]*g+m[2]*b, 0), 1)
		px[i] = k.sample[int(light*toneSteps+0.5)]
	}
}

// apply converts an RGBA plane in place. The colours are premultiplied by
// alpha.
func (k *conversion) apply(p raster.Plane) {
	for y := range p.H {
		row := p.Row(y)
		for ; len(row) >= 4; row = row[4:] {
			switch alpha := int(row[3]); alpha {
			case 0:
			case 255:
				k.convert(row[:3])
			default:
				for i, v := range row[:3] {
					row[i] = uint8(min(255, (int(v)*255+alpha/2)/alpha))
				}
				k.convert(row[:3])
				for i, v := range row[:3] {
					row[i] = uint8((int(v)*alpha + 127) / 255)
				}
			}
		}
	}
}

// sRGB returns p with its colours converted. A gray picture has no colours.
func (p picture) sRGB(k *conversion) picture {
	if k == nil || len(p.planes) == 1 && p.planes[0].N == 1 {
		return p
	}
	rgba := raster.New(p.width(), p.height(), 4)
	m := &image.RGBA{Pix: rgba.Pix, Stride: rgba.Stride, Rect: image.Rect(0, 0, rgba.W, rgba.H)}
	draw.Draw(m, m.Rect, p.image(), image.Point{}, draw.Src)
	k.apply(rgba)
	return picture{planes: []raster.Plane{rgba}, opaque: p.opaque}
}
