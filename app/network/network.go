// Package network bounds what one network has open at this program: connections, requests,
// bodies on their way, and streams. Nobody can take the places of people elsewhere.
package network

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Of returns the network of one subscriber that an address belongs to: an IPv4 address
// alone, or the /64 of an IPv6 address. The IPv6 form of an IPv4 address
// (::ffff:192.0.2.1) is that address. Of an invalid address the network is invalid, too.
func Of(ip netip.Addr) netip.Prefix {
	return Within(ip, 32, 64)
}

// Within is Of for the networks of so many bits of IPv4 or IPv6.
func Within(ip netip.Addr, bits4, bits6 int) netip.Prefix {
	ip = ip.Unmap().WithZone("")
	bits := bits6
	if ip.Is4() {
		bits = bits4
	}
	prefix, _ := ip.Prefix(bits) // fails for an invalid address, with an invalid prefix
	return prefix
}

// ofConn returns the network at the other end of a connection, and false if nothing can be
// counted by that network: the address is a proxy's, or none.
func (g *Gate) ofConn(conn net.Conn) (netip.Prefix, bool) {
	address, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	ip := address.AddrPort().Addr().Unmap()
	trusted := slices.ContainsFunc(g.trusted, func(p netip.Prefix) bool { return p.Contains(ip) })
	return Of(ip), !trusted
}

// prefixes parses addresses and networks that the configuration has validated.
func prefixes(all []string) []netip.Prefix {
	var parsed []netip.Prefix
	for _, text := range all {
		if !strings.Contains(text, "/") {
			if ip, err := netip.ParseAddr(text); err == nil {
				ip = ip.Unmap().WithZone("")
				parsed = append(parsed, netip.PrefixFrom(ip, ip.BitLen()))
			}
		} else if prefix, err := netip.ParsePrefix(text); err == nil {
			parsed = append(parsed, prefix.Masked())
		}
	}
	return parsed
}
