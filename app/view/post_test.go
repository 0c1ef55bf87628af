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
