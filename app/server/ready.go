package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"xxsns/app/config"
)

// readyTimeout is longer than a server needs to notice that the database is away.
const readyTimeout = 4 * time.Second

// Ready sends GET /readyz to the server at ADDR and returns the lines of the
// answer. The error says why the server is not ready.
func Ready(ctx context.Context, cfg config.Config) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	state, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("not ready: %s", answer.Status)
	}
	return string(state), err
}
