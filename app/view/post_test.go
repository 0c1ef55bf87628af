package view

import (
	"testing"

	"xxsns/app/sns"
)

func TestACaptureOfAScreenIsTall(t *testing.T) {
	t.Parallel()
	for size, tall := range map[[2]int]bool{{1080, 12000}: true, {1080, 2340}: true, {1080, 2160}: false, {3000, 4000}: false, {4000, 1000}: false} {
		if got := Images([]sns.PostImage{{Name: "a.jpg", Width: size[0], Height: size[1]}}); got[0].Tall != tall {
			t.Errorf("%v: tall = %t", size, got[0].Tall)
		}
	}
}

func TestImagesComeInTheSizesOfScreens(t *testing.T) {
	t.Parallel()
	wide := sns.PostImage{Name: "a.jpg", Width: 2000, Height: 1000, Sized: "webp"}
	small := sns.PostImage{Name: "b.png", Width: 300, Height: 300}
	moving := sns.PostImage{Name: "c.gif", Width: 600, Height: 300}
	tall := sns.PostImage{Name: "d.jpg", Width: 700, Height: 3000, Sized: "jpg"}
	const set = "/uploads/a-480.webp 480w, /uploads/a-960.webp 960w, /uploads/a-1440.webp 1440w"
	const tallSet = "/uploads/d-480.jpg 480w, /uploads/d-960.jpg 700w"
	for _, tt := range []struct {
		images []sns.PostImage
		i      int
		srcSet string
		sizes  string
	}{
		{[]sns.PostImage{wide}, 0, set, "(min-width: 900px) 36.5rem, 91vw"},
		{[]sns.PostImage{wide, small}, 0, set, "(min-width: 900px) 36.5rem, 91vw"}, // a square of half the width shows half of the image
		{[]sns.PostImage{wide, small}, 1, "", ""},
		{[]sns.PostImage{tall, moving}, 0, tallSet, "(min-width: 900px) 18.2rem, 45.5vw"},
		{[]sns.PostImage{tall, moving}, 1, "", ""},
		{[]sns.PostImage{wide, wide, wide}, 0, set, "(min-width: 900px) 73rem, 182vw"}, // two squares high
		{[]sns.PostImage{wide, wide, wide}, 2, set, "(min-width: 900px) 36.5rem, 91vw"},
	} {
		if got := Images(tt.images)[tt.i]; got.SrcSet != tt.srcSet || got.Sizes != tt.sizes {
			t.Errorf("image %d of %d: %q and %q, want %q and %q", tt.i, len(tt.images), got.SrcSet, got.Sizes, tt.srcSet, tt.sizes)
		}
	}
}
