package seed

import (
	"image/color"
	"math"
	"slices"
)

// indoors paints a wall and a table from y on.
func (c *canvas) indoors(p palette, y float64) {
	c.gradient(p.wall[:]...)
	if p.mood != night { // the sun comes in through a window that is not seen
		x, beam := c.w*c.between(0.1, 0.5), faint(p.light, 0.16)
		for i := range 2 {
			left := x + c.u*0.27*float64(i)
			c.fill(beam, point{left, c.h * 0.08}, point{left + c.u*0.22, c.h * 0.04}, point{left + c.u*0.4, y}, point{left + c.u*0.16, y})
		}
	} else {
		c.glow(p.lamp, c.w*0.3, c.h*0.3, c.u*0.7)
	}
	c.pane(0, y, c.w, c.h-y).gradient(p.table, blend(p.table, ink, 0.2))
	c.rect(faint(cream, 0.18), 0, y, c.w, c.u*0.006)
}

// dim darkens a thing as the mood does.
func dim(p palette, paint color.NRGBA) color.NRGBA {
	return blend(paint, p.near, []float64{0.06, 0, 0.16, 0.3}[p.mood])
}

func cup(c *canvas, p palette) {
	c.indoors(p, c.h*0.62)
	x, y, r := c.w*c.between(0.42, 0.56), c.h*0.56, c.u*0.2
	glaze := dim(p, objects[c.rng.IntN(5)])
	bottom := y + r*1.2
	c.ellipse(faint(ink, 0.2), x+r*0.12, bottom+r*0.2, r*1.75, r*0.34)
	c.ellipse(blend(glaze, cream, 0.45), x, bottom+r*0.08, r*1.6, r*0.32)
	c.ellipse(blend(glaze, cream, 0.25), x, bottom+r*0.05, r*1.1, r*0.2)
	c.stroke(blend(glaze, ink, 0.06), even(r*0.17), arc(x+r*0.92, y+r*0.45, r*0.42, r*0.4, -math.Pi*0.55, math.Pi*0.62)...)
	var body []point
	for _, q := range arc(x, y, 1, 1, 0, math.Pi) { // a bowl, flattened at its foot
		side, down := q.x-x, q.y-y
		body = append(body, point{x + r*side, y + r*1.25*math.Pow(down, 0.62)})
	}
	c.fill(glaze, body...)
	c.ellipse(blend(glaze, cream, 0.3), x, y, r, r*0.26)
	c.ellipse(blend(honey, ink, 0.25), x, y+r*0.03, r*0.9, r*0.2)
	c.ellipse(faint(cream, 0.25), x-r*0.3, y-r*0.02, r*0.3, r*0.05)
	c.steam(p, x, y-r*0.1, r)
}

// steam paints three wisps rising from a point.
func (c *canvas) steam(p palette, x, y, size float64) {
	opacity := 0.5
	if p.mood == noon || p.mood == dawn {
		opacity = 0.8
	}
	for i := range 3 {
		phase, left := c.between(0, 6), x+size*0.42*float64(i-1)
		var line []point
		for t := 0.0; t <= 1; t += 0.025 {
			line = append(line, point{left + size*0.13*math.Sin(phase+t*6)*(0.4+t), y - size*t*c.rise(i)})
		}
		c.stroke(faint(blend(cream, mist, 0.3), opacity), func(t float64) float64 { return size * 0.13 * math.Sin(math.Pi*t) }, line...)
	}
}

// rise is how high the i-th wisp of steam gets; the middle one the highest.
func (*canvas) rise(i int) float64 { return []float64{1.05, 1.45, 1.1}[i] }

