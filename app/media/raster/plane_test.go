package raster

import "testing"

func TestResizeKeepsAPlainColour(t *testing.T) {
	for value := range 256 {
		p := New(37, 23, 1)
		for i := range p.Pix {
			p.Pix[i] = uint8(value)
		}
		small := p.Resize(11, 20)
		for i, got := range small.Pix {
			if int(got) != value {
				t.Fatalf("%d became %d at %d", value, got, i)
			}
		}
	}
}
