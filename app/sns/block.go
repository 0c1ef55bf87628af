package sns

import "slices"

// BlockMost is the largest number of users that a user may block.
const BlockMost = 2000

// A Block is an entry in the list of those whom a user has blocked.
type Block struct {
	ID   int64
	User User // the blocked user
}

// Blocks are the users whom a user has blocked, and those who have blocked the user. Neither
// sees what the other writes.
type Blocks struct {
	Blocked []int64 // in order
	By      []int64 // in order
}

// None reports whether the user sees everybody.
func (b Blocks) None() bool { return len(b.Blocked) == 0 && len(b.By) == 0 }

// Has reports whether the user has blocked another one.
func (b Blocks) Has(other int64) bool { return has(b.Blocked, other) }

// Hide reports whether the user and another one do not see each other.
func (b Blocks) Hide(other int64) bool { return has(b.Blocked, other) || has(b.By, other) }

// Hidden returns the users who do not see the user, in order.
func (b Blocks) Hidden() []int64 {
	hidden := slices.Concat(b.Blocked, b.By)
	slices.Sort(hidden)
	return slices.Compact(hidden)
}

func has(ids []int64, id int64) bool {
	_, found := slices.BinarySearch(ids, id)
	return found
}
