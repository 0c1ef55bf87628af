// Command app is 작은 SNS: one program that serves the community and has the
// commands of the operator. Run it with --help.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/caarlos0/env/v11"
	"golang.org/x/term"

	"xxsns/app/config"
	"xxsns/app/licences"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// version is set by the linker in a release.
var version = "development"

// commands defines the command line.
type commands struct {
	Version kong.VersionFlag `help:"Print the version."`

	Serve   serve   `cmd:"" default:"withargs" help:"Serve the community until interrupted (the default)."`
	Migrate migrate `cmd:"" help:"Bring the database to the newest schema; serve does it by itself."`
	User    struct {
		Add      userAdd      `cmd:"" help:"Make an account. The password is read from the terminal or standard input."`
		List     userList     `cmd:"" help:"Print the accounts: name, role, state, when they joined and were last seen."`
		Rename   userRename   `cmd:"" help:"Give an account another username; the one before leads to it for 90 days."`
		Role     userRole     `cmd:"" help:"Change what an account may do, from its next request on."`
		Suspend  userSuspend  `cmd:"" help:"Suspend an account, which may then only read why and appeal; or end that with --lift."`
		Password userPassword `cmd:"" help:"Set a new password and end all sessions of the account."`
		Delete   userDelete   `cmd:"" help:"Delete an account after asking; what it has written remains without the name, or goes with --everything."`
	} `cmd:"" help:"Make and change accounts."`
	Licenses licenses `cmd:"" help:"Print the licences of this program and of all that is linked into it."`
	Ready    ready    `cmd:"" help:"Ask the server at ADDR whether it is ready; the exit status tells, for health checks."`
	Settle   settle   `cmd:"" help:"Save the messages of all ended rooms now; servers do it by themselves."`

	Backup  backupCommand  `cmd:"" help:"Write database, images and what is said in open rooms to one file, while servers run."`
	Verify  verifyCommand  `cmd:"" help:"Check each byte of a backup."`
	Restore restoreCommand `cmd:"" help:"Fill an empty database of any kind, the images and open rooms with a backup, while no server runs."`

	Systemd systemdCommand `cmd:"" help:"Print the units that run this installation under systemd: service, socket, and a timer for backups."`
	Doctor  doctorCommand  `cmd:"" help:"Say where everything is, and look for what is wrong; --fix mends what can be mended."`

	Seed seedCommand `cmd:"" help:"Fill the database with example data."`
}

