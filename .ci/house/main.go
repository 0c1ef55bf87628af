// Command house measures how readable the code is and prints each figure
// beside its goal. A missed goal is no error: the exit status is 1 only if the
// files cannot be read.
//
//	go run ./.ci/house [FOLDER]
package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// program is the stripped binary that make build leaves.
const program = "bin/xxsns"

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := run(os.Stdout, os.DirFS(root)); err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
}

// run measures the code below root and prints the report.
func run(out io.Writer, root fs.FS) error {
	c, err := read(root)
	if err != nil {
		return err
	}
	r := newReport(out)
	reportPackages(r, c.files)
	reportMethods(r, c.files)
	reportFunctions(r, c.files)
	reportTemplates(r, c.templates)
	reportStyles(r, c.styles)
	reportComments(r, c.files)
	reportUndocumented(r, c.files)
	reportDuplicates(r, c.files)
	reportProgram(r, root)
	return r.flush()
}

// reportProgram reports the size of the binary, which make house builds first.
func reportProgram(r *report, root fs.FS) {
	r.heading("stripped binary")
	info, err := fs.Stat(root, program)
	if err != nil {
		r.line("  %s is missing, make build makes it", program)
		return
	}
	r.atMost("  MB", 30, float64(info.Size())/1e6, "")
}
