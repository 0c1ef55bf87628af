package media

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
)

// PDFType is the media type of a Document that is no picture.
const PDFType = "application/pdf"

// documentTypes are the media types of pictures by the extension of a rendition.
var documentTypes = map[string]string{"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}

// A Document is a picture or a PDF that is kept elsewhere than in the folder. A large one lies in
// an unlinked file until Close.
type Document struct {
	Type string // media type by the bytes
	Size int64  // in bytes
	from upload
}

// Document reads a picture or a PDF of a person (or Nobody), and leaves nothing in the folder. A
// picture is made anew as by Save, so that nothing of the camera remains. A PDF stays as it is: its
// reader must not open it where scripts of the site run. The caller calls Close. The errors are
// those of Save.
func (f *Folder) Document(ctx context.Context, person int64, r io.Reader) (Document, error) {
	up, err := f.receive(r)
	if err != nil {
		return Document{}, err
	}
	head := make([]byte, len(pdfMark))
	if _, err := up.ReadAt(head, 0); err == nil && string(head) == pdfMark {
		return Document{Type: PDFType, Size: up.length(), from: up}, nil
	}
	defer up.close()
	made, err := f.render(ctx, person, up, source.document)
	if err != nil {
		return Document{}, err
	}
	kept, err := f.hold(made.full)
	if err != nil {
		return Document{}, err
	}
	return Document{Type: documentTypes[made.ext], Size: kept.length(), from: kept}, nil
}

// pdfMark is how a PDF begins.
const pdfMark = "%PDF-"

// ReadAt implements io.ReaderAt, until Close.
func (d Document) ReadAt(p []byte, off int64) (int, error) { return d.from.ReadAt(p, off) }

// TypeOf returns the media type of the full size of an image of this package, by its name.
func TypeOf(name string) string { return documentTypes[strings.TrimPrefix(filepath.Ext(name), ".")] }

// Close gives the bytes up.
func (d Document) Close() { d.from.close() }

// length returns the size of the upload in bytes.
func (up upload) length() int64 {
	if up.file == nil {
		return int64(len(up.small))
	}
	return up.size
}

// ReadAt implements io.ReaderAt.
func (up upload) ReadAt(p []byte, off int64) (int, error) {
	if up.file == nil {
		return bytes.NewReader(up.small).ReadAt(p, off)
	}
	return up.file.ReadAt(p, off)
}
