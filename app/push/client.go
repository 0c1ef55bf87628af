package push

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"xxsns/app/network"
)

// Bounds of one exchange with a push service.
const (
	sendTime    = 10 * time.Second
	dialTime    = 5 * time.Second
	mostAnswer  = 4 << 10  // bytes of an answer that are read
	mostHeaders = 16 << 10 // bytes of its headers
)

// errPrivate means that the name of a push service leads to an address that is not public.
var errPrivate = errors.New("not a public address")

// NewClient returns the client that asks push services. The client connects to public addresses
// alone, which is checked when the name is resolved, at the moment of connecting. It follows no
// redirect, and knows no proxy: the proxy would resolve the name.
func NewClient() *http.Client {
	dialer := &net.Dialer{Timeout: dialTime, Control: refusePrivate}
	return ClientOf(&http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true})
}

// ClientOf returns a client with the bounds of NewClient, which connects by a transport. Tests
// have push services of their own.
func ClientOf(transport *http.Transport) *http.Client {
	transport.TLSHandshakeTimeout, transport.ResponseHeaderTimeout = dialTime, sendTime
	transport.MaxResponseHeaderBytes, transport.DisableCompression = mostHeaders, true
	transport.MaxIdleConnsPerHost, transport.IdleConnTimeout = 2, time.Minute
	return &http.Client{
		Transport: transport, Timeout: sendTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// refusePrivate is the Control of a net.Dialer, which passes the resolved address.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !network.Public(to.Addr()) || to.Port() != 443 {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	return nil
}
