package web_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
)

// alphabets are the alphabets that look like that of ASCII, by their a: fullwidth, and the
// bold, italic, script, Fraktur, double-struck, sans-serif and monospace ones of mathematics.
var alphabets = []rune{
	0xff41, 0x1d41a, 0x1d44e, 0x1d482, 0x1d4b6, 0x1d4ea, 0x1d51e, 0x1d552, 0x1d586, 0x1d5ba, 0x1d5ee, 0x1d622, 0x1d656, 0x1d68a,
}

// inAlphabet returns a name of small letters in the alphabet of a.
func inAlphabet(name string, a rune) string {
	return strings.Map(func(r rune) rune { return a + r - 'a' }, name)
}

// unseen are characters that show nothing, or next to nothing.
var unseen = []string{
	"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u180e", "\u115f", "\u1160", "\u3164", "\uffa0", "\ufe0f", "\u2800",
	"\u202e", "\u2066", "\U000e0061", "\u17b4", "\u2063", "\u0300", "\u0338", "\u20e3", " ", "\u00a0", "\u3000",
}

// A lookalike is a name that readers take for that of a member.
type lookalike struct{ member, impostor string }

// written are lookalikes that no rule makes: other scripts, digits, cases, signs of Hangul.
var written = []lookalike{
	// Cyrillic, letter by letter and whole.
	{"scope", "\u0455cope"}, {"scope", "s\u0441ope"}, {"scope", "sc\u043epe"}, {"scope", "sco\u0440e"}, {"scope", "scop\u0435"},
	{"scope", "\u0455\u0441\u043e\u0440\u0435"}, {"scope", "\u0405\u0421\u041e\u0420\u0415"}, {"paul", "p\u0430ul"}, {"paul", "\u0440aul"},
	{"jeju", "\u0458eju"}, {"jeju", "\u0458\u0435\u0458u"}, {"hanbin", "\u04bbanbin"}, {"yuna", "\u0443una"}, {"ixora", "\u0456xora"}, {"ixora", "i\u0445ora"},
	{"kim.jy", "k\u0456m.jy"}, {"jeju", "\u0458\u0435ju"},
	// Greek.
	{"scope", "sc\u03bfpe"}, {"paul", "\u03c1aul"}, {"ixora", "\u03b9xora"}, {"nova", "no\u03bda"}, {"nova", "n\u03bf\u03bd\u03b1"}, {"OMEKA", "\u039f\u039c\u0395\u039a\u0391"},
	{"yuna", "\u03b3una"}, {"hanbin", "hanb\u03b9n"},
	// Other scripts.
	{"scope", "sc\u0585pe"}, {"hanbin", "\u0570anbin"}, {"jeju", "\u03f3eju"}, {"soon", "s\u06f5\u06f5n"}, {"soon", "s\u0d20\u0d20n"}, {"soon", "s\u101d\u101dn"},
	{"nova", "\u0578ova"}, {"paul", "pau\u217c"}, {"ixora", "\u2170xora"},
	// Digits and letters, and cases that look like other letters.
	{"soon", "s00n"}, {"soon", "so0n"}, {"soon", "S0ON"}, {"paul", "pau1"}, {"paul", "pauI"}, {"Illini", "lllini"}, {"Illini", "1llini"}, {"Illini", "IIlini"}, {"Illini", "I11ini"},
	{"kim.jy", "KIM.JY"}, {"paul", "Paul"}, {"modern", "rnodern"},
	// Letters of Latin that are made of others.
	{"jeju", "\u0237eju"}, {"ixora", "\u0131xora"}, {"yuna", "\u028funa"}, {"hanbin", "hanb\u0269n"}, {"paul", "p\u0251ul"}, {"scope", "s\u1d04ope"}, {"nova", "n\u1d0fva"}, {"nova", "no\u1d20a"},
	{"scope", "scope\u0332"}, {"office", "o\ufb03ce"}, {"office", "of\ufb01ce"},
	// Hangul: the same syllables in pieces, of half width, and signs of other scripts.
	{"민지", norm.NFD.String("민지")}, {"민지", "\u1106\u1175\u11ab\u110c\u1175"}, {"ㅁㅁ", "\u53e3\u53e3"}, {"ㅁㅁ", "\uffb1\uffb1"}, {"ㅡㅡ", "\u4e00\u4e00"}, {"ㅡㅡ", "\u30fc\u30fc"},
	{"민지", "민\u110c\u1175"}, {"ㅋㅋ", "\u110f\u110f"}, {"ㅅㅅ", "\u4eba\u4eba"}, {"ㅣㅣ", "ll"}, {"ㅇㅇ", "OO"},
	// Han and Kana.
	{"二口", "ニ口"}, {"二口", "\u30cb\u30ed"}, {"工力", "エカ"}, {"日月", "\u2f47\u2f49"}, {"日月", "\u2f47月"},
}

