package chat

import (
	"reflect"
	"strings"
	"testing"
)

// FuzzLine: a line of Redis that is understood is the same after it is written again, and
// belongs to the room and seq where it stood.
func FuzzLine(f *testing.F) {
	for _, line := range []string{
		`{"u":1,"k":"message","c":"안녕","t":1764400000000000,"i":"a-1"}`, `{"u":1,"k":"enter","t":0}`, `{"u":1,"c":"@민지","m":"7 민지"}`, `{"u":-1,"d":true}`, `{}`, `null`, `[]`, `"`, "", "\xff", `{"u":1e99}`, `{"c":"\ud800"}`, strings.Repeat("[", 10_000),
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		m, err := decodeLine(3, 17, line)
		if err != nil {
			if !strings.Contains(err.Error(), "line 17 of room 3") {
				t.Errorf("%q: %v", line, err)
			}
			return
		}
		again, err := decodeLine(3, 17, string(encodeLine(m)))
		if err != nil || !reflect.DeepEqual(again, m) || m.Room != 3 || m.Seq != 17 {
			t.Errorf("%q becomes %+v, and then %+v, %v", line, m, again, err)
		}
	})
}
