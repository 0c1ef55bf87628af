# make help lists what there is. Needs Go; what else the tests need is
# installed by .ci/install where it may.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The version is given below; asking git again fails where the checkout
# belongs to somebody else, as in containers.
# Without nomsgpack, gin brings 6 MB of a format that is never used. With nodynamic,
# images are encoded by the library inside the program, whatever the system has.
export GOFLAGS := $(GOFLAGS) -buildvcs=false -tags=nomsgpack,nodynamic

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GOTESTSUM := go run gotest.tools/gotestsum@v1.13.0
# The packages that take longest come first, so that no processor waits for the last one.
PACKAGES := ./app/e2e ./app/store ./app/web ./... ./.ci/bench ./.ci/house ./.ci/tls
# The race detector watches everything but packages that compute, and share no memory
# between goroutines. SQLite and its C library are C translated to Go, and keep their
# values outside Go's memory, of which alone the detector knows; watched, SQLite is five
# times as slow. argon2 hashes a password, html parses a page for a test, flate
# compresses, the others make images.
calm := modernc.org/sqlite/lib modernc.org/libc modernc.org/memory golang.org/x/crypto/argon2 golang.org/x/net/html \
	xxsns/app/media/raster xxsns/app/media/mediatest image image/color image/draw image/gif image/jpeg image/png \
	golang.org/x/image/draw golang.org/x/image/vp8 golang.org/x/image/vp8l \
	compress/flate github.com/klauspost/compress/flate
RACE := -race $(calm:%=-gcflags=%=-race=false)
# The linter reads the dependencies as they are compiled for the tests of make
# test: otherwise everything would be compiled once more.
LINT := go run -exec "env CGO_ENABLED=1 'GOFLAGS=$(GOFLAGS) $(RACE)'" \
	github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 30s
BENCH ?= .
COUNT ?= 1
COMPARE ?= 10m
DEEDS ?= 1000000
TOLD ?= 500000

# How tests report: a line for each package, then what was skipped and what
# failed with the whole output, then the totals. Fails also if no test ran.
report = $(GOTESTSUM) --format-hide-empty-pkg --post-run-command='bash -c "((TESTS_TOTAL > TESTS_SKIPPED)) || { echo no test ran >&2; exit 1; }"'
TIMES := bin/tests.json

# packages_with PATTERN lists the packages whose tests hold a line like it.
packages_with = grep -rlE --include='*_test.go' '$(1)' app .ci | xargs -r dirname | sort -u | sed 's,^,./,'

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "%-12s %s\n", $$1, $$2 }'

.PHONY: run
run: ## start the embedded default; templates and styles are read from disk
	@go run ./app serve --dev

.PHONY: build
build: ## the static program bin/xxsns
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/xxsns ./app

.PHONY: test
test: install fmt lint dockerfile ## everything: format, lint (which vets) and every test, with the race detector
	CGO_ENABLED=1 .ci/in-memory $(report) --jsonfile-timing-events=$(TIMES) -- $(RACE) -vet=off -parallel 4 -count=1 -timeout 30m $(PACKAGES)

.PHONY: quick
quick: fmt vet ## what takes seconds: no servers, no browser
	@$(report) --hide-summary=skipped -- -short $(PACKAGES)

.PHONY: slowest
slowest: ## the slowest tests of the last make test
	@$(GOTESTSUM) tool slowest --jsonfile=$(TIMES) --num=50

.PHONY: house
house: build ## how readable the code is: each figure beside its goal
	@go run ./.ci/house

.PHONY: install
install:
	@.ci/install

.PHONY: fmt
fmt: ## check that everything is gofmt-ed
	@files=$$(gofmt -l app db static templates .ci); \
	if [[ -n $$files ]]; then echo "not gofmt-ed: "$$files; exit 1; fi

.PHONY: vet
vet: ## go vet
	@go vet $(PACKAGES)

.PHONY: lint
lint: dependencies ## golangci-lint, see .golangci.yml
	@$(LINT) run $(PACKAGES)

.PHONY: dependencies
dependencies: ## licences and known holes of what is linked
	@go -C .ci/dependencies run . licences '$(CURDIR)'
	@go -C .ci/dependencies run . vulnerabilities '$(CURDIR)'

.PHONY: notice
notice: ## write the licences of all that is linked, which the command licenses prints
	@mkdir -p bin
	@go -C .ci/dependencies run . notice '$(CURDIR)' > bin/notices.txt
	@gzip -9nc bin/notices.txt > app/licences/notices.txt.gz

# measured runs all benchmarks that match, keeps what they print, and prints the figures that
# have a goal, also if a benchmark has failed.
measured = @code=0; \
	go test -p 1 -run '^$$' -bench '$(BENCH)' -benchmem $(1) $$($(call packages_with,^func Benchmark)) | tee bin/bench.txt || code=$$?; \
	go run ./.ci/bench $(2) bin/bench.txt; exit $$code

