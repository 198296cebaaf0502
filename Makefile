# make demo   the main job, on manifests/: needs nothing but this folder
# make test   builds with warnings as errors, lints, checks the import directions, runs every test
# make bench  measures speed against limits taken in the same run
# make release   the program as it is shipped, optimised and with Swift's library inside: .build/release/rollcall
# make sanitize  the Swift tests under the thread and the address sanitizer: each builds everything anew, so it is not in `test`

SWIFT ?= swift
BUILD_FLAGS = --explicit-target-dependency-import-check error
# With Swift's library inside, which is faster, and the program needs no Swift where it runs.
RELEASE_FLAGS = -c release --static-swift-stdlib
SOURCES = Package.swift Sources Tests

.PHONY: demo test bench release sanitize build lint format docs deps clean

build: deps
	$(SWIFT) build $(BUILD_FLAGS)

demo: build
	ROLLCALL=$$($(SWIFT) build --show-bin-path)/rollcall samples/demo.sh

test:
	@.ci/deps test
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	$(MAKE) lint
	.ci/test

release: deps
	$(SWIFT) build $(RELEASE_FLAGS) --product rollcall
	$(SWIFT) build $(RELEASE_FLAGS) --product playground

bench: release
	$(SWIFT) build $(RELEASE_FLAGS) --product bench
	$$($(SWIFT) build -c release --show-bin-path)/bench

sanitize:
	@.ci/deps test
	SWIFT="$(SWIFT)" .ci/sanitize

lint:
	$(SWIFT) format lint --recursive --strict $(SOURCES)

format:
	$(SWIFT) format --recursive --in-place $(SOURCES)

docs: deps
	$(SWIFT) package --allow-writing-to-directory .build/docs generate-documentation \
	  --target rollcall --output-path .build/docs --transform-for-static-hosting

deps:
	@.ci/deps

clean:
	$(SWIFT) package clean
