package server

import (
	"context"
	"net"
)

// listen listens for plain TCP. Go's default is multipath TCP, which browsers and
// proxies do not speak, and quiesce does not work on such a listener.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	return config.Listen(ctx, "tcp", address)
}
