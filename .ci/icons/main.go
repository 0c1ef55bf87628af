// Command icons draws the icons of the installed app from the shapes of favicon.svg, into
// static/icons. Run it in the root of the repository after a change of the shapes:
//
//	go run ./.ci/icons
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/vector"
)

// The shapes of favicon.svg, in a square of 64.
const side = 64

var (
	plum   = color.NRGBA{0x7d, 0x1f, 0x50, 255}
	white  = color.NRGBA{255, 255, 255, 255}
	yellow = color.NRGBA{0xf2, 0xdd, 0x74, 255}
)

// An icon is a file. The shapes are scaled around the middle; a maskable icon fills the whole
// square and has its shapes in the inner circle, which no system cuts.
type icon struct {
	name   string
	size   int
	corner float32 // radius of the square; 0: not rounded
	scale  float32 // of the circles
	mono   bool    // the circles alone, in white: for the status line of a phone
}

var icons = []icon{
	{"icon-192.png", 192, 15, 1, false},
	{"icon-512.png", 512, 15, 1, false},
	{"maskable-512.png", 512, 0, .82, false},
	{"apple-touch-icon.png", 180, 0, .9, false}, // the system rounds it
	{"badge-96.png", 96, 0, 1.3, true},
}

func main() {
	for _, i := range icons {
		if err := i.write(filepath.Join("static", "icons")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func (i icon) write(folder string) error {
	file, err := os.Create(filepath.Join(folder, i.name))
	if err != nil {
		return err
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(file, paletted(i.draw())); err != nil {
		return err
	}
	return file.Close()
}

func (i icon) draw() *image.NRGBA {
	canvas := image.NewNRGBA(image.Rect(0, 0, i.size, i.size))
	small := yellow
	if i.mono {
		small = white
	} else {
		i.fill(canvas, plum, i.square)
	}
	i.fill(canvas, white, func(z *vector.Rasterizer) { i.circle(z, 27, 34, 14) })
	i.fill(canvas, small, func(z *vector.Rasterizer) { i.circle(z, 47, 41, 7) })
	return canvas
}

// fill lays a shape of one colour over the canvas.
func (i icon) fill(canvas *image.NRGBA, c color.NRGBA, shape func(*vector.Rasterizer)) {
	z := vector.NewRasterizer(i.size, i.size)
	shape(z)
	mask := image.NewAlpha(canvas.Rect)
	z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for p, alpha := range mask.Pix {
		if alpha == 0 {
			continue
		}
		below := canvas.Pix[4*p : 4*p+4]
		for channel, value := range []uint8{c.R, c.G, c.B} {
			if below[3] == 0 {
				below[channel] = value
			} else {
				below[channel] = uint8((int(value)*int(alpha) + int(below[channel])*(255-int(alpha))) / 255)
			}
		}
		below[3] = max(below[3], alpha)
	}
}

// at returns a point of the square of 64 on the canvas, scaled around the middle.
func (i icon) at(x, y, scale float32) (float32, float32) {
	unit := float32(i.size) / side
	return (side/2 + (x-side/2)*scale) * unit, (side/2 + (y-side/2)*scale) * unit
}

func (i icon) square(z *vector.Rasterizer) {
	end, r := float32(i.size), i.corner*float32(i.size)/side
	if r == 0 { // beyond the edge, which is full then
		z.MoveTo(-1, -1)
		z.LineTo(end+1, -1)
		z.LineTo(end+1, end+1)
		z.LineTo(-1, end+1)
		z.ClosePath()
		return
	}
	k := r * .4477 // how far the handles of a quarter of a circle are from the corner
	z.MoveTo(r, 0)
	z.LineTo(end-r, 0)
	z.CubeTo(end-k, 0, end, k, end, r)
	z.LineTo(end, end-r)
	z.CubeTo(end, end-k, end-k, end, end-r, end)
	z.LineTo(r, end)
	z.CubeTo(k, end, 0, end-k, 0, end-r)
	z.LineTo(0, r)
	z.CubeTo(0, k, k, 0, r, 0)
	z.ClosePath()
}

func (i icon) circle(z *vector.Rasterizer, x, y, radius float32) {
	if i.corner == 0 { // the middle of both circles in the middle of the icon
		x, y = x-2.5, y-2.5
	}
	x, y = i.at(x, y, i.scale)
	r := radius * i.scale * float32(i.size) / side
	k := r * .5523
	z.MoveTo(x, y-r)
	z.CubeTo(x+k, y-r, x+r, y-k, x+r, y)
	z.CubeTo(x+r, y+k, x+k, y+r, x, y+r)
	z.CubeTo(x-k, y+r, x-r, y+k, x-r, y)
	z.CubeTo(x-r, y-k, x-k, y-r, x, y-r)
	z.ClosePath()
}

// paletted returns the same image with a palette, which takes a third of the bytes, if it has few colours.
func paletted(from *image.NRGBA) image.Image {
	index := map[color.NRGBA]uint8{}
	to := image.NewPaletted(from.Rect, nil)
	for y := range from.Rect.Dy() {
		for x := range from.Rect.Dx() {
			c := from.NRGBAAt(x, y)
			c.R, c.G, c.B = c.R&^7|c.R>>5, c.G&^7|c.G>>5, c.B&^7|c.B>>5 // edges need no more shades
			if c.A > 0 && c.A < 255 {
				c.A = c.A&^7 | c.A>>5
			}
			for _, full := range []color.NRGBA{plum, white, yellow} {
				if from.NRGBAAt(x, y) == full {
					c = full
				}
			}
			i, known := index[c]
			if !known {
				if len(to.Palette) == 256 {
					return from
				}
				i = uint8(len(to.Palette))
				index[c], to.Palette = i, append(to.Palette, c)
			}
			to.SetColorIndex(x, y, i)
		}
	}
	return to
}
