package sns_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

// key returns the key of a problem, or "" for nil.
func key(p *sns.Problem) string {
	if p == nil {
		return ""
	}
	return p.Key
}

const (
	zwj    = "\u200d"
	accent = "\u0301"
	family = "👨" + zwj + "👩" + zwj + "👧" + zwj + "👦" // one grapheme of 25 bytes
)

func TestUsername(t *testing.T) {
	tests := []struct{ name, raw, want, problem string }{
		{"Latin", "minji", "minji", ""},
		{"case is kept", "MinJi", "MinJi", ""},
		{"Hangul", "민지", "민지", ""},
		{"Hangul in pieces", "\u1106\u1175\u11ab\u110c\u1175", "민지", ""},
		{"compatibility letters", "ㅋㅋ", "ㅋㅋ", ""},
		{"digits", "2026", "2026", ""},
		{"digits of another script", "٢٠", "٢٠", ""},
		{"signs inside", "min_ji.2", "min_ji.2", ""},
		{"underscores at the ends", "_민지_", "_민지_", ""},
		{"Han", "敏智", "敏智", ""},
		{"Cyrillic", "Минджи", "Минджи", ""},
		{"Arabic", "مينجي", "مينجي", ""},
		{"Thai, with vowel marks", "มินจี", "มินจี", ""},
		{"Devanagari, with vowel marks", "मिनजी", "मिनजी", ""},
		{"beyond the basic plane", "𐐀𐐁", "𐐀𐐁", ""},
		{"full width stays", "ｍｉｎ", "ｍｉｎ", ""},
		{"blanks around", " \t민지\n", "민지", ""},
		{"accents in pieces", "Jose" + accent, "José", ""},

		{"empty", "", "", "username.length"},
		{"only blanks", "   ", "", "username.length"},
		{"one character", "민", "", "username.length"},
		{"one character of several marks", "e" + accent + accent, "", "username.length"},
		{"fifteen", strings.Repeat("가", 15), strings.Repeat("가", 15), ""},
		{"fifteen in pieces", strings.Repeat("\u1100\u1161", 15), strings.Repeat("가", 15), ""},
		{"sixteen", strings.Repeat("가", 16), "", "username.length"},
		{"within the byte limit", "a" + strings.Repeat("b\u0316", 13) + "c", "a" + strings.Repeat("b\u0316", 13) + "c", ""},
		{"marks on a letter", strings.Repeat(zalgo(3), 15), strings.Repeat(zalgo(3), 15), ""},
		{"a stack of marks", zalgo(31) + "b", zalgo(3) + "b", ""},
		{"jamo that make no syllable", strings.Repeat("\u110f", 3), "ㅋㅋㅋ", ""},
		{"39 jamo that make no syllable", strings.Repeat("\u110f", 39), "", "username.length"},

		{"a dot before", ".minji", "", "username.dot"},
		{"a dot after", "minji.", "", "username.dot"},
		{"only dots", "...", "", "username.dot"},
		{"only signs", "__", "", "username.letter"},
		{"signs and a dot", "_._", "", "username.letter"},
		{"only marks", accent + accent, "", "username.length"},

		{"a blank inside", "민 지", "", "username.characters"},
		{"a line inside", "민\n지", "", "username.characters"},
		{"control", "민\x00지", "민지", ""},
		{"delete", "민\x7f지", "민지", ""},
		{"hyphen", "min-ji", "", "username.characters"},
		{"at", "@minji", "", "username.characters"},
		{"slash", "min/ji", "", "username.characters"},
		{"markup", "<b>min", "", "username.characters"},
		{"emoji", "민지😀", "", "username.characters"},
		{"family", "민지" + family, "", "username.characters"},
		{"full-width dot", "민．지", "", "username.characters"},
		{"fraction", "민½", "", "username.characters"},
		{"Hangul filler", "민\u3164지", "", "username.characters"},
		{"only Hangul fillers", "\u3164\u3164", "", "username.characters"},
		{"initial filler", "민\u115f지", "", "username.characters"},
		{"medial filler", "민\u1160지", "", "username.characters"},
		{"half-width filler", "민\uffa0지", "", "username.characters"},
		{"zero width joiner", "민" + zwj + "지", "", "username.characters"},
		{"zero width space", "민\u200b지", "", "username.characters"},
		{"soft hyphen", "민\u00ad지", "", "username.characters"},
		{"byte order mark", "\ufeff민지", "", "username.characters"},
		{"grapheme joiner", "민\u034f지", "", "username.characters"},
		{"variation selector", "민\ufe0f지", "", "username.characters"},
		{"right-to-left mark", "민\u200f지", "민지", ""},
		{"right-to-left override", "\u202e민지", "민지", ""},
		{"isolate", "\u2066민지\u2069", "민지", ""},
		{"tag letters", "민지\U000e0061", "", "username.characters"},
		{"braille blank", "민\u2800지", "", "username.characters"},
		{"private use", "민\ue000지", "", "username.characters"},
		{"keycap", "1\u20e3민", "", "username.characters"},

		{"no UTF-8", "민지\xff", "", "invalid.encoding"},
		{"half a character", "민\xec\xa7", "", "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.Username(test.raw)
		if got != test.want || key(p) != test.problem {
			t.Errorf("%s: %q became %q, problem %q; want %q, %q", test.name, test.raw, got, key(p), test.want, test.problem)
		}
		if p != nil && (p.Field != "username" || p.Args["Min"] != 2 || p.Args["Max"] != 15) {
			t.Errorf("%s: the problem is %+v", test.name, p)
		}
	}
}

func TestFoldUsername(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"itself", "민지", "민지", true},
		{"case", "MinJi", "mINjI", true},
		{"blanks around", " minji ", "minji", true},
		{"Hangul in pieces", "민지", "\u1106\u1175\u11ab\u110c\u1175", true},
		{"accents in pieces", "JOSÉ", "jose" + accent, true},
		{"order of marks", "a\u0323\u0307", "a\u0307\u0323", true},
		{"sharp s", "straße", "STRASSE", true},
		{"capital sharp s", "straẞe", "straße", true},
		{"final sigma", "Σίσυφος", "ΣΊΣΥΦΟΣ", true},
		{"Turkish dotted capital", "İpek", "i\u0307pek", true},
		{"Greek with iota", "ᾳβ", "ΑΙβ", true},
		{"Kelvin", "\u212a1", "k1", true},
		{"full-width case", "ＭＩＮ", "ｍｉｎ", true},
		{"Deseret case", "𐐀𐐁", "𐐨𐐩", true},
		{"Georgian case", "ᲛᲐ", "მა", true},
		{"Cherokee case", "ꭰꭱ", "ᎠᎡ", true},

		{"dotless i", "ipek", "ıpek", false},
		{"dotted capital and plain", "İpek", "ipek", false},
		{"accent", "jose", "josé", false},
		{"full and half width", "ｍｉｎ", "min", false},
		{"look-alikes", "аbc", "abc", false}, // the first letter is Cyrillic
		{"Hangul and its letters", "가", "ㄱㅏ", false},
	}
	for _, test := range tests {
		a, b := sns.FoldUsername(test.a), sns.FoldUsername(test.b)
		if (a == b) != test.same {
			t.Errorf("%s: %q folds to %q, %q to %q; same should be %t", test.name, test.a, a, test.b, b, test.same)
		}
	}
}

