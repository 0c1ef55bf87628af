//go:build race

package media

// slowdown is how many times the work takes as long as in a program without the race
// detector, which takes time of the processor, too.
const slowdown = 20
