package push_test

import (
	"path/filepath"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/push"
	"xxsns/app/sns"
)

var comment = sns.Notice{Kind: sns.NoticeComment, Post: 7, Title: "하루님이 댓글을 남겼어요", Unread: true}

func TestAPushReachesTheBrowserEncrypted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		minji, phone := w.joins("민지")
		laptop := w.subscribes(minji, "민지")
		haru, other := w.joins("하루")
		replica := w.replica()
		w.notice(1, minji, comment)
		w.notice(2, haru, sns.Notice{Kind: sns.NoticeComment, Post: 7, Title: "준호님이 댓글을 남겼어요"})
		w.runs(replica)
		if n := phone.Asked(); n != 0 {
			t.Fatalf("%d pushes before the ten seconds are over", n)
		}
		w.passes(sns.PushDelay)
		w.runs(replica)
		w.notice(3, minji, comment) // the notice before was read, and there is news of the same thing
		w.passes(sns.PushDelay)
		w.runs(replica)
		for _, b := range []*apptest.PushBrowser{phone, laptop} {
			got := b.Pushed()
			if len(got) != 2 || string(got[0].Body) != `{"lang":"ko","title":"하루님이 댓글을 남겼어요"}` {
				t.Fatalf("the browser got %q", got)
			}
			if p := got[0]; p.Key != w.keys.Public || p.Contact != "https://sns.example.org" || p.TTL != "259200" || p.Urgency != "normal" || len(p.Topic) != 32 {
				t.Errorf("got %+v", p)
			}
			if got[0].Topic != got[1].Topic {
				t.Errorf("the topics of one thing are %s and %s", got[0].Topic, got[1].Topic)
			}
		}
		if theirs := other.Pushed(); len(theirs) != 1 || theirs[0].Topic == phone.Pushed()[0].Topic {
			t.Errorf("하루 got %+v", theirs)
		}
		if n := w.waiting(); n != 0 || replica.Stats.Count(push.Sent) != 5 {
			t.Errorf("%d wait, %d are sent", n, replica.Stats.Count(push.Sent))
		}
	})
}

func TestNothingIsPushedThatWasReadOrIsNotWanted(t *testing.T) {
	for name, act := range map[string]func(*world){
		push.Read: func(w *world) { w.reads(1) },
		push.Off:  func(w *world) { w.settings.Turn(sns.NoticeComment, sns.ChannelPush, false) },
		push.Old:  func(w *world) { w.passes(8 * 24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
			minji, phone := w.joins("민지")
			w.notice(1, minji, comment)
			act(w)
			w.passes(sns.PushDelay)
			replica := w.replica()
			w.runs(replica)
			if n := phone.Asked(); n != 0 || w.waiting() != 0 || replica.Stats.Count(name) != 1 {
				t.Errorf("%d pushes, %d wait, %d are %s", n, w.waiting(), replica.Stats.Count(name), name)
			}
		})
	}
}

func TestQuietHoursPutAPushOff(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
	minji, phone := w.joins("민지")
	local := w.now.In(apptest.Seoul)
	minute := local.Hour()*60 + local.Minute()
	w.settings.Quiet = sns.Quiet{From: (minute + 24*60 - 60) % (24 * 60), To: (minute + 60) % (24 * 60)}
	w.notice(1, minji, comment)
	w.passes(sns.PushDelay)
	w.runs(w.replica())
	w.passes(50 * time.Minute)
	w.runs(w.replica())
	if phone.Asked() != 0 || w.waiting() != 1 {
		t.Fatalf("in quiet hours: %d pushes, %d wait", phone.Asked(), w.waiting())
	}
	w.passes(10 * time.Minute)
	w.runs(w.replica())
	if got := phone.Pushed(); len(got) != 1 {
		t.Errorf("afterwards the phone got %v", got)
	}
}
