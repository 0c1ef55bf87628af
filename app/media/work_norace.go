//go:build !race

package media

const slowdown = 1
