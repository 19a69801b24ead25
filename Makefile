# vaecodec: `make demo` and `make test` are all that a fresh machine needs.

PREFIX ?= /usr/local
DEMO = demo
# Tests are built with their own flags; a folder of their own keeps the two builds from undoing each other.
TEST_BUILD = .build/tests

BUILD = swift build -c release
# $(call TOOL,name): a program of the Swift toolchain, which need not be in PATH.
TOOL = $(or $(wildcard $(dir $(realpath $(shell command -v swift)))$(1)),$(1))
VAECODEC = .build/release/vaecodec

.PHONY: all build setup demo textbook test test-kernels test-neon setup-neon fuzz bench static install install-files docs release \
  test-release lint format clean

all: build

build: setup
	$(BUILD) --product vaecodec

# $(call INSTALL,what,packages): installs packages, or asks for them where that cannot be.
define INSTALL
if ! command -v apt-get >/dev/null; then \
    echo "vaecodec: install $(1)" >&2; exit 1; \
  fi; \
  if [ "$$(id -u)" = 0 ]; then root=; elif command -v sudo >/dev/null; then root=sudo; else \
    echo "vaecodec: run as root: apt-get update && apt-get install -y $(2)" >&2; exit 1; \
  fi; \
  $$root apt-get update -q && \
    $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(2)
endef

# pkg-config knows whether the three libraries are there; apt installs what is missing.
LIBRARIES = the development files of libpng, libjpeg and OpenBLAS, and pkg-config
PACKAGES = pkg-config libpng-dev libjpeg-dev libopenblas-dev
setup:
	@command -v swift >/dev/null || { \
	  echo "vaecodec: Swift 6.2 or later is needed: see swift.org/install" >&2; exit 1; }
	@if ! command -v pkg-config >/dev/null || ! pkg-config --exists libpng libjpeg openblas zlib; then \
	  $(call INSTALL,$(LIBRARIES),$(PACKAGES)); \
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
	@$(VAECODEC) roundtrip Fixtures/demo.jpg --report $(DEMO)/report.html --force --quiet
	@echo "open in a browser: $(DEMO)/report.html"

# What introductions to variational autoencoders promise, on handwritten digits where Python has scikit-learn,
# else on glyphs of our own.
TEXTBOOK = textbook
textbook: setup
	$(BUILD) --product vaecodec-textbook
	@mkdir -p $(TEXTBOOK)
	@if python3 -c 'import PIL, sklearn' 2>/dev/null; then \
	  python3 Tests/Reference/make_digits.py $(TEXTBOOK)/pictures; else \
	  rm -rf $(TEXTBOOK)/pictures && cp -r Fixtures/glyphs $(TEXTBOOK)/pictures; fi
	.build/release/vaecodec-textbook $(TEXTBOOK)/pictures $(TEXTBOOK)

test: setup
	swift test -c release --scratch-path $(TEST_BUILD)
	$(TEST_BUILD)/release/vaecodec roundtrip Fixtures/demo.png --min-psnr 32 --min-ssim 0.9

