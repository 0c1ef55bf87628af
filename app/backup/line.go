package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// errLine means that a line is no row.
var errLine = errors.New("a line is no row")

// AppendLine appends a row as a line. A value is nil, an int64, a string or a []byte, which
// is a text, too. Values of other types are an error.
func AppendLine(line []byte, row []any) ([]byte, error) {
	line = append(line, '[')
	for i, value := range row {
		if i > 0 {
			line = append(line, ',')
		}
		switch v := value.(type) {
		case nil:
			line = append(line, "null"...)
		case int64:
			line = strconv.AppendInt(line, v, 10)
		case string:
			line = appendText(line, []byte(v))
		case []byte:
			line = appendText(line, v)
		default:
			return nil, fmt.Errorf("%w: a value is a %T", errLine, value)
		}
	}
	return append(line, ']', '\n'), nil
}

// appendText appends a text as JSON. A text that is not UTF-8, which JSON cannot hold,
// becomes an array with the text in base64.
func appendText(line, text []byte) []byte {
	if !utf8.Valid(text) {
		line = append(line, `["`...)
		return append(base64.StdEncoding.AppendEncode(line, text), `"]`...)
	}
	if isPlain(text) {
		line = append(line, '"')
		line = append(line, text...)
		return append(line, '"')
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(string(text)) // a string cannot fail
	return append(line, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

// isPlain reports whether JSON escapes nothing in a text.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c == 0xe2 { // U+2028 begins with 0xe2
			return false
		}
	}
	return true
}

// ParseLine appends the values of a line to row: nil, int64 and string. ParseLine is the
// reverse of AppendLine.
func ParseLine(row []any, line []byte) ([]any, error) {
	if len(line) < 2 || line[0] != '[' {
		return nil, errLine
	}
	for rest := line[1:]; ; rest = rest[1:] {
		value, after, err := parseValue(rest)
		if err != nil || len(after) == 0 {
			return nil, errors.Join(errLine, err)
		}
		row, rest = append(row, value), after
		switch rest[0] {
		case ',':
		case ']':
			if len(rest) > 1 {
				return nil, errLine
			}
			return row, nil
		default:
			return nil, errLine
		}
	}
}

// parseValue returns the first value and what follows it.
func parseValue(rest []byte) (value any, after []byte, err error) {
	switch {
	case len(rest) == 0:
		return nil, nil, errLine
	case rest[0] == '"':
		return parseText(rest)
	case rest[0] == '[':
		text, after, err := parseText(rest[1:])
		if err != nil || len(after) == 0 || after[0] != ']' {
			return nil, nil, errLine
		}
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		return string(raw), after[1:], err
	case bytes.HasPrefix(rest, []byte("null")):
		return nil, rest[4:], nil
	}
	end := bytes.IndexAny(rest, ",]")
	if end < 0 {
		return nil, nil, errLine
	}
	n, err := strconv.ParseInt(string(rest[:end]), 10, 64)
	return n, rest[end:], err
}

// parseText returns the text at the beginning of rest, and what follows.
func parseText(rest []byte) (text string, after []byte, err error) {
	if len(rest) == 0 || rest[0] != '"' {
		return "", nil, errLine
	}
	plain := true
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			plain = false
			i++
		case '"':
			if !plain {
				err = json.Unmarshal(rest[:i+1], &text)
			} else if text = string(rest[1:i]); !utf8.ValidString(text) {
				err = errLine
			}
			return text, rest[i+1:], err
		}
	}
	return "", nil, errLine
}
