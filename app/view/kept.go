package view

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/app/sns"
)

// A keeper keeps lists of a kind as HTML, beside all that the lists show. Another answer
// shows the same HTML as long as all of that is equal: comparing values costs a small part
// of executing a template. If an item of a list changes, the others need not be rendered
// again: each is also kept on its own. A keeper is safe for concurrent use.
type keeper[T any, K comparable] struct {
	kind[T, K]
	lists *lru.Cache[uint64, *keptList[T]] // by the ids of the items
	items *lru.Cache[K, string]
	seed  maphash.Seed
}

// A kind says how the items of a list are shown.
type kind[T any, K comparable] struct {
	fragment string
	data     func(l *Locale, item T, s scene) any // of the fragment
	key      func(l *Locale, item T, s scene) K   // has every value of data that can change on its own
	same     func(a, b *T) bool                   // reports whether data is equal, but for the ages and states
	created  func(item *T) time.Time              // the time whose age is shown
	id       func(item *T) int64                  // other ids, other lists: see listKey
	on       func(item *T) *bool                  // the state of the item for the viewer; nil: items have no states
}

// An aged item is an item, and how its age reads.
type aged[T comparable] struct {
	item  T
	reads string
}

// keepers keep the lists of a locale.
type keepers struct {
	posts    *keeper[sns.Post, cardKey]
	comments *keeper[sns.Comment, aged[sns.Comment]]

	openRooms *keeper[sns.ViewedRoom, aged[sns.ViewedRoom]]
	myRooms   *keeper[MyRoom, aged[MyRoom]]
	pastRooms *keeper[sns.Room, aged[sns.Room]]
}

func newKeepers() keepers {
	return keepers{newKeeper(cards), newKeeper(commentItems), newKeeper(openRoomCards), newKeeper(myRoomCards), newKeeper(pastItems)}
}

// A scene is what a list shows beside its items.
type scene struct {
	boards []sns.Board // that name the options of posts
	now    time.Time   // from which ages are counted
}

// A keptList is a list as HTML, and all that the list shows.
type keptList[T any] struct {
	items       []T
	boards      []sns.Board
	from, until time.Time // while the ages read the same
	runs        runs
}

// Bounds of a keeper. Most cards of posts have about 3 kB, and people rarely look at old
// posts. Lists share the bytes of their items.
const (
	listsKept   = 256
	itemsKept   = 4096
	largestItem = 16 << 10 // bytes of an item that is kept
)

func newKeeper[T any, K comparable](of kind[T, K]) *keeper[T, K] {
	lists, _ := lru.New[uint64, *keptList[T]](listsKept) // no error for a size above 0
	items, _ := lru.New[K, string](itemsKept)
	return &keeper[T, K]{kind: of, lists: lists, items: items, seed: maphash.MakeSeed()}
}

// list renders items in their order, or returns nil if there are none. All viewers share
// what is kept, whatever the states of the items for them.
func (k *keeper[T, K]) list(l *Locale, items []T, s scene) (*List, error) {
	if len(items) == 0 {
		return nil, nil //nolint:nilnil // an empty list
	}
	var err error
	key := k.listKey(items)
	kept, ok := k.lists.Get(key)
	if ok = ok && k.shows(kept, items, s); !ok {
		if kept, err = k.keep(l, items, s); err != nil {
			return nil, err
		}
		k.lists.Add(key, kept)
	}
	list := &List{runs: kept.runs}
	if k.on != nil {
		list.on = make([]bool, len(items))
		for i := range items {
			list.on[i] = *k.on(&items[i])
		}
	}
	return list, k.prove(l, key, list, items, s)
}

// listKey returns the key of a list. Lists with the same key replace each other.
func (k *keeper[T, K]) listKey(items []T) uint64 {
	var memory [512]byte
	ids := memory[:0]
	for i := range items {
		ids = binary.AppendVarint(ids, k.id(&items[i]))
	}
	return maphash.Bytes(k.seed, ids)
}

// shows reports whether a kept list shows the items.
func (k *keeper[T, K]) shows(kept *keptList[T], items []T, s scene) bool {
	if s.now.Before(kept.from) || !s.now.Before(kept.until) || len(items) != len(kept.items) || !sameSlice(s.boards, kept.boards) {
		return false
	}
	for i := range items {
		if !k.same(&items[i], &kept.items[i]) {
			return false
		}
	}
	return true
}

// sameSlice reports whether two slices that nobody changes are one.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// keep makes the list of items.
func (k *keeper[T, K]) keep(l *Locale, items []T, s scene) (*keptList[T], error) {
	kept := &keptList[T]{items: slices.Clone(items), boards: s.boards, from: s.now, until: s.now.Add(24 * time.Hour)}
	eager := false
	for i, item := range items {
		kept.until = earlier(kept.until, l.readsUntil(k.created(&item), s.now))
		off, on, err := k.states(l, item, s)
		if err != nil {
			return nil, err
		}
		if !eager && strings.Contains(off, lazyPicture) {
			off, on, eager = eagerFirst(off), eagerFirst(on), true
		}
		if k.on == nil {
			kept.runs.addText(off)
		} else {
			kept.runs.addStates(i, off, on)
		}
	}
	return kept, nil
}

// states renders an item as it is off and on.
func (k *keeper[T, K]) states(l *Locale, item T, s scene) (off, on string, err error) {
	if k.on == nil {
		off, err = k.item(l, item, s)
		return off, "", err
	}
	*k.on(&item) = false
	if off, err = k.item(l, item, s); err != nil {
		return "", "", err
	}
	*k.on(&item) = true
	on, err = k.item(l, item, s)
	return off, on, err
}

// item renders an item.
func (k *keeper[T, K]) item(l *Locale, item T, s scene) (string, error) {
	key := k.key(l, item, s)
	if html, ok := k.items.Get(key); ok {
		return html, nil
	}
	html, err := l.Fragment(k.fragment, k.data(l, item, s))
	if err == nil && len(html) <= largestItem {
		k.items.Add(key, string(html))
	}
	return string(html), err
}

// How post/_card loads a picture of a post, and how eagerFirst does.
const (
	lazyPicture  = ` loading="lazy" decoding="async"`
	eagerPicture = ` fetchpriority="high" decoding="async"`
)

// eagerFirst makes the browser load the first picture of a list at once: this picture
// decides when the page looks ready.
func eagerFirst(html string) string { return strings.Replace(html, lazyPicture, eagerPicture, 1) }

// whole renders items without what is kept.
func (k *keeper[T, K]) whole(l *Locale, items []T, s scene) (string, error) {
	var b strings.Builder
	for _, item := range items {
		html, err := l.Fragment(k.fragment, k.data(l, item, s))
		if err != nil {
			return "", err
		}
		b.Write(html)
	}
	return eagerFirst(b.String()), nil
}

// prove compares a list with the list rendered whole if its turn has come.
func (k *keeper[T, K]) prove(l *Locale, key uint64, list *List, items []T, s scene) error {
	if !l.proof.due() {
		return nil
	}
	whole := func() ([]byte, error) {
		html, err := k.whole(l, items, s)
		return []byte(html), err
	}
	return l.proof.compare(k.fragment, []byte(list.HTML()), whole, func() {
		k.lists.Remove(key)
		k.items.Purge()
	})
}
