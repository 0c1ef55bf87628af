package main

import (
	"fmt"
	"io"
	"path/filepath"
)

// A report says what run has done.
type report struct {
	domain, folder, root, address string
	made                          bool   // the certificate is new, and self-signed
	kept                          string // the PUBLIC_URL that was there, if it is another one
}

// explain prints what was written, and how to go on.
func explain(out io.Writer, r report) error {
	folder, err := filepath.Abs(r.folder)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(r.root)
	if err != nil {
		return err
	}
	text := "wrote " + filepath.Join(folder, "site.conf")
	if r.made {
		text += ", and a certificate that nobody else has signed: for a try, browsers warn"
	} else {
		text += "; certificate and key are there already, and are kept"
	}
	text += "\n"
	if r.kept != "" {
		text += fmt.Sprintf("PUBLIC_URL in .env is %s and not %s; change it if people come there\n", r.kept, r.address)
	}
	text += fmt.Sprintf(steps, r.address, folder, r.domain, folder, folder, root)
	_, err = io.WriteString(out, text)
	return err
}

const steps = `
To begin, or after a change of site.conf:
    make up && docker compose restart nginx      # then: %s

A certificate that browsers trust, of Let's Encrypt, once the domain leads here on port 80
(certbot renews it by itself, and runs the same hook each time):
    sudo certbot certonly --webroot -w %s/acme -d %s --deploy-hook 'cp "$RENEWED_LINEAGE/fullchain.pem" %s/site.crt && cp "$RENEWED_LINEAGE/privkey.pem" %s/site.key && docker compose --project-directory %s kill --signal HUP nginx'
`
