// Command bench reads what benchmarks have printed, and prints the figures that have a goal,
// each beside its goal, as a table in Markdown. A missed goal is no error.
//
//	go run ./.ci/bench [-whole] [-record FOLDER] [-commit NAME] OUTPUT
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// program is the stripped binary that make build leaves.
const program = "bin/xxsns"

func main() {
	whole := flag.Bool("whole", false, "fail if a figure is missing: its benchmark has failed, or is gone")
	record := flag.String("record", "", "write the table to a file of today in this folder, too")
	commit := flag.String("commit", "unknown", "what was measured, for -record")
	flag.Parse()
	if err := run(flag.Arg(0), *whole, *record, *commit); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run prints the table of the benchmarks whose output is in a file.
func run(output string, whole bool, record, commit string) error {
	text, err := os.ReadFile(output)
	if err != nil {
		return err
	}
	measured := parse(string(text))
	if info, err := os.Stat(program); err == nil {
		measured.add("binary", "MB", float64(info.Size())/1e6)
	}
	var table bytes.Buffer
	missing := measured.table(&table)
	fmt.Printf("\n%s", table.String())
	if record != "" {
		name := filepath.Join(record, time.Now().UTC().Format("2006-01-02")+".md")
		if err := os.WriteFile(name, append([]byte(measured.heading(commit)), table.Bytes()...), 0o644); err != nil { //nolint:gosec // for everybody
			return err
		}
	}
	if whole && len(missing) > 0 {
		return errors.New("no figure of " + strings.Join(missing, ", "))
	}
	return nil
}