func window(c *canvas, p palette) {
	c.gradient(p.wall[:]...)
	x, y, w, h := c.w*0.22, c.h*0.1, c.w*0.56, c.h*0.66
	frame := dim(p, cream)
	f := c.u * 0.022
	c.rect(faint(ink, 0.12), x-f*0.6, y-f*0.6, w+f*2, h+f*2)
	c.rect(frame, x-f, y-f, w+2*f, h+2*f)
	view := c.pane(x, y, w, h)
	view.heaven(p, view.w*view.between(0.25, 0.75), view.h*view.between(0.2, 0.4))
	for i := range 3 {
		view.ridge(blend(p.far, p.near, float64(i)*0.35), view.h*(0.66+0.12*float64(i)), view.h*0.12)
	}
	c.rect(frame, x+w/2-f/2, y, f, h)
	c.rect(frame, x, y+h*0.38, w, f)
	c.rect(blend(frame, plum, 0.12), x-w*0.12, y+h+f*0.5, w*1.24, c.h*0.035)
	c.rect(faint(ink, 0.1), x-w*0.12, y+h+f*0.5+c.h*0.035, w*1.24, c.h*0.012)
	cloth := dim(p, []color.NRGBA{lilac, rose, mist, yuja}[c.rng.IntN(4)])
	c.curtain(cloth, x-w*0.17, w*0.34, 1)
	c.curtain(cloth, x+w*1.17, w*0.34, -1)
	c.pot(p, x+w*c.between(0.62, 0.72), y+h+f*0.5, c.u*0.1)
}

// curtain paints a drawn curtain that hangs from x into a direction, 1 or -1.
func (c *canvas) curtain(paint color.NRGBA, x, width, side float64) {
	const folds = 5
	for i := range folds {
		t := float64(i) / folds
		tone := blend(paint, ink, 0.05+0.09*float64(i%2))
		c.fill(faint(tone, 0.93),
			point{x + side*width*t, c.h * 0.04}, point{x + side*width*(t+1.04/folds), c.h * 0.04},
			point{x + side*width*(t+1.04/folds)*0.62, c.h * 0.9}, point{x + side*width*t*0.62, c.h * 0.9})
	}
	c.rect(blend(paint, ink, 0.45), min(x, x+side*width)-width*0.1, c.h*0.03, width*1.2, c.h*0.014)
}

// pot paints a plant in a pot that stands on y.
func (c *canvas) pot(p palette, x, y, size float64) {
	green := dim(p, moss)
	for i := range 9 {
		angle := -math.Pi/2 + float64(i-4)*0.3 + c.between(-0.1, 0.1)
		c.leaf(blend(green, leaf, c.between(0, 0.8)), x, y-size*0.85, size*c.between(0.9, 1.5), angle)
	}
	clay := dim(p, rgb(0xc77a5c))
	c.fill(clay, point{x - size*0.48, y - size}, point{x + size*0.48, y - size}, point{x + size*0.34, y}, point{x - size*0.34, y})
	c.rect(blend(clay, cream, 0.2), x-size*0.54, y-size*1.06, size*1.08, size*0.22)
}

func books(c *canvas, p palette) {
	c.indoors(p, c.h*0.7)
	floor := c.h * 0.78
	x, thick := c.w*c.between(0.4, 0.48), c.u*0.075
	count := min(4+c.rng.IntN(3), int(c.h*0.6/thick))
	c.ellipse(faint(ink, 0.2), x+c.u*0.03, floor+thick*0.1, c.u*0.34, thick*0.35)
	first := c.rng.IntN(len(objects))
	for i := range count {
		width := c.u * c.between(0.44, 0.6)
		left, top := x-width/2+c.u*c.between(-0.03, 0.03), floor-thick*float64(i+1)
		paint := dim(p, objects[(first+i*2)%len(objects)])
		c.rect(paint, left, top, width, thick*0.97)
		c.rect(blend(paint, ink, 0.14), left, top+thick*0.82, width, thick*0.15)
		c.rect(dim(p, cream), left+width*0.93, top+thick*0.14, width*0.07, thick*0.66)
		c.rect(blend(paint, cream, 0.5), left+width*0.08, top+thick*0.1, width*0.025, thick*0.8)
		c.rect(blend(paint, cream, 0.35), left+width*0.2, top+thick*0.4, width*c.between(0.2, 0.4), thick*0.14)
	}
	c.vase(p, x+c.u*0.42, floor, c.u*0.17)
}

