package seed

import (
	"image/color"
	"math"
)

// heaven paints the sky with its light, and stars at night.
func (c *canvas) heaven(p palette, lightX, lightY float64) {
	c.gradient(p.sky[:]...)
	if p.mood == night {
		for range 70 {
			c.disc(faint(cream, c.between(0.2, 0.8)), c.between(0, c.w), c.between(0, c.h*0.6), c.u*c.between(0.0008, 0.0026))
		}
	}
	r := c.u * c.between(0.06, 0.085)
	c.glow(p.light, lightX, lightY, r*4.5)
	c.disc(p.light, lightX, lightY, r)
	if p.mood == noon || p.mood == dawn {
		for range 3 {
			c.cloud(faint(cream, 0.55), c.between(0, c.w), c.h*c.between(0.08, 0.36), c.u*c.between(0.12, 0.2))
		}
	}
}

// cloud paints a flat-bottomed cloud of a width.
func (c *canvas) cloud(paint color.NRGBA, x, y, width float64) {
	c.fill(paint, arc(x, y, width, width*0.3, math.Pi, 2*math.Pi)...)
	c.fill(paint, arc(x-width*0.45, y, width*0.75, width*0.2, math.Pi, 2*math.Pi)...)
	c.fill(paint, arc(x+width*0.5, y, width*0.65, width*0.17, math.Pi, 2*math.Pi)...)
}

func hills(c *canvas, p palette) {
	c.heaven(p, c.w*c.between(0.2, 0.8), c.h*c.between(0.2, 0.38))
	const rows = 5
	for i := range rows {
		t := float64(i) / (rows - 1)
		c.ridge(blend(p.far, p.near, t), c.h*(0.5+0.4*t), c.h*(0.16-0.04*t))
	}
}

func sea(c *canvas, p palette) {
	lightX, horizon := c.w*c.between(0.25, 0.75), c.h*c.between(0.5, 0.6)
	c.heaven(p, lightX, horizon-c.h*c.between(0.12, 0.26))
	c.pane(0, horizon-c.h*0.2, c.w, c.h*0.2).ridge(blend(p.far, p.sky[2], 0.25), c.h*0.195, c.h*0.06)
	c.pane(0, horizon, c.w, c.h-horizon).gradient(p.water[:]...)
	for i := range 46 {
		t := float64(i) / 45
		y := horizon + (c.h-horizon)*math.Pow(t, 1.5)
		width := c.u * (0.02 + 0.09*t) * c.between(0.5, 1.4)
		c.ellipse(faint(p.light, 0.55-0.4*t), lightX+c.between(-1, 1)*c.u*(0.015+0.1*t), y, width, c.u*(0.0015+0.0035*t))
	}
	c.boat(p, c.w*c.between(0.2, 0.8), horizon+c.h*c.between(0.08, 0.16), c.u*c.between(0.1, 0.15))
}

// boat paints a sailing boat; x and y are the middle of its water line.
func (c *canvas) boat(p palette, x, y, size float64) {
	c.ellipse(faint(p.near, 0.35), x, y+size*0.05, size*0.6, size*0.06)
	c.fill(cream, point{x + size*0.03, y - size*1.1}, point{x + size*0.03, y - size*0.22}, point{x + size*0.5, y - size*0.22})
	c.fill(blend(cream, rose, 0.45), point{x - size*0.03, y - size*0.95}, point{x - size*0.03, y - size*0.22}, point{x - size*0.36, y - size*0.22})
	c.fill(blend(plum, p.near, 0.3), point{x - size*0.52, y - size*0.16}, point{x + size*0.56, y - size*0.16},
		point{x + size*0.36, y + size*0.05}, point{x - size*0.34, y + size*0.05})
}

func town(c *canvas, p palette) {
	c.heaven(p, c.w*c.between(0.15, 0.85), c.h*c.between(0.14, 0.26))
	c.ridge(blend(p.far, p.sky[2], 0.3), c.h*0.52, c.h*0.1)
	const rows = 3
	for row := range rows {
		t := float64(row) / (rows - 1)
		size := c.u * (0.13 + 0.1*t)
		for x := -size * c.between(0, 0.8); x < c.w; {
			width := size * c.between(0.75, 1.25)
			c.house(p, x, c.h*(0.58+0.2*t)-size*c.between(0, 0.3), width, t)
			x += width * c.between(0.96, 1.12)
		}
	}
}

