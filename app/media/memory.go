package media

import "runtime/debug"

// Memory of a Folder for images at work, in bytes: what machines with enough have, and
// what is left of a small limit in any case.
const (
	mostMemory  = 512 << 20
	leastMemory = 16 << 20
)

// mostAtWork bounds the images at work, however small: decoding is work for a processor.
const mostAtWork = 2

// Memory returns how many bytes of a program's memory limit, such as that of
// debug.SetMemoryLimit, are for images at work. The rest is for everything else: the
// program at rest, pages, uploads that arrive, and a password that is hashed.
func Memory(limit int64) int64 {
	const rest = 64 << 20
	return min(max(limit-rest, leastMemory), mostMemory)
}

// memory returns how many bytes the work on an image takes, by the headers: the upload,
// the decoded samples, and what the image is converted and resized to.
func (s *source) memory() int64 {
	decoded, plane := s.pixelBytes()
	w, h := fullSize(s.width, s.height)
	resized := float64(w) * float64(s.height+2*h) // in one direction, in both, and rotated
	return int64(len(s.data)) + int64(float64(s.pixels)*decoded+resized*plane)
}

// bigMemory is how many bytes the work on an image takes at least whose memory is
// returned to the system at once: on a busy machine, Go collects garbage too late.
const bigMemory = 32 << 20

// freeDecoded returns the memory of a big image that was decoded and is not used any more.
func (s *source) freeDecoded() {
	if s.memory() >= bigMemory {
		debug.FreeOSMemory()
	}
}

// rgba is the bytes of a pixel of red, green, blue and alpha.
const rgba = 4

// pixelBytes returns the bytes of a pixel while the image is decoded and made a picture,
// and those of a pixel of the picture.
func (s *source) pixelBytes() (decoded, plane float64) {
	switch s.format {
	case jpegFormat:
		return s.pixelBytesJPEG()
	case pngFormat:
		return s.pixelBytesPNG()
	case webpFormat:
		return 3 * rgba, rgba // a lossless image, of which some steps have a copy
	}
	return 1 + 2*rgba, rgba // of a GIF: numbers of colours, the screen, and the picture
}

// pixelBytesJPEG returns the bytes of the samples, which the picture shares, and of the
// coefficients of a progressive JPEG. Four components become a picture of RGBA.
func (s *source) pixelBytesJPEG() (decoded, plane float64) {
	const coefficient = 4 // bytes
	var frame jpegFrame
	for marker, body := range headersJPEG(s.data) {
		if markSOF0 <= marker && marker <= markSOF2 && frame.parse(marker, body) {
			break
		}
	}
	decoded = frame.samples()
	plane = decoded
	if frame.progressive {
		decoded += coefficient * plane
	}
	if len(frame.components) == 4 {
		return decoded + 2*rgba, rgba
	}
	return decoded, plane
}

// pixelBytesPNG returns the bytes as image/png decodes: colours to RGBA, which the picture
// shares unless there is alpha, and samples of 16 bits to twice as much.
func (s *source) pixelBytesPNG() (decoded, plane float64) {
	h, _ := headerPNG(s.data) // measure has read the header
	decoded, plane = 1, 1
	if h.colour != pngGray && h.colour != pngPalette {
		decoded, plane = rgba, rgba
	}
	if h.depth == 16 {
		decoded *= 2
	}
	if h.interlaced {
		decoded *= 1.5 // the last pass has half of the pixels
	}
	isPlane := h.depth <= 8 && (h.colour == pngGray || h.colour == pngRGB) && firstChunk(chunksPNG(s.data), "tRNS") == nil
	if isPlane {
		return decoded, plane
	}
	return decoded + rgba, rgba
}

// samples returns the number of samples of a pixel.
func (f *jpegFrame) samples() float64 {
	all, most := 0, 1
	for _, c := range f.components {
		all, most = all+c.h*c.v, max(most, c.h*c.v)
	}
	return float64(all) / float64(most)
}
