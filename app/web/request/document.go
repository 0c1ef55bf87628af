package request

import (
	"io"

	"xxsns/app/media"
)

// A Document is a file that is kept elsewhere than among the images, with its name.
type Document struct {
	media.Document
	Name string
}

// ReadDocuments is ReadUpload for pictures and PDFs, also of guests, which the handler keeps
// elsewhere. texts are the keys of texts that differ from those about images.
func (r *Request) ReadDocuments(name string, most int, texts map[string]string) (*Upload, error) {
	return r.readForm(&Upload{texts: texts}, name, most, func(u *Upload, file io.Reader, fileName string) (func(), error) {
		d, err := r.Images.Document(r.Ctx(), r.person(), file)
		if err != nil {
			return nil, err
		}
		u.Documents = append(u.Documents, Document{d, shortName(fileName)})
		return func() {
			u.Documents = u.Documents[:len(u.Documents)-1]
			d.Close()
		}, nil
	})
}

// CloseDocuments gives the documents of a form up.
func (u *Upload) CloseDocuments() {
	for _, d := range u.Documents {
		d.Close()
	}
}
