package people

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"strings"

	"xxsns/app/export"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// exportPath is the path of the page of exports.
const exportPath = "/settings/export"

// Show shows what has become of the viewer's export, and offers one.
func (Exports) Show(r *request.Request) error {
	return showExport(r, http.StatusOK, r.Typed(), false)
}

// Create asks for an export of everything of the viewer. With the field prove, Create checks the
// password instead, after which the file may be fetched.
func (Exports) Create(r *request.Request) error {
	if r.Value("prove") != "" {
		return proveExport(r)
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	err := r.Store.AskExport(r.Ctx(), r.Viewer.ID, export.NewName(), r.Locale.Lang, r.Now)
	if errors.Is(err, sns.ErrConflict) {
		return exportAgain(r)
	}
	if err != nil {
		return err
	}
	r.Exports.Wake()
	return exportDone(r)
}

// proveExport checks the password in the form.
func proveExport(r *request.Request) error {
	if err := confirmPassword(r); err != nil {
		return r.Again(err, r.Typed(), func(status int, f view.Form) error { return showExport(r, status, f, false) })
	}
	r.Viewer.Proved = true
	return exportDone(r)
}

// exportAgain answers who asks for an export although there is one: a second click while the
// first export waits changes nothing.
func exportAgain(r *request.Request) error {
	e, err := r.Store.Export(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	if e.Waiting {
		return exportDone(r)
	}
	return showExport(r, http.StatusConflict, r.Typed(), true)
}

// exportDone answers a form that changed something.
func exportDone(r *request.Request) error {
	if !r.Partial() {
		return r.Redirect(exportPath)
	}
	return showExport(r, http.StatusOK, r.Typed(), false)
}

func showExport(r *request.Request, status int, f view.Form, once bool) error {
	e, err := r.Store.Export(r.Ctx(), r.Viewer.ID)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	v := r.Locale.Export(e, r.Now)
	v.Name, v.Form, v.Proved, v.Once = r.Viewer.Username, f, r.Viewer.Proved, once
	return r.Show(status, "user/_export", "user/export", view.Page{Title: r.T("export.page"), Nav: "settings", Data: v})
}

// Download sends the file of the viewer's export. Whoever has not typed the password lately is
// led to the page that asks for the password.
func (Exports) Download(r *request.Request) error {
	name, ok := strings.CutSuffix(r.Param("name"), ".zip")
	e, err := r.Store.Export(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	if !ok || e.Name != name || !e.Ready(r.Now) {
		return sns.ErrNotFound
	}
	if !r.Viewer.Proved {
		return r.Redirect(exportPath)
	}
	if err := r.Limit(request.LimitTranscript); err != nil {
		return err
	}
	file, err := r.Exports.Folder.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return sns.ErrNotFound
	}
	if err != nil {
		return err
	}
	defer file.Close()
	h := r.Writer.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "xxsns-" + r.Locale.Day(e.DoneAt) + ".zip"}))
	h.Set("Cache-Control", "private, no-store")
	request.Record(r, request.ExportFetched, r.Viewer.ID)
	http.ServeContent(r.Writer, r.Request, "", e.DoneAt, file)
	return nil
}
