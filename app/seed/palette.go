package seed

import "image/color"

// Moods of pictures: the alternatives of the rules when and light.
const (
	dawn = iota
	noon
	dusk
	night
	moods
)

// A palette holds the colours of a mood.
type palette struct {
	mood      int
	sky       [3]color.NRGBA // from top to horizon
	light     color.NRGBA    // the sun or the moon
	far, near color.NRGBA    // of the land
	water     [2]color.NRGBA // from horizon to shore
	wall      [2]color.NRGBA
	table     color.NRGBA
	lamp      color.NRGBA // lit windows
}

// rgb makes a colour of 0xRRGGBB.
func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// faint is a colour with an opacity from 0 to 1.
func faint(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(opacity * 255)
	return c
}

func mix(a, b uint8, t float64) float64 { return float64(a) + (float64(b)-float64(a))*t }

// blend is the colour at t from 0 (a) to 1 (b).
func blend(a, b color.NRGBA, t float64) color.NRGBA {
	return color.NRGBA{uint8(mix(a.R, b.R, t)), uint8(mix(a.G, b.G, t)), uint8(mix(a.B, b.B, t)), 255}
}

// What things are coloured with in every mood: plum, yuja, lilac and their
// company.
var (
	plum  = rgb(0x8a3560)
	rose  = rgb(0xd98aa4)
	lilac = rgb(0xb8a1db)
	mist  = rgb(0xe9e0f5)
	yuja  = rgb(0xf2b93b)
	honey = rgb(0xd9902f)
	cream = rgb(0xfdf4e3)
	leaf  = rgb(0x7d9a68)
	moss  = rgb(0x4c6b54)
	ink   = rgb(0x2e1730)
)

// objects are the colours that books, roofs and cups come in.
var objects = []color.NRGBA{plum, rose, lilac, yuja, cream, rgb(0x6d5a9c), rgb(0xc96f5d), leaf, honey}

var palettes = [moods]palette{
	dawn: {
		mood:  dawn,
		sky:   [3]color.NRGBA{rgb(0xbcaee0), rgb(0xecc9d9), rgb(0xfdebc8)},
		light: rgb(0xfff6d8), far: rgb(0xdcc3dd), near: rgb(0x795487),
		water: [2]color.NRGBA{rgb(0xe8cfe0), rgb(0x9c86bf)},
		wall:  [2]color.NRGBA{rgb(0xf3e6f0), rgb(0xe5d0e0)}, table: rgb(0xc69c8f), lamp: rgb(0xfbe3a1),
	},
	noon: {
		mood:  noon,
		sky:   [3]color.NRGBA{rgb(0xb9c6ee), rgb(0xd9d8f3), rgb(0xf8f1f6)},
		light: rgb(0xf8d25f), far: rgb(0xcdc0e6), near: rgb(0x6f7f74),
		water: [2]color.NRGBA{rgb(0xc9d2f0), rgb(0x7e86bd)},
		wall:  [2]color.NRGBA{rgb(0xfcf5e8), rgb(0xf3e0d6)}, table: rgb(0xdbb28a), lamp: rgb(0xdfe4f7),
	},
	dusk: {
		mood:  dusk,
		sky:   [3]color.NRGBA{rgb(0x5d3f82), rgb(0xcd6b8d), rgb(0xf9c06d)},
		light: rgb(0xfde08a), far: rgb(0xa95f88), near: rgb(0x3d1c40),
		water: [2]color.NRGBA{rgb(0xe59a80), rgb(0x4d3268)},
		wall:  [2]color.NRGBA{rgb(0xe3b0a6), rgb(0xb5708a)}, table: rgb(0x7b4252), lamp: rgb(0xfbd26b),
	},
	night: {
		mood:  night,
		sky:   [3]color.NRGBA{rgb(0x1b1434), rgb(0x372a5e), rgb(0x6d5590)},
		light: rgb(0xfbf0cb), far: rgb(0x544379), near: rgb(0x191029),
		water: [2]color.NRGBA{rgb(0x5c4b86), rgb(0x1f1740)},
		wall:  [2]color.NRGBA{rgb(0x473762), rgb(0x2e2246)}, table: rgb(0x4b2f48), lamp: rgb(0xf8cf70),
	},
}
