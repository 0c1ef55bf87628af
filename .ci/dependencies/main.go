// Command dependencies looks at what is linked into the program of a repository:
//
//	go run . licences REPOSITORY            fails on a licence that is not allowed, or missing
//	go run . notice REPOSITORY              prints all licences, for a NOTICE
//	go run . vulnerabilities REPOSITORY     fails on a known hole in a function that is called
//
// The program of the repository is the package ./app. The licences are read from the module
// cache; the holes come from GOVULNDB, by default https://vuln.go.dev. When that cannot be
// reached, the command says so and does not fail.
//
// The command is a module of its own, so that the program does not depend on what it needs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dependencies:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args []string) error {
	if len(args) != 2 {
		return errors.New("licences, notice or vulnerabilities, and of which repository?")
	}
	root := args[1]
	switch args[0] {
	case "licences":
		return checkLicences(ctx, out, root)
	case "notice":
		return writeNotice(ctx, out, root)
	case "vulnerabilities":
		return checkVulnerabilities(ctx, out, root)
	}
	return fmt.Errorf("%q is none of licences, notice, vulnerabilities", args[0])
}