// vase paints a vase with a blossoming branch; it stands on y.
func (c *canvas) vase(p palette, x, y, size float64) {
	tip := point{x - size*c.between(0.1, 0.5), y - size*3.1}
	bend := point{x + size*0.25, y - size*2.1}
	branch := make([]point, 20)
	for i := range branch {
		t := float64(i) / 19
		branch[i] = point{
			(1-t)*(1-t)*x + 2*t*(1-t)*bend.x + t*t*tip.x,
			(1-t)*(1-t)*(y-size) + 2*t*(1-t)*bend.y + t*t*tip.y,
		}
	}
	c.stroke(dim(p, rgb(0x6b4a45)), func(t float64) float64 { return size * (0.08 - 0.05*t) }, branch...)
	bloom := dim(p, []color.NRGBA{rose, yuja, cream, lilac}[c.rng.IntN(4)])
	for _, q := range branch[7:] {
		angle := c.between(0, 2*math.Pi)
		c.leaf(dim(p, leaf), q.x, q.y, size*0.24, angle)
		c.flower(bloom, q.x+size*0.2*math.Cos(angle+2), q.y+size*0.2*math.Sin(angle+2), size*c.between(0.07, 0.12))
	}
	glaze := dim(p, objects[c.rng.IntN(3)])
	c.ellipse(faint(ink, 0.2), x+size*0.1, y, size*0.55, size*0.12)
	c.rect(glaze, x-size*0.17, y-size*1.25, size*0.34, size*0.5)
	c.ellipse(glaze, x, y-size*0.47, size*0.48, size*0.5)
	c.ellipse(blend(glaze, cream, 0.35), x, y-size*1.25, size*0.2, size*0.06)
	c.ellipse(faint(cream, 0.2), x-size*0.2, y-size*0.6, size*0.07, size*0.22)
}

// flower paints five petals and their middle.
func (c *canvas) flower(paint color.NRGBA, x, y, r float64) {
	turn := c.between(0, 1)
	for i := range 5 {
		angle := turn + float64(i)*2*math.Pi/5
		c.disc(paint, x+r*0.7*math.Cos(angle), y+r*0.7*math.Sin(angle), r*0.62)
	}
	c.disc(blend(honey, yuja, 0.5), x, y, r*0.38)
}

func bowl(c *canvas, p palette) {
	c.indoors(p, c.h*0.6)
	x, y, r := c.w*c.between(0.44, 0.56), c.h*0.56, c.u*0.34
	glaze := dim(p, objects[[]int{0, 2, 5, 4}[c.rng.IntN(4)]])
	c.ellipse(faint(ink, 0.22), x+r*0.08, y+r*0.8, r*0.85, r*0.16)
	c.ellipse(blend(glaze, ink, 0.3), x, y, r, r*0.26)
	for row := range 3 {
		n := 4 - row
		for i := range n {
			left := x + r*0.44*(float64(i)-float64(n-1)/2) + c.between(-0.03, 0.03)*r
			c.fruit(p, left, y-r*(0.02+0.3*float64(row))+c.between(-0.02, 0.02)*r, r*0.25)
		}
	}
	front, belly := arc(x, y, r, r*0.26, 0, math.Pi), arc(x, y, r, r*0.85, 0, math.Pi)
	slices.Reverse(belly)
	c.fill(glaze, append(slices.Clone(front), belly...)...)
	c.stroke(blend(glaze, cream, 0.4), even(r*0.025), front...)
	c.fruit(p, x-r*1.02, y+r*0.72, r*0.25)
	c.leaf(dim(p, moss), x+r*0.75, y+r*0.85, r*0.42, c.between(-0.5, 0.2))
}

// fruit paints a yuja, with or without a leaf.
func (c *canvas) fruit(p palette, x, y, r float64) {
	peel := dim(p, blend(yuja, honey, c.between(0, 0.35)))
	c.ellipse(blend(peel, ink, 0.13), x, y, r, r*0.93)
	c.ellipse(peel, x-r*0.06, y-r*0.06, r*0.9, r*0.83)
	c.ellipse(faint(cream, 0.35), x-r*0.34, y-r*0.36, r*0.22, r*0.15)
	c.disc(dim(p, moss), x+r*0.1, y-r*0.72, r*0.08)
	if c.rng.IntN(2) == 0 {
		c.leaf(dim(p, leaf), x+r*0.12, y-r*0.72, r*0.75, c.between(-0.9, 0.1))
	}
}
