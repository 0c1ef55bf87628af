package media

import "bytes"

// A jpegScan is a scan of a JPEG: coefficients first to last, in zigzag order,
// of some components.
type jpegScan struct {
	frame       *jpegFrame
	single      jpegComponent // the last component
	parts       []scanPart
	first, last int
	refines     bool // adds a bit to coefficients of earlier scans
	interval    int  // MCUs between two restart markers, or 0
	mcus        int
}

// A scanPart is a component in a scan, with its blocks in each MCU and its
// tables.
type scanPart struct {
	blocks int
	dc, ac *huffman
}

// hasTables reports whether the tables that the scan needs are there.
func (s *jpegScan) hasTables(p scanPart) bool {
	needsDC, needsAC := s.first == 0 && !s.refines, s.last > 0
	return (!needsDC || p.dc != nil) && (!needsAC || p.ac != nil)
}

// mend returns the data of the scan with lost MCUs added, and the number of
// MCUs that were there.
func (s *jpegScan) mend(data []byte) (out []byte, mcus int) {
	left, restart := s.mcus, byte(markRST0)
	for {
		n := left
		if s.interval > 0 {
			n = min(n, s.interval)
		}
		var piece []byte
		piece, data = cutRestart(data)
		mended, found := s.mendInterval(unstuff(piece), n)
		out, mcus = append(out, mended...), mcus+found
		if left -= n; left == 0 {
			return out, mcus
		}
		out = append(out, 0xff, restart)
		restart = markRST0 + (restart+1)&7
	}
}

// cutRestart returns the data before and after the first restart marker.
func cutRestart(data []byte) (before, after []byte) {
	for i := 0; i+1 < len(data); i++ {
		if data[i] == 0xff && markRST0 <= data[i+1] && data[i+1] <= markRST7 {
			return data[:i], data[i+2:]
		}
	}
	return data, nil
}

// unstuff returns data without the 0 behind each 255.
func unstuff(data []byte) []byte { return bytes.ReplaceAll(data, []byte{0xff, 0}, []byte{0xff}) }

// A scanState holds the last DC coefficient of each component, and the number
// of blocks that have no more AC coefficients.
type scanState struct {
	dc  [4]int
	run int
}

// mendInterval mends the data of mcus MCUs, and returns the number of MCUs
// found in data.
func (s *jpegScan) mendInterval(data []byte, mcus int) ([]byte, int) {
	r, state := bitReader{data: data}, scanState{}
	done, end := 0, 0
	for next := state; done < mcus; done++ {
		s.eachBlock(func(i int, p scanPart) { s.readBlock(&r, i, p, &next) })
		if r.over {
			break
		}
		state, end = next, r.pos
	}
	w := bitWriter{}
	w.copy(data, end)
	for range mcus - done {
		s.eachBlock(func(i int, p scanPart) { s.writeBlock(&w, i, p, &state) })
	}
	w.flush()
	return w.out, done
}

// eachBlock calls do for each block of an MCU.
func (s *jpegScan) eachBlock(do func(i int, p scanPart)) {
	for i, p := range s.parts {
		for range p.blocks {
			do(i, p)
		}
	}
}

// readBlock skips a block of component i, and keeps account in state.
func (s *jpegScan) readBlock(r *bitReader, i int, p scanPart, state *scanState) {
	if s.refines {
		r.read(1)
		return
	}
	if s.first == 0 {
		size := min(r.symbol(p.dc), 16)
		v := r.read(size)
		if size > 0 && v < 1<<(size-1) {
			v += 1 - 1<<size
		}
		state.dc[i] += v
	}
	if s.last == 0 {
		return
	}
	if state.run > 0 {
		state.run--
		return
	}
	s.readAC(r, p, state)
}

func (s *jpegScan) readAC(r *bitReader, p scanPart, state *scanState) {
	for zig := max(1, s.first); zig <= s.last; zig++ {
		symbol := r.symbol(p.ac)
		run, size := symbol>>4, symbol&15
		if size == 0 && run < 15 { // no more coefficients, here and in some blocks behind
			state.run = 1<<run | r.read(run) - 1
			return
		}
		if zig += run; zig <= s.last {
			r.read(size)
		}
	}
}

// writeBlock writes a gray block of component i.
func (s *jpegScan) writeBlock(w *bitWriter, i int, p scanPart, state *scanState) {
	if s.refines {
		w.write(0, 1)
		return
	}
	if s.first == 0 {
		state.dc[i] += p.dc.writeStep(w, -state.dc[i])
	}
	if s.last == 0 {
		return
	}
	if state.run > 0 {
		state.run--
		return
	}
	symbol := p.ac.blank()
	run, size := symbol>>4, symbol&15
	if size == 0 && run < 15 {
		w.symbol(p.ac, symbol)
		w.write(0, run)
		state.run = 1<<run - 1
		return
	}
	for zig := max(1, s.first); zig <= s.last; zig++ {
		w.symbol(p.ac, symbol)
		if zig += run; zig <= s.last {
			w.write(0, size)
		}
	}
}
