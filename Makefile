# vaecodec: `make demo` and `make test` are all that a fresh machine needs.

PREFIX ?= /usr/local
DEMO = demo
# Tests are built with their own flags; a folder of their own keeps the two builds from undoing each other.
TEST_BUILD = .build/tests

BUILD = swift build -c release
VAECODEC = .build/release/vaecodec

.PHONY: all build setup demo test fuzz bench install lint format clean

all: build

build: setup
	$(BUILD) --product vaecodec

# pkg-config knows whether the three libraries are there; apt installs what is missing.
PACKAGES = pkg-config libpng-dev libjpeg-dev libopenblas-dev
setup:
	@command -v swift >/dev/null || { \
	  echo "vaecodec: Swift 6.2 or later is needed: see swift.org/install" >&2; exit 1; }
	@if ! command -v pkg-config >/dev/null || ! pkg-config --exists libpng libjpeg openblas zlib; then \
	  if ! command -v apt-get >/dev/null; then \
	    echo "vaecodec: install the development files of libpng, libjpeg and OpenBLAS, and pkg-config" >&2; exit 1; \
	  fi; \
	  if [ "$$(id -u)" = 0 ]; then root=; elif command -v sudo >/dev/null; then root=sudo; else \
	    echo "vaecodec: run as root: apt-get update && apt-get install -y $(PACKAGES)" >&2; exit 1; \
	  fi; \
	  $$root apt-get update -q && \
	    $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(PACKAGES); \
	fi

demo: build
	@mkdir -p $(DEMO)
	@echo
	$(VAECODEC) encode Fixtures/demo.jpg -o $(DEMO)/demo.bin --force
	$(VAECODEC) decode $(DEMO)/demo.bin -o $(DEMO)/demo.png --force
	$(VAECODEC) compare Fixtures/demo.jpg $(DEMO)/demo.png
	@echo
	@ls -l Fixtures/demo.jpg $(DEMO)/demo.bin | awk '{ print $$5 " bytes  " $$NF }'
	@echo "before: Fixtures/demo.jpg    after: $(DEMO)/demo.png"

test: setup
	swift test -c release --scratch-path $(TEST_BUILD)
	$(TEST_BUILD)/release/vaecodec roundtrip Fixtures/demo.png --min-psnr 32 --min-ssim 0.9

# libFuzzer on each parser, beginning with the fixtures; what crashes is kept in .build/fuzz.
FUZZ_BUILD = .build/fuzz
FUZZ_SECONDS = 10
FUZZ_SEEDS_latent = Fixtures/golden
FUZZ_SEEDS_interchange = Fixtures/npy Fixtures/latents
FUZZ_SEEDS_safetensors = Fixtures
FUZZ_SEEDS_picture = Fixtures/pictures
fuzz: setup
	VAECODEC_FUZZ=1 swift build -c release --sanitize fuzzer --product Fuzz --scratch-path $(FUZZ_BUILD)
	$(foreach target,latent interchange safetensors picture, \
	  mkdir -p $(FUZZ_BUILD)/corpus-$(target) && \
	  FUZZ_TARGET=$(target) $(FUZZ_BUILD)/release/Fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=5 \
	    -rss_limit_mb=1024 -max_len=65536 -artifact_prefix=$(FUZZ_BUILD)/$(target)- \
	    $(FUZZ_BUILD)/corpus-$(target) $(FUZZ_SEEDS_$(target)) &&) true

# MODEL=path measures that model; without it, random weights of Stable Diffusion's full-size shapes.
bench: setup
	$(BUILD) --product vaecodec-bench
	env -u OPENBLAS_CORETYPE .build/release/vaecodec-bench $(if $(MODEL),--model $(MODEL))

# One binary with the Swift runtime and the default model inside.
install: setup
	$(BUILD) --product vaecodec --static-swift-stdlib --scratch-path .build/static
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 755 .build/static/release/vaecodec $(DESTDIR)$(PREFIX)/bin/vaecodec

lint:
	swift format lint --strict -r Package.swift Sources Tests

format:
	swift format -i -r Package.swift Sources Tests

clean:
	rm -rf .build $(DEMO)