# The kernels of this machine's instruction sets against their scalar twins. They are written in the
# vector extensions of Clang, which is part of the Swift toolchain.
KERNEL_BUILD = .build/kernels
KERNEL_SOURCES = $(wildcard Sources/CKernels/*.c Tests/Kernels/*.c)
KERNEL_HEADERS = $(wildcard Sources/CKernels/*.h Sources/CKernels/include/*.h Tests/Kernels/*.h)
CLANG = $(call TOOL,clang)
CLANG_KERNELS = $(CLANG) -std=gnu11 -O2 -g -Wall -Wextra -fuse-ld=lld -ISources/CKernels/include

$(KERNEL_BUILD)/native: $(KERNEL_SOURCES) $(KERNEL_HEADERS) Makefile
	@mkdir -p $(KERNEL_BUILD)
	$(CLANG_KERNELS) -fsanitize=address,undefined -fno-sanitize-recover=all $(KERNEL_SOURCES) -lm -o $@

test-kernels: $(KERNEL_BUILD)/native
	$<

# The same for AArch64, where the baseline is NEON, under QEMU. Swift's Clang has no sanitizers' libraries
# for other machines: AddressSanitizer's is GCC's, and undefined behaviour traps without one. Leaks are
# looked for by a system call that QEMU lacks.
$(KERNEL_BUILD)/neon: $(KERNEL_SOURCES) $(KERNEL_HEADERS) Makefile | setup-neon
	@mkdir -p $(KERNEL_BUILD)
	$(CLANG_KERNELS) --target=aarch64-linux-gnu -fsanitize=address,undefined -fsanitize-trap=undefined \
	  -fno-sanitize-link-runtime $(KERNEL_SOURCES) -lasan -lm -o $@

test-neon: $(KERNEL_BUILD)/neon
	ASAN_OPTIONS=detect_leaks=0 qemu-aarch64 -L /usr/aarch64-linux-gnu $<

NEON_PACKAGES = gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
setup-neon:
	@if ! command -v qemu-aarch64 >/dev/null || [ ! -e /usr/aarch64-linux-gnu/lib/libc.so ] || \
	    ! command -v aarch64-linux-gnu-gcc >/dev/null; then \
	  $(call INSTALL,$(NEON_PACKAGES),$(NEON_PACKAGES)); \
	fi

# libFuzzer on each parser, beginning with the fixtures; what crashes is kept in .build/fuzz.
FUZZ_BUILD = .build/fuzz
FUZZ_SECONDS = 10
FUZZ_SEEDS_latent = Fixtures/golden
FUZZ_SEEDS_interchange = Fixtures/npy Fixtures/latents
FUZZ_SEEDS_safetensors = Fixtures
FUZZ_SEEDS_pickle = Fixtures/pytorch
FUZZ_SEEDS_picture = Fixtures/pictures
FUZZ_SEEDS_tar = Fixtures/shards
FUZZ_SEEDS_mds = Fixtures/shards/mds Fixtures/shards/mds-limit
fuzz: setup
	VAECODEC_FUZZ=1 swift build -c release --sanitize fuzzer --product Fuzz --scratch-path $(FUZZ_BUILD)
	$(foreach target,latent interchange safetensors pickle picture tar mds, \
	  mkdir -p $(FUZZ_BUILD)/corpus-$(target) && \
	  FUZZ_TARGET=$(target) $(FUZZ_BUILD)/release/Fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=20 \
	    -rss_limit_mb=1024 -max_len=65536 -artifact_prefix=$(FUZZ_BUILD)/$(target)- \
	    $(FUZZ_BUILD)/corpus-$(target) $(FUZZ_SEEDS_$(target)) &&) true

# MODEL=path measures that model; without it, random weights of Stable Diffusion's full-size shapes.
bench: setup
	$(BUILD) --product vaecodec-bench
	env -u OPENBLAS_CORETYPE .build/release/vaecodec-bench $(if $(MODEL),--model $(MODEL))

# One binary with the Swift runtime and the default model inside.
BINARY = .build/static/release/vaecodec
static: setup
	$(BUILD) --product vaecodec --static-swift-stdlib --scratch-path .build/static

install: static install-files

# The manual page and the completions are what the binary prints; zsh's lie elsewhere in Debian's packages.
SHARE = $(DESTDIR)$(PREFIX)/share
ZSH_FUNCTIONS = site-functions
install-files:
	install -D -s -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/vaecodec
	$(call INSTALL_OUTPUT,manual,man/man1/vaecodec.1)
	$(call INSTALL_OUTPUT,completion bash,bash-completion/completions/vaecodec)
	$(call INSTALL_OUTPUT,completion zsh,zsh/$(ZSH_FUNCTIONS)/_vaecodec)
	$(call INSTALL_OUTPUT,completion fish,fish/vendor_completions.d/vaecodec.fish)

# $(call INSTALL_OUTPUT,arguments,file): what the binary prints, as a file that all can read.
INSTALL_OUTPUT = install -D -m 644 /dev/null $(SHARE)/$(2) && $(BINARY) $(1) > $(SHARE)/$(2)

# The documentation of the library as a web site, of what is public in the module that was built; what DocC
# has to say against it is an error.
DOCS = .build/docs
SYMBOLS = .build/symbols
MODULE_MAPS = $(shell ls Sources/*/module.modulemap .build/release/*.build/module.modulemap)
docs: build
	@mkdir -p $(SYMBOLS)
	swift symbolgraph-extract -module-name VAECodec -I .build/release/Modules \
	  -target $(shell swift -print-target-info | sed -n 's/.*"triple": "\(.*\)",/\1/p') \
	  $(MODULE_MAPS:%=-Xcc -fmodule-map-file=%) $(shell pkg-config --cflags libpng libjpeg openblas) \
	  -minimum-access-level public -output-dir $(SYMBOLS)
	$(call TOOL,docc) convert Sources/VAECodec/VAECodec.docc --warnings-as-errors \
	  --fallback-display-name VAECodec --fallback-bundle-identifier vaecodec \
	  --additional-symbol-graph-dir $(SYMBOLS) --output-path $(DOCS)
	@echo "for a web server: $(DOCS), with the start page documentation/vaecodec/"

# The binary by itself, and a Debian package.
RELEASE = .build/package
release: static
	@if ! command -v dpkg-shlibdeps >/dev/null; then $(call INSTALL,dpkg-dev,dpkg-dev); fi
	Sources/Packaging/deb.sh $(abspath $(BINARY)) $(RELEASE)
	install -s -m 755 $(BINARY) $(RELEASE)/vaecodec
	@ls -l $(RELEASE)/vaecodec $(RELEASE)/*.deb

# Both in new Debian systems, which only root can make.
test-release: release
	@if ! command -v debootstrap >/dev/null; then $(call INSTALL,debootstrap,debootstrap); fi
	Tests/Packaging/test.sh $(RELEASE) .build/chroot

lint:
	swift format lint --strict -r Package.swift Sources Tests

format:
	swift format -i -r Package.swift Sources Tests

clean:
	rm -rf .build $(DEMO) $(TEXTBOOK)
