package media

import (
	"bytes"
	"slices"
)

// Brands, in the ftyp box, of formats that this package cannot decode. The
// brands of heifBrands also stand for HEIF in general.
var (
	avifBrands = []string{"avif", "avis"}
	heifBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"}
)

// recognise returns the format of an image by its first bytes. The file name
// and content type are ignored, since the client chooses them.
func recognise(data []byte) (*format, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return jpegFormat, nil
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return pngFormat, nil
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return gifFormat, nil
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return webpFormat, nil
	case hasBrand(data, avifBrands):
		return nil, ErrAVIF
	case hasBrand(data, heifBrands):
		return nil, ErrHEIC
	}
	return nil, ErrUnsupported
}

// hasBrand reports whether data starts with an ftyp box whose main or compatible
// brands include one of brands.
func hasBrand(data []byte, brands []string) bool {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return false
	}
	box := data[8:min(len(data), max(16, int(data[2])<<8|int(data[3])))]
	for ; len(box) >= 4; box = box[4:] {
		if slices.Contains(brands, string(box[:4])) {
			return true
		}
	}
	return false
}
