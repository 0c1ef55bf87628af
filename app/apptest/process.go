package apptest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// process is a private server that tests started. The server never outlives the
// test process.
type process struct {
	cmd     *exec.Cmd
	logFile string
	ended   chan struct{} // closed when the program has ended
}

// startProcess starts program in folder, which also gets the program's output,
// and does not wait until the program is ready. The program inherits the socket as
// descriptor 3, unless it is nil.
func startProcess(folder string, socket *os.File, program string, args ...string) (*process, error) {
	cmd := exec.Command(program, args...)
	if socket != nil {
		cmd.ExtraFiles = []*os.File{socket}
	}
	dieWithParent(cmd)
	return startCommand(folder, cmd)
}

// startCommand is startProcess for a command that is set up already.
func startCommand(folder string, cmd *exec.Cmd) (*process, error) {
	p := &process{
		cmd:     cmd,
		logFile: filepath.Join(folder, "output.log"),
		ended:   make(chan struct{}),
	}
	output, err := os.OpenFile(p.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = folder, output, output
	started := make(chan error)
	go p.run(started)
	return p, <-started
}

// run holds its thread for as long as the program lives: Linux kills the child
// when the thread that started the child ends, not only when the whole parent
// does.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.ended)
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait() // the log says why the program ended
	}
}

// kill ends the program at once (SIGKILL) and waits until the program is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails only if the program has ended already
	<-p.ended
}

// alive reports whether the program runs.
func (p *process) alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// waitFor calls ready every 20 ms until ready returns nil. waitFor gives up
// when the program ends or after patience; the error then holds the end of the
// program's log.
func (p *process) waitFor(ready func() error) error {
	deadline := time.Now().Add(patience)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return p.failure("not ready in time", err)
		}
		select {
		case <-p.ended:
			return p.failure("ended", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *process) failure(what string, err error) error {
	text, readErr := os.ReadFile(p.logFile)
	text = text[max(0, len(text)-2000):]
	return fmt.Errorf("%s: %s: %w\n%s", p.cmd.Path, what, errors.Join(err, readErr), text)
}
