package view

import (
	"encoding/binary"
	"hash/maphash"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/app/sns"
)

// A kept list is a list as HTML, beside all that the list shows. Another answer shows the
// same HTML as long as all of that is equal: comparing values costs a small part of
// executing a template.
type kept[T any] struct {
	items       []T
	boards      []sns.Board // name the options of posts
	from, until time.Time   // while the ages read the same
	runs        []run
}

// A run is HTML that is the same for all viewers, and what stands behind: nothing, the id
// of the viewer's account, or one of two texts, by the state of an item.
type run struct {
	text   string
	behind int // behindNothing, behindAccount, or the index of the item
	states [2]string
}

const (
	behindNothing = -1 - iota
	behindAccount
)

// addText adds HTML to the runs, and cuts out the id of the account.
func (k *kept[T]) addText(html string) {
	for {
		at := strings.Index(html, noAccount)
		if at < 0 {
			k.runs = append(k.runs, run{text: html, behind: behindNothing})
			return
		}
		at += len(accountField)
		k.runs = append(k.runs, run{text: html[:at], behind: behindAccount})
		html = html[at:]
	}
}

// addStates adds an item that is off or on to the runs, and cuts out the part that
// differs.
func (k *kept[T]) addStates(item int, off, on string) {
	begin, end := 0, 0
	for begin < min(len(off), len(on)) && off[begin] == on[begin] {
		begin++
	}
	for end < min(len(off), len(on))-begin && off[len(off)-1-end] == on[len(on)-1-end] {
		end++
	}
	k.addText(off[:begin])
	k.runs = append(k.runs, run{behind: item, states: [2]string{off[begin : len(off)-end], on[begin : len(on)-end]}})
	k.addText(off[len(off)-end:])
}

// appendTo appends the list for an account, whose id is empty in a fragment. on tells the
// states of the items.
func (k *kept[T]) appendTo(dst []byte, id string, on []bool) []byte {
	for i := range k.runs {
		p := &k.runs[i]
		dst = append(dst, p.text...)
		switch {
		case p.behind == behindNothing:
		case p.behind == behindAccount:
			dst = append(dst, id...)
		case on[p.behind]:
			dst = append(dst, p.states[1]...)
		default:
			dst = append(dst, p.states[0]...)
		}
	}
	return dst
}

// A keeper keeps lists. A keeper is safe for concurrent use.
type keeper[T any] struct {
	lists *lru.Cache[uint64, *kept[T]]
	same  func(a, b *T) bool // reports whether two items show the same, but for their state
	seed  maphash.Seed
}

// listsKept is how many lists of a kind a locale keeps. Most of their bytes are those of
// cards that are kept anyway.
const listsKept = 256

func newKeeper[T any](same func(a, b *T) bool) (*keeper[T], error) {
	lists, err := lru.New[uint64, *kept[T]](listsKept)
	return &keeper[T]{lists: lists, same: same, seed: maphash.MakeSeed()}, err
}

// key returns the key of a list by the ids of its items. Two lists with the same key
// replace each other.
func (k *keeper[T]) key(items []T, id func(*T) int64) uint64 {
	var ids [512]byte
	b := ids[:0]
	for i := range items {
		b = binary.AppendVarint(b, id(&items[i]))
	}
	return maphash.Bytes(k.seed, b)
}

// get returns the kept list that shows the items at now, or nil.
func (k *keeper[T]) get(key uint64, items []T, boards []sns.Board, now time.Time) *kept[T] {
	list, ok := k.lists.Get(key)
	if !ok || now.Before(list.from) || !now.Before(list.until) || len(items) != len(list.items) || !sameSlice(boards, list.boards) {
		return nil
	}
	for i := range items {
		if !k.same(&items[i], &list.items[i]) {
			return nil
		}
	}
	return list
}

// sameSlice reports whether two slices that nobody changes are one.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
