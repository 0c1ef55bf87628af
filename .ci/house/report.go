package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// A report is a table that is aligned when it is flushed.
type report struct{ table *tabwriter.Writer }

func newReport(out io.Writer) *report {
	return &report{tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
}

// line prints a line of cells, which tabs separate. The table aligns the cells
// of consecutive lines.
func (r *report) line(format string, args ...any) {
	fmt.Fprintf(r.table, format+"\n", args...)
}

// heading begins a part of the report.
func (r *report) heading(format string, args ...any) {
	r.line("\n"+format, args...)
}

// atMost prints a figure beside the largest value that meets the goal, and the
// place where the figure was found, which may be empty.
func (r *report) atMost(name string, goal, figure float64, place string) {
	verdict := "ok"
	if figure > goal {
		verdict = "over"
	}
	r.line("%s\t%s\tgoal ≤ %s\t%s\t%s", name, number(figure), number(goal), verdict, place)
}

func (r *report) flush() error { return r.table.Flush() }

// number prints counts as they are and fractions with one digit.
func number(f float64) string {
	if f == float64(int(f)) {
		return strconv.Itoa(int(f))
	}
	return strconv.FormatFloat(f, 'f', 1, 64)
}
