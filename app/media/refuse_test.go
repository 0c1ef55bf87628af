package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"xxsns/app/media/mediatest"
)

func TestSaveRefuses(t *testing.T) {
	photo, png := mediatest.PhoneJPEG(64, 48, 1), mediatest.PNG(64, 48)
	ftyp := func(brands string) []byte { return append([]byte("\x00\x00\x00\x18ftyp"+brands), make([]byte, 100)...) }
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, ErrUnsupported},
		{"text", []byte("<svg onload=alert(1)>"), ErrUnsupported},
		{"a name lies, bytes do not", []byte("GIF88a"), ErrUnsupported},
		{"film", ftyp("isom\x00\x00\x00\x00isommp42"), ErrUnsupported},
		{"sound", []byte("RIFF\x00\x00\x00\x00WAVEfmt "), ErrUnsupported},
		{"heic", mediatest.HEIC(), ErrHEIC},
		{"avif", ftyp("avif\x00\x00\x00\x00mif1miaf"), ErrAVIF},
		{"moving avif", ftyp("avis\x00\x00\x00\x00msf1miaf"), ErrAVIF},
		{"avif that is heif first", ftyp("mif1\x00\x00\x00\x00avifmiaf"), ErrAVIF},
		{"heif in general", ftyp("mif1\x00\x00\x00\x00miafheic"), ErrHEIC},
		{"compatible with heic", ftyp("MiHB\x00\x00\x00\x00MiHBheic"), ErrHEIC},
		{"ftyp of unknown length", append([]byte("\x00\x00\x00\x00ftypheic"), make([]byte, 100)...), ErrHEIC},
		{"ftyp at the very end", []byte("\x00\x00\x00\x10ftypheic\x00\x00\x00\x00"), ErrHEIC},
		{"10 MB and a byte", append(photo[:len(photo):len(photo)], make([]byte, MaxBytes+1-len(photo))...), ErrTooLarge},
		{"large", mediatest.Large(), ErrTooLarge},
		{"bomb", mediatest.BombPNG(), ErrTooManyPixels},
		{"8200 × 6400", mediatest.GrayPNG(8200, 6400), ErrTooManyPixels},
		{"a line too long", mediatest.GrayPNG(65536, 1), ErrTooManyPixels},
		{"gif of 65535 × 65535", []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x09\x00\x09\x00\x00\x02\x00;"), ErrTooManyPixels},
		{"jpeg without a scan", mediatest.BrokenJPEG(), ErrBroken},
		{"jpeg of an empty scan", photo[:bytes.Index(photo, []byte{0xff, markSOS})+14], ErrBroken},
		{"jpeg of a size for another", slices.Concat(photo[:2], []byte("\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"), photo[2:]), ErrBroken},
		{"jpeg of three bytes", photo[:3], ErrBroken},
		{"png of its signature", png[:8], ErrBroken},
		{"png without a row", png[:bytes.Index(png, []byte("IDAT"))+40], ErrBroken},
		{"webp of its header", mediatest.WebP()[:12], ErrBroken},
		{"webp without pixels", mediatest.WebP()[:30], ErrBroken},
		{"gif of its header", []byte("GIF89a"), ErrBroken},
		{"gif without a row", mediatest.AnimatedGIF(3)[:60], ErrBroken},
		{"jpeg of 101 scans", mediatest.ScanBomb(64, 48, maxScans+1), ErrBroken},
		{"gif without pixels", []byte("GIF89a\x00\x00\x00\x00\x00\x00\x00;"), ErrBroken},
		{"gif without frames", []byte("GIF89a\x10\x00\x10\x00\x00\x00\x00;"), ErrBroken},
	}
	saves := map[string]func(*Folder, context.Context, int64, io.Reader) (Image, error){"Save": (*Folder).Save, "SaveAvatar": (*Folder).SaveAvatar}
	for _, tt := range tests {
		for how, save := range saves {
			t.Run(tt.name+" "+how, func(t *testing.T) {
				f := openFolder(t)
				saved, err := save(f, context.Background(), minji, bytes.NewReader(tt.data))
				if !errors.Is(err, tt.want) || saved != (Image{}) {
					t.Errorf("got %+v, %v; want %v", saved, err, tt.want)
				}
				wantNames(t, f)
			})
		}
	}
}

// Refusing a bomb must be cheap, since an attacker may send it often.
func TestBombIsNotDecoded(t *testing.T) {
	f := openFolder(t)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = f.Save(context.Background(), minji, bytes.NewReader(mediatest.BombPNG()))
		}
	})
	if bytes := result.AllocedBytesPerOp(); bytes > 1<<20 {
		t.Errorf("refusing it took %d bytes", bytes)
	}
}

func TestSavePassesOnReadErrors(t *testing.T) {
	f := openFolder(t)
	gone := errors.New("연결이 끊겼습니다")
	r := io.MultiReader(bytes.NewReader(mediatest.PNG(64, 48)), iotest.ErrReader(gone))
	if _, err := f.Save(context.Background(), minji, r); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f)
}

func TestPanicOfADecoderIsBroken(t *testing.T) {
	src := source{data: nil, width: 1, height: 1, format: &format{config: func(io.Reader) (image.Config, error) { panic("index out of range") }}}
	for _, render := range []renderer{source.post, source.avatar} {
		if _, err := render(src, context.Background()); !errors.Is(err, ErrBroken) {
			t.Errorf("got %v", err)
		}
	}
}
