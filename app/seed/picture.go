package seed

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
)

// A Picture is drawn for a post or for a profile.
type Picture struct {
	Image *image.RGBA
	Alt   string // what is seen on it
}

// scenes are what pictures show, by the names that rules end in.
var scenes = map[string]func(*canvas, palette){
	"hills": hills, "sea": sea, "town": town, "tree": tree, "cup": cup, "window": window, "books": books, "bowl": bowl,
}

var sceneNames = func() []string {
	var names []string
	for name := range scenes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

// shapes are the widths and heights that pictures come in, in pixels.
var shapes = []image.Point{{1200, 900}, {900, 1200}, {1280, 720}, {1080, 1080}, {960, 1280}, {1280, 640}}

// Scenes returns n different scenes for the pictures of a post, at most as many
// as there are.
func Scenes(rng *rand.Rand, n int) []string {
	names := slices.Clone(sceneNames)
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names[:min(n, len(names))]
}

// Draw draws a scene, one of Scenes.
func Draw(rng *rand.Rand, scene string) Picture {
	mood, shape := rng.IntN(moods), shapes[rng.IntN(len(shapes))]
	c := newCanvas(rng, shape.X, shape.Y)
	scenes[scene](c, palettes[mood])
	return Picture{Image: c.img, Alt: texts().text(rng, "alt."+scene, map[string]int{"when": mood, "light": mood})}
}

// portraitSide is the width and height of a profile image, in pixels.
const portraitSide = 320

// Portrait draws a profile image: a simple sign that is known again when small.
func Portrait(rng *rand.Rand) *image.RGBA {
	c := newCanvas(rng, portraitSide, portraitSide)
	p := palettes[rng.IntN(moods)]
	c.gradient(p.sky[:]...)
	signs := []func(*canvas, palette){hillSign, flowerSign, leafSign, fruitSign, boatSign}
	signs[rng.IntN(len(signs))](c, p)
	return c.img
}

func hillSign(c *canvas, p palette) {
	c.disc(p.light, c.w*c.between(0.35, 0.65), c.h*0.4, c.u*0.17)
	c.ridge(blend(p.far, p.near, 0.35), c.h*0.66, c.h*0.16)
	c.ridge(p.near, c.h*0.82, c.h*0.12)
}

func flowerSign(c *canvas, p palette) {
	paint := []int{0, 1, 4}[c.rng.IntN(3)]
	c.disc(faint(p.light, 0.5), c.w/2, c.h/2, c.u*0.4)
	c.flower(objects[paint], c.w/2, c.h/2, c.u*0.24)
}

func leafSign(c *canvas, p palette) {
	c.disc(faint(p.light, 0.75), c.w/2, c.h/2, c.u*0.36)
	for i := range 5 {
		c.leaf(blend(moss, leaf, float64(i)/5), c.w/2, c.h*0.74, c.u*0.5, -math.Pi/2+float64(i-2)*0.5)
	}
}

func fruitSign(c *canvas, _ palette) {
	c.disc(faint(cream, 0.45), c.w/2, c.h/2, c.u*0.4)
	c.fruit(palettes[noon], c.w/2, c.h*0.54, c.u*0.28)
}

func boatSign(c *canvas, p palette) {
	c.disc(p.light, c.w*0.68, c.h*0.3, c.u*0.1)
	c.pane(0, c.h*0.66, c.w, c.h*0.34).gradient(p.water[:]...)
	c.boat(p, c.w*0.48, c.h*0.72, c.u*0.42)
}
