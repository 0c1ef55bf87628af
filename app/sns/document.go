package sns

import "io"

// A Document is a file that lies in the database, and not among the images that everybody may
// load: a proof of a takedown, or a picture in the evidence of a case.
type Document struct {
	Number  int64       // 1, 2, 3 in what it belongs to
	Name    string      // of the file
	Type    string      // media type by the bytes
	Size    int64       // in bytes
	Content io.ReaderAt // nil once the document is kept
}
