package seed

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// A canvas is a picture that is being drawn, or a rectangle of one that what is
// drawn does not leave. Places and sizes are pixels, from its upper left corner.
type canvas struct {
	img    *image.RGBA
	w, h   float64
	u      float64 // the shorter side: what sizes are measured by
	rng    *rand.Rand
	shapes *vector.Rasterizer
}

func newCanvas(rng *rand.Rand, w, h int) *canvas {
	c := &canvas{rng: rng, shapes: vector.NewRasterizer(0, 0)}
	c.show(image.NewRGBA(image.Rect(0, 0, w, h)))
	return c
}

func (c *canvas) show(img *image.RGBA) {
	c.img, c.w, c.h = img, float64(img.Rect.Dx()), float64(img.Rect.Dy())
	c.u = min(c.w, c.h)
}

// pane is the part of the canvas within a rectangle.
func (c *canvas) pane(x, y, w, h float64) *canvas {
	at := c.img.Rect.Min
	r := image.Rect(int(x), int(y), int(x+w), int(y+h)).Add(at).Intersect(c.img.Rect)
	part := &canvas{rng: c.rng, shapes: c.shapes}
	part.show(c.img.SubImage(r).(*image.RGBA))
	return part
}

// between returns a random number of a range.
func (c *canvas) between(low, high float64) float64 { return low + c.rng.Float64()*(high-low) }

type point struct{ x, y float64 }

// fill paints the inside of an outline.
func (c *canvas) fill(paint color.NRGBA, outline ...point) {
	low, high := outline[0], outline[0]
	for _, p := range outline {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	box := image.Rect(int(math.Floor(low.x)), int(math.Floor(low.y)), int(math.Ceil(high.x)), int(math.Ceil(high.y)))
	box = box.Intersect(image.Rect(0, 0, int(c.w), int(c.h)))
	if box.Empty() {
		return
	}
	c.shapes.Reset(box.Dx(), box.Dy())
	for i, p := range outline {
		x, y := float32(p.x)-float32(box.Min.X), float32(p.y)-float32(box.Min.Y)
		if i == 0 {
			c.shapes.MoveTo(x, y)
		} else {
			c.shapes.LineTo(x, y)
		}
	}
	c.shapes.ClosePath()
	c.shapes.Draw(c.img, box.Add(c.img.Rect.Min), image.NewUniform(paint), image.Point{})
}

func (c *canvas) rect(paint color.NRGBA, x, y, w, h float64) {
	c.fill(paint, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

// arc is the part of an ellipse between two angles, clockwise from the right.
func arc(x, y, rx, ry, from, to float64) []point {
	n := 12 + int(max(rx, ry)*(to-from)/8)
	points := make([]point, n+1)
	for i := range points {
		a := from + (to-from)*float64(i)/float64(n)
		points[i] = point{x + rx*math.Cos(a), y + ry*math.Sin(a)}
	}
	return points
}

func (c *canvas) ellipse(paint color.NRGBA, x, y, rx, ry float64) {
	c.fill(paint, arc(x, y, rx, ry, 0, 2*math.Pi)...)
}

func (c *canvas) disc(paint color.NRGBA, x, y, r float64) { c.ellipse(paint, x, y, r, r) }

// leaf paints a pointed oval from a point into a direction.
func (c *canvas) leaf(paint color.NRGBA, x, y, length, angle float64) {
	const n = 14
	var points []point
	for i := range 2 * n {
		t, side := float64(i)/n, 1.0
		if i >= n {
			t, side = 2-t, -1
		}
		along, across := t*length, side*0.24*length*math.Sin(math.Pi*math.Pow(t, 0.8))
		points = append(points, point{
			x + along*math.Cos(angle) - across*math.Sin(angle),
			y + along*math.Sin(angle) + across*math.Cos(angle),
		})
	}
	c.fill(paint, points...)
}

// stroke paints a line through points, width(t) wide where t runs from 0 to 1.
func (c *canvas) stroke(paint color.NRGBA, width func(t float64) float64, line ...point) {
	n := len(line)
	outline := make([]point, 2*n)
	for i, p := range line {
		before, after := line[max(0, i-1)], line[min(n-1, i+1)]
		dx, dy := after.x-before.x, after.y-before.y
		half := width(float64(i)/float64(n-1)) / 2 / max(1e-6, math.Hypot(dx, dy))
		outline[i] = point{p.x - dy*half, p.y + dx*half}
		outline[2*n-1-i] = point{p.x + dy*half, p.y - dx*half}
	}
	c.fill(paint, outline...)
}

// even is a stroke's width that does not change.
func even(width float64) func(float64) float64 { return func(float64) float64 { return width } }

// ridge paints all below a line of hills.
func (c *canvas) ridge(paint color.NRGBA, y, height float64) {
	const waves = 4
	var pace, phase [waves]float64
	for i := range waves {
		pace[i] = c.between(0.7, 1.3) * float64(i+1) * 2.2 / max(c.u, c.w*0.7)
		phase[i] = c.between(0, 2*math.Pi)
	}
	points := []point{{-2, c.h + 2}}
	for x := -2.0; x < c.w+6; x += 4 {
		rise := 0.0
		for i := range waves {
			rise += math.Sin(x*pace[i]+phase[i]) / math.Pow(float64(i+1), 1.4)
		}
		points = append(points, point{x, y - height*rise/2})
	}
	c.fill(paint, append(points, point{c.w + 6, c.h + 2})...)
}

// gradient paints the whole canvas from top to bottom. Pixels are rounded by
// chance, or the eye would see steps.
func (c *canvas) gradient(stops ...color.NRGBA) {
	for y := range int(c.h) {
		at := float64(y) / c.h * float64(len(stops)-1)
		i := min(int(at), len(stops)-2)
		t := at - float64(i)
		from, to := stops[i], stops[i+1]
		row := c.img.Pix[y*c.img.Stride:][:4*int(c.w)]
		r, g, b := mix(from.R, to.R, t), mix(from.G, to.G, t), mix(from.B, to.B, t)
		for x := 0; x < len(row); x += 4 {
			chance := c.rng.Float64()
			row[x], row[x+1], row[x+2], row[x+3] = uint8(r+chance), uint8(g+chance), uint8(b+chance), 255
		}
	}
}

// glow lights up the surroundings of a point, less and less outwards.
func (c *canvas) glow(paint color.NRGBA, x, y, r float64) {
	const strength = 0.55
	box := image.Rect(int(x-r), int(y-r), int(x+r)+1, int(y+r)+1).Intersect(image.Rect(0, 0, int(c.w), int(c.h)))
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			rest := 1 - math.Hypot(float64(px)-x, float64(py)-y)/r
			if rest <= 0 {
				continue
			}
			t, chance := strength*rest*rest, c.rng.Float64()
			pixel := c.img.Pix[py*c.img.Stride+4*px:][:3]
			for i, to := range [3]uint8{paint.R, paint.G, paint.B} {
				pixel[i] = uint8(min(255, mix(pixel[i], to, t)+chance))
			}
		}
	}
}
