package sns_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

func TestFreeLocation(t *testing.T) {
	tests := []struct{ name, raw, want, problem string }{
		{"Hangul", "서울특별시 마포구", "서울특별시 마포구", ""},
		{"Hangul in pieces", norm.NFD.String("마포구"), "마포구", ""},
		{"one line, whose blanks are one", " 서울 \n\t 마포 ", "서울 마포", ""},
		{"abroad", "São Paulo 🇧🇷", "São Paulo 🇧🇷", ""},
		{"markup is a text", "<b>'\"&", "<b>'\"&", ""},
		{"forty", strings.Repeat("가", 40), strings.Repeat("가", 40), ""},
		{"forty-one", strings.Repeat("가", 41), "", "invalid.long"},
		{"forty emoji", strings.Repeat("👍🏽", 40), strings.Repeat("👍🏽", 40), ""},
		{"more bytes than the column holds", strings.Repeat(family, 13), "", "invalid.bytes"},
		{"nothing", " ", "", "invalid.empty"},
		{"invisible", "\u3164\u2800", "", "invalid.empty"},
		{"what nobody sees", "\ufeff서울\u200b 성동구\u202e\u3164", "서울 성동구", ""},
		{"control", "서울\x00", "서울", ""},
		{"no UTF-8", "서울\xec", "", "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.FreeLocation(test.raw)
		if got != (sns.Location{Area: test.want}) || key(p) != test.problem || p != nil && p.Field != "location" {
			t.Errorf("%s: %+v, %+v; want %q, %q", test.name, got, p, test.want, test.problem)
		}
		if got.Known() != (test.problem == "") {
			t.Errorf("%s: known = %t", test.name, got.Known())
		}
	}
}

func TestNoLocationIsKnownBeforeOneIsSet(t *testing.T) {
	if (sns.Location{}).Known() || !(sns.Location{Area: "서울특별시 마포구", Town: "합정동"}).Known() {
		t.Error("it is told otherwise")
	}
}
