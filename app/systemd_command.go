package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"xxsns/app/config"
	"xxsns/app/systemd"
)

type systemdCommand struct {
	User        string `default:"xxsns" help:"The account that the program runs as."`
	Environment string `default:"/etc/xxsns.env" help:"The file with the variables, one NAME=value a line."`
	Backups     string `default:"/var/backups/xxsns" help:"The folder of the backups."`
	Keep        int    `default:"7" help:"How many backups are kept."`
	Into        string `help:"Write the units into this folder, such as /etc/systemd/system, instead of printing them."`
}

// Run prints the units. The paths are those of this program, of the working directory and of
// the variables that the server will have.
func (c systemdCommand) Run(cfg config.Config) error {
	i, err := c.installation(cfg)
	if err != nil {
		return err
	}
	units, err := systemd.Units(i)
	if err != nil {
		return err
	}
	for _, u := range units {
		if c.Into == "" {
			fmt.Printf("# /etc/systemd/system/%s\n%s\n", u.Name, u.Text)
			continue
		}
		path := filepath.Join(c.Into, u.Name)
		if err := os.WriteFile(path, []byte(u.Text), 0o644); err != nil { //nolint:gosec // no secret is in a unit
			return err
		}
		fmt.Println(path)
	}
	return nil
}

// installation returns where everything is, by absolute paths.
func (c systemdCommand) installation(cfg config.Config) (systemd.Installation, error) {
	i := systemd.Installation{Addr: cfg.Addr, User: c.User, Keep: c.Keep, Writes: []string{cfg.UploadsDir}}
	if path, ok := strings.CutPrefix(cfg.DatabaseURL, "sqlite:"); ok {
		i.Writes = append(i.Writes, filepath.Dir(path))
	}
	program, err := os.Executable()
	if err != nil {
		return i, err
	}
	for _, path := range []struct {
		to   *string
		from string
	}{{&i.Program, program}, {&i.Folder, "."}, {&i.Environment, c.Environment}, {&i.Backups, c.Backups}} {
		if *path.to, err = filepath.Abs(path.from); err != nil {
			return i, err
		}
	}
	for n := range i.Writes {
		if i.Writes[n], err = filepath.Abs(i.Writes[n]); err != nil {
			return i, err
		}
	}
	return i, nil
}
