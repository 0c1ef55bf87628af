package main

import (
	"fmt"
	"go/ast"
	"slices"
)

// reportUndocumented reports the exported names without a doc comment.
func reportUndocumented(r *report, files []*goFile) {
	var places []string
	for _, f := range withoutTests(files) {
		for _, name := range undocumented(f) {
			places = append(places, fmt.Sprintf("%s at %s", name.Name, f.place(name.Pos())))
		}
	}
	r.heading("exported names without a doc comment")
	r.atMost("  names", 0, float64(len(places)), "")
	for _, place := range places {
		r.line("    %s", place)
	}
}

// undocumented returns the exported names of a file without a doc comment.
// Methods of unexported types do not count: go doc does not show such methods.
func undocumented(f *goFile) (names []*ast.Ident) {
	for _, d := range f.tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Doc == nil && (d.Recv == nil || ast.IsExported(receiver(d))) {
				names = append(names, d.Name)
			}
		case *ast.GenDecl:
			if d.Doc == nil {
				names = append(names, undocumentedSpecs(d.Specs)...)
			}
		}
	}
	return slices.DeleteFunc(names, func(n *ast.Ident) bool { return !n.IsExported() })
}

// undocumentedSpecs returns the names without a doc comment in a declaration
// that has no doc comment either. A comment at the end of the line counts.
func undocumentedSpecs(specs []ast.Spec) (names []*ast.Ident) {
	for _, s := range specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Doc == nil && s.Comment == nil {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			if s.Doc == nil && s.Comment == nil {
				names = append(names, s.Names...)
			}
		}
	}
	return names
}
