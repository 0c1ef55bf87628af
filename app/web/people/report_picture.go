package people

import (
	"errors"
	"io"
	"io/fs"

	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// openPictures opens the images of evidence; the caller closes them, also after an error. An image
// that was deleted meanwhile is left out.
func openPictures(r *request.Request, e sns.Evidence) (pictures []sns.Document, err error) {
	for _, l := range e.Lines {
		for _, name := range l.Images {
			file, err := r.Images.Open(name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return pictures, err
			}
			pictures = append(pictures, sns.Document{Name: name, Type: media.TypeOf(name), Content: file})
			info, err := file.Stat()
			if err != nil {
				return pictures, err
			}
			pictures[len(pictures)-1].Size = info.Size()
		}
	}
	return pictures, nil
}

func closePictures(pictures []sns.Document) {
	for _, p := range pictures {
		_ = p.Content.(io.Closer).Close()
	}
}
