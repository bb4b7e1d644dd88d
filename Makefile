# The verbs of this tree. `make demo` and `make test` work from a clean clone on a fresh Debian machine.
#   setup build demo test mutants bench soak fuzz lint format install uninstall clean

prefix    ?= /usr
multiarch := $(shell gcc -print-multiarch 2>/dev/null || echo x86_64-linux-gnu)
libdir    ?= $(prefix)/lib/$(multiarch)
includedir ?= $(prefix)/include
bindir    ?= $(prefix)/bin
sbindir   ?= $(prefix)/sbin
unitdir   ?= $(prefix)/lib/systemd/system
mandir    ?= $(prefix)/share/man
datadir   ?= $(prefix)/share/libsecurity
localedir ?= $(prefix)/share/locale
docdir    ?= $(prefix)/share/doc/libsecurity
pamdir    ?= $(libdir)/security
pamconfigsdir ?= $(prefix)/share/pam-configs
DESTDIR   ?=
FUZZ_SECONDS ?= 60

export SWIFT_BACKTRACE = enable=no

.PHONY: setup build demo test mutants bench soak fuzz lint format install uninstall clean help

help:
	@sed -n '1,3p' Makefile

setup:
	@Scripts/setup.sh

build: setup
	@Scripts/build-dist.sh dist

demo: build
	@Scripts/demo.py dist

test: setup
	@Scripts/test.sh

# Which faults the tests notice: ONLY (numbers with commas between) and TARGET choose some. Takes hours in full.
mutants: setup
	@Tests/Mutants/run.py $(if $(ONLY),--only $(ONLY)) $(if $(TARGET),--target $(TARGET))

bench: build
	@Benchmarks/run.sh dist

# Ten minutes of mixed load under failures: SOAK_SECONDS.
soak: build
	@Tests/HTTP/run.sh dist soak.py

fuzz: setup
	@Scripts/fuzz.sh $(FUZZ_SECONDS)

lint:
	@swift format lint --strict -p -r Sources Tests Package.swift
	@Scripts/lint.sh

format:
	@swift format -i -p -r Sources Tests Package.swift

install:
	@test -e dist/lib/security/pam_security.so || { echo "make install: run 'make build' first" >&2; exit 1; }
	install -d "$(DESTDIR)$(libdir)/pkgconfig" "$(DESTDIR)$(pamdir)" "$(DESTDIR)$(bindir)" "$(DESTDIR)$(includedir)" \
		"$(DESTDIR)$(sbindir)" "$(DESTDIR)$(unitdir)" "$(DESTDIR)$(mandir)/man3" "$(DESTDIR)$(mandir)/man5" "$(DESTDIR)$(mandir)/man8" \
		"$(DESTDIR)$(pamconfigsdir)" "$(DESTDIR)$(docdir)/examples"
	install -m 0644 dist/lib/libsecurity.so.1 "$(DESTDIR)$(libdir)/libsecurity.so.1"
	ln -sf libsecurity.so.1 "$(DESTDIR)$(libdir)/libsecurity.so"
	sed -e 's|@prefix@|$(prefix)|;s|@libdir@|$(libdir)|;s|@includedir@|$(includedir)|' Include/libsecurity.pc.in \
		> "$(DESTDIR)$(libdir)/pkgconfig/libsecurity.pc"
	install -m 0644 Include/libsecurity.h "$(DESTDIR)$(includedir)/libsecurity.h"
	install -m 0644 dist/lib/security/pam_security.so "$(DESTDIR)$(pamdir)/pam_security.so"
	install -m 0755 dist/bin/securityctl "$(DESTDIR)$(bindir)/securityctl"
	install -m 0755 dist/sbin/securityd "$(DESTDIR)$(sbindir)/securityd"
	for unit in securityd.service securityd.socket; do \
		sed -e 's|@sbindir@|$(sbindir)|' "systemd/$$unit.in" > "$(DESTDIR)$(unitdir)/$$unit" || exit 1; done
	install -d "$(DESTDIR)$(datadir)"
	install -m 0644 dist/share/libsecurity/zxcvbn.dat dist/share/libsecurity/zxcvbn.LICENSE.txt "$(DESTDIR)$(datadir)/"
	install -m 0644 pam/libsecurity.profile "$(DESTDIR)$(pamconfigsdir)/libsecurity"
	install -m 0644 pam/examples/* "$(DESTDIR)$(docdir)/examples/"
	for catalogue in dist/share/locale/*/LC_MESSAGES/libsecurity.mo; do \
		install -D -m 0644 "$$catalogue" "$(DESTDIR)$(localedir)/$${catalogue#dist/share/locale/}" || exit 1; done
	for page in pam/pam_security.8 docs/man/*.[358]; do \
		install -m 0644 "$$page" "$(DESTDIR)$(mandir)/man$${page##*.}/" || exit 1; done

uninstall:
	rm -f "$(DESTDIR)$(libdir)/libsecurity.so.1" "$(DESTDIR)$(libdir)/libsecurity.so" \
		"$(DESTDIR)$(libdir)/pkgconfig/libsecurity.pc" "$(DESTDIR)$(includedir)/libsecurity.h" \
		"$(DESTDIR)$(pamdir)/pam_security.so" "$(DESTDIR)$(bindir)/securityctl" "$(DESTDIR)$(pamconfigsdir)/libsecurity" \
		"$(DESTDIR)$(sbindir)/securityd" "$(DESTDIR)$(unitdir)/securityd.service" "$(DESTDIR)$(unitdir)/securityd.socket" \
		"$(DESTDIR)$(mandir)/man8/securityd.8" \
		"$(DESTDIR)$(mandir)/man8/pam_security.8" "$(DESTDIR)$(mandir)/man8/securityctl.8" \
		"$(DESTDIR)$(mandir)/man5/security.toml.5" "$(DESTDIR)$(mandir)/man3/libsecurity.3"
	rm -f "$(DESTDIR)$(localedir)"/*/LC_MESSAGES/libsecurity.mo
	rm -rf "$(DESTDIR)$(docdir)" "$(DESTDIR)$(datadir)"

clean:
	rm -rf dist .build .build-embedded .build-venv Benchmarks/.build Fuzz/.build
