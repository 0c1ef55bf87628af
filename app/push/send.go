package push

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"xxsns/app/sns"
)

// NewKeys makes keys for a community that has none.
func NewKeys() (keys sns.PushKeys, err error) {
	keys.Private, keys.Public, err = webpush.GenerateVAPIDKeys()
	return keys, err
}

// A Sender sends pushes to push services. A Sender is safe for concurrent use.
type Sender struct {
	Client  *http.Client
	Keys    sns.PushKeys
	Contact string // where push services reach the operator: an https URL
}

// A message is what a push service is to pass on.
type message struct {
	body    []byte // for the browser alone: it is encrypted
	topic   string // a message takes the place of one with the same topic that was not fetched yet
	ttl     time.Duration
	urgency webpush.Urgency
}

// An answer is that of a push service. The zero answer means that there was none.
type answer struct {
	status int
	after  time.Duration // to wait before the next message, or 0
}

// send sends a message to a browser. The error says why there is no answer, and never holds the
// endpoint, which is a secret.
func (s *Sender) send(ctx context.Context, d sns.PushDevice, m message) (answer, error) {
	res, err := webpush.SendNotificationWithContext(ctx, m.body, &webpush.Subscription{
		Endpoint: d.Endpoint, Keys: webpush.Keys{Auth: d.Secret, P256dh: d.PublicKey},
	}, &webpush.Options{
		HTTPClient: s.Client, Subscriber: s.Contact, VAPIDPublicKey: s.Keys.Public, VAPIDPrivateKey: s.Keys.Private,
		Topic: m.topic, TTL: int(m.ttl.Seconds()), Urgency: m.urgency,
	})
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // without the URL
		}
		return answer{}, fmt.Errorf("push service: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, mostAnswer) // so that the connection can be used again
	return answer{res.StatusCode, retryAfter(res.Header.Get("Retry-After"))}, nil
}

// retryAfter reads a header: seconds, or a date.
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
		return time.Duration(min(max(seconds, 0), int(mostRest.Seconds()))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(time.Until(at), 0), mostRest)
	}
	return 0
}

// topic returns the topic of a notice: the same for all notices of a user, kind and thing, so
// that a phone which was off shows one line. The private key is hashed along: the topic tells a
// push service nothing of the thing.
func (s *Sender) topic(user int64, n sns.Notice) string {
	h := sha256.New()
	h.Write([]byte(s.Keys.Private))
	for _, number := range []int64{user, int64(n.Kind), n.Post, n.Room} {
		_ = binary.Write(h, binary.BigEndian, number) // a hash takes all
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:24]) // 32 characters, the most that services take
}

// Tag returns the name under which a browser shows a notice: a later notice of the same kind and
// thing takes the place of the one before.
func Tag(n sns.Notice) string {
	return n.Kind.String() + "-" + strconv.FormatInt(n.Post, 10) + "-" + strconv.FormatInt(n.Room, 10)
}

// A delivery is how a push service is to treat notices of a kind.
type delivery struct {
	ttl     time.Duration // how long a browser may be away and still be told
	urgency webpush.Urgency
}

// deliveries are those of the kinds. A free seat is soon taken, and wakes a phone that saves
// its battery, as does one's name; a like can wait for the next time the phone is taken up.
var deliveries = map[sns.NoticeKind]delivery{
	sns.NoticeComment: {3 * 24 * time.Hour, webpush.UrgencyNormal},
	sns.NoticeThread:  {24 * time.Hour, webpush.UrgencyNormal},
	sns.NoticeMention: {3 * 24 * time.Hour, webpush.UrgencyHigh},
	sns.NoticeSeat:    {10 * time.Minute, webpush.UrgencyHigh},
	sns.NoticeReport:  {7 * 24 * time.Hour, webpush.UrgencyNormal},
	sns.NoticeLike:    {24 * time.Hour, webpush.UrgencyLow},
	sns.NoticeFollow:  {24 * time.Hour, webpush.UrgencyLow},
	sns.NoticeRoom:    {6 * time.Hour, webpush.UrgencyNormal},
}

// tryDelivery is that of a try, which somebody waits for.
var tryDelivery = delivery{5 * time.Minute, webpush.UrgencyHigh}

func deliveryOf(p sns.Push) delivery {
	if p.Notice == 0 {
		return tryDelivery
	}
	if d, ok := deliveries[p.Kind]; ok {
		return d
	}
	return delivery{24 * time.Hour, webpush.UrgencyNormal}
}
