package district_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/district"
)

func bundled(t testing.TB) *district.List {
	t.Helper()
	l, err := district.Read(district.Bundled)
	if err != nil {
		t.Fatalf("districts.txt: %v", err)
	}
	return l
}

func TestTheBundledListIsWhole(t *testing.T) {
	t.Parallel()
	districts, towns := 0, 0
	for _, region := range district.Regions() {
		districts += len(district.Districts(region))
	}
	seen := map[district.Place]bool{}
	for _, p := range bundled(t).Places() {
		if seen[p] {
			t.Errorf("%+v stands there twice", p)
		}
		seen[p] = true
		if p.Town != "" {
			towns++
		} else if len(district.Towns(p.Region, p.District)) == 0 {
			t.Errorf("%s has no towns", p.Area())
		}
	}
	// The reform of July 2026 merged two regions: 16 of 17 are left.
	if regions := len(district.Regions()); regions != 16 || districts < 240 || districts > 270 || towns < 5000 || towns > 6000 {
		t.Errorf("%d regions, %d districts, %d towns", regions, districts, towns)
	}
}

func TestNamesAreInOrder(t *testing.T) {
	t.Parallel()
	region := regexp.MustCompile(`^[가-힣]+[시도]$`)
	districtName := regexp.MustCompile(`^(?:[가-힣]+[시군구]|[가-힣]+시 [가-힣]+구)$`)
	town := regexp.MustCompile(`^[가-힣]+[0-9]*(?:읍|면|동|가|로)$`)
	for _, p := range bundled(t).Places() {
		if !region.MatchString(p.Region) || p.District != "" && !districtName.MatchString(p.District) || p.Town != "" && !town.MatchString(p.Town) {
			t.Errorf("%+v", p)
		}
		full := p.Area() + " " + p.Town
		if !norm.NFC.IsNormalString(full) || utf8.RuneCountInString(full) > 60 {
			t.Errorf("%q is not in NFC or too long", full)
		}
	}
}

func TestEveryRegionHasAShortNameOfItsOwn(t *testing.T) {
	t.Parallel()
	shorts := map[string]string{}
	for _, p := range bundled(t).Places() {
		if p.Town != "" {
			continue
		}
		short, _, _ := strings.Cut(district.Short(p.Area()), " ")
		if other := shorts[short]; other != "" && other != p.Region {
			t.Errorf("%s is short for %s and %s", short, other, p.Region)
		}
		if shorts[short] = p.Region; utf8.RuneCountInString(short) >= utf8.RuneCountInString(p.Region) {
			t.Errorf("%s is not shorter than %s", short, p.Region)
		}
	}
	if len(shorts) != len(district.Regions()) {
		t.Errorf("%d short names for %d regions", len(shorts), len(district.Regions()))
	}
	// Each name of a region finds that region.
	for region, names := range bundled(t).Names() {
		name := district.Districts(region)
		for _, called := range names {
			text := called
			if len(name) > 0 {
				text += " " + name[0]
			}
			if p, ok := district.Parse(text); !ok || p.Region != region {
				t.Errorf("%s means %+v, %t", text, p, ok)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"서울특별시\n", "서울특별시  서울\n", " 서울특별시 서울\n", "서울특별시 서울\r\n", "서울특별시 서울\n서울시 서울\n", "서울특별시 서울\n서울특별시 수도\n",
		"\t종로구\n", "\t\t청운동\n", "서울특별시 서울\n\t종로구 \n", "서울특별시 서울\n\t종로구\n\t종로구\n", "서울특별시 서울\n\t가 나 다\n",
		"서울특별시 서울\n\t종로구\n\t\t청운동 신교동\n", "서울특별시 서울\n\t종로구\n\t\t청운동\n\t\t청운동\n", "서울특별시 서울\n\t종로구\n\t\t\t청운동\n",
		"서울특별시 서울\n\t\t청운동\n\t종로구\n", "서울특별시 서울\n\t\n", "\t\n", " \n",
	} {
		if l, err := district.Read(text); err == nil {
			t.Errorf("%q was read as %+v", text, l.Places())
		}
	}
	if _, err := district.Read("# 하나\n\n서울특별시 서울\n\t종로구\n\t\t\n"); err == nil || !strings.Contains(err.Error(), "line 5") {
		t.Errorf("the error is %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", "#\n", "서울특별시 서울 서울시\n\t종로구\n\t\t청운동\n\t\t신교동", "세종특별자치시 세종\n\t\t반곡동\n경기도 경기\n\t수원시 장안구\n\t\t파장동\n",
		"a b\n\tc d\n\t\te\n\tc f\n", "a b\n\tc c\n", "\t\t\t\n", "a b\n\t\tc\n\td\n", "\xff \xfe\n\t\xfd\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := district.Read(text)
		if err != nil {
			return
		}
		seen := map[district.Place]bool{}
		for _, p := range l.Places() {
			if found, ok := l.Find(p.Region, p.District, p.Town); !ok || found != p || seen[p] {
				t.Errorf("%+v is found as %+v, %t; seen before: %t", p, found, ok, seen[p])
			}
			seen[p] = true
		}
	})
}
