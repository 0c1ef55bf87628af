package media

import (
	"math"

	"golang.org/x/image/draw"
)

// A plane is a rectangle of w × h pixels with n samples each. Planes are
// immutable, so that they may share samples.
type plane struct {
	pix             []uint8
	stride, w, h, n int
}

func newPlane(w, h, n int) plane {
	return plane{make([]uint8, w*h*n), w * n, w, h, n}
}

// row returns row y of p.
func (p plane) row(y int) []uint8 { return p.pix[y*p.stride:][: p.w*p.n : p.w*p.n] }

// crop returns the w × h pixels of p whose upper left corner is x, y.
func (p plane) crop(x, y, w, h int) plane {
	return plane{p.pix[y*p.stride+x*p.n:], p.stride, w, h, p.n}
}

// turn returns p rotated upright according to an EXIF orientation of 2 to 8.
func (p plane) turn(orientation int) plane {
	w, h := p.w, p.h
	if orientation >= 5 {
		w, h = h, w
	}
	out := newPlane(w, h, p.n)
	start, right, down := p.walk(orientation)
	for y := range h {
		dst := out.row(y)
		for x := range w {
			copy(dst[x*p.n:(x+1)*p.n], p.pix[start+x*right+y*down:])
		}
	}
	return out
}

// walk returns the steps through p.pix that visit the pixels in upright order:
// the index of the upper left pixel, and the steps to the right and down.
func (p plane) walk(orientation int) (start, right, down int) {
	x, y := p.n, p.stride
	lastX, lastY := (p.w-1)*x, (p.h-1)*y
	switch orientation {
	case 2:
		return lastX, -x, y
	case 3:
		return lastX + lastY, -x, -y
	case 4:
		return lastY, x, -y
	case 5:
		return 0, y, x
	case 6:
		return lastY, -y, x
	case 7:
		return lastX + lastY, -y, -x
	case 8:
		return lastX, y, -x
	}
	return 0, x, y
}

// resize returns p resampled to w × h pixels with the Catmull-Rom kernel. The
// result looks like that of x/image/draw, but takes a quarter of the time and a
// tenth of the memory, because samples stay whole numbers of one byte.
func (p plane) resize(w, h int) plane {
	resized := w != p.w || h != p.h
	if w != p.w {
		p = p.resizeX(w)
	}
	if h != p.h {
		p = p.resizeY(h)
	}
	if resized && p.n == 4 {
		capColours(p.pix)
	}
	return p
}

// fraction is the number of fractional bits of a weight.
const fraction = 14

func (p plane) resizeX(w int) plane {
	out, taps := newPlane(w, p.h, p.n), makeTaps(p.w, w)
	for y := range p.h {
		src, dst := p.row(y), out.row(y)
		for x, t := range taps {
			for c := range p.n {
				sum, i := int32(1<<(fraction-1)), t.first*p.n+c
				for _, weight := range t.weights {
					sum += int32(src[i]) * weight
					i += p.n
				}
				dst[x*p.n+c] = clamp(sum)
			}
		}
	}
	return out
}

func (p plane) resizeY(h int) plane {
	out, sums := newPlane(p.w, h, p.n), make([]int32, p.w*p.n)
	for y, t := range makeTaps(p.h, h) {
		for i := range sums {
			sums[i] = 1 << (fraction - 1)
		}
		for i, weight := range t.weights {
			addRow(sums, p.row(t.first+i), weight)
		}
		dst := out.row(y)
		for i, sum := range sums {
			dst[i] = clamp(sum)
		}
	}
	return out
}

func addRow(sums []int32, row []uint8, weight int32) {
	sums = sums[:len(row)]
	for i, v := range row {
		sums[i] += int32(v) * weight
	}
}

func clamp(sum int32) uint8 { return uint8(min(max(sum>>fraction, 0), 255)) }

// capColours limits premultiplied colours to their alpha. The kernel
// overshoots, and a colour above alpha would wrap around when it is divided by
// alpha.
func capColours(rgba []uint8) {
	for i := 0; i+3 < len(rgba); i += 4 {
		px, alpha := rgba[i:i+4:i+4], rgba[i+3]
		px[0], px[1], px[2] = min(px[0], alpha), min(px[1], alpha), min(px[2], alpha)
	}
}

// taps are the source samples, starting at first, that make up one resized
// sample, with their weights. The sum of the weights is 1<<fraction.
type taps struct {
	first   int
	weights []int32
}

// makeTaps returns the taps that resize a line from src to dst samples.
func makeTaps(src, dst int) []taps {
	ratio := float64(src) / float64(dst)
	spread := max(1, ratio) // of the kernel, which covers more samples when shrinking
	reach := draw.CatmullRom.Support * spread
	out := make([]taps, dst)
	for i := range out {
		centre := (float64(i)+0.5)*ratio - 0.5
		first := max(0, int(math.Ceil(centre-reach)))
		last := min(src-1, int(math.Floor(centre+reach)))
		weights := make([]float64, last-first+1)
		for j := range weights {
			if t := math.Abs(float64(first+j)-centre) / spread; t < draw.CatmullRom.Support {
				weights[j] = draw.CatmullRom.At(t)
			}
		}
		out[i] = taps{first, fixed(weights)}
	}
	return out
}

// fixed converts weights to whole numbers whose sum is exactly 1<<fraction:
// with any other sum, an area of one colour would change its colour.
func fixed(weights []float64) []int32 {
	var total float64
	for _, w := range weights {
		total += w
	}
	out, left := make([]int32, len(weights)), int32(1<<fraction)
	for i, w := range weights {
		out[i] = int32(math.Round(w / total * (1 << fraction)))
		left -= out[i]
	}
	out[len(out)/2] += left
	return out
}
