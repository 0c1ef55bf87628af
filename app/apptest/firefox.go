package apptest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A marionette controls Firefox by its own protocol: each message is the number of its
// bytes, a colon, and JSON.
type marionette struct {
	process *process
	conn    net.Conn
	in      *bufio.Reader
	last    int // id of the last command
}

func startFirefox(folder, program string, w window) (driver, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	prefs := fmt.Sprintf("user_pref(\"marionette.port\", %d);\nuser_pref(\"intl.accept_languages\", \"ko\");\nuser_pref(\"javascript.enabled\", %t);\n", port, !w.noJavaScript)
	if err := os.WriteFile(filepath.Join(folder, "user.js"), []byte(prefs), 0o600); err != nil {
		return nil, err
	}
	p, err := startProcess(folder, nil, program, "--headless", "--marionette", "--no-remote", "--profile", folder,
		"--width", strconv.Itoa(w.width), "--height", strconv.Itoa(w.height))
	if err != nil {
		return nil, err
	}
	m := &marionette{process: p}
	err = p.waitFor(func() (err error) {
		m.conn, err = net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		return err
	})
	if err == nil {
		m.in = bufio.NewReader(m.conn)
		_, err = m.receive() // the greeting
	}
	if err == nil {
		_, err = m.do(command{name: "WebDriver:NewSession"}, nil)
	}
	if err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *marionette) do(c command, params map[string]any) (json.RawMessage, error) {
	if params == nil {
		params = map[string]any{}
	}
	m.last++
	message, err := json.Marshal([]any{0, m.last, c.name, params})
	if err != nil {
		return nil, err
	}
	if err := m.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(message), message); err != nil {
		return nil, err
	}
	answer, err := m.receive()
	if err != nil {
		return nil, err
	}
	return readAnswer(answer)
}

// receive reads a message.
func (m *marionette) receive() ([]byte, error) {
	size, err := m.in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(size, ":"))
	if err != nil {
		return nil, err
	}
	message := make([]byte, n)
	_, err = io.ReadFull(m.in, message)
	return message, err
}

// readAnswer returns the value of an answer: [1, id, error, result].
func readAnswer(answer []byte) (json.RawMessage, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(answer, &parts); err != nil || len(parts) != 4 {
		return nil, fmt.Errorf("answer %.200s: %w", answer, err)
	}
	var problem *struct{ Error, Message string }
	if err := json.Unmarshal(parts[2], &problem); err != nil {
		return nil, err
	}
	if problem != nil {
		return nil, errors.New(problem.Error + ": " + problem.Message)
	}
	var result struct{ Value json.RawMessage }
	_ = json.Unmarshal(parts[3], &result) // an answer without a value is something else
	return result.Value, nil
}

func (m *marionette) close() {
	if m.conn != nil {
		_ = m.conn.Close()
	}
	m.process.kill()
}
