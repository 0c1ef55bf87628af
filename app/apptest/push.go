package apptest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/sns"
)

// pushOrigin is where the service seems to be. The certificate of httptest is for that name.
const pushOrigin = "https://push.example.com"

// A PushService is a push service on this machine, with its browsers. The service checks every
// push as browsers and services do (RFC 8030, 8188, 8291, 8292), and decrypts it.
type PushService struct {
	tb     testing.TB
	server *httptest.Server

	mu       sync.Mutex // guards the fields below
	browsers map[string]*PushBrowser
	released chan struct{}
}

// A PushBrowser is a browser that has subscribed at a PushService.
type PushBrowser struct {
	service *PushService
	path    string
	private *ecdh.PrivateKey
	secret  []byte
	answers []PushAnswer
	pushed  []Pushed
	asked   int
}

// A PushAnswer is how the service answers one push. Hang means never.
type PushAnswer struct {
	Status int
	After  string // Retry-After
	To     string // Location
	Hang   bool
}

// Pushed is what a browser got.
type Pushed struct {
	Body                []byte
	Topic, Urgency, TTL string
	Key                 string // that signed: of the community
	Contact             string
}

// NewPushService starts a push service.
func NewPushService(tb testing.TB) *PushService {
	tb.Helper()
	s := &PushService{tb: tb, browsers: map[string]*PushBrowser{}, released: make(chan struct{})}
	s.server = httptest.NewTLSServer(http.HandlerFunc(s.serve))
	tb.Cleanup(s.server.Close)
	tb.Cleanup(func() { close(s.released) }) // before Close, which waits for those that hang
	return s
}

// Transport connects to the service, whatever the name.
func (s *PushService) Transport() *http.Transport {
	roots := s.server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.server.Listener.Addr().String())
		},
	}
}

// Subscribe makes a browser subscribe.
func (s *PushService) Subscribe() *PushBrowser {
	s.tb.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		s.tb.Fatal(err)
	}
	b := &PushBrowser{service: s, path: "/" + rand.Text(), private: private, secret: make([]byte, 16)}
	_, _ = rand.Read(b.secret) // never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	s.browsers[b.path] = b
	return b
}

// Device returns the subscription.
func (b *PushBrowser) Device() sns.PushDevice {
	return sns.PushDevice{
		Endpoint: pushOrigin + b.path, PublicKey: base64.RawURLEncoding.EncodeToString(b.private.PublicKey().Bytes()),
		Secret: base64.RawURLEncoding.EncodeToString(b.secret), Agent: "Mozilla/5.0", Lang: "ko",
	}
}

// JSON returns the subscription as the browser's toJSON does.
func (b *PushBrowser) JSON() string {
	d := b.Device()
	return fmt.Sprintf(`{"endpoint":%q,"expirationTime":null,"keys":{"p256dh":%q,"auth":%q}}`, d.Endpoint, d.PublicKey, d.Secret)
}

// Answers sets how the next pushes to the browser are answered; those after with 201.
func (b *PushBrowser) Answers(answers ...PushAnswer) {
	b.service.mu.Lock()
	defer b.service.mu.Unlock()
	b.answers = answers
}

// Pushed returns the pushes that were taken.
func (b *PushBrowser) Pushed() []Pushed {
	b.service.mu.Lock()
	defer b.service.mu.Unlock()
	return append([]Pushed(nil), b.pushed...)
}

// Asked returns how often the service was asked, whatever the answer.
func (b *PushBrowser) Asked() int {
	b.service.mu.Lock()
	defer b.service.mu.Unlock()
	return b.asked
}

func (s *PushService) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4097))
	if err != nil { // the program waits no longer, and so has not asked
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	b := s.browsers[r.URL.Path]
	if b == nil {
		s.mu.Unlock()
		w.WriteHeader(http.StatusNotFound)
		return
	}
	b.asked++
	answer := PushAnswer{Status: http.StatusCreated}
	if len(b.answers) > 0 {
		answer, b.answers = b.answers[0], b.answers[1:]
	}
	s.mu.Unlock()
	if answer.Hang {
		select {
		case <-s.released:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler) // a return would be an answer, which may still reach who gives up
	}
	got, err := b.read(r, body)
	if err != nil {
		s.tb.Errorf("a push that no browser takes: %v", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if answer.Status < 300 {
		s.mu.Lock()
		b.pushed = append(b.pushed, got)
		s.mu.Unlock()
	}
	for header, value := range map[string]string{"Retry-After": answer.After, "Location": answer.To} {
		if value != "" {
			w.Header().Set(header, value)
		}
	}
	w.WriteHeader(answer.Status)
}

// read checks and decrypts a push.
func (b *PushBrowser) read(r *http.Request, body []byte) (p Pushed, err error) {
	p = Pushed{Topic: r.Header.Get("Topic"), Urgency: r.Header.Get("Urgency"), TTL: r.Header.Get("TTL")}
	if r.Method != http.MethodPost || r.Header.Get("Content-Encoding") != "aes128gcm" || len(body) > 4096 || len(p.Topic) > 32 || p.TTL == "" {
		return p, fmt.Errorf("%s with %d bytes and %v", r.Method, len(body), r.Header)
	}
	if p.Key, p.Contact, err = readVAPID(r.Header.Get("Authorization")); err != nil {
		return p, err
	}
	p.Body, err = b.decrypt(body)
	return p, err
}

// readVAPID checks the header of RFC 8292, and returns the key and the contact in it.
func readVAPID(header string) (key, contact string, err error) {
	var token string
	if _, err := fmt.Sscanf(strings.ReplaceAll(header, ",", ""), "vapid t=%s k=%s", &token, &key); err != nil {
		return "", "", fmt.Errorf("authorization %q: %w", header, err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", "", fmt.Errorf("token %q", token)
	}
	decode := func(s string) []byte {
		b, errDecode := base64.RawURLEncoding.DecodeString(s)
		err = errors.Join(err, errDecode)
		return b
	}
	claims, signature, point := decode(parts[1]), decode(parts[2]), decode(key)
	if err != nil {
		return "", "", err
	}
	if len(signature) != 64 {
		return "", "", fmt.Errorf("signature of %d bytes", len(signature))
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return "", "", err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return "", "", errors.New("wrong signature")
	}
	var c struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(claims, &c); err != nil {
		return "", "", err
	}
	left := time.Until(time.Unix(c.Exp, 0))
	if c.Aud != pushOrigin || !strings.HasPrefix(c.Sub, "https://") && !strings.HasPrefix(c.Sub, "mailto:") || left <= 0 || left > 24*time.Hour {
		return "", "", fmt.Errorf("claims %s", claims)
	}
	return key, c.Sub, nil
}

// decrypt is RFC 8291 on the side of the browser.
func (b *PushBrowser) decrypt(body []byte) ([]byte, error) {
	if len(body) < 86 || body[20] != 65 {
		return nil, fmt.Errorf("body of %d bytes", len(body))
	}
	salt, sender := body[:16], body[21:86]
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	shared, err := b.private.ECDH(public)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(b.private.PublicKey().Bytes()) + string(sender)
	material, err := hkdf.Key(sha256.New, shared, b.secret, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, body[86:], nil)
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutSuffix(strings.TrimRight(string(plain), "\x00"), "\x02")
	if !ok {
		return nil, errors.New("no end of the last record")
	}
	return []byte(text), nil
}
