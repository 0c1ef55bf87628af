package media

import (
	"math"
	"testing"

	"xxsns/app/media/mediatest"
)

// The memory is known from the headers: nothing is decoded.
func TestMemoryIsKnownBefore(t *testing.T) {
	const mb = 1e6
	tests := []struct {
		name        string
		data        []byte
		least, most float64
	}{
		// 12 megapixels: 18 MB of samples, 9 MB of them narrower, 9 MB small, also rotated.
		{"a photo", mediatest.PhoneJPEG(4032, 3024, 6), 37 * mb, 45 * mb},
		{"gray, 52 megapixels", headJPEG(markSOF0, 8192, 6144, 1), 50 * mb, 90 * mb},
		{"gray, 52 megapixels, progressive", headJPEG(markSOF2, 8192, 6144, 10), 250 * mb, 290 * mb},
		{"png", headOfPNG(4000, 3000, 8, pngRGB, 0), 48 * mb, 110 * mb},
		{"png with alpha", headOfPNG(4000, 3000, 8, pngRGBAlpha, 0), 96 * mb, 160 * mb},
		{"deep png in passes", headOfPNG(4000, 3000, 16, pngRGBAlpha, 1), 192 * mb, 250 * mb},
		{"small png", mediatest.PNG(64, 48), 12288, 1 * mb},
	}
	for _, tt := range tests {
		src, err := inspect(tt.data)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := float64(src.memory()); got < tt.least || got > tt.most {
			t.Errorf("%s: %.0f MB, want %.0f to %.0f", tt.name, got/mb, tt.least/mb, tt.most/mb)
		}
	}
}

func TestMemoryOfALimit(t *testing.T) {
	for _, tt := range []struct{ limit, want int64 }{
		{math.MaxInt64, mostMemory}, {1 << 30, mostMemory}, {256 << 20, 192 << 20}, {115 << 20, 51 << 20}, {68 << 20, leastMemory}, {1, leastMemory},
	} {
		if got := Memory(tt.limit); got != tt.want {
			t.Errorf("of %d MB: %d MB, want %d", tt.limit>>20, got>>20, tt.want>>20)
		}
	}
}

// Where memory is short, photos are decoded one at a time; a photo that needs more than
// there is for all is decoded alone, and saved.
func TestLittleMemoryMeansOneAtATime(t *testing.T) {
	photo := mediatest.PhoneJPEG(4032, 3024, 1)
	for _, tt := range []struct {
		memory int64
		atWork int
	}{{leastMemory, 1}, {64 << 20, 1}, {mostMemory, mostAtWork}} {
		f := openFolder(t)
		f.decoding = newTurns(tt.memory)
		size, err := f.memory(t.Context(), upload{small: photo})
		if err != nil {
			t.Fatal(err)
		}
		atWork := 0
		for person := minji; ; person++ {
			own, err := f.decoding.join(person, f.decoding.share(size))
			if err != nil {
				t.Fatal(err)
			}
			if len(begun(map[string]*turn{"": own})) == 0 {
				break
			}
			atWork++
		}
		if atWork != tt.atWork {
			t.Errorf("with %d MB, %d photos are at work, want %d", tt.memory>>20, atWork, tt.atWork)
		}
	}
}

func TestAPhotoThatNeedsMoreThanThereIsIsSaved(t *testing.T) {
	f := openFolder(t)
	f.decoding = newTurns(1 << 20)
	if saved := f.saved(t, mediatest.PhoneJPEG(1600, 1200, 1)); saved.Width != 1600 {
		t.Errorf("saved as %+v", saved)
	}
}
