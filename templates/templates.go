// Package templates embeds the pages, the fragments and the catalogue of texts.
// The name of a template is its path; a fragment's file name begins with "_".
package templates

import "embed"

// FS holds a folder of templates for each noun, and texts/LANGUAGE.toml.
//
//go:embed *.html */*.html texts/*.toml
var FS embed.FS
