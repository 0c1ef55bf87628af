package sns

import (
	"iter"
	"strings"
)

// A Piece is a part of prose.
type Piece struct {
	Kind PieceKind
	Text string
}

// A PieceKind says what a piece of prose is.
type PieceKind int

// The kinds of pieces.
const (
	PiecePlain   PieceKind = iota
	PieceCode              // inline code, with its ticks
	PieceAddress           // of the web
)

// Pieces yields the pieces of prose in their order, which make up the prose.
func Pieces(prose string) iter.Seq[Piece] {
	return func(yield func(Piece) bool) {
		for {
			from, to := inlineCode(prose)
			if from < 0 {
				_ = eachAddress(prose, yield)
				return
			}
			if !eachAddress(prose[:from], yield) || !yield(Piece{PieceCode, prose[from:to]}) {
				return
			}
			prose = prose[to:]
		}
	}
}

// Addresses is Pieces of a text in which ticks are no code.
func Addresses(text string) iter.Seq[Piece] {
	return func(yield func(Piece) bool) { _ = eachAddress(text, yield) }
}

// eachAddress yields the addresses of a text, and the text between them, until yield returns
// false.
func eachAddress(text string, yield func(Piece) bool) bool {
	plain := 0                                         // where the text before the next address begins
	for at := 0; strings.Contains(text[at:], "://"); { // in few texts: looking for a scheme takes long
		m := scheme.FindStringIndex(text[at:])
		if m == nil {
			break
		}
		from, to := at+m[0], at+m[1]
		address := addressAt(text[at:from], text[from:])
		if at = to; address == "" {
			continue
		}
		if plain < from && !yield(Piece{PiecePlain, text[plain:from]}) || !yield(Piece{PieceAddress, address}) {
			return false
		}
		at = from + len(address)
		plain = at
	}
	return plain == len(text) || yield(Piece{PiecePlain, text[plain:]})
}

// inlineCode returns where the first inline code of a text begins and ends, with its
// ticks, or -1. Two ticks or more in a row are no ticks of inline code.
func inlineCode(text string) (from, to int) {
	open := -1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			open = -1
		case '`':
			end := i + 1
			for end < len(text) && text[end] == '`' {
				end++
			}
			switch {
			case end-i > 1:
				open = -1
			case open >= 0 && !IsBlank(text[open+1:i]):
				return open, end
			default:
				open = i
			}
			i = end - 1
		}
	}
	return -1, -1
}
