package server

import (
	"context"
	"errors"
	"net"

	"github.com/coreos/go-systemd/v22/activation"

	"xxsns/app/web/request"
)

// open returns the socket that systemd has given to this process (LISTEN_FDS, LISTEN_PID), or
// else listens at the address of ADDR.
func open(ctx context.Context, address string) (net.Listener, error) {
	given, err := activation.Listeners()
	switch {
	case err != nil:
		return nil, naming("LISTEN_FDS", err)
	case len(given) == 0:
		listener, err := listen(ctx, address)
		return listener, naming("ADDR", err)
	case len(given) > 1:
		return nil, errors.New("LISTEN_FDS: one socket can be served, and there are more")
	}
	tcp, ok := given[0].(*net.TCPListener)
	if !ok {
		return nil, errors.New("LISTEN_FDS: the socket is not one of TCP that listens")
	}
	return &inheritedListener{TCPListener: tcp, new: map[net.Conn]struct{}{}}, nil
}

// listen listens for plain TCP. Go's default is multipath TCP, which browsers and
// proxies do not speak, and quiesce does not work on such a listener.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	return config.Listen(ctx, "tcp", address)
}

// A tellingListener tells the operator why connections wait. net/http accepts again after
// a pause.
type tellingListener struct {
	net.Listener
	shortage *request.Shortage
}

// Accept implements net.Listener.
func (l tellingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	l.shortage.Tell(err)
	return conn, err
}
