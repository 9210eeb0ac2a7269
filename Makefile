# make check is all that the continuous integration does. The other targets are
# its parts, and what writes files: gen.
#
#   make build       build/cantil, one static binary
#   make test        the tests, in a few minutes
#   make matrix      all of that and what is slow: every Python, many more combinations; pages in Chromium
#   make product     the full product of sorts, restrictions and views against pstats: hours
#   make check       formatting, vet, staticcheck, go.mod, other systems, matrix
#   make bench       cantil against CPython's pstats and cProfile (15 minutes), then the benchmarks of the packages
#   make pgo         cmd/cantil/default.pgo, a profile of reading and printing: Go compiles by it, 6 % faster
#   make fuzz        every fuzz test for FUZZTIME (20s)
#   make gen         docs/commands, from the program itself
#   make picture     the picture in the README, from a real run (needs script, of util-linux)
#   make man         man pages, into build/man
#   make python3.14  a CPython 3.14 for the tests, into build/, by the Go module proxy

GO       ?= go
FUZZTIME ?= 20s
TIMEOUT  ?= 25m
SYSTEMS  := linux/amd64 linux/arm64 darwin/arm64 windows/amd64

export CGO_ENABLED := 0

.PHONY: build test matrix product check format vet lint tidy cross bench pgo fuzz gen picture man python3.14 clean

build:
	$(GO) build -trimpath -o build/ ./cmd/cantil

test:
	$(GO) test -timeout $(TIMEOUT) ./...

matrix: python3.14
	CANTIL_SLOW=1 $(GO) test -timeout $(TIMEOUT) ./...
	$(GO) -C testing/browser test -timeout $(TIMEOUT) ./...

product: python3.14
	CANTIL_SLOW=all $(GO) test -timeout 4h -run TestPrintsAsPstats -v ./profile/pstats

check: format vet lint tidy cross matrix
	@echo "make check: all is well"

format:
	@unformatted=$$($$($(GO) env GOROOT)/bin/gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; fi

vet:
	$(GO) vet ./...
	$(GO) -C testing/python314 vet ./...
	$(GO) -C testing/browser vet ./...
	$(GO) -C benchmarks/flame/chromium vet ./...

lint:
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

tidy:
	$(GO) mod tidy -diff
	$(GO) mod verify

# The tests are compiled as well, because vet reads them.
cross:
	@set -e; for system in $(SYSTEMS); do \
		echo "build and vet for $$system"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} $(GO) build ./...; \
		GOOS=$${system%/*} GOARCH=$${system#*/} $(GO) vet ./...; \
	done

bench:
	$(GO) run ./benchmarks/pstats
	$(GO) run ./benchmarks/profile
	$(GO) run ./benchmarks/pickle
	$(GO) run ./benchmarks/runs
	$(GO) run ./benchmarks/sweep
	$(GO) run ./benchmarks/call
	$(GO) run ./benchmarks/args
	$(GO) run ./benchmarks/wire
	$(GO) run ./benchmarks/small
	$(GO) run ./benchmarks/sampler
	$(GO) run ./benchmarks/bench
	$(GO) run ./benchmarks/export
	$(GO) run ./benchmarks/flame
	$(GO) test -run '^$$' -bench . -benchmem ./...

pgo:
	$(GO) test -trimpath -run '^$$' -bench 'ReadLarge|PrintLarge' -benchtime 8x -cpuprofile cmd/cantil/default.pgo -o /dev/null ./profile/pstats

fuzz:
	@set -e; for dir in $$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}' ./...); do \
		for name in $$(grep -hoE '^func Fuzz\w+' $$dir/*_test.go | sed 's/func //'); do \
			echo "$$name in $$dir"; \
			$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $$dir; \
		done; \
	done

gen:
	$(GO) generate ./...

SHOWN := cantil profile --strip-dirs --restrict 8 examples/spellcheck.py

picture: build
	script -qec "build/$(SHOWN)" /dev/null | $(GO) run ./docs/picture -title "$(SHOWN)" > build/profile.svg
	mv build/profile.svg docs/profile.svg

man:
	$(GO) run ./internal/cli/gendocs -man build/man

python3.14:
	@$(GO) -C testing/python314 run . ../../build/python3.14

clean:
	rm -rf build
