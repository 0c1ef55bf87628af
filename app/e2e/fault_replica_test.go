package e2e

import (
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestFaultReplicaKilled: a replica is killed in the middle of chatting, and
// then the other replica. Their people land on the replica that is left, and
// miss no message.
func TestFaultReplicaKilled(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	c := assembles(t, r)
	c.begin()
	for range inChaos(1, 10) {
		for _, replica := range both(r) {
			c.awaits(20)
			aWhile(50 * time.Millisecond)
			replica.Kill9()
			c.awaits(20) // on the other replica
			aWhile(inChaos(100*time.Millisecond, 3*time.Second))
			replica.Start()
			replica.AwaitServing()
		}
	}
	c.awaits(20)
	c.fallsSilent()
	c.ends()
	lines := c.verify(200)
	c.settledOnce(lines)
	c.saysNothing()
}
