package media

import (
	"bytes"
	"slices"
)

// heifBrands are the brands, in the ftyp box, of formats that phones make but
// neither browsers nor this package can show.
var heifBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1", "avif", "avis"}

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
	case isHEIF(data):
		return nil, ErrHEIC
	}
	return nil, ErrUnsupported
}

// isHEIF reports whether data starts with an ftyp box whose main or compatible
// brands include one of heifBrands.
func isHEIF(data []byte) bool {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return false
	}
	box := data[8:min(len(data), max(16, int(data[2])<<8|int(data[3])))]
	for ; len(box) >= 4; box = box[4:] {
		if slices.Contains(heifBrands, string(box[:4])) {
			return true
		}
	}
	return false
}
