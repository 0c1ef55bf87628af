package district_test

import (
	"testing"

	"xxsns/app/district"
)

func TestAreasAreSplitAgain(t *testing.T) {
	t.Parallel()
	for _, p := range bundled(t).Places() {
		if region, name, ok := district.SplitArea(p.Area()); !ok || region != p.Region || name != p.District {
			t.Errorf("%q is split into %q, %q, %t", p.Area(), region, name, ok)
		}
	}
	for _, area := range []string{"", " ", "서울특별시", "서울특별시 ", "세종특별자치시 ", "서울 성동구", "서울특별시  성동구", "경기도 수원시", "서울특별시 성동구 성수동1가", "인천광역시 서구"} {
		if region, name, ok := district.SplitArea(area); ok || region != "" || name != "" {
			t.Errorf("%q is split into %q, %q", area, region, name)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for area, want := range map[string]string{
		"서울특별시 성동구":     "서울 성동구",
		"경기도 수원시 장안구":   "경기 수원시 장안구",
		"세종특별자치시":       "세종",
		"전남광주통합특별시 광산구": "전남광주 광산구",
		"강원특별자치도 고성군":   "강원 고성군",
		"충청북도 청주시 상당구":  "충북 청주시 상당구",
		// Not on the list.
		"서울특별시": "서울특별시", "인천광역시 서구": "인천광역시 서구", "달나라 고요의바다": "달나라 고요의바다", "": "", " ": " ", "서울 성동구": "서울 성동구",
	} {
		if got := district.Short(area); got != want {
			t.Errorf("%q is %q for short, not %q", area, got, want)
		}
	}
}
