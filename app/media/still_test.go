package media

import (
	"bytes"
	"image"
	"testing"

	"xxsns/app/media/mediatest"
)

// An image that moved and does not any more says so.
func TestSaveTellsOfAStill(t *testing.T) {
	tests := map[string]struct {
		data         []byte
		post, avatar bool
	}{
		"moving webp":      {testdata(t, "anim.webp"), true, true},
		"moving png":       {testdata(t, "apng.png"), true, true},
		"moving gif":       {mediatest.AnimatedGIF(3), false, true},
		"too large a gif":  {frames(t, 2100, 2000, 2, image.Pt(2100, 2000)), true, true},
		"still gif":        {frames(t, 40, 30, 1, image.Pt(40, 30)), false, false},
		"still webp":       {mediatest.WebP(), false, false},
		"still png":        {mediatest.PNG(64, 48), false, false},
		"png of one frame": {mediatest.WithChunks(mediatest.PNG(64, 48), mediatest.Chunk("acTL", make([]byte, 8)), mediatest.Chunk("fcTL", make([]byte, 26))), false, false},
		"photo":            {mediatest.PhoneJPEG(64, 48, 1), false, false},
	}
	for name, tt := range tests {
		f := openFolder(t)
		if saved := f.saved(t, tt.data); saved.Stilled != tt.post {
			t.Errorf("%s: %+v", name, saved)
		}
		saved, err := f.SaveAvatar(t.Context(), minji, bytes.NewReader(tt.data))
		if err != nil || saved.Stilled != tt.avatar {
			t.Errorf("%s as a profile image: %+v, %v", name, saved, err)
		}
	}
}