.PHONY: bench
bench: build ## benchmarks for benchstat (BENCH=pattern, COUNT=runs), then the figures that have a goal
	$(call measured,-count=$(COUNT))

.PHONY: bench-record
bench-record: build ## the same, and write the figures to .docs/bench/ under today's date
	@mkdir -p .docs/bench
	$(call measured,-count=$(COUNT),-record .docs/bench -commit '$(VERSION)')

.PHONY: bench-once
bench-once: build ## run every benchmark once: fails if one of them fails, or a figure with a goal is missing
	$(call measured,-benchtime=1x,-whole)

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (30s) each
	@for package in $$($(call packages_with,^func Fuzz)); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

.PHONY: cover
cover: install ## coverage of every test, as coverage.html
	@go test -count=1 -timeout 10m -coverpkg=./app/... -coverprofile=coverage.out ./...
	@go tool cover -html=coverage.out -o coverage.html
	@go tool cover -func=coverage.out | tail -1

.PHONY: browser-all
browser-all: install ## every page in every size and mode, in Firefox and WebKit, too
	E2E=all go test -count=1 -timeout 60m -v ./app/e2e

.PHONY: chaos
chaos: install ## every fault at every step, and for long; takes half an hour; then COMPARE (10m) of comparing caches
	CHAOS=1 go test -count=1 -timeout 60m -v -run '^TestFault|^TestKilled' ./app/e2e
	COMPARE='$(COMPARE)' go test -count=1 -timeout 60m -v -run '^TestCompare' ./app/e2e
	SEARCH=50000 go test -count=1 -timeout 60m -v -run '^TestSearchesEqualBruteForce' ./app/store
	DEEDS=$(DEEDS) go test -count=1 -timeout 180m -v -run '^TestNoticesEqualAModel$$' ./app/store
	TOLD=$(TOLD) go test -count=1 -timeout 360m -v -run '^TestTold' ./app/e2e

.PHONY: attack
attack: install ## attack a private instance and two replicas, and print how that went (ATTACK=part of a name)
	ATTACK='$(or $(ATTACK),1)' go test -count=1 -timeout 12m -v -run '^TestAttack$$' ./app/e2e

.PHONY: screenshot
screenshot: install ## take the pictures of README.md (.docs/)
	SCREENSHOTS='$(CURDIR)/.docs' go test -count=1 -run '^TestScreenshot' -v ./app/e2e

.PHONY: plans
plans: install ## write how the databases read the lists of posts (.docs/query-plans.md)
	PLANS='$(CURDIR)/.docs/query-plans.md' go test -count=1 -run '^TestShowPlans$$' ./app/store

.PHONY: compose
compose: ## load docker-compose.yml as an engine would, and print what it means
	@go -C .ci/compose run . $(CURDIR)/docker-compose.yml $(CURDIR)/.env.example

.PHONY: compose-up-test
compose-up-test: ## with a real engine: start, update under load, repair, back up and restore
	@.ci/compose-up-test

.PHONY: dockerfile
dockerfile: ## do what the Dockerfile says, without an engine
	@.ci/dockerfile

.PHONY: engine
engine:
	@docker compose version >/dev/null 2>&1 || { echo 'This needs Docker with its plugin compose: https://docs.docker.com/engine/install/ (without it: make run)' >&2; exit 1; }

.PHONY: up
up: engine ## build and start everything: nginx, two replicas, MySQL, Redis; what runs is replaced one by one
	@VERSION='$(VERSION)' .ci/up
	@address=$$(docker compose port nginx 80); printf '\n  작은 SNS  →  http://localhost:%s\n\n' "$${address##*:}"
	@echo '  an administrator:  docker compose exec app1 /xxsns user add 하늘 --role ADMIN'

.PHONY: update
update: engine ## replace the replicas by this version, one after the other, broken ones first
	@VERSION='$(VERSION)' .ci/update

.PHONY: tls
tls: ## what nginx needs to speak TLS (DOMAIN=sns.example.org), and how to get a certificate
	@.ci/env
	@go run ./.ci/tls '$(DOMAIN)'

.PHONY: down
down: engine ## stop everything; what was written stays in its volumes
	@docker compose down

.PHONY: logs
logs: engine ## what everything says, as it comes
	@docker compose logs --follow --tail 100

.PHONY: vendor
vendor: ## fetch the vendored files again, in their pinned versions
	static/vendor/refresh.sh
	app/district/refresh.sh
	app/sns/passwords/refresh.sh
	.ci/vendor

.PHONY: clean
clean: ## delete what was built
	rm -rf bin coverage.out coverage.html