const description = `작은 SNS, a small social network for one community.

Everything is configured by environment variables, such as ADDR, DATABASE_URL
and UPLOADS_DIR; the README lists them.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:]); err != nil {
		stop()
		os.Exit(exit(err))
	}
}

// exit says why a command has failed, unless the command has told, and returns the exit status.
func exit(err error) int {
	if s, ok := errors.AsType[status](err); ok {
		return int(s)
	}
	fmt.Fprintln(os.Stderr, "xxsns:", oneLine(err))
	return 1
}

// A misreading is why the configuration could not be read; no command but doctor runs then.
type misreading struct{ error }

// run runs the command of a command line.
func run(ctx context.Context, args []string) error {
	cfg, err := config.Read(env.ToMap(os.Environ()))
	cfg.Version = version
	parser := kong.Must(&commands{}, kong.Name("xxsns"), kong.Description(description), kong.Vars{"version": version},
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(cfg, misreading{err}))
	command, errLine := parser.Parse(args)
	switch {
	case errLine != nil:
		return explainLine(parser, args, errLine)
	case err != nil && command.Command() != "doctor":
		return err
	}
	return command.Run()
}

// explainLine prints how to use the command of a wrong command line, or says how to find the
// commands: without one, the line would be one of serve.
func explainLine(parser *kong.Kong, args []string, wrong error) error {
	parse, ok := errors.AsType[*kong.ParseError](wrong)
	named := func(command *kong.Node) bool { return command.Name == args[0] }
	if ok && len(args) > 0 && slices.ContainsFunc(parser.Model.Children, named) {
		return errors.Join(wrong, parse.Context.PrintUsage(false))
	}
	return fmt.Errorf("%w; %s --help lists the commands", wrong, program())
}

// oneLine folds an error to one line.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

type serve struct {
	Dev bool `help:"Read templates, styles and scripts from the working directory, and again when they change."`
	New bool `help:"Begin a new community, also where UPLOADS_DIR belongs to another one, whose images stay."`
}

// Run serves until the context ends.
func (c serve) Run(ctx context.Context, cfg config.Config) error {
	log := newLog(cfg)
	for _, warning := range config.Warnings(env.ToMap(os.Environ())) {
		log.Warn(warning)
	}
	server.LimitMemory(log)
	go server.PaceGarbage(ctx)
	cfg.Begin = c.New
	s, err := server.New(ctx, cfg, log, c.Dev)
	if err != nil {
		return err
	}
	defer s.Close()
	accounts, admins, err := s.Accounts(ctx)
	if err != nil {
		return err
	}
	return s.Serve(ctx, func(addr net.Addr) {
		log.Info("serving", "address", addr.String(), "version", version, "database", cfg.Database(), "uploads", cfg.UploadsDir, "redis", cfg.Redis())
		if admins == 0 {
			log.Info("there is no administrator yet")
		}
		if cfg.LogFormat == "text" { // each line of the other format is an object
			_, port, _ := net.SplitHostPort(addr.String())
			fmt.Fprintf(os.Stderr, "\n  작은 SNS  →  http://localhost:%s\n%s\n", port, advice(program(), accounts, admins, cfg.PublicURL != ""))
		}
	})
}

// advice returns instructions for making the first administrator, or "" if
// there is one. The first user who signs up does not become administrator:
// anyone could be faster than the operator. Example data are not offered to a
// public community.
func advice(program string, accounts, admins int64, public bool) string {
	if admins > 0 {
		return ""
	}
	text := "\n  There is no administrator yet. In another terminal, in this folder:\n"
	if accounts > 0 {
		text += "    make one of somebody who signed up   " + program + " user role 이름 ADMIN\n"
	} else if !public { // seed comes first, which refuses where people are
		text += "    example people, posts and rooms      " + program + " seed\n"
	}
	text += "    make an account for one              " + program + " user add 이름 --role ADMIN\n"
	if accounts == 0 {
		text += "  Who signs up in the browser is a member; to make one an administrator:\n" +
			"                                         " + program + " user role 이름 ADMIN\n"
	}
	return text
}

// program returns the command that started this program, for use in
// instructions.
func program() string {
	if strings.Contains(os.Args[0], "go-build") {
		return "go run ./app"
	}
	return os.Args[0]
}

func newLog(cfg config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel, ReplaceAttr: rewrite}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// rewrite removes the query and the referer from the log of a request, which may contain
// a search for private text, and names the unit of the time that the answer took.
func rewrite(groups []string, a slog.Attr) slog.Attr {
	switch {
	case slices.Equal(groups, []string{"request"}) && (a.Key == "query" || a.Key == "referer"):
		return slog.Attr{}
	case slices.Equal(groups, []string{"response"}) && a.Key == "latency":
		return slog.Float64("latency_ms", float64(a.Value.Duration().Microseconds())/1000)
	}
	return a
}

type migrate struct{}

// Run migrates the database.
func (migrate) Run(ctx context.Context, cfg config.Config) error {
	n, kept, err := server.Migrate(ctx, cfg)
	if kept != "" {
		fmt.Printf("the database from before is %s\n", kept)
	}
	if err == nil {
		fmt.Printf("%d migrations applied; the schema is the newest\n", n)
	}
	return err
}

type ready struct{}

// Run asks the running server for its state, and prints the answer.
func (ready) Run(ctx context.Context, cfg config.Config) error {
	state, err := server.Ready(ctx, cfg)
	fmt.Print(state)
	return err
}

type licenses struct{}

// Run prints all licences.
func (licenses) Run() error { return licences.Write(os.Stdout) }

type settle struct{}

// Run settles all ended rooms.
func (settle) Run(ctx context.Context, cfg config.Config) error {
	n, err := server.Settle(ctx, cfg, newLog(cfg))
	fmt.Printf("%d rooms settled\n", n)
	return err
}

type userAdd struct {
	Name  string `arg:"" help:"The username: 2 to 15 characters, letters of any script, digits, _ and ."`
	Role  string `enum:"USER,MENTOR,ADMIN" default:"USER" help:"USER, MENTOR or ADMIN."`
	Email string `help:"An e-mail address, for the administrators only."`
}

// Run makes an account.
func (c userAdd) Run(ctx context.Context, cfg config.Config) error {
	password, err := readPassword(ctx)
	if err != nil {
		return err
	}
	if err := server.AddUser(ctx, cfg, newLog(cfg), c.Name, c.Email, password, sns.Role(c.Role)); err != nil {
		return err
	}
	fmt.Printf("%s may sign in now, as %s\n", c.Name, c.Role)
	return nil
}

type userRole struct {
	Name string `arg:"" help:"The username."`
	Role string `arg:"" enum:"USER,MENTOR,ADMIN" help:"USER, MENTOR or ADMIN."`
}

// Run changes a role.
func (c userRole) Run(ctx context.Context, cfg config.Config) error {
	if err := server.SetRole(ctx, cfg, newLog(cfg), c.Name, sns.Role(c.Role)); err != nil {
		return err
	}
	fmt.Printf("%s is %s from the next request on\n", c.Name, c.Role)
	return nil
}

type userRename struct {
	Name  string `arg:"" help:"The username."`
	Other string `arg:"" help:"The new username."`
}

// Run changes a username.
func (c userRename) Run(ctx context.Context, cfg config.Config) error {
	if err := server.Rename(ctx, cfg, newLog(cfg), c.Name, c.Other); err != nil {
		return err
	}
	fmt.Printf("%s is called %s now\n", c.Name, c.Other)
	return nil
}

type userSuspend struct {
	Name   string `arg:"" help:"The username."`
	Days   int    `help:"For how many days; for good if left out."`
	Reason string `help:"Why, which the person reads."`
	Lift   bool   `help:"End the suspension."`
}

// Run suspends a user, or ends the suspension.
func (c userSuspend) Run(ctx context.Context, cfg config.Config) error {
	if c.Lift {
		if err := server.Lift(ctx, cfg, newLog(cfg), c.Name); err != nil {
			return err
		}
		fmt.Printf("%s may come back\n", c.Name)
		return nil
	}
	if err := server.Suspend(ctx, cfg, newLog(cfg), c.Name, c.Days, c.Reason); err != nil {
		return err
	}
	fmt.Printf("%s is suspended\n", c.Name)
	return nil
}

type userPassword struct {
	Name string `arg:"" help:"The username."`
}

// Run sets a password.
func (c userPassword) Run(ctx context.Context, cfg config.Config) error {
	password, err := readPassword(ctx)
	if err != nil {
		return err
	}
	if err := server.SetPassword(ctx, cfg, newLog(cfg), c.Name, password); err != nil {
		return err
	}
	fmt.Printf("%s has a new password and is signed out everywhere\n", c.Name)
	return nil
}

// readPassword asks for a password. If ctx ends first, readPassword turns the
// echo of the terminal on again and returns an error.
func readPassword(ctx context.Context) (string, error) {
	type answer struct {
		password string
		err      error
	}
	fd := int(os.Stdin.Fd())
	before, _ := term.GetState(fd) // nil without a terminal
	answered := make(chan answer, 1)
	go func() {
		password, err := askPassword(fd)
		answered <- answer{password, err}
	}()
	select {
	case a := <-answered:
		return a.password, a.err
	case <-ctx.Done():
		if before != nil {
			_ = term.Restore(fd, before)
		}
		return "", errors.New("interrupted")
	}
}

// askPassword asks twice on a terminal, without echo. Without a terminal,
// askPassword reads the first line of standard input.
func askPassword(fd int) (string, error) {
	if !term.IsTerminal(fd) {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, prompt := range []string{"Password: ", "Again: "} {
		fmt.Fprint(os.Stderr, prompt)
		b, err := term.ReadPassword(fd)
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return "", err
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two passwords differ")
	}
	return typed[0], nil
}
