package server

import (
	"context"
	"net"
)

// listen listens for plain TCP: browsers and proxies do not speak Go's default,
// multipath TCP, whose listener cannot quiesce.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	return config.Listen(ctx, "tcp", address)
}
