// Package templates embeds the pages, their fragments and the text catalogue.
// A template's name is its path; one that starts with "_" is a fragment.
package templates

import "embed"

// FS holds the templates by noun, and texts/LANGUAGE.toml.
//
//go:embed *.html */*.html texts/*.toml
var FS embed.FS
