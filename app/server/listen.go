package server

import (
	"context"
	"net"

	"xxsns/app/web/request"
)

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
