//go:build unix

package apptest

import "syscall"

// pause stops the program where it stands; only resume and kill move it.
func (p *process) pause() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// resume lets a paused program go on.
func (p *process) resume() error { return p.cmd.Process.Signal(syscall.SIGCONT) }
