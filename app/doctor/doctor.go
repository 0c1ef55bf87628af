// Package doctor examines an installation for its operator: a table of checks, each a small
// function that returns findings as values. The doctor changes an installation only with
// Options.Fix, and mends only faults whose mending cannot lose data.
package doctor

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/store"
)

// Options describe an installation and how to reach its parts. A nil function means that the
// installation lacks the part.
type Options struct {
	Version  string
	Config   config.Config
	Misread  error    // why Config could not be read
	Warnings []string // about values that are hardly meant
	Fix      bool     // mend the findings that have a mend

	DatabaseFile string // "" for MySQL
	SecretFile   string // "" if the secret is configured
	OpenStore    func(context.Context) (*store.Store, error)
	OpenUploads  func() (*media.Folder, error)
	Redis        func(context.Context) (Redis, error)
	MailServer   func(context.Context) error         // signs in to the mail server
	SendMail     func(context.Context, string) error // sends a mail to an address
	MailTo       string                              // address for SendMail; empty: no mail is sent
	Server       func(context.Context) error         // asks the server at ADDR whether it is ready; ErrNoServer
	ProbeToken   func(time.Time) (string, error)     // lets a server answer a probe
	Public       *http.Client
	Space        func(folder string) (all, free int64)

	Backups []string // folders in which backups may be; empty: not on this machine
	Verify  bool     // read the newest backup, however large

	Now func() time.Time
}

// A Severity tells how bad a Finding is.
type Severity string

// The severities.
const (
	Warning Severity = "warning"
	Error   Severity = "error"
)

// A Finding is one fault of the installation.
type Finding struct {
	Severity Severity `json:"severity"`
	What     string   `json:"what"`
	Why      string   `json:"why"` // why the fault matters
	Do       string   `json:"do"`
}

// A Result is the outcome of a check.
type Result struct {
	Check    string    `json:"check"`
	Skipped  string    `json:"skipped,omitempty"` // why the check was not made
	Findings []Finding `json:"findings,omitempty"`
	Mended   []Finding `json:"mended,omitempty"`
}

// A Place is the place of a part of the installation.
type Place struct {
	Name   string `json:"name"`
	Where  string `json:"where"`
	Detail string `json:"detail,omitempty"`
}

// A Report is the result of Examine.
type Report struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	Places  []Place   `json:"places"`
	Results []Result  `json:"results"`
}

// A patient is an installation that is being examined.
type patient struct {
	Options

	store   *store.Store  // nil without a database that answers
	rows    bool          // whether the store has the schema of this program, and all rows
	uploads *media.Folder // nil without
	ours    bool          // whether the uploads belong to the database
	backup  foundBackup
}

// A check looks for one kind of faults.
type check struct {
	name string
	ask  func(*patient) string // why the check is skipped; "": the check runs
	find func(context.Context, *patient) ([]Finding, error)
	mend func(context.Context, *patient) error // nil: the operator must mend
}

// Examine runs all checks, with Options.Fix also their mends.
func Examine(ctx context.Context, o Options) Report {
	p := &patient{Options: o}
	defer func() {
		if p.store != nil {
			_ = p.store.Close()
		}
	}()
	r := Report{Version: o.Version, At: o.Now()}
	for _, c := range checks {
		r.Results = append(r.Results, c.examine(ctx, p))
		if o.Misread != nil {
			return r // the other checks need a configuration
		}
	}
	r.Places = p.places(ctx)
	return r
}

// Status returns the exit status: 0 without findings, 1 with warnings only, or 2.
func (r Report) Status() (status int) {
	for _, result := range r.Results {
		for _, f := range result.Findings {
			if f.Severity == Error {
				return 2
			}
			status = 1
		}
	}
	return status
}

func (c check) examine(ctx context.Context, p *patient) Result {
	r := Result{Check: c.name}
	if c.ask != nil {
		if r.Skipped = c.ask(p); r.Skipped != "" {
			return r
		}
	}
	r.Findings = c.lookAgain(ctx, p)
	if len(r.Findings) == 0 || !p.Fix || c.mend == nil {
		return r
	}
	if err := c.mend(ctx, p); err != nil {
		r.Findings = append(r.Findings, failed("mending", err))
		return r
	}
	found := r.Findings
	if r.Findings = c.look(ctx, p); len(r.Findings) == 0 {
		r.Mended = found
	}
	return r
}

// looks is how often a check with a mend looks. Servers that change rows while the
// check reads them may seem to be at fault.
const looks = 3

// lookAgain returns the findings of the last look, or none if any look finds none.
func (c check) lookAgain(ctx context.Context, p *patient) (found []Finding) {
	for range looks {
		if found = c.look(ctx, p); len(found) == 0 || c.mend == nil {
			break
		}
	}
	return found
}

func (c check) look(ctx context.Context, p *patient) []Finding {
	found, err := c.find(ctx, p)
	if err != nil {
		found = append(found, failed("the check", err))
	}
	return found
}

func failed(what string, err error) Finding {
	return Finding{Error, fmt.Sprintf("%s failed: %v", what, err), "nobody knows how it stands", "look at the cause, and run doctor again"}
}

// mendable is the advice for findings that Fix mends.
const mendable = "xxsns doctor --fix"

// counted returns a number with its noun.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
