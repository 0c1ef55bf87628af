package live

import "bytes"

// sseFrame encodes m as a server-sent event. Every kind of line break starts a
// new data line: otherwise a lone "\r" in the text of a user could add fields to
// the streams of all viewers.
func sseFrame(m Message) []byte {
	rest := bytes.TrimRight(m.HTML, "\r\n")
	frame := make([]byte, 0, len(rest)+len(m.Name)+64)
	if m.Name != "" {
		frame = append(append(append(frame, "event: "...), m.Name...), '\n')
	}
	for more := true; more; {
		var line []byte
		line, rest, more = cutLine(rest)
		frame = append(append(append(frame, "data: "...), line...), '\n')
	}
	return append(frame, '\n')
}

// cutLine splits text after its first line, which ends in "\n", "\r" or "\r\n".
// more reports whether there was a line break.
func cutLine(text []byte) (line, rest []byte, more bool) {
	i := bytes.IndexAny(text, "\r\n")
	if i < 0 {
		return text, nil, false
	}
	line, rest = text[:i], text[i+1:]
	if text[i] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return line, rest, true
}
