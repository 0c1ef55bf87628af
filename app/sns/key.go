package sns

// KeyMax is the longest key, in bytes.
const KeyMax = 64

// ValidKey reports whether raw is a valid key: 1 to KeyMax ASCII letters,
// digits, "-" and "_". A key marks a form or a chat message: a second request
// with the same key repeats the first request, and changes nothing.
func ValidKey(raw string) bool {
	if raw == "" || len(raw) > KeyMax {
		return false
	}
	for _, c := range raw {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
