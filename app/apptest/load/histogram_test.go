package load

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestBucketsCoverEverythingOnce: each duration is in the only bucket whose end
// the duration does not exceed, and that bucket is narrow.
func TestBucketsCoverEverythingOnce(t *testing.T) {
	t.Parallel()
	for i := range buckets {
		last := end(i)
		if bucket(last) != i {
			t.Fatalf("bucket %d ends at %d, which is in bucket %d", i, last, bucket(last))
		}
		if i+1 < buckets && bucket(last+1) != i+1 {
			t.Fatalf("%d is in bucket %d, not in the one after %d", last+1, bucket(last+1), i)
		}
		if i > 0 && last-end(i-1) > max(last/steps, 1) {
			t.Fatalf("bucket %d is from %d to %d", i, end(i-1)+1, last)
		}
	}
	if end(buckets-1) != longest || bucket(longest+1) != buckets-1 || bucket(-1) != 0 {
		t.Errorf("the last bucket ends at %d; too long is in %d, negative in %d", end(buckets-1), bucket(longest+1), bucket(-1))
	}
}

// TestQuantilesAreThoseOfASortedList, rounded up by at most 1/64.
func TestQuantilesAreThoseOfASortedList(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, count := range []int{1, 2, 3, 100, 9999} {
		h, all := new(Histogram), make([]time.Duration, count)
		for i := range all {
			all[i] = time.Duration(random.ExpFloat64() * float64(3*time.Millisecond))
			h.Record(all[i])
		}
		slices.Sort(all)
		if h.Count() != int64(count) || h.Max() != all[count-1] {
			t.Errorf("%d up to %v, want %d up to %v", h.Count(), h.Max(), count, all[count-1])
		}
		for _, percent := range []int{0, 1, 50, 90, 99, 100} {
			want := all[max((percent*count+99)/100, 1)-1]
			if got := h.Quantile(float64(percent) / 100); got < want || got > want+want/steps {
				t.Errorf("%d %% of %d are within %v, want %v", percent, count, got, want)
			}
		}
	}
}

// TestAnEmptyHistogram: every method of an empty histogram returns 0.
func TestAnEmptyHistogram(t *testing.T) {
	t.Parallel()
	if h := new(Histogram); h.Count() != 0 || h.Max() != 0 || h.Quantile(0.5) != 0 {
		t.Errorf("nothing is %d, up to %v, in the middle %v", h.Count(), h.Max(), h.Quantile(0.5))
	}
}

// TestManyRecordAtOnce: no duration is lost between goroutines.
func TestManyRecordAtOnce(t *testing.T) {
	t.Parallel()
	h, recording := new(Histogram), sync.WaitGroup{}
	for who := range 8 {
		recording.Go(func() {
			for i := range 1000 {
				h.Record(time.Duration(who*1000 + i))
			}
		})
	}
	recording.Wait()
	if h.Count() != 8000 || h.Max() != 7999 {
		t.Errorf("%d up to %d, want 8000 up to 7999", h.Count(), h.Max())
	}
}
