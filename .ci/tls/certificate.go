package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// trial is how long a certificate is valid that nobody else has signed.
const trial = 90 * 24 * time.Hour

// certify writes a key and a self-signed certificate of the domain into folder, and reports
// whether it did: those that are there are kept.
func certify(folder, domain string, now time.Time) (bool, error) {
	certificate, key := filepath.Join(folder, "site.crt"), filepath.Join(folder, "site.key")
	for _, path := range []string{certificate, key} {
		if there, err := exists(path); there || err != nil {
			return false, err
		}
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return false, err
	}
	signed, err := x509.CreateCertificate(rand.Reader, template(domain, now), template(domain, now), private.Public(), private)
	if err != nil {
		return false, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return false, err
	}
	if err := writePEM(key, "PRIVATE KEY", secret, 0o600); err != nil {
		return false, err
	}
	return true, writePEM(certificate, "CERTIFICATE", signed, 0o644)
}

// template returns what a certificate of the domain says.
func template(domain string, now time.Time) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails
	c := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: domain},
		NotBefore:    now.Add(-time.Hour), // clocks differ
		NotAfter:     now.Add(trial),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},

		BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(domain); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{domain}
	}
	return c
}

func writePEM(path, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}
