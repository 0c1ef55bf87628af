//go:build unix

package e2e

import (
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/apptest/load"
)

// restFor is how long a program has nothing to do before its memory is looked at: memory that
// was used at the start goes back by and by.
const restFor = 5 * time.Second

// BenchmarkStart starts the program on a database that is there, and reports the time until
// the program is ready, and the memory of the program at rest.
func BenchmarkStart(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		starts(b, apptest.StartProgram(b, "PROVE_EVERY=1000"))
	})
	b.Run("mariadb", func(b *testing.B) {
		t := newTown(b)
		t.stop(t.Two)
		starts(b, t.One.Program)
	})
}

// starts stops and starts a program.
func starts(b *testing.B, p *apptest.Program) {
	b.Helper()
	for b.Loop() {
		var waited time.Duration
		const times = 5
		for range times {
			<-p.Terminate()
			begun := time.Now()
			p.Start()
			p.Guest().Get("/readyz").Want(http.StatusOK)
			waited += time.Since(begun)
		}
		time.Sleep(restFor)
		noTime(b)
		b.ReportMetric(float64(waited.Microseconds())/1000/times, "ms-ready")
		b.ReportMetric(float64(load.Used()[replicaProgram].Resident)/1e6, "MB-resident")
	}
}
