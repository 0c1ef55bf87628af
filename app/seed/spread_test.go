package seed

import (
	"math"
	"slices"
	"testing"
	"time"
)

func total(numbers []int) (sum int) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}

func TestSharesAddUpAndAreUneven(t *testing.T) {
	rng := source(3)
	weights := make([]float64, 300)
	for i := range weights {
		weights[i] = popularity(rng)
	}
	for _, c := range []struct{ total, most, want int }{
		{0, 50, 0}, {1, 50, 1}, {299, 50, 299}, {2500, 50, 2500}, {14_000, 50, 14_000}, {15_000, 50, 15_000}, {20_000, 50, 15_000},
		{1_000_000, math.MaxInt, 1_000_000},
	} {
		shares := shares(c.total, weights, c.most)
		if got := total(shares); got != c.want || slices.Min(shares) < 0 || slices.Max(shares) > c.most {
			t.Errorf("%d by at most %d: %d in all, from %d to %d", c.total, c.most, got, slices.Min(shares), slices.Max(shares))
		}
	}
	shares := shares(3000, weights, math.MaxInt)
	slices.Sort(shares)
	if top := total(shares[270:]); top < 3000/4 || shares[150] > 10 {
		t.Errorf("the most popular tenth has %d of 3000, the middle one %d", top, shares[150])
	}
}

func TestPartsAddUp(t *testing.T) {
	for _, c := range []struct{ total, n, step int }{{1000, 7, 3}, {3, 100, 9}, {1_000_000_000, 1_000_000, 357}, {0, 5, 5}} {
		sum := 0
		for from := 0; from < c.n; from += c.step {
			sum += portion(c.total, from, min(from+c.step, c.n), c.n)
		}
		if sum != c.total {
			t.Errorf("%+v: %d", c, sum)
		}
	}
}

func TestDelaysEndBeforeNow(t *testing.T) {
	rng := source(4)
	for _, age := range []time.Duration{0, time.Second, 3 * time.Minute, 90 * day} {
		soon := 0
		for range 2000 {
			d := delay(rng, age)
			if d < 0 || d > age || d > 4*day {
				t.Fatalf("%v after a post of the age %v", d, age)
			}
			if d < day {
				soon++
			}
		}
		if soon < 1200 {
			t.Errorf("age %v: only %d of 2000 within a day", age, soon)
		}
	}
}

func TestFirstMembersAreTheBusiest(t *testing.T) {
	rng, counts := source(5), make([]int, 50)
	for range 10_000 {
		counts[member(rng, len(counts))]++
	}
	first, last := total(counts[:10]), total(counts[40:])
	if first < 2*last || slices.Min(counts) == 0 {
		t.Errorf("the first ten %d times, the last ten %d, somebody %d", first, last, slices.Min(counts))
	}
}

func TestPostsAreSpreadOverDaysAndHours(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	for _, end := range []time.Time{
		time.Date(2026, 3, 2, 14, 31, 5, 0, seoul), time.Date(2026, 3, 2, 0, 0, 0, 0, seoul), time.Date(2026, 3, 2, 23, 59, 59, 999, seoul),
	} {
		clock, rng := newClock(end, 90), source(6)
		const n = 20_000
		var hours [24]int
		var halves [2]int
		before := clock.midnight.Add(-1)
		for i := range n {
			at := clock.at(rng, i, n)
			if !at.After(before) || at.After(end) {
				t.Fatalf("post %d at %v, the one before at %v, the end at %v", i, at, before, end)
			}
			before = at
			hours[at.In(seoul).Hour()]++
			if at.Sub(clock.midnight) < end.Sub(clock.midnight)/2 {
				halves[0]++
			} else {
				halves[1]++
			}
		}
		if !before.Equal(end) {
			t.Errorf("the newest at %v, want %v", before, end)
		}
		if age := end.Sub(clock.midnight); age < 90*day || age >= 91*day {
			t.Errorf("it begins %v before the end", age)
		}
		if hours[3]*10 > hours[21] || hours[3] == 0 {
			t.Errorf("%d posts at three in the night, %d at nine in the evening", hours[3], hours[21])
		}
		if halves[1] <= halves[0] {
			t.Errorf("%d posts in the first half and %d in the second", halves[0], halves[1])
		}
	}
}

func TestOnePostIsTheNewest(t *testing.T) {
	end := time.Date(2026, 3, 2, 14, 31, 5, 0, time.UTC)
	if at := newClock(end, 90).at(source(1), 0, 1); !at.Equal(end) {
		t.Errorf("%v, want %v", at, end)
	}
}
