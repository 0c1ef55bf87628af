package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"xxsns/app/config"
	"xxsns/app/server"
	"xxsns/app/sns"
)

type userList struct {
	Role string `enum:",USER,MENTOR,ADMIN" default:"" help:"Only those who are USER, MENTOR or ADMIN."`
	JSON bool   `name:"json" help:"Print an object a line."`
}

// A listed is a line of user list.
type listed struct {
	Name   string    `json:"name"`
	Role   sns.Role  `json:"role"`
	State  string    `json:"state"` // active, or suspended until a day or for good
	Joined time.Time `json:"joined"`
	Seen   time.Time `json:"seen,omitzero"` // zero: not known
}

// Run prints the accounts, the first one first.
func (c userList) Run(ctx context.Context, cfg config.Config) error {
	out := bufio.NewWriter(os.Stdout)
	now, print := time.Now(), func(l listed) error { return l.write(out) }
	if c.JSON {
		encoder := json.NewEncoder(out)
		print = func(l listed) error { return encoder.Encode(l) }
	}
	err := server.EachMember(ctx, cfg, sns.Role(c.Role), func(m server.Member) error {
		return print(listed{m.Username, m.Role, stateOf(m.User, now, cfg.Zone), m.CreatedAt.In(cfg.Zone), m.SeenAt.In(cfg.Zone)})
	})
	return errors.Join(err, out.Flush())
}

func stateOf(u sns.User, now time.Time, zone *time.Location) string {
	switch {
	case !u.Suspended(now):
		return "active"
	case u.SuspendedUntil.Equal(sns.Forever):
		return "suspended for good"
	}
	return "suspended until " + u.SuspendedUntil.In(zone).Format(time.DateOnly)
}

// nameWidth is the width of the column of names, in which a Korean syllable takes two places.
const nameWidth = 2 * sns.UsernameMax

func (l listed) write(out io.Writer) error {
	seen := "never seen"
	if !l.Seen.IsZero() {
		seen = "seen " + l.Seen.Format(time.DateOnly)
	}
	gap := strings.Repeat(" ", max(nameWidth-uniseg.StringWidth(l.Name), 0))
	_, err := fmt.Fprintf(out, "%s%s  %-6s  %-26s  joined %s  %s\n", l.Name, gap, l.Role, l.State, l.Joined.Format(time.DateOnly), seen)
	return err
}

type userDelete struct {
	Name       string `arg:"" help:"The username."`
	Everything bool   `help:"Delete posts, comments, likes and messages, too; otherwise they remain without the name."`
	Yes        bool   `help:"Do not ask."`
}

// Run deletes an account.
func (c userDelete) Run(ctx context.Context, cfg config.Config) error {
	if !c.Yes {
		if err := c.ask(ctx, cfg); err != nil {
			return err
		}
	}
	if err := server.DeleteUser(ctx, cfg, newLog(cfg), c.Name, c.Everything); err != nil {
		return err
	}
	rest := "what was written remains, without the name"
	if c.Everything {
		rest = "nothing of the account is shown; a running server, or the next one, deletes the rest"
	}
	fmt.Printf("%s is deleted; %s\n", c.Name, rest)
	return nil
}

// ask asks on the terminal whether the account may be deleted. Nobody is asked about a name that
// nobody has.
func (c userDelete) ask(ctx context.Context, cfg config.Config) error {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return errors.New("user delete asks on a terminal; --yes answers")
	}
	if err := server.HasUser(ctx, cfg, c.Name); err != nil {
		return err
	}
	rest := "What it has written remains, without the name."
	if c.Everything {
		rest = "Everything it has written is deleted, too."
	}
	return confirm(fmt.Sprintf("The account %s is deleted, and cannot be brought back. %s", c.Name, rest), c.Name)
}

// confirm asks on the terminal for a word, without which nothing is done.
func confirm(question, word string) error {
	fmt.Fprintf(os.Stderr, "%s Type %q to go on: ", question, word)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if strings.TrimSpace(line) == word {
		return nil
	}
	return cmp.Or(err, errors.New("nothing was changed"))
}
