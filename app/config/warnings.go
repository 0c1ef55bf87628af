package config

import (
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

const (
	// fewBytes is how many different bytes a secret has that somebody typed in a hurry.
	fewBytes = 8

	// misspelt is how many letters of a variable's name may be wrong, and shortName how long a
	// name is at least whose neighbours may not belong to other programs.
	misspelt, shortName = 2, 7
)

// Warnings returns sentences about values that Read accepts, and that are hardly meant: each
// names the variable, and what to do.
func Warnings(environ map[string]string) (all []string) {
	if secret := environ["SESSION_SECRET"]; secret != "" && differentBytes(secret) < fewBytes {
		all = append(all, "SESSION_SECRET: is easy to guess, and who guesses it signs in as anybody; make one with: openssl rand -hex 32")
	}
	for network := range strings.SplitSeq(environ["TRUSTED_PROXIES"], ",") {
		if prefix, err := netip.ParsePrefix(strings.TrimSpace(network)); err == nil && prefix.Bits() == 0 {
			all = append(all, fmt.Sprintf("TRUSTED_PROXIES: %s lets everybody say which address they come from, which evades all limits; name the proxy alone", prefix))
		}
	}
	known := names()
	for _, name := range slices.Sorted(maps.Keys(environ)) {
		for _, meant := range known {
			if _, set := environ[meant]; !set && len(meant) >= shortName && !slices.Contains(known, name) && levenshtein.ComputeDistance(name, meant) <= misspelt {
				all = append(all, fmt.Sprintf("%s: is no variable of this program; is %s meant?", name, meant))
			}
		}
	}
	return all
}

func differentBytes(s string) int {
	different := map[byte]bool{}
	for i := range len(s) {
		different[s[i]] = true
	}
	return len(different)
}

// names returns the names of all variables.
func names() (all []string) {
	fields := reflect.TypeFor[variables]()
	for i := range fields.NumField() {
		all = append(all, fields.Field(i).Tag.Get("env"))
	}
	return all
}
