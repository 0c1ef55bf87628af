package live

import (
	"encoding/json"
	"testing"
)

// An event of the role closes the streams that were granted by another role, and no
// others.
func TestARoleClosesWhatItDoesNotGrant(t *testing.T) {
	p := newTestHub(t, Options{})
	byAdmin := p.openStream(t, "user=7&role=ADMIN&topic=settlement:7")
	byMentor := p.openStream(t, "user=7&role=MENTOR&topic=settlement:7")
	forAll := p.openStream(t, "user=7&topic=timeline")
	other := p.openStream(t, "user=8&role=ADMIN&topic=timeline")
	p.Deliver(RoleEvent(UserTopic(7), "MENTOR"))
	byAdmin.isClosed()
	for _, topic := range []string{"settlement:7", "timeline"} {
		p.Deliver(Event{Topic: topic, Kind: "post", Data: json.RawMessage(`1`)})
	}
	for _, who := range []*streamClient{byMentor, forAll, other} {
		if got := string(who.gets().HTML); got != " post  0 1" {
			t.Errorf("got %q", got)
		}
	}
	p.Deliver(Event{Topic: UserTopic(7), Kind: KindRole, Data: json.RawMessage(`{}`)}) // of a version to come
	byMentor.isClosed()
	p.Deliver(Event{Topic: "timeline", Kind: "post", Data: json.RawMessage(`2`)})
	if got := string(forAll.gets().HTML); got != " post  0 2" {
		t.Errorf("got %q", got)
	}
}
