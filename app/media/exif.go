package media

import (
	"bytes"

	"github.com/bep/imagemeta"
)

// orientation returns the EXIF orientation, 1 to 8, which tells how the camera
// was held. Without EXIF, or with damaged EXIF, it is 1: no rotation.
func (s source) orientation() int {
	found := 1
	exif := s.exif()
	if exif == nil {
		return found
	}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(exif), ImageFormat: imagemeta.TIFF, Sources: imagemeta.EXIF,
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

// exif returns the EXIF data of the upload, or nil. The parts of a file are found here,
// whatever their faults.
func (s source) exif() []byte {
	switch s.format {
	case jpegFormat:
		for marker, body := range headersJPEG(s.data) {
			if marker == markApp1 && len(body) > exifHead && bytes.HasPrefix(body, []byte("Exif\x00")) {
				return body[exifHead:]
			}
		}
	case pngFormat:
		return withoutExifHead(firstChunk(chunksPNG(s.data), "eXIf"))
	case webpFormat:
		return withoutExifHead(firstChunk(chunks(skip(s.uploaded, 12)), "EXIF"))
	}
	return nil
}

// exifHead is the length of the head of EXIF data in a JPEG.
const exifHead = 6

// withoutExifHead drops the head of a JPEG, which some programs write in other formats.
func withoutExifHead(found []byte) []byte { return bytes.TrimPrefix(found, []byte("Exif\x00\x00")) }
