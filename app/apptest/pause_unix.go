//go:build unix

package apptest

import "syscall"

// pause stops the program where the program stands; only resume and kill have
// an effect then.
func (p *process) pause() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// resume lets a paused program go on.
func (p *process) resume() error { return p.cmd.Process.Signal(syscall.SIGCONT) }