func TestEmail(t *testing.T) {
	tests := []struct{ raw, want, problem string }{
		{"minji@example.com", "minji@example.com", ""},
		{"  minji@example.com\r\n", "minji@example.com", ""},
		{"min.ji+sns@mail.example.co.kr", "min.ji+sns@mail.example.co.kr", ""},
		{"", "", "email.empty"},
		{" ", "", "email.empty"},
		{"\u3164", "", "email.empty"},
		{"minji", "", "email.format"},
		{"@example.com", "", "email.format"},
		{"minji@", "", "email.format"},
		{"min ji@example.com", "", "email.format"},
		{"minji@example.com, seojun@example.com", "", "email.format"},
		{"Minji <minji@example.com>", "", "email.format"},
		{"minji@example.com\nBcc: seojun@example.com", "", "email.format"},
		{"a@" + strings.Repeat("b.", 126) + "kr", "", "email.format"}, // 256 bytes
		{"minji\x00@example.com", "minji@example.com", ""},
		{"minji\xff@example.com", "", "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.Email(test.raw)
		if got != test.want || key(p) != test.problem || p != nil && p.Field != "email" {
			t.Errorf("%q became %q, problem %+v; want %q, %q", test.raw, got, p, test.want, test.problem)
		}
	}
}

func TestSignUpCheckNamesAllThatIsWrongInTheOrderOfTheForm(t *testing.T) {
	good := sns.SignUp{Username: "민지", Password: "correct horse", Confirmation: "correct horse", Email: "minji@example.com"}
	tests := []struct {
		name string
		form sns.SignUp
		want string
	}{
		{"good", good, ""},
		{"nothing typed", sns.SignUp{}, "username: username.length, password: password.length, email: email.empty"},
		{"all but the address", sns.SignUp{Username: ".", Password: "correct horse", Confirmation: "correct hors", Email: good.Email},
			"username: username.length, password_confirm: password.differs"},
		{"a typing error", sns.SignUp{Username: good.Username, Password: good.Password, Confirmation: "correct hors", Email: "minji"},
			"password_confirm: password.differs, email: email.format"},
		{"a password that is bad is not compared, too", sns.SignUp{Username: good.Username, Password: "short", Confirmation: "other", Email: good.Email},
			"password: password.length"},
	}
	for _, test := range tests {
		_, err := test.form.Check()
		want := "invalid input: " + test.want
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: %v, want %s", test.name, err, want)
		}
	}
}

