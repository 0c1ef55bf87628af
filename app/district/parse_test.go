package district_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/district"
)

func TestEveryPlaceIsParsed(t *testing.T) {
	t.Parallel()
	for _, p := range bundled(t).Places() {
		text := p.Area() + " " + p.Town
		if got, ok := district.Parse(text); !ok || got != p {
			t.Errorf("%q is read as %+v, %t", text, got, ok)
		}
		text = district.Short(p.Area()) + "  " + p.Town
		if got, ok := district.Parse(norm.NFD.String(text)); !ok || got != p {
			t.Errorf("%q is read as %+v, %t", text, got, ok)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	seongsu := district.Place{"서울특별시", "성동구", "성수동1가"}
	for text, want := range map[string]district.Place{
		"서울특별시 성동구 성수동1가":         seongsu,
		"서울 성동구 성수동1가":            seongsu,
		"서울시 성동구 성수동1가":           seongsu,
		"성동구 성수동1가":               seongsu,
		"\t서울 \n 성동구\u3000성수동1가 ": seongsu,
		"서울시 성동구":                 {"서울특별시", "성동구", ""},
		"해운대구":                    {"부산광역시", "해운대구", ""},
		"대구 중구":                   {"대구광역시", "중구", ""},
		"경기 수원시 장안구":              {"경기도", "수원시 장안구", ""},
		"경기도 성남시 분당구 판교동":         {"경기도", "성남시 분당구", "판교동"},
		"세종":           {"세종특별자치시", "", ""},
		"세종시 조치원읍":     {"세종특별자치시", "", "조치원읍"},
		"세종 세종동":       {"세종특별자치시", "", "세종동"},
		"제주 제주시":       {"제주특별자치도", "제주시", ""},
		"강원도 고성군":      {"강원특별자치도", "고성군", ""},
		"전라북도 전주시 덕진구": {"전북특별자치도", "전주시 덕진구", ""},
		// A single word of a two-word district is enough if it is unambiguous.
		"분당구":        {"경기도", "성남시 분당구", ""},
		"경기 분당구 판교동": {"경기도", "성남시 분당구", "판교동"},
		"수원시 파장동":    {"경기도", "수원시 장안구", "파장동"},
		"경북 북구":      {"경상북도", "포항시 북구", ""},
		// Names from before the reform of July 2026.
		"광주 북구":      {"전남광주통합특별시", "북구", ""},
		"광주광역시 광산구":  {"전남광주통합특별시", "광산구", ""},
		"전남 목포시 용당동": {"전남광주통합특별시", "목포시", "용당동"},
		"광주시 초월읍":    {"경기도", "광주시", "초월읍"},
		"경기 광주시":     {"경기도", "광주시", ""},
	} {
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if got, ok := district.Parse(form.String(text)); !ok || got != want {
				t.Errorf("%q is read as %+v, %t, not %+v", text, got, ok, want)
			}
		}
	}
}

func TestParseNeverGuesses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "중구", "고성군", "남구", "광주시", "광주", "서울", "서울특별시", "경기도", "수원시", "경기 수원시", "성수동1가", "서울 성수동1가", "조치원읍",
		"서울 해운대구", "성동구 판교동", "서울 성동구 성수동", "서울 성동", "인천 서구", "서울 서울 성동구", "성동구 서울", "서울 성동구 성수동1가 1", "서울성동구",
		"세종 세종시 조치원읍", "\xff", "서울\x00성동구", strings.Repeat("서울 ", 1000),
	} {
		if got, ok := district.Parse(text); ok || got != (district.Place{}) {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "중구", "서울 성동구 성수동1가", "경기도 성남시  분당구 판교동", "세종", "세종 조치원읍", "광주시", norm.NFD.String("해운대구"), "\xff \u3000", "\u1112 \u1161"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := district.Parse(text)
		if !ok {
			if p != (district.Place{}) {
				t.Errorf("%q is refused and read as %+v", text, p)
			}
			return
		}
		if found, ok := district.Find(p.Region, p.District, p.Town); !ok || found != p {
			t.Errorf("%q is read as %+v, which is not on the list", text, p)
		}
		if again, ok := district.Parse(p.Area() + " " + p.Town); !ok || again != p {
			t.Errorf("%+v becomes %+v, %t", p, again, ok)
		}
		if spaced, ok := district.Parse(" " + norm.NFD.String(strings.Join(strings.Fields(text), "\t"))); !ok || spaced != p {
			t.Errorf("%q means %+v, %t with other blanks", text, spaced, ok)
		}
		words := strings.Fields(norm.NFC.String(text))
		if last := words[len(words)-1]; !strings.HasSuffix(p.Area(), last) && p.Town != last && p.Region != "세종특별자치시" {
			t.Errorf("%q is read as %+v, which does not end so", text, p)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, ok := district.Parse("서울 종로구 무악동"); !ok {
			b.Fatal("not read")
		}
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := district.Read(district.Bundled); err != nil {
			b.Fatal(err)
		}
	}
}
