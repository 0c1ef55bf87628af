#!/bin/sh
# Fetches the vendored files again, in exactly these versions, from the npm
# registry and writes them below static/. Run by `make vendor`; needs npm and
# tar. Running it twice changes nothing. After raising a version, update the
# table in README.md and read the changelog: the scripts rely on htmx events.
set -eu

htmx=4.0.1
normalize=3.0.1
lucide=1.62.0

# symbol id in our sprite : icon name in Lucide
icons='
home:house boards:layout-list write:square-pen rooms:messages-square me:user-round
bell:bell search:search heart:heart comment:message-circle more:ellipsis
image:image-plus back:arrow-left send:arrow-up down:arrow-down close:x check:check
alert:circle-alert place:map-pin settings:settings people:users-round notice:megaphone
leave:log-out block:ban edit:pencil trash:trash-2 offline:wifi-off
retry:refresh-cw desk:lamp-desk filter:sliders-horizontal download:download clock:clock
at:at-sign muted:bell-off
plus:plus copy:copy chevron:chevron-down lock:lock admin:shield phone:smartphone screen:monitor
'

static=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# fetch NAME VERSION unpacks an npm package into $tmp/NAME.
fetch() {
	mkdir "$tmp/$1"
	file=$(cd "$tmp" && npm pack --silent "$1@$2")
	tar -xzf "$tmp/$file" -C "$tmp/$1" --strip-components=1
}

# put FROM TO copies a plain file (npm's modes and dates are of no use).
put() {
	mkdir -p "$(dirname "$2")"
	cat "$1" >"$2"
}

fetch htmx.org "$htmx"
put "$tmp/htmx.org/dist/htmx.min.js" "$static/vendor/htmx/htmx.min.js"
put "$tmp/htmx.org/dist/ext/hx-sse.min.js" "$static/vendor/htmx/hx-sse.min.js"
put "$tmp/htmx.org/dist/ext/hx-ws.min.js" "$static/vendor/htmx/hx-ws.min.js"
put "$tmp/htmx.org/LICENSE" "$static/vendor/htmx/LICENSE"

fetch modern-normalize "$normalize"
put "$tmp/modern-normalize/modern-normalize.css" "$static/vendor/modern-normalize/modern-normalize.css"
put "$tmp/modern-normalize/license" "$static/vendor/modern-normalize/LICENSE"

# One sprite out of the icons we use: the children of each <svg>, one line an icon.
fetch lucide-static "$lucide"
put "$tmp/lucide-static/LICENSE" "$static/icons/LICENSE"
{
	echo '<svg xmlns="http://www.w3.org/2000/svg">'
	echo "<!-- Lucide $lucide, licence beside this file -->"
	for pair in $icons; do
		shapes=$(sed -n 's/^ *\(<[a-z].*\) \/>$/\1\/>/p' "$tmp/lucide-static/icons/${pair#*:}.svg" | tr -d '\n')
		[ -n "$shapes" ] || { echo "no shapes in icon ${pair#*:}" >&2; exit 1; }
		printf '<symbol id="%s" viewBox="0 0 24 24">%s</symbol>\n' "${pair%%:*}" "$shapes"
	done
	echo '</svg>'
} >"$tmp/icons.svg"
put "$tmp/icons.svg" "$static/icons/icons.svg"
