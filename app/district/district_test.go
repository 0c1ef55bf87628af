package district_test

import (
	"slices"
	"testing"

	"xxsns/app/district"
)

func TestRegionsDistrictsAndTownsAreListed(t *testing.T) {
	t.Parallel()
	if regions := district.Regions(); regions[0] != "서울특별시" || !slices.Contains(regions, "제주특별자치도") {
		t.Errorf("the regions are %v", regions)
	}
	if districts := district.Districts("제주특별자치도"); !slices.Equal(districts, []string{"제주시", "서귀포시"}) {
		t.Errorf("the districts of Jeju are %v", districts)
	}
	for _, region := range []string{"세종특별자치시", "서울", "서울시", "", "없는도"} {
		if districts := district.Districts(region); districts != nil {
			t.Errorf("%s has the districts %v", region, districts)
		}
	}
	gyeonggi := district.Districts("경기도")
	if !slices.Contains(gyeonggi, "수원시 장안구") || slices.Contains(gyeonggi, "수원시") || slices.Contains(gyeonggi, "장안구") || !slices.Contains(gyeonggi, "가평군") {
		t.Errorf("the districts of Gyeonggi are %v", gyeonggi)
	}
	for _, p := range []district.Place{{"서울특별시", "성동구", "성수동1가"}, {"세종특별자치시", "", "조치원읍"}, {"경기도", "성남시 분당구", "판교동"}} {
		if towns := district.Towns(p.Region, p.District); !slices.Contains(towns, p.Town) {
			t.Errorf("%s has the towns %v", p.Area(), towns)
		}
	}
	for _, area := range [][2]string{{"서울특별시", ""}, {"서울", "성동구"}, {"경기도", "수원시"}, {"경기도", "장안구"}, {"", ""}, {"", "성동구"}, {"부산광역시", "성동구"}} {
		if towns := district.Towns(area[0], area[1]); towns != nil {
			t.Errorf("%q has the towns %v", area, towns)
		}
	}
}

func TestCallersCannotChangeTheList(t *testing.T) {
	t.Parallel()
	for _, get := range []func() []string{
		district.Regions,
		func() []string { return district.Districts("서울특별시") },
		func() []string { return district.Towns("서울특별시", "성동구") },
	} {
		names := get()
		before := slices.Clone(names)
		clear(names)
		if again := get(); !slices.Equal(again, before) {
			t.Errorf("%v became %v", before, again)
		}
	}
}

func TestEveryPlaceIsFound(t *testing.T) {
	t.Parallel()
	for _, p := range bundled(t).Places() {
		if found, ok := district.Find(p.Region, p.District, p.Town); !ok || found != p {
			t.Errorf("%+v is found as %+v, %t", p, found, ok)
		}
	}
	for _, p := range []district.Place{
		{}, {"서울특별시", "", ""}, {"서울특별시", "", "성수동1가"}, {"서울특별시", "종로구", "성수동1가"}, {"서울", "성동구", ""}, {"", "성동구", ""},
		{"경기도", "수원시", ""}, {"세종특별자치시", "", "성수동1가"}, {"세종특별자치시", "조치원읍", ""}, {"서울특별시", "성동구 ", ""},
	} {
		if found, ok := district.Find(p.Region, p.District, p.Town); ok || found != (district.Place{}) {
			t.Errorf("%+v is found as %+v", p, found)
		}
	}
}
