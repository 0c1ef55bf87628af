package export

import (
	"archive/zip"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// style is the style sheet of the pages.
//
//go:embed style.css
var style []byte

// perSheet is how many things a page has, and so how many are in memory.
const perSheet = 200

// An archive is an export that is being written.
type archive struct {
	*Worker
	export  sns.Export
	token   string
	user    sns.User
	locale  *view.Locale
	zip     *zip.Writer
	renewed time.Time
}

// A part is a list of things of one kind, with a folder of its own.
type part struct {
	folder, title string // title is the key of a text
	write         func(*archive, context.Context, part) error
}

// parts returns the parts after the first page, which has the profile.
func parts() []part {
	return []part{
		{"posts", "export.posts", (*archive).posts},
		{"comments", "export.comments", (*archive).comments},
		{"likes", "export.likes", (*archive).likes},
		{"following", "export.following", (*archive).following},
		{"followers", "export.followers", (*archive).followers},
		{"rooms", "export.rooms", (*archive).rooms},
		{"notices", "export.notices", (*archive).notices},
	}
}

// write writes the file of an export, and returns its size in bytes. sns.ErrNotFound if the
// account is gone, or the token holds the export no longer.
func (w *Worker) write(ctx context.Context, e sns.Export, token string) (int64, error) {
	users, err := w.Store.Users(ctx, []int64{e.User})
	if err != nil {
		return 0, err
	}
	locale, err := w.Templates.Locale(e.Lang)
	if err != nil {
		return 0, err
	}
	return w.Folder.write(e.Name, func(out io.Writer) error {
		a := &archive{Worker: w, export: e, token: token, user: users[e.User], locale: locale, zip: zip.NewWriter(out), renewed: w.Now()}
		if err := a.fill(ctx); err != nil {
			return err
		}
		return a.zip.Close()
	})
}

func (a *archive) fill(ctx context.Context) error {
	if err := a.add("style.css", style); err != nil {
		return err
	}
	if err := a.profile(ctx); err != nil {
		return err
	}
	for _, p := range parts() {
		if err := p.write(a, ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// add adds a file with a content.
func (a *archive) add(name string, content []byte) error {
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.Now()})
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}

// addJSON adds a file with a value as JSON.
func (a *archive) addJSON(name string, value any) error {
	content, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return a.add(name, append(content, '\n'))
}

// addImage adds the file of an image, the largest that is kept. An image that is gone is left
// out.
func (a *archive) addImage(ctx context.Context, name string) error {
	if err := a.hold(ctx); err != nil {
		return err
	}
	file, err := a.Images.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: imagePath(name), Method: zip.Store, Modified: a.Now()}) // compressed already
	if err == nil {
		_, err = io.Copy(w, file)
	}
	return err
}

// imagePath returns where the file of an image lies in an archive.
func imagePath(name string) string { return "images/" + name }

// hold renews the lease when it is time. sns.ErrNotFound if the token has lost the export.
func (a *archive) hold(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if now := a.Now(); now.Sub(a.renewed) > renewEvery {
		a.renewed = now
		return a.Store.RenewExport(ctx, a.export.User, a.token, lease)
	}
	return nil
}

// newPage returns a page of a part without things. file is the path of the page.
func (a *archive) newPage(p part, file string) view.ExportPage {
	page := view.ExportPage{Lang: a.locale.Lang, Title: a.locale.T(p.title), Root: strings.Repeat("../", strings.Count(file, "/"))}
	link := func(of part, file string) {
		page.Contents = append(page.Contents, view.ExportLink{Link: view.Link{Name: a.locale.T(of.title), URL: page.Root + file}, Here: of.folder == p.folder})
	}
	link(part{title: "export.profile"}, "index.html")
	for _, of := range parts() {
		link(of, of.folder+"/1.html")
	}
	return page
}

// addPage adds a page.
func (a *archive) addPage(file string, page view.ExportPage) error {
	body, err := a.locale.Fragment("export/_page", page)
	if err != nil {
		return err
	}
	return a.add(file, body)
}

// A sheet is the things of one page: as people see them, and as data.
type sheet struct {
	items []view.ExportItem
	data  any
	more  bool // other pages follow
}

// sheets adds the pages of a part to a folder, and the same as JSON. read returns the next
// sheet; title is that of the pages.
func (a *archive) sheets(ctx context.Context, p part, folder, title string, read func() (sheet, error)) error {
	for n := int64(1); ; n++ {
		if err := a.hold(ctx); err != nil {
			return err
		}
		s, err := read()
		if err != nil {
			return err
		}
		file := path.Join(folder, view.Itoa(n))
		page := a.newPage(p, file+".html")
		page.Title, page.Items, page.Empty = title, s.items, n == 1 && len(s.items) == 0
		if n > 1 {
			page.Previous = view.Itoa(n-1) + ".html"
		}
		if s.more {
			page.Next = view.Itoa(n+1) + ".html"
		}
		if err := errors.Join(a.addPage(file+".html", page), a.addJSON(file+".json", s.data), a.addImages(ctx, s.items)); err != nil || !s.more {
			return err
		}
	}
}

// addImages adds the images of the things of a page.
func (a *archive) addImages(ctx context.Context, items []view.ExportItem) error {
	for _, item := range items {
		for _, i := range item.Images {
			if err := a.addImage(ctx, path.Base(i.URL)); err != nil {
				return err
			}
		}
	}
	return nil
}

// list adds the pages of a part whose things a query returns: those below the cursor before,
// one more than asked for. show returns a thing as people see it, as data, and its cursor.
func list[T, D any](ctx context.Context, a *archive, p part, query func(before int64, limit int) ([]T, error), show func(T) (view.ExportItem, D, int64)) error {
	before := int64(0)
	return a.sheets(ctx, p, p.folder, a.locale.T(p.title), func() (s sheet, err error) {
		all, err := query(before, perSheet+1)
		if err != nil {
			return s, err
		}
		all, s.more = view.Cut(all, perSheet)
		data := make([]D, len(all))
		for i, one := range all {
			var item view.ExportItem
			item, data[i], before = show(one)
			s.items = append(s.items, item)
		}
		s.data = data
		return s, nil
	})
}