func TestSignUpCheckCleans(t *testing.T) {
	form := sns.SignUp{
		Username: " \u1106\u1175\u11ab\u110c\u1175 ", Email: " minji@example.com ",
		// The password is typed on a Mac, the confirmation on a phone.
		Password: norm.NFD.String("참새가아침에운다"), Confirmation: "참새가아침에운다",
	}
	want := sns.SignUp{Username: "민지", Password: "참새가아침에운다", Email: "minji@example.com"}
	if got, err := form.Check(); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestStatusMessage(t *testing.T) {
	tests := []struct{ name, raw, want, problem string }{
		{"empty", "", "", ""},
		{"one line", "공부 중", "공부 중", ""},
		{"lines become one", "공부 중\r\n\n 조용히\t!", "공부 중 조용히 !", ""},
		{"only invisible", "\u3164", "", ""},
		{"a hundred", strings.Repeat("👍🏽", 100), strings.Repeat("👍🏽", 100), ""},
		{"a hundred and one", strings.Repeat("가", 101), "", "invalid.long"},
		{"control", "공부\x1b[31m", "공부[31m", ""},
	}
	for _, test := range tests {
		got, p := sns.StatusMessage(test.raw)
		if got != test.want || key(p) != test.problem || p != nil && p.Field != "status_message" {
			t.Errorf("%s: %q, problem %+v; want %q, %q", test.name, got, p, test.want, test.problem)
		}
	}
}

func TestRoles(t *testing.T) {
	roles := []sns.Role{sns.RoleUser, sns.RoleMentor, sns.RoleAdmin} // in increasing order
	for i, role := range roles {
		if !role.Valid() {
			t.Errorf("%s is not valid", role)
		}
		for j, other := range roles {
			if got := role.Is(other); got != (i >= j) {
				t.Errorf("%s is %s: %t", role, other, got)
			}
		}
	}
	for _, wrong := range []sns.Role{"", "user", "ROOT", "ADMIN "} {
		if wrong.Valid() {
			t.Errorf("%q is valid", wrong)
		}
		for _, role := range append(roles, wrong) {
			if wrong.Is(role) || role.Is(wrong) {
				t.Errorf("%q and %q contain each other", wrong, role)
			}
		}
	}
}

func TestNewUsername(t *testing.T) {
	for raw, want := range map[string]string{
		"민지": "", "민지_02": "", "minji.k": "", "K팝": "", "金민수": "", "たなか": "", "Иван": "", "badminton": "", "mode": "", "회원1호": "", "하늘님": "", "all": "",

		"관리자": "username.reserved", "관리자1": "username.reserved", "진짜관리자": "username.reserved", "관.리_자": "username.reserved",
		"운영자": "username.reserved", "Admin": "username.reserved", "admin_2": "username.reserved", "the.admin": "username.reserved",
		"аdmin": "username.reserved", "ａｄｍｉｎ": "username.reserved", "탈퇴한사용자": "username.reserved", "멘토": "username.reserved", "root": "username.reserved",
		"ADMlN": "username.reserved", "adm1n": "username.reserved", "r00t": "username.reserved", "0wner": "username.reserved", "ádmin": "username.reserved",
		"관리\u0301자": "username.reserved", "멘토님": "username.reserved", "어드민": "username.reserved", "운영팀": "username.reserved", "sysadmin": "username.reserved",

		"раypal": "username.mixed", "αbc": "username.mixed", "민지Иван": "username.mixed", "민지_Иван": "", "アbв": "username.mixed",

		"a": "username.length", "민 지": "username.characters",
	} {
		if _, p := sns.NewUsername(raw); key(p) != want {
			t.Errorf("%q: %q, want %q", raw, key(p), want)
		}
	}
}

func TestSkeleton(t *testing.T) {
	for _, alike := range [][2]string{{"paypal", "раураl"}, {"user1", "userl"}, {"USER1", "userl"}, {"민ㅣ", "민丨"}, {"ｍinji", "minji"}, {"paul", "pauI"}, {"HANA", "ΗΑΝΑ"}, {"민지0", "민지O"}, {"민지I", "민지1"}} {
		if a, b := sns.Skeleton(alike[0]), sns.Skeleton(alike[1]); a != b {
			t.Errorf("%q and %q look alike, and become %q and %q", alike[0], alike[1], a, b)
		}
	}
	if sns.Skeleton("민지") == sns.Skeleton("민자") {
		t.Error("민지 and 민자 look alike")
	}
	if n := utf8.RuneCountInString(sns.Skeleton(strings.Repeat("ﷺ", 100))); n > 255 {
		t.Errorf("%d runes", n)
	}
}
