package network

import "net/netip"

// reserved are the networks that lead to no host of the public internet, beside those that
// netip knows: to the machine itself, to its provider, into documents and into tunnels, which
// may lead back to any of these.
var reserved = func() (all []netip.Prefix) {
	for _, network := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		all = append(all, netip.MustParsePrefix(network))
	}
	return all
}()

// global holds the addresses of IPv6 that are given to hosts. Outside are those that hold an
// address of IPv4, and those of sites.
var global = netip.MustParsePrefix("2000::/3")

// Public reports whether an address is one of the public internet. A server that people make
// connect to an address must ask Public at the moment of connecting: a name may lead to another
// address then than when the name was checked.
func Public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !global.Contains(a) {
		return false
	}
	for _, network := range reserved {
		if network.Contains(a) {
			return false
		}
	}
	return true
}