// house paints a house down to the lower edge; t is how near it stands, and y
// is where its wall begins.
func (c *canvas) house(p palette, x, y, width, t float64) {
	shade := 0.5 - 0.15*t
	wall := blend(blend(cream, objects[c.rng.IntN(3)+1], 0.25), p.near, shade)
	roof := blend(objects[[]int{0, 1, 5, 6}[c.rng.IntN(4)]], p.near, shade)
	if p.mood == noon || p.mood == dawn {
		wall, roof = blend(wall, cream, 0.3), blend(roof, p.far, 0.3-0.2*t)
	}
	if c.rng.IntN(2) == 0 {
		c.rect(blend(wall, p.near, 0.3), x+width*0.68, y-width*0.42, width*0.12, width*0.4)
	}
	c.rect(wall, x, y, width, c.h-y)
	c.fill(roof, point{x - width*0.08, y}, point{x + width/2, y - width*0.48}, point{x + width*1.08, y})
	pane := width * 0.17
	for floor := y + pane*0.8; floor < c.h; floor += pane * 2.1 {
		for i := range 3 {
			lit := blend(p.lamp, p.near, 0.55)
			if c.rng.IntN(3) > 0 {
				lit = p.lamp
			}
			c.rect(lit, x+width*(0.13+0.285*float64(i)), floor, pane, pane*1.25)
		}
	}
}

func tree(c *canvas, p palette) {
	c.heaven(p, c.w*[]float64{0.17, 0.83}[c.rng.IntN(2)], c.h*c.between(0.16, 0.28))
	ground := c.h * 0.8
	c.ridge(blend(p.far, p.near, 0.15), c.h*0.68, c.h*0.1)
	c.ridge(blend(p.far, p.near, 0.4), c.h*0.76, c.h*0.06)
	meadow := blend(blend(leaf, moss, 0.4), p.near, 0.35)
	c.ridge(meadow, ground, c.h*0.03)
	x, size := c.w*c.between(0.42, 0.58), c.u*0.27
	crown := blend([]color.NRGBA{leaf, yuja, rose, lilac}[c.rng.IntN(4)], p.near, []float64{0.12, 0.02, 0.3, 0.5}[p.mood])
	c.ellipse(faint(ink, 0.16), x, ground+size*0.26, size*1.1, size*0.12)
	trunk := blend(rgb(0x6b4a45), p.near, 0.4)
	c.stroke(trunk, func(t float64) float64 { return size * (0.26 - 0.16*t) },
		point{x, ground + size*0.28}, point{x + size*0.02, ground - size*0.4}, point{x, ground - size*1.2})
	c.stroke(trunk, func(t float64) float64 { return size * (0.09 - 0.05*t) },
		point{x, ground - size*0.35}, point{x + size*0.25, ground - size*0.8}, point{x + size*0.4, ground - size*1.2})
	c.crown(crown, p, x, ground-size*1.2, size)
	for range 9 {
		c.leaf(faint(crown, 0.9), x+c.between(-1.3, 1.3)*size, ground+size*c.between(0.12, 0.5), size*0.08, c.between(0, 6))
	}
}

// crown paints foliage: dark below, bright where the light falls.
func (c *canvas) crown(paint color.NRGBA, p palette, x, y, size float64) {
	for layer := range 3 {
		t := float64(layer) / 2
		shade := blend(blend(paint, p.near, 0.35), blend(paint, cream, 0.22), t)
		for range 22 {
			angle, distance := c.between(0, 2*math.Pi), math.Sqrt(c.rng.Float64())*size*(0.8-0.12*t)
			c.disc(shade, x+distance*math.Cos(angle)*1.12-size*0.1*t, y+distance*math.Sin(angle)*0.86-size*0.17*t, size*c.between(0.2, 0.34)*(1-0.3*t))
		}
	}
}
