package media

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"xxsns/app/media/mediatest"
)

func TestADocumentLeavesNothingInTheFolder(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(dir, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	pdf := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), maxInMemory)...)
	for name, want := range map[string]struct {
		data []byte
		kind string
		err  error
	}{
		"a photo":             {mediatest.PhoneJPEG(640, 480, 6), "image/jpeg", nil},
		"a moving picture":    {mediatest.AnimatedGIF(2), "image/gif", nil},
		"a small PDF":         {pdf[:20], PDFType, nil},
		"a large PDF":         {pdf, PDFType, nil},
		"a PDF of 10 MB":      {append(pdf[:len(pdf):len(pdf)], make([]byte, MaxBytes+1-len(pdf))...), "", ErrTooLarge},
		"a page":              {[]byte("<html>%PDF-"), "", ErrUnsupported},
		"a beginning":         {[]byte("%PDF"), "", ErrUnsupported},
		"nothing":             {nil, "", ErrUnsupported},
		"a broken photo":      {mediatest.BrokenJPEG(), "", ErrBroken},
		"a photo of a camera": {mediatest.HEIC(), "", ErrHEIC},
	} {
		d, err := f.Document(t.Context(), 1, bytes.NewReader(want.data))
		if !errors.Is(err, want.err) || d.Type != want.kind {
			t.Errorf("%s is %q, %v", name, d.Type, err)
		}
		if err != nil {
			continue
		}
		got, err := io.ReadAll(io.NewSectionReader(d, 0, d.Size))
		if err != nil || int64(len(got)) != d.Size || want.kind == PDFType != bytes.Equal(got, want.data) {
			t.Errorf("%s came back with %d bytes of %d, %v", name, len(got), d.Size, err)
		}
		if want.kind != PDFType && mediatest.HasMetadata(got) {
			t.Errorf("%s has metadata", name)
		}
		d.Close()
		if names, err := f.Names(9); err != nil || len(names) > 0 {
			t.Errorf("%s leaves %v, %v", name, names, err)
		}
	}
}
