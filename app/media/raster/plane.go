// Package raster resizes, turns and crops samples of images. The package only computes,
// so that tests need not watch it for races, which is slow.
package raster

import (
	"math"

	"golang.org/x/image/draw"
)

// A Plane is a rectangle of W × H pixels with N samples each. Stride is the number of
// samples from a row to the next. Planes are immutable, so that they may share samples.
type Plane struct {
	Pix             []uint8
	Stride, W, H, N int
}

// New returns a plane of samples that are zero.
func New(w, h, n int) Plane {
	return Plane{make([]uint8, w*h*n), w * n, w, h, n}
}

// Row returns row y of p.
func (p Plane) Row(y int) []uint8 { return p.Pix[y*p.Stride:][: p.W*p.N : p.W*p.N] }

// Crop returns the w × h pixels of p whose upper left corner is x, y.
func (p Plane) Crop(x, y, w, h int) Plane {
	return Plane{p.Pix[y*p.Stride+x*p.N:], p.Stride, w, h, p.N}
}

// Turn returns p rotated upright according to an EXIF orientation of 2 to 8.
func (p Plane) Turn(orientation int) Plane {
	w, h := p.W, p.H
	if orientation >= 5 {
		w, h = h, w
	}
	out := New(w, h, p.N)
	start, right, down := p.walk(orientation)
	for y := range h {
		dst := out.Row(y)
		for x := range w {
			copy(dst[x*p.N:(x+1)*p.N], p.Pix[start+x*right+y*down:])
		}
	}
	return out
}

// walk returns the steps through p.Pix that visit the pixels in upright order:
// the index of the upper left pixel, and the steps to the right and down.
func (p Plane) walk(orientation int) (start, right, down int) {
	x, y := p.N, p.Stride
	lastX, lastY := (p.W-1)*x, (p.H-1)*y
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

// Resize returns p resampled to w × h pixels with the Catmull-Rom kernel. The
// result looks like that of x/image/draw, but takes a quarter of the time and a
// tenth of the memory, because samples stay whole numbers of one byte.
func (p Plane) Resize(w, h int) Plane {
	resized := w != p.W || h != p.H
	if w != p.W {
		p = p.resizeX(w)
	}
	if h != p.H {
		p = p.resizeY(h)
	}
	if resized && p.N == 4 {
		capColours(p.Pix)
	}
	return p
}

// fraction is the number of fractional bits of a weight.
const fraction = 14

func (p Plane) resizeX(w int) Plane {
	out, taps := New(w, p.H, p.N), makeTaps(p.W, w)
	for y := range p.H {
		src, dst := p.Row(y), out.Row(y)
		for x, t := range taps {
			for c := range p.N {
				sum, i := int32(1<<(fraction-1)), t.first*p.N+c
				for _, weight := range t.weights {
					sum += int32(src[i]) * weight
					i += p.N
				}
				dst[x*p.N+c] = clamp(sum)
			}
		}
	}
	return out
}

func (p Plane) resizeY(h int) Plane {
	out, sums := New(p.W, h, p.N), make([]int32, p.W*p.N)
	for y, t := range makeTaps(p.H, h) {
		for i := range sums {
			sums[i] = 1 << (fraction - 1)
		}
		for i, weight := range t.weights {
			addRow(sums, p.Row(t.first+i), weight)
		}
		dst := out.Row(y)
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