// lookalikes returns all of them.
func lookalikes() []lookalike {
	all := append([]lookalike(nil), written...)
	for _, member := range []string{"paul", "scope", "hanbin"} {
		for _, a := range alphabets {
			all = append(all, lookalike{member, inAlphabet(member, a)})
		}
	}
	for _, sign := range unseen {
		all = append(all, lookalike{"민지", "민" + sign + "지"}, lookalike{"paul", "paul" + sign})
	}
	return all
}

// signsUp sends the form with a name, and returns the status.
func signsUp(c *apptest.Client, name string) *apptest.Page {
	return c.Post("/sign-up", "username", name, "password", apptest.Password, "password_confirm", apptest.Password, "email", "someone@example.com")
}

// TestNobodyPassesForAMember: a name that readers take for a member's is refused, whether
// it looks alike, is the same name, or holds what nobody sees.
func TestNobodyPassesForAMember(t *testing.T) {
	v := open(t)
	all := lookalikes()
	if len(all) < 100 {
		t.Fatalf("only %d names", len(all))
	}
	members := map[string]bool{"민지": true}
	for _, l := range all {
		if !members[l.member] {
			signsUp(v.Guest(), l.member).Want(303)
			members[l.member] = true
		}
	}
	guest := v.Guest()
	for _, l := range all {
		if p := signsUp(guest, l.impostor); p.Status != 422 || p.Find("[name=username][aria-invalid=true]").Length() == 0 {
			t.Errorf("%+q passes for %s: %d", l.impostor, l.member, p.Status)
			guest = v.Guest()
		}
	}
}

// genuine are names that people have, many of which differ little. Letters of Hangul that
// sound alike, such as ㅔ and ㅐ, are different letters.
var genuine = []string{
	"예진", "얘진", "제훈", "재훈", "세희", "새희", "혜림", "해림", "왜가리", "외가리", "웨가리", "김민정", "김민졍", "박서윤", "박서연", "이도현", "이도헌", "하는", "하눌", "이호", "ㅇ호", "한별", "한벌",
	"남궁민", "선우", "선우2", "지우", "지우_", "민지98", "minji", "minji_98", "kim민지", "민지Kim", "JiHoon.Lee", "J.Park", "hello", "hallo", "cafe", "café", "Zoë", "Zoe", "Müller",
	"김철수", "金哲洙", "さくら", "サクラ", "山田太郎", "王小明", "Ольга", "Νίκος", "สมชาย", "आदित्य", "أحمد", "דוד", "Nguyễn", "Łukasz", "Søren", "ㅎㅎ", "1004", "e_e", "ohoh", "0519",
	"yang_eun", "sns_lover", "bonbon",
}

// TestGenuineNamesAreTaken: one after the other, beside each other.
func TestGenuineNamesAreTaken(t *testing.T) {
	v := open(t)
	if len(genuine) < 50 {
		t.Fatalf("only %d names", len(genuine))
	}
	for _, name := range genuine {
		if p := signsUp(v.Guest(), name); p.Status != 303 {
			t.Errorf("%s is refused: %d %s", name, p.Status, p.Text("form"))
		}
	}
}
