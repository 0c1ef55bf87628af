package main

import (
	"context"
	"fmt"
	"os"

	"github.com/caarlos0/env/v11"

	"xxsns/app/config"
	"xxsns/app/server"
)

type doctorCommand struct {
	Fix     bool     `help:"Mend what can be mended: counts, the index of searches, notices, marks, pictures that nobody shows."`
	JSON    bool     `name:"json" help:"Print one JSON document."`
	Verify  bool     `help:"Read the newest backup as a whole, also a large one."`
	Backups []string `help:"Folders in which backups are; otherwise the usual ones are looked into; - if this machine does not see them." placeholder:"FOLDER"`
	Mail    string   `help:"Send a mail to this address, to see whether it arrives." placeholder:"ADDRESS"`
}

// A status ends the program without another word.
type status int

// Error implements error.
func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Run examines the installation. The exit status is 0, 1 with warnings, or 2 with errors.
func (c doctorCommand) Run(ctx context.Context, cfg config.Config, misread misreading) error {
	r, err := server.Examine(ctx, cfg, server.Examination{
		Misread: misread.error, Warnings: config.Warnings(env.ToMap(os.Environ())), Fix: c.Fix, Verify: c.Verify, Backups: c.Backups, MailTo: c.Mail,
	})
	if err != nil {
		return err
	}
	write := r.Text
	if c.JSON {
		write = r.JSON
	}
	if err := write(os.Stdout); err != nil {
		return err
	}
	if s := r.Status(); s > 0 {
		return status(s)
	}
	return nil
}
