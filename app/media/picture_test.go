package media

import (
	"fmt"
	"image"
	"testing"

	"golang.org/x/image/draw"

	"xxsns/app/media/mediatest"
)

// x/image/draw is slow and correct. The results must look the same.
func TestResizeAgreesWithXImageDraw(t *testing.T) {
	photo := mediatest.Photo(300, 200)
	hole := image.NewRGBA(photo.Rect)
	draw.Draw(hole, hole.Rect, holed(300, 200), image.Point{}, draw.Src)
	for _, src := range []*image.RGBA{photo, hole} {
		for _, size := range []image.Point{{X: 299, Y: 199}, {X: 150, Y: 100}, {X: 101, Y: 67}, {X: 7, Y: 3}, {X: 1, Y: 1}, {X: 300, Y: 20}, {X: 450, Y: 333}} {
			t.Run(fmt.Sprint(size), func(t *testing.T) {
				want := image.NewRGBA(image.Rectangle{Max: size})
				draw.CatmullRom.Scale(want, want.Rect, src, src.Rect, draw.Src, nil)
				got := newPicture(src, size.X, size.Y).image().(*image.RGBA)
				if d := distance(t, got, want); d > 0.7 {
					t.Errorf("it is %.2f away", d)
				}
				for i := range want.Pix {
					// At the corner of the hole the kernel overshoots in both
					// directions.
					if d := int(got.Pix[i]) - int(want.Pix[i]); d < -10 || d > 10 {
						t.Fatalf("sample %d at %d,%d is %d, want %d", i%4, i/4%size.X, i/4/size.X, got.Pix[i], want.Pix[i])
					}
				}
			})
		}
	}
}

func TestResizeKeepsColoursBelowTheirAlpha(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range m.Pix { // the sharpest possible edges, in colour and alpha separately
		if px := i / 4; px%64/16%2 == 0 && i%4 == 3 || px/64/16%2 == 0 && px%64/16%2 == 0 {
			m.Pix[i] = 255
		}
	}
	for _, size := range []image.Point{{X: 29, Y: 31}, {X: 29, Y: 64}, {X: 64, Y: 31}} {
		small := newPicture(m, size.X, size.Y).image().(*image.RGBA)
		for i := 0; i < len(small.Pix); i += 4 {
			if px := small.Pix[i : i+4]; max(px[0], px[1], px[2]) > px[3] {
				t.Fatalf("pixel %d of %v is %v", i/4, size, px)
			}
		}
	}
}

// A crop from an odd pixel would shift the colours by half a sample.
func TestSquareKeepsColoursInTheirPlace(t *testing.T) {
	src := image.NewYCbCr(image.Rect(0, 0, 11, 4), image.YCbCrSubsampleRatio420)
	for _, pix := range [][]uint8{src.Y, src.Cb, src.Cr} {
		for i := range pix {
			pix[i] = uint8(100 + 13*i%97)
		}
	}
	got := newPicture(src, 11, 4).square().image()
	if d := distance(t, got, src.SubImage(image.Rect(2, 0, 6, 4))); d != 0 {
		t.Errorf("it is %.2f away", d)
	}
}
