package media

import (
	"bytes"

	"github.com/bep/imagemeta"
)

// orientation returns the EXIF orientation, 1 to 8, which tells how the camera
// was held. Without EXIF, or with damaged EXIF, it is 1: no rotation.
func (s source) orientation() int {
	found := 1
	exif, format := s.exif()
	if exif == nil {
		return found
	}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(exif), ImageFormat: format, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Namespace == "IFD0" && t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if v, ok := t.Value.(uint16); ok && 1 <= v && v <= 8 {
				found = int(v)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}

// exif returns the part of the upload with the EXIF data, and its format, or
// nil. The chunks of PNG and WebP are found here, whatever their faults.
func (s source) exif() ([]byte, imagemeta.ImageFormat) {
	var found []byte
	switch s.format {
	case jpegFormat:
		return s.data, imagemeta.JPEG
	case pngFormat:
		found = firstChunk(chunksPNG(s.data), "eXIf")
	case webpFormat:
		found = firstChunk(chunks(skip(s.uploaded, 12)), "EXIF")
	}
	return bytes.TrimPrefix(found, []byte("Exif\x00\x00")), imagemeta.TIFF
}
