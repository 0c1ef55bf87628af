package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/vuln/scan"
)

// patience is how long the database may take to say that it is there.
const patience = 10 * time.Second

// checkVulnerabilities fails if the program calls a function with a known hole.
func checkVulnerabilities(ctx context.Context, out io.Writer, root string) error {
	database := os.Getenv("GOVULNDB")
	if database == "" {
		database = "https://vuln.go.dev"
	}
	if err := reach(ctx, database); err != nil {
		_, err = fmt.Fprintf(out, "vulnerabilities: not looked for, %s cannot be reached: %v\n", database, err)
		return err
	}
	var report bytes.Buffer
	cmd := scan.Command(ctx, "-C", root, "-db", database, "./app")
	cmd.Stdout, cmd.Stderr = &report, &report
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("vulnerabilities: %w\n%s", err, report.String())
	}
	_, err := fmt.Fprintln(out, "vulnerabilities: none is known in what is called")
	return err
}

// reach fails unless a database of the web answers.
func reach(ctx context.Context, database string) error {
	if !strings.HasPrefix(database, "http") {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(database, "/")+"/index/modules.json.gz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
