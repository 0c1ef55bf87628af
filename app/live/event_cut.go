package live

import (
	"encoding/json"
	"strconv"
	"strings"
)

// cutEnvelope decodes the JSON of an event in the form that Encode and publish_event give
// it, if all texts stand in it as they are: in one pass, since each replica decodes each
// event. cutEnvelope returns false for any other JSON, also if it means the same, and for the
// few events with Except.
func cutEnvelope(payload string) (object envelope, data json.RawMessage, ok bool) {
	rest, ok := payload, true
	object.From = cutText(&rest, `{"from":"`, `"`, &ok)
	object.At = number(cutText(&rest, `,"at":`, `,`, &ok), &ok)
	object.Topic = cutText(&rest, `"topic":"`, `"`, &ok)
	object.Kind = cutText(&rest, `,"kind":"`, `"`, &ok)
	object.Key = cutText(&rest, `,"key":"`, `"`, &ok)
	rest, ended := strings.CutSuffix(rest, "}")
	version, text, hasData := strings.Cut(rest, `,"data":`)
	version, isVersion := strings.CutPrefix(version, `,"version":`)
	object.Version = number(version, &ok)
	ok = ok && ended && isVersion
	if ok && hasData {
		data = json.RawMessage(text)
		ok = isBare(text) && json.Valid(data)
	}
	if object.Key != "" { // is remembered: the rest of the payload is not to stay with it
		object.Topic, object.Kind, object.Key = strings.Clone(object.Topic), strings.Clone(object.Kind), strings.Clone(object.Key)
	}
	return object, data, ok
}

// cutText cuts a text off rest, which stands between two others.
func cutText(rest *string, before, after string, ok *bool) string {
	text, found := strings.CutPrefix(*rest, before)
	text, next, ended := strings.Cut(text, after)
	*ok = *ok && found && ended && isPlain(text)
	*rest = next
	return text
}

// number parses an integer of JSON.
func number(text string, ok *bool) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	*ok = *ok && err == nil && text == strconv.FormatInt(n, 10)
	return n
}

// isPlain reports whether a string of JSON holds a text as it is. Other than in ASCII, no
// program of ours names topics, kinds and keys.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// isBare reports whether JSON has no white space around it.
func isBare(text string) bool { return text != "" && text[0] > ' ' && text[len(text)-1] > ' ' }
