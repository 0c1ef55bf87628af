package seed

import (
	"fmt"
	"sync"
)

// words are the alternatives of a rule that consist of nothing but a text.
func words(rule string) []string {
	var all []string
	for _, parts := range texts()[rule].alternatives {
		all = append(all, parts[0].text)
	}
	return all
}

var (
	given  = sync.OnceValue(func() []string { return words("given") })
	suffix = sync.OnceValue(func() []string { return words("suffix") })
)

// scatter is a prime that spreads successive names over given names and
// suffixes: it divides neither's number.
const scatter = 7919

// Name returns the i-th username, from 0: first the given names alone, then
// with a suffix (민지.산책), then with numbers (하늘_02). All of them differ, in
// every case and Unicode form, and are valid for any i an int32 can hold.
func Name(i int) string {
	names, pairs := len(given()), len(given())*len(suffix())
	switch {
	case i < names:
		return given()[i]
	case i < names+pairs:
		i = (i - names) * scatter % pairs
		return given()[i%names] + []string{".", "_"}[i%2] + suffix()[i/names]
	}
	i -= names + pairs
	return fmt.Sprintf("%s_%02d", given()[i%names], i/names+2)
}
