package seed

import (
	"strings"
	"testing"

	"xxsns/app/district"
)

func TestMostPeopleLiveInFewDistricts(t *testing.T) {
	rng, districts, towns := source(1), map[string]int{}, map[string]int{}
	const n = 10_000
	for range n {
		home := home(rng)
		if (home.Area == "") != (home.Town == "") || strings.ContainsAny(home.Area+home.Town, "/[]") {
			t.Fatalf("%+v", home)
		}
		region, part, known := district.SplitArea(home.Area)
		if known {
			_, known = district.Find(region, part, home.Town)
		}
		if home.Area != "" && !known {
			t.Fatalf("%+v is not on the list", home)
		}
		districts[home.Area]++
		towns[home.Town]++
	}
	if none := districts[""]; none < n/5 || none > n*3/10 {
		t.Errorf("%d of %d live nowhere", none, n)
	}
	if len(districts) != 5+1 || len(towns) != 17+1 || districts["서울특별시 성동구"] < n/5 || towns["노형동"] == 0 {
		t.Errorf("people live in %v, %v", districts, towns)
	}
}

func TestTownsAreSaidWithoutTheirNumber(t *testing.T) {
	for town, want := range map[string]string{"성수동1가": "성수동", "금호동2가": "금호동", "우동": "우동", "이도이동": "이도이동"} {
		if got := spokenTown(town); got != want {
			t.Errorf("%s: %s, want %s", town, got, want)
		}
	}
}
