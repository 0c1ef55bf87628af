package sns_test

import (
	"strings"
	"testing"

	"xxsns/app/sns"
)

func TestPasswordsThatAreGuessedFirstAreRefused(t *testing.T) {
	for reason, passwords := range map[string][]string{
		"password.common": {
			"password", "iloveyou", "ILoveYou", "sunshine", "Trustno1", "baseball", "ｓｕｎｓｈｉｎｅ", "star wars", "sun\u200bshine", "1q2w3e4r5t", "q1w2e3r4t5y6",
		},
		"password.username":  {"MinJi_99", "minji1234", "minjiminji!", "ijnim2024", "!!! minji abc", "ＭＩＮＪＩ1234", "m.i.n.j.i_99"},
		"password.community": {"작은 SNS!!", "xxsns123", "XXSNS2026", "PassWord #7", "비밀번호1234", "qlalfqjsgh"},
		"password.simple": {
			"aaaaaaaa", "abababab", "12341234", "correctcorrect", "가가가가가가가가", strings.Repeat("a", 128), strings.Repeat(family, 8),
			"12345678", "87654321", "9876543210", "abcdefgh", "abcd1234", "1111aaaa", "qwertyuiop", "asdfasdf", "asdfqwer", "qwer1234", "1qaz2wsx",
			"가나다라마바사아", "ㄱㄴㄷㄹㅁㅂㅅㅇ", "ㅁㄴㅇㄹㅁㄴㅇㄹ", "ㅋㅋㅋㅋㅋㅋㅋㅋ", "!@#$%^&*",
		},
		"password.invisible": {
			strings.Repeat(" ", 8), strings.Repeat("\u200b", 8), strings.Repeat("\u3164", 8), strings.Repeat("\u2800", 9), strings.Repeat("\u00a0", 8),
			"\ufe0f \u2060 \u115f \u3000 \ufeff \u00ad ", "a" + strings.Repeat("\u200b ", 8),
		},
	} {
		for _, password := range passwords {
			if _, p := sns.Password("password", password, "Min.Ji"); key(p) != reason || p.Field != "password" {
				t.Errorf("%q: the problem is %+v, want %s", password, p, reason)
			}
		}
	}
}

func TestPasswordsOfPeopleAreTaken(t *testing.T) {
	for _, test := range []struct{ password, username string }{
		{"열려라참깨123", "민지"},
		{"correct horse", "민지"},
		{"민지는 아침을 좋아한다", "민지"},
		{"비밀번호 없이 살고 싶다", "민지"},
		{"minji-plays-tennis", "minji"},
		{"8264915037", "12"},
		{"7Kq!x0Zp", ""},
		{"x7#kQ2mv", "x"},
		{"abc-123-XYZ", "서준"},
		{"aaaa bird sits", "서준"},
	} {
		if got, p := sns.Password("password", test.password, test.username); p != nil || got != test.password {
			t.Errorf("%q of %s: %q, %+v", test.password, test.username, got, p)
		}
	}
}
