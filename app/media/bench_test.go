package media

import (
	"bytes"
	"context"
	"image"
	"slices"
	"testing"

	"golang.org/x/image/draw"

	"xxsns/app/media/mediatest"
)

// BenchmarkSave saves typical uploads: photos of 12 megapixels, upright and
// rotated, screenshots, animations.
func BenchmarkSave(b *testing.B) {
	for _, upload := range []struct {
		name string
		data []byte
	}{
		{"photo-12MP", mediatest.PhoneJPEG(4032, 3024, 6)},
		{"photo-12MP-P3", slices.Insert(mediatest.PhoneJPEG(4032, 3024, 6), 2, app2(displayP3(b), 60000)...)},
		{"photo-12MP-cut-off", mediatest.PhoneJPEG(4032, 3024, 6)[:1_000_000]},
		{"screenshot-1080x2340", mediatest.PNG(1080, 2340)},
		{"animation-30-frames", frames(b, 480, 360, 30, image.Pt(480, 360))},
	} {
		b.Run(upload.name, func(b *testing.B) {
			f := openFolder(b)
			b.ReportAllocs()
			for b.Loop() {
				saved, err := f.Save(context.Background(), minji, bytes.NewReader(upload.data))
				if err != nil {
					b.Fatal(err)
				}
				if err := f.Delete(saved.Name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkResize shrinks a photo of 12 megapixels to MaxSide, with this
// package and with the scalers of x/image/draw.
func BenchmarkResize(b *testing.B) {
	src, err := inspect(mediatest.PhoneJPEG(4032, 3024, 1))
	if err != nil {
		b.Fatal(err)
	}
	m, err := src.decode(bytes.NewReader(src.data))
	if err != nil {
		b.Fatal(err)
	}
	with := func(scaler draw.Scaler) func() {
		return func() {
			dst := image.NewRGBA(image.Rect(0, 0, 2048, 1536))
			scaler.Scale(dst, dst.Rect, m, m.Bounds(), draw.Src, nil)
		}
	}
	for _, way := range []struct {
		name string
		do   func()
	}{
		{"ours", func() { newPicture(m, 2048, 1536) }},
		{"x-image-CatmullRom", with(draw.CatmullRom)},
		{"x-image-ApproxBiLinear", with(draw.ApproxBiLinear)},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				way.do()
			}
		})
	}
}
