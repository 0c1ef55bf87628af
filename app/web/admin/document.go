package admin

import (
	"mime"
	"net/http"
	"slices"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// sendDocument sends the document that the route names by its number, which write writes. A browser
// that opens the document runs nothing of it.
func sendDocument(r *request.Request, documents []sns.Document, disposition string, write func(sns.Document) error) error {
	number, err := r.Number("number")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(documents, func(d sns.Document) bool { return d.Number == number })
	if i < 0 {
		return sns.ErrNotFound
	}
	d := documents[i]
	h := r.Writer.Header()
	h.Set("Content-Type", d.Type)
	h.Set("Content-Length", strconv.FormatInt(d.Size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": d.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	if r.Request.Method == http.MethodHead {
		r.Status(http.StatusOK)
		return nil
	}
	return write(d)
}
