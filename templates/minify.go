package templates

import (
	"bytes"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"
)

// htmlMinifier changes white space only: scripts and style sheets find the tags
// and attributes of the source, and html/template finds the quotes that decide
// how a value is escaped.
var htmlMinifier = &html.Minifier{
	KeepDefaultAttrVals: true,
	KeepDocumentTags:    true,
	KeepEndTags:         true,
	KeepQuotes:          true,
	TemplateDelims:      html.GoTemplateDelims,
}

// Minify returns the source of a template without its indentation. White space
// beside a block element goes. Between inline elements and actions one space
// stays, because browsers show that space; {{- and -}} remove it.
//
// Minify folds white space before {{- and -}} remove any. A space that must
// stay therefore never follows a line end that an action removes: in
// "{{.Name -}}\n</b> (3)" the space before the parenthesis goes, too.
func Minify(source []byte) ([]byte, error) {
	m := minify.New()
	m.Add("text/html", htmlMinifier)
	// The library copies an attribute that holds an action together with the
	// white space before the attribute. Folding first leaves one space there.
	folded := bytes.Join(bytes.Fields(source), []byte(" "))
	return m.Bytes("text/html", folded)
}
