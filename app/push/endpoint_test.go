package push_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/push"
)

func TestMain(m *testing.M) { apptest.Main(m) }

func TestEndpointsOfPublicPushServicesAlone(t *testing.T) {
	good := apptest.NewPushService(t).Subscribe().Device()
	for want, endpoints := range map[bool][]string{
		true: {
			"https://fcm.googleapis.com/fcm/send/abc:def-_", "https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://web.push.apple.com/QGJ",
			"https://wns2-par02p.notify.windows.com/w/?token=BQ%3d%3d", "https://push.example.com:443/a", "https://1.1.1.1/a", "https://[2606:4700::1111]/a",
			"https://PUSH.example.com/a", "https://push.example.com/" + strings.Repeat("a", 2000),
		},
		false: {
			"", "a", "/a", "//push.example.com/a", "http://push.example.com/a", "ftp://push.example.com/a", "javascript:alert(1)", "https:push.example.com/a", "https:///a",
			"https://push.example.com:8443/a", "https://push.example.com:/a", "https://push.example.com:80/a", "https://push.example.com:0443/a",
			"https://user@push.example.com/a", "https://user:secret@push.example.com/a", "https://@push.example.com/a", "https://push.example.com/a#b", "https://push.example.com/a#",
			"https://localhost/a", "https://push.localhost/a", "https://redis/a", "https://printer.local/a", "https://db.internal/a", "https://a.home.arpa/a", "https://push.example.com./a",
			"https://127.0.0.1/a", "https://127.1/a", "https://2130706433/a", "https://0x7f000001/a", "https://0x7f.0.0.1/a", "https://0177.0.0.1/a", "https://127.0.0.1.nip/../a\\b",
			"https://10.0.0.1/a", "https://192.168.0.1/a", "https://172.16.0.1/a", "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/a", "https://0.0.0.0/a",
			"https://[::1]/a", "https://[::]/a", "https://[::ffff:127.0.0.1]/a", "https://[::ffff:10.0.0.1]/a", "https://[64:ff9b::7f00:1]/a", "https://[fd00::1]/a", "https://[fe80::1%25eth0]/a",
			"https://push.example.com\\@127.0.0.1/a", "https://push.example.com/a b", "https://push.example.com/a\r\nHost: b", "https://push.example.com/\x00", "https://푸시.한국/a",
			"https://push.example.com/" + strings.Repeat("a", 2100), "https://" + strings.Repeat("a.", 150) + "com/a",
		},
	} {
		for _, endpoint := range endpoints {
			d := good
			d.Endpoint = endpoint
			if err := push.Check(d); (err == nil) != want || !want && !errors.Is(err, push.ErrEndpoint) {
				t.Errorf("%.100q: %v", endpoint, err)
			}
		}
	}
}

func TestKeysOfBrowsersAlone(t *testing.T) {
	good := apptest.NewPushService(t).Subscribe().Device()
	if err := push.Check(good); err != nil {
		t.Fatal(err)
	}
	point, err := base64.RawURLEncoding.DecodeString(good.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	off := append([]byte(nil), point...)
	off[64] ^= 1
	encode := base64.RawURLEncoding.EncodeToString
	for name, key := range map[string]string{
		"empty": "", "short": encode(point[:64]), "long": encode(append(point, 0)), "off the curve": encode(off), "the infinite point": encode([]byte{0}),
		"zeros": encode(make([]byte, 65)), "compressed": encode(append([]byte{2}, point[1:33]...)), "no base64": "!" + good.PublicKey[1:], "huge": strings.Repeat("A", 1<<16),
	} {
		d := good
		d.PublicKey = key
		if err := push.Check(d); !errors.Is(err, push.ErrKeys) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, secret := range map[string]string{"empty": "", "short": encode(make([]byte, 15)), "long": encode(make([]byte, 17)), "no base64": strings.Repeat("*", 22)} {
		d := good
		d.Secret = secret
		if err := push.Check(d); !errors.Is(err, push.ErrKeys) {
			t.Errorf("secret %s: %v", name, err)
		}
	}
	d := good
	d.Secret += "=="
	if err := push.Check(d); err != nil {
		t.Errorf("with padding: %v", err)
	}
}
