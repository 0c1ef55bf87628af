package doctor

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// probeQuery is the parameter with a token, which lets a server answer a probe.
const probeQuery = "?probe="

// probeTime is how long an answer of PUBLIC_URL may take. A stream that is held back has not
// begun by then.
const probeTime = 5 * time.Second

// certificateLeast is how long a certificate should still be good.
const certificateLeast = 14 * 24 * time.Hour

// A probe is how a request has arrived at the server.
type probe struct {
	Host      string `json:"host"`
	Proto     string `json:"proto"`     // X-Forwarded-Proto
	Address   string `json:"address"`   // address of the client, as the server sees the request
	Peer      string `json:"peer"`      // of the connection
	Forwarded string `json:"forwarded"` // X-Forwarded-For
}

var errRefused = errors.New("the answer is not that of this installation")

// findPublic calls the server at PUBLIC_URL, through all proxies.
func findPublic(ctx context.Context, p *patient) (found []Finding, err error) {
	token, err := p.ProbeToken(p.Now())
	if err != nil {
		return nil, err
	}
	at := func(path string) string { return p.Config.PublicURL + path + probeQuery + token }
	arrived, finding, err := p.arrives(ctx, at("/healthz"))
	found = append(found, finding...)
	if err != nil || arrived.Host == "" {
		return found, err
	}
	found = append(found, p.findTold(arrived)...)
	if err := p.streams(ctx, at("/live")); err != nil {
		found = append(found, Finding{
			Error, "the proxy does not pass streams on at once: " + err.Error(), "pages do not move: no new posts, likes and numbers",
			"turn buffering and compression of the proxy off for text/event-stream (nginx: proxy_buffering off; gzip off)",
		})
	}
	if err := p.upgrades(ctx, at("/rooms/1/socket")); err != nil {
		found = append(found, Finding{
			Error, "the proxy does not pass WebSockets: " + err.Error(), "rooms say that the connection is lost, and nobody can speak",
			"pass the headers Upgrade and Connection with HTTP/1.1 (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade)",
		})
	}
	return found, nil
}

// arrives asks how a request arrives. Without an answer, found says why.
func (p *patient) arrives(ctx context.Context, address string) (arrived probe, found []Finding, err error) {
	answer, err := p.get(ctx, address)
	if err == nil {
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			err = fmt.Errorf("%w: status %d", errRefused, answer.StatusCode)
		} else if json.NewDecoder(io.LimitReader(answer.Body, 1<<12)).Decode(&arrived) != nil {
			err = errRefused
		}
	}
	switch {
	case errors.Is(err, errRefused):
		return arrived, []Finding{{
			Error, p.Config.PublicURL + ": " + err.Error(), "people who follow links in mails and notices come somewhere else, or to a proxy without a server",
			"start the server; let PUBLIC_URL lead to it; all servers and this command need the same SESSION_SECRET and version",
		}}, nil
	case err != nil:
		return arrived, []Finding{{
			Error, p.Config.PublicURL + " does not answer: " + reason(err), "nobody gets in from outside",
			"look at the name (DNS), the certificate, the port in the firewall, and at the log of the proxy",
		}}, nil
	}
	if answer.TLS != nil && len(answer.TLS.PeerCertificates) > 0 {
		if until := answer.TLS.PeerCertificates[0].NotAfter; until.Sub(p.Now()) < certificateLeast {
			found = append(found, Finding{
				Warning, "the certificate of " + p.Config.PublicURL + " is good until " + until.Format(time.DateOnly) + " alone", "browsers refuse the community from then on",
				"renew it, and see why that does not happen by itself",
			})
		}
	}
	return arrived, found, nil
}

// findTold finds headers that the proxy does not pass.
func (p *patient) findTold(arrived probe) (found []Finding) {
	public, _ := url.Parse(p.Config.PublicURL) // config has parsed it
	if arrived.Host != public.Host {
		found = append(found, Finding{
			Error, fmt.Sprintf("the proxy says that people ask for %s, and not for %s", arrived.Host, public.Host), "forms are refused: they seem to come from another site",
			"pass the header Host (nginx: proxy_set_header Host $host)",
		})
	}
	if p.Config.PublicTLS() && arrived.Proto != "https" {
		found = append(found, Finding{
			Warning, fmt.Sprintf("the proxy does not tell that people come by https (X-Forwarded-Proto is %q)", arrived.Proto), "cookies are not kept from connections without TLS",
			"nginx: proxy_set_header X-Forwarded-Proto $scheme",
		})
	}
	switch {
	case arrived.Forwarded == "" && p.Config.PublicTLS():
		found = append(found, Finding{
			Warning, "the proxy does not tell the address of people (X-Forwarded-For)", "all share the limits of one address: one who goes wild locks out the others",
			"nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for, and TRUSTED_PROXIES with the address of the proxy",
		})
	case arrived.Forwarded != "" && !p.trusts(arrived.Peer):
		found = append(found, Finding{
			Warning, "the server does not believe the proxy at " + arrived.Peer, "all share the limits of one address: one who goes wild locks out the others",
			"set TRUSTED_PROXIES=" + arrived.Peer + ", and start the server again",
		})
	}
	return found
}

// trusts reports whether TRUSTED_PROXIES has an address.
func (p *patient) trusts(peer string) bool {
	address, err := netip.ParseAddr(peer)
	return err == nil && slices.ContainsFunc(p.Config.TrustedProxies, func(trusted string) bool {
		if network, err := netip.ParsePrefix(trusted); err == nil {
			return network.Contains(address.Unmap())
		}
		one, err := netip.ParseAddr(trusted)
		return err == nil && one.Unmap() == address.Unmap()
	})
}

// streams reports whether the beginning of a stream arrives while the stream is open.
func (p *patient) streams(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	answer, err := p.get(ctx, address)
	if err != nil {
		return errors.New(reason(err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	if _, err := answer.Body.Read(make([]byte, 1)); err != nil {
		return errors.New(reason(err))
	}
	return nil
}

// upgrades reports whether a handshake of WebSocket succeeds.
func (p *patient) upgrades(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails
	answer, err := p.get(ctx, address, "Connection", "Upgrade", "Upgrade", "websocket",
		"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", base64.StdEncoding.EncodeToString(key))
	if err != nil {
		return errors.New(reason(err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("status %d instead of 101", answer.StatusCode)
	}
	return nil
}

// get sends a GET with some headers. Redirects are answers.
func (p *patient) get(ctx context.Context, address string, headers ...string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return p.Public.Do(request)
}

// reason returns an error without the address, which has the token.
func reason(err error) string {
	if broken, ok := errors.AsType[*url.Error](err); ok {
		err = broken.Err
	}
	if timeout, ok := errors.AsType[net.Error](err); errors.Is(err, context.DeadlineExceeded) || ok && timeout.Timeout() {
		return fmt.Sprintf("nothing came within %s", probeTime)
	}
	return err.Error()
}
