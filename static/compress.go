package static

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// zip compresses a bundle for clients without brotli.
func zip(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a known level
	_ = writeAll(w, body)                                   // a Buffer does not fail
	return out.Bytes()
}

// squeeze compresses a bundle as far as brotli can, a tenth below gzip. Brotli takes 0.1 s
// for the script, so that the program squeezes a bundle when the first browser asks
// for that bundle, and not at the start, which every command and test would wait for.
// Bundles squeezed at build time would make the program larger, and would need a step
// before "go run".
func squeeze(body []byte) []byte {
	var out bytes.Buffer
	_ = writeAll(brotli.NewWriterLevel(&out, brotli.BestCompression), body) // a Buffer does not fail
	return out.Bytes()
}

func writeAll(w io.WriteCloser, body []byte) error {
	if _, err := w.Write(body); err != nil {
		return err
	}
	return w.Close()
}
