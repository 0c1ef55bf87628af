package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

func findConfiguration(_ context.Context, p *patient) (found []Finding, err error) {
	if p.Misread != nil {
		return []Finding{{ //nolint:nilerr // the finding tells of it
			Error, p.Misread.Error(), "no command but this one runs, and nothing else can be examined",
			"set the variable right: the README lists all of them",
		}}, nil
	}
	for _, w := range p.Warnings {
		what, do, _ := strings.Cut(w, "; ")
		if do == "" {
			what, do = w, "set or rename the variable, and start the servers again"
		}
		found = append(found, Finding{Warning, what, "the value is hardly meant", do})
	}
	return found, nil
}

// keptSecret is how long the file of a kept secret is at least.
const keptSecret = 64

func findSecret(ctx context.Context, p *patient) ([]Finding, error) {
	info, err := os.Stat(p.SecretFile)
	if errors.Is(err, fs.ErrNotExist) {
		if !p.rows {
			return nil, nil // the first start makes the secret
		}
		if used, err := p.store.HasSessions(ctx); err != nil || !used {
			return nil, err
		}
		return []Finding{{
			Warning, p.SecretFile + " is missing", "the next start makes a new secret, which signs everybody out and ends all links in mails",
			"put the file back from a backup, or let people sign in again",
		}}, nil
	}
	if err != nil {
		return nil, err
	}
	var found []Finding
	if info.Size() < keptSecret {
		found = append(found, Finding{
			Error, fmt.Sprintf("%s has %d bytes, and should have %d", p.SecretFile, info.Size(), keptSecret),
			"the next start replaces it, which signs everybody out", "put the file back from a backup, or let people sign in again",
		})
	}
	return append(found, findReadable(info, p.SecretFile)...), nil
}

// findReadable finds a private file that other users of the machine may read.
func findReadable(info os.FileInfo, path string) []Finding {
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	return []Finding{{
		Warning, fmt.Sprintf("%s may be read or written by other users of this machine (%04o)", path, info.Mode().Perm()),
		"who reads it can pretend to be anybody, or reads what is private", "chmod 600 " + path,
	}}
}
