package main

import "strings"

// challenges is the folder, below that of TLS, with the answers to the questions of a
// certificate authority.
const challenges = "acme"

// site returns the settings that nginx.conf includes, of a server at an address.
func site(address string) string { return strings.ReplaceAll(siteText, "ADDRESS", address) }

// siteText has the protocols and ciphers of Mozilla's intermediate list. Paths of files
// are relative to nginx.conf; that of root must be absolute, being relative to a folder
// that is written to.
const siteText = `# Written by "make tls", which overwrites it.
listen 443 ssl;
http2 on;   # streams then do not use up a browser's six connections
ssl_certificate     tls/site.crt;
ssl_certificate_key tls/site.key;
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_prefer_server_ciphers off;  # phones choose what their processor is fast at
ssl_session_cache shared:tls:10m;
ssl_session_timeout 1d;
ssl_session_tickets off;    # their key would open what was recorded, until nginx starts anew

# Who comes without TLS is led here. A certificate authority asks without TLS, and so does
# the health check.
set $leave $scheme;
if ($uri ~ "^/(\.well-known/acme-challenge/|healthz$)") {
    set $leave no;
}
if ($leave = http) {
    return 301 ADDRESS$request_uri;
}
location ^~ /.well-known/acme-challenge/ {
    root /etc/nginx/tls/` + challenges + `;
    try_files $uri =404;
}
`
