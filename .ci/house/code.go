package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"maps"
	"slices"
)

// reportPackages reports the lines of each package, with the share of pronouns
// in its comments.
func reportPackages(r *report, files []*goFile) {
	folders := map[string][]*goFile{}
	for _, f := range files {
		folders[f.folder()] = append(folders[f.folder()], f)
	}
	r.line("package\tlines\tof tests\tpronouns")
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		reportPackage(r, folder, folders[folder])
	}
	reportPackage(r, "all", files)
}

func reportPackage(r *report, name string, files []*goFile) {
	var code, tests int
	for _, f := range files {
		if n := bytes.Count(f.text, []byte("\n")); f.isTest() {
			tests += n
		} else {
			code += n
		}
	}
	r.line("%s\t%d\t%d\t%.1f %%", name, code, tests, countWords(files).share())
}

// reportMethods reports the types with the most methods.
func reportMethods(r *report, files []*goFile) {
	sets := map[string]int{} // by package and type
	for _, fn := range functions(withoutTests(files)) {
		if name := receiver(fn.FuncDecl); name != "" {
			sets[fn.file.folder()+"."+name]++
		}
	}
	names := slices.SortedFunc(maps.Keys(sets), func(a, b string) int {
		return cmp.Or(cmp.Compare(sets[b], sets[a]), cmp.Compare(a, b))
	})
	r.heading("methods of a type")
	for _, name := range names[:min(5, len(names))] {
		r.atMost("  methods", 45, float64(sets[name]), name)
	}
}

// reportFunctions reports how many lines functions have.
func reportFunctions(r *report, files []*goFile) {
	all := functions(withoutTests(files))
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b function) int { return cmp.Compare(a.lines(), b.lines()) })
	lines := func(i int) float64 { return float64(all[i].lines()) }
	longest := len(all) - 1
	r.heading("lines of a function")
	r.atMost("  median", 10, lines(len(all)/2), "")
	r.atMost("  p90", 20, lines(len(all)*9/10), "")
	r.atMost("  max", 60, lines(longest), all[longest].String())
}

// A function is a declared function or method.
type function struct {
	file *goFile
	*ast.FuncDecl
}

// lines counts from the line of func to the closing brace.
func (fn function) lines() int { return fn.file.line(fn.End()) - fn.file.line(fn.Pos()) + 1 }

// String returns the name, with its type if fn is a method, and the place.
func (fn function) String() string {
	name := fn.Name.Name
	if of := receiver(fn.FuncDecl); of != "" {
		name = of + "." + name
	}
	return fmt.Sprintf("%s at %s", name, fn.file.place(fn.Pos()))
}

// functions returns the functions and methods that the files declare.
func functions(files []*goFile) (all []function) {
	for _, f := range files {
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				all = append(all, function{f, fn})
			}
		}
	}
	return all
}

// receiver returns the name of the type of a method, or "" for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	if name, ok := base(fn.Recv.List[0].Type).(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// base takes pointers and type parameters off a receiver's type.
func base(e ast.Expr) ast.Expr {
	switch t := e.(type) {
	case *ast.StarExpr:
		return base(t.X)
	case *ast.ParenExpr:
		return base(t.X)
	case *ast.IndexExpr:
		return base(t.X)
	case *ast.IndexListExpr:
		return base(t.X)
	default:
		return e
	}
}
