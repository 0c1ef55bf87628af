#!/bin/sh
# Makes common.txt.gz of the passwords in the package @zxcvbn-ts/language-common, in
# exactly this version, from npm. Run by `make vendor`; needs npm, openssl and
# Python 3. Running it twice changes nothing. After raising the version, update
# README.md and run the tests.
set -eu

version=4.1.3
integrity=sha512-g2bg4skmlJG9aJqC/nWziZzgYpSe/f3rKeGobrkdFiOrfZVFqqzUgC6BUQWuX54Sua9j0Jxxt+1bf4f/Mal1Kg==

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

package=$(npm pack --silent "@zxcvbn-ts/language-common@$version")
found=sha512-$(openssl dgst -sha512 -binary "$package" | base64 --wrap=0)
if [ "$found" != "$integrity" ]; then
	echo "@zxcvbn-ts/language-common $version has the checksum $found, not $integrity" >&2
	exit 1
fi
tar -xzf "$package"

# Shorter ones are refused by their length. A sorted list is compressed best, and a
# file without a date is the same each time.
python3 - >common.txt.gz <<'PYTHON'
import gzip, json, sys, unicodedata

with open("package/src/passwords.json", encoding="utf-8") as f:
	words = {unicodedata.normalize("NFKC", word).casefold() for word in json.load(f)}
text = "".join(word + "\n" for word in sorted(words) if len(word) >= 8 and not set(word) & set(" \n"))
sys.stdout.buffer.write(gzip.compress(text.encode(), 9, mtime=0))
PYTHON

cat common.txt.gz >"$here/common.txt.gz"
cat package/LICENSE.txt >"$here/LICENSE"
