package seed

import (
	"bytes"
	"image"
	"slices"
	"testing"

	"xxsns/app/sns"
)

// colours counts the different colours at a grid of points.
func colours(img *image.RGBA) int {
	seen := map[[4]byte]bool{}
	for y := 0; y < img.Rect.Dy(); y += 16 {
		for x := 0; x < img.Rect.Dx(); x += 16 {
			seen[[4]byte(img.Pix[img.PixOffset(x, y):])] = true
		}
	}
	return len(seen)
}

func opaque(img *image.RGBA) bool {
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 255 {
			return false
		}
	}
	return true
}

func TestEverySceneIsDrawnInEveryMoodAndShape(t *testing.T) {
	for i, scene := range sceneNames {
		for mood := range moods {
			shape := shapes[(i+mood)%len(shapes)].Div(2) // half as big is a quarter of the work
			c := newCanvas(source(uint64(mood)), shape.X, shape.Y)
			scenes[scene](c, palettes[mood])
			if n := colours(c.img); n < 60 || !opaque(c.img) {
				t.Errorf("%s in mood %d, %v: %d colours, opaque %t", scene, mood, shape, n, opaque(c.img))
			}
		}
	}
}

func TestPicturesAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for i, scene := range sceneNames {
		picture := Draw(source(uint64(i)), scene)
		checked(t, "alt", picture.Alt, sns.Alt)
		seen[picture.Alt] = true
		if !slices.Contains(shapes, picture.Image.Rect.Size()) {
			t.Errorf("%s is %v", scene, picture.Image.Rect)
		}
	}
	if len(seen) != len(sceneNames) {
		t.Errorf("%d descriptions of %d scenes", len(seen), len(sceneNames))
	}
}

func TestTheSameSourceDrawsTheSame(t *testing.T) {
	a, b, other := Portrait(source(1)), Portrait(source(1)), Portrait(source(2))
	if !bytes.Equal(a.Pix, b.Pix) || bytes.Equal(a.Pix, other.Pix) {
		t.Error("portraits are not made of their source alone")
	}
	x, y := Draw(source(1), "sea"), Draw(source(1), "sea")
	if x.Alt != y.Alt || !bytes.Equal(x.Image.Pix, y.Image.Pix) {
		t.Error("pictures are not made of their source alone")
	}
}

func TestPortraitsAreSquareAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range uint64(12) {
		img := Portrait(source(i))
		if img.Rect.Size() != image.Pt(portraitSide, portraitSide) || !opaque(img) || colours(img) < 8 {
			t.Errorf("portrait %d: %v, %d colours", i, img.Rect, colours(img))
		}
		seen[string(img.Pix)] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d different portraits of 12", len(seen))
	}
}

func TestScenesOfAPostDiffer(t *testing.T) {
	for i := range uint64(100) {
		all := Scenes(source(i), sns.PostImagesMax)
		slices.Sort(all)
		if len(slices.Compact(all)) != sns.PostImagesMax {
			t.Errorf("seed %d: %v", i, all)
		}
	}
	if all := Scenes(source(1), 99); len(all) != len(scenes) {
		t.Errorf("%d scenes of %d", len(all), len(scenes))
	}
}
