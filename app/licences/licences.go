// Package licences has the licences of this program and of all that is linked into it, as they
// ask to be passed on.
package licences

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

//go:generate make -C ../.. notice

//go:embed notices.txt.gz
var notices []byte

// Write writes the texts of all licences.
func Write(out io.Writer) error {
	texts, err := gzip.NewReader(bytes.NewReader(notices))
	if err != nil {
		return err
	}
	_, err = io.Copy(out, texts) //nolint:gosec // our own file
	return err
}
