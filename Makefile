# Decanter: msi.dll, winreg.dll and advapi32.dll for Wine.
#
#   make                the DLLs, import libraries and tools, for x86_64 and i686, in build/
#   make run            set up what is missing and do the main job (MSI=file for a package of yours)
#   make test           set up what is missing and pass every test (T=text for those named like it)
#   make test-builtin   the same tests against Wine's own DLLs
#   make check          the fast checks: format, layers, sizes
#   make bench          ours against Wine's
#   make fuzz           every fuzz target for SECONDS=n, of 64 bits and where it can be of 32
#   make corpus         a folder of real files, CORPUS=dir
#   make dist           an archive for users
#   make install        Decanter into the Wine prefix PREFIX=dir; also: make uninstall, make status
#   make install-tools  hive, msiq, decanter-prefix, manual pages and the rest for the system, below
#                       prefix=/usr/local (DESTDIR=dir before it); also: make uninstall-tools
#   make bare           run and test on a bare Debian, SUITE=bookworm or trixie
#   make clean          away with build/ and dist/
# V=1 shows the commands of a build.
#
# Sources are found by their place: a new file in a layer's folder is built without a change here.
# NAME_win.c is for the DLLs alone, NAME_posix.c for the host alone; face/ never builds on the host.

ARCHES     := x86_64 i686
DLLS       := msi winreg advapi32
B          := build

CC_x86_64  := x86_64-w64-mingw32-gcc
CC_i686    := i686-w64-mingw32-gcc
CXX_x86_64 := x86_64-w64-mingw32-g++
CXX_i686   := i686-w64-mingw32-g++
WIDL_x86_64 := -m64
WIDL_i686   := -m32
# Wine's own type library, which ours imports: that of 64 bits does for both.
TLB_DIRS := $(wildcard /usr/lib/x86_64-linux-gnu/wine/x86_64-windows /usr/lib/wine/x86_64-windows \
              /usr/lib64/wine/x86_64-windows /opt/wine*/lib*/wine/x86_64-windows)
T_x86_64   := x86_64-w64-mingw32
T_i686     := i686-w64-mingw32
HOSTCC     ?= gcc
CLANG      ?= clang

# Where Debian's `wine` would start nothing, tools/setup puts one there that does.
export PATH := $(CURDIR)/$(B)/bin:$(PATH)

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
        -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wunused-value -Wold-style-definition
CXXWARN := -Wall -Wextra -Werror -Wshadow
INC  := -Iinclude -Idlls/common
# The prefix map and the absent time stamp keep the DLLs the same from one build to the next.
REPRO := -ffile-prefix-map=$(CURDIR)=.
CFLAGS_WIN := -std=gnu11 -O2 -g $(WARN) $(INC) $(REPRO) -DUNICODE -D_UNICODE -D_WIN32_WINNT=0x0A00 \
              -DWINVER=0x0A00 -D__USE_MINGW_ANSI_STDIO=1 -fno-strict-aliasing -mno-ms-bitfields
CFLAGS_x86_64 := $(CFLAGS_WIN)
# SSE2 is there on every processor that runs a 32-bit Wine today; the stack of a callback from
# other compilers' code may be aligned to 4 only.
CFLAGS_i686   := $(CFLAGS_WIN) -march=i686 -msse2 -mstackrealign
# Sections that begin on pages of the file are mapped by Wine's loader; others it reads and copies,
# debug information too, in every process.
LDFLAGS_WIN    := -static-libgcc -Wl,--no-insert-timestamp -Wl,--file-alignment=4096
LDFLAGS_x86_64 := $(LDFLAGS_WIN)
LDFLAGS_i686   := $(LDFLAGS_WIN) -Wl,--kill-at -Wl,--enable-stdcall-fixup
# widl writes functions without prototypes, arguments and blocks that it makes no use of, comparisons
# with the least number there is, and tables that end before their last field.
WARN_STUBS := -Wno-missing-prototypes -Wno-unused-parameter -Wno-unused-function \
              -Wno-missing-field-initializers -Wno-type-limits
CFLAGS_HOST := -std=gnu11 -g $(WARN) $(INC) -D_GNU_SOURCE -fno-strict-aliasing -pthread

.PHONY: all run test test-builtin check bench fuzz corpus clean setup native kill dist \
        help bare install uninstall status install-tools uninstall-tools
.SECONDARY:
.DELETE_ON_ERROR:
all:

# ---- sources -----------------------------------------------------------------------------------

common_all  := $(wildcard dlls/common/*.c)
msi_all     := $(wildcard dlls/msi/*.c dlls/msi/*/*.c)
winreg_all  := $(wildcard dlls/winreg/*.c dlls/winreg/*/*.c)
advapi32_all := $(wildcard dlls/advapi32/*.c)

winsrc  = $(filter-out %_posix.c,$(1))
hostsrc = $(filter-out %_win.c dlls/msi/face/% dlls/winreg/face/% dlls/msi/main.c dlls/winreg/main.c,$(1))

# For names in quotation marks alone: a header of ours may have the name of one of the system's.
INC_msi    := $(addprefix -iquote,$(wildcard dlls/msi dlls/msi/*/))
INC_winreg := $(addprefix -iquote,$(wildcard dlls/winreg dlls/winreg/*/))
INC_advapi32 :=

# ---- DLLs --------------------------------------------------------------------------------------

# What each DLL is linked with beyond its own objects. ole32 and the like come from mingw-w64.
LIBS_msi      := -lole32 -loleaut32 -luuid -luser32 -lcabinet -lversion -lshlwapi -lshell32 -lrpcrt4
LIBS_winreg   := -lntdll
LIBS_advapi32 :=
# winreg.dll and msi.dll must not import advapi32, which is ours and forwards to winreg.

define OBJ_RULES
$(B)/$(1)/obj/dlls/common/%.o: dlls/common/%.c
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/obj/dlls/msi/%.o: dlls/msi/%.c
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) $$(INC_msi) $$(INC_STUBS) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/obj/dlls/winreg/%.o: dlls/winreg/%.c
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) $$(INC_winreg) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/obj/dlls/%.res.o: dlls/%.rc dlls/common/version.rci
	@mkdir -p $$(@D)
	$$(T_$(1))-windres -Idlls/common -I$(B)/$(1) -i $$< -o $$@
# The automation object's type library, a resource of msi.dll.
$(B)/$(1)/installer.tlb: dlls/msi/installer.idl
	@mkdir -p $$(@D)
	WIDL_TIME_OVERRIDE=0 widl -t $$(WIDL_$(1)) $(addprefix -L,$(TLB_DIRS)) -o $$@ $$<
$(B)/$(1)/obj/dlls/msi/version.res.o: $(B)/$(1)/installer.tlb
# What hosts of custom actions ask of the process that installs: a header, and stubs of both sides.
$(B)/$(1)/actionhost.h: dlls/msi/actionhost.idl
	@mkdir -p $$(@D)
	widl $$(WIDL_$(1)) --prefix-server=serve_ -h -H $$@ $$<
$(B)/$(1)/actionhost_c.c: dlls/msi/actionhost.idl $(B)/$(1)/actionhost.h
	widl $$(WIDL_$(1)) -c -o $$@ $$<
$(B)/$(1)/actionhost_s.c: dlls/msi/actionhost.idl $(B)/$(1)/actionhost.h
	widl $$(WIDL_$(1)) -s --prefix-server=serve_ -o $$@ $$<
$(B)/$(1)/obj/actionhost_%.o: $(B)/$(1)/actionhost_%.c dlls/msi/face/host_stubs.h
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) $$(WARN_STUBS) -DUSE_COMPILER_EXCEPTIONS -include dlls/msi/face/host_stubs.h -c -o $$@ $$<
OBJ_HOST_$(1) := $$(patsubst %.c,$(B)/$(1)/obj/%.o,$$(wildcard dlls/msi/face/host_*.c))
$$(OBJ_HOST_$(1)): INC_STUBS := -iquote $(B)/$(1)
$$(OBJ_HOST_$(1)): $(B)/$(1)/actionhost.h
OBJ_msi_$(1) := $(B)/$(1)/obj/actionhost_c.o $(B)/$(1)/obj/actionhost_s.o
endef
$(foreach a,$(ARCHES),$(eval $(call OBJ_RULES,$(a))))

define DLL_RULES
OBJ_$(1)_$(2) := $$(patsubst %.c,$(B)/$(1)/obj/%.o,$$(call winsrc,$$($(2)_all))) \
	$(if $(filter advapi32,$(2)),,$$(patsubst %.c,$(B)/$(1)/obj/%.o,$$(call winsrc,$$(common_all)))) \
	$$(OBJ_$(2)_$(1))
$(B)/$(1)/$(2).def: dlls/$(2)/$(2).spec
	@mkdir -p $$(@D)
	winebuild --def --target=$$(T_$(1)) -E $$< -o $$@
$(B)/$(1)/$(2).dll: $(B)/$(1)/$(2).def $$(OBJ_$(1)_$(2)) $(B)/$(1)/obj/dlls/$(2)/version.res.o
	$$(CC_$(1)) -shared $(if $(filter advapi32,$(2)),-nostdlib -Wl$$(comma)--entry=0) $$(LDFLAGS_$(1)) -o $$@ $$(filter %.o,$$^) $$< $$(LIBS_$(2)) $$(LIBS_$(2)_$(1))
$(B)/$(1)/lib$(2).dll.a: $(B)/$(1)/$(2).def
	$$(T_$(1))-dlltool -D $(2).dll -k -d $$< -l $$@
# With -static the linker looks for no other name than this: without it, mingw's own comes in.
$(B)/$(1)/lib$(2).a: $(B)/$(1)/lib$(2).dll.a
	cp $$< $$@
all: $(B)/$(1)/$(2).dll $(B)/$(1)/lib$(2).a
-include $$(OBJ_$(1)_$(2):.o=.d)
endef
comma := ,
$(foreach a,$(ARCHES),$(foreach d,$(DLLS),$(eval $(call DLL_RULES,$(a),$(d)))))

# ---- tools and tests for Windows ---------------------------------------------------------------

# A tool is a folder tools/NAME of .c files; a test program is tests/DLL/NAME.c (or .cpp).
tool_names := $(sort $(foreach f,$(wildcard tools/*/*.c),$(word 2,$(subst /, ,$(f)))))
wintests   := $(wildcard tests/msi/*.c tests/winreg/*.c tests/advapi32/*.c \
                tests/msi/*.cpp tests/winreg/*.cpp tests/advapi32/*.cpp)
wintest_names := $(basename $(wintests))
benches    := $(patsubst %.c,%,$(wildcard tests/bench/*.c))

# What a program links with, by the folder it stands in (tests) or by its name (tools). Each name
# resolves to our import library first.
LIBS_TEST_msi      := -lmsi -lole32 -loleaut32 -luuid
LIBS_TEST_winreg   := -lwinreg -ladvapi32
LIBS_TEST_advapi32 := -ladvapi32 -lole32
LIBS_TEST_bench    := -lmsi -ladvapi32
LIBS_TOOL_msiq     := -lmsi -lcabinet -lversion
LIBS_TOOL_hive     := -lwinreg
LIBS_TOOL_msiexec  := -lmsi -lole32
# msiexec is no program of a console: one would get a window where it is started from none.
LDFLAGS_TOOL_msiexec := -mwindows
INC_TOOL_hive       = $(INC_winreg)
INC_TOOL_msiq       = $(INC_msi)
# The version that the tools print is that of the DLLs' resources.
VERSION := $(shell sed -n 's/^.define DECANTER_VERSION_STR "\(.*\)"/\1/p' dlls/common/version.rci)
CFLAGS_TOOL := -DDECANTER_VERSION='"$(VERSION)"'

# hive looks into files through the engine itself, and shows winreg.dll's functions at work.
define HIVE_TOOL_ENGINE
$(B)/$(1)/hive.exe: $(patsubst %.c,$(B)/$(1)/obj/%.o,$(call winsrc,$(wildcard $(patsubst %,dlls/winreg/%/*.c,log image cell security key check hive text))) $(call winsrc,$(common_all)))
endef
ifneq ($(wildcard tools/hive/*.c),)
$(foreach a,$(ARCHES),$(eval $(call HIVE_TOOL_ENGINE,$(a))))
endif
# msiq works through msi.dll's functions; what these do not show - how a file is stored, what is in
# its cabinets and storages - it reads through the engine.
define MSIQ_TOOL_ENGINE
$(B)/$(1)/msiq.exe: $(patsubst %.c,$(B)/$(1)/obj/%.o,$(call winsrc,$(wildcard $(patsubst %,dlls/msi/%/*.c,ground engine record database product session))) $(call winsrc,$(common_all)))
endef
ifneq ($(wildcard tools/msiq/*.c),)
$(foreach a,$(ARCHES),$(eval $(call MSIQ_TOOL_ENGINE,$(a))))
endif

# msiexec calls exported functions alone; a prefix tells it from Wine's by its version resource.
define MSIEXEC_TOOL
$(B)/$(1)/obj/tools/msiexec/version.res.o: tools/msiexec/version.rc dlls/common/version.rci
	@mkdir -p $$(@D)
	$$(T_$(1))-windres -Idlls/common -i $$< -o $$@
$(B)/$(1)/msiexec.exe: $(B)/$(1)/obj/tools/msiexec/version.res.o $(patsubst %.c,$(B)/$(1)/obj/%.o,$(call winsrc,$(common_all)))
endef
$(foreach a,$(ARCHES),$(eval $(call MSIEXEC_TOOL,$(a))))

define TOOL_RULE
$(B)/$(1)/$(2).exe: $(patsubst %.c,$(B)/$(1)/obj/%.o,$(call winsrc,$(wildcard tools/$(2)/*.c))) $(foreach d,$(DLLS),$(B)/$(1)/lib$(d).dll.a)
	$$(CC_$(1)) -municode -static-libgcc -Wl,--no-insert-timestamp $$(LDFLAGS_TOOL_$(2)) -o $$@ $$(filter %.o,$$^) -L$(B)/$(1) $$(LIBS_TOOL_$(2))
-include $(patsubst %.c,$(B)/$(1)/obj/%.d,$(wildcard tools/$(2)/*.c))

endef

define EXE_RULES
$(B)/$(1)/obj/tools/%.o: tools/%.c
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) $$(CFLAGS_TOOL) $$(INC_TOOL_$$(firstword $$(subst /, ,$$*))) -municode -MMD -MP -c -o $$@ $$<
$(foreach t,$(tool_names),$(call TOOL_RULE,$(1),$(t)))
$(B)/$(1)/tests/%.exe: tests/%.c $(foreach d,$(DLLS),$(B)/$(1)/lib$(d).dll.a)
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) -MMD -MP -MF $$@.d -static-libgcc -o $$@ $$< -L$(B)/$(1) $$(LIBS_TEST_$$(firstword $$(subst /, ,$$*)))
$(B)/$(1)/tests/%.exe: tests/%.cpp $(foreach d,$(DLLS),$(B)/$(1)/lib$(d).a)
	@mkdir -p $$(@D)
	$$(CXX_$(1)) -O2 -g $$(CXXWARN) $$(INC) -DUNICODE -D_UNICODE -MMD -MP -MF $$@.d -static -o $$@ $$< -L$(B)/$(1) $$(LIBS_TEST_$$(firstword $$(subst /, ,$$*)))
# A test that installs custom actions has their DLL within itself.
$(B)/$(1)/tests/parts/%.dll: tests/parts/%.c $(B)/$(1)/libmsi.dll.a
	@mkdir -p $$(@D)
	$$(CC_$(1)) $$(CFLAGS_$(1)) -shared -static-libgcc -s $(if $(filter i686,$(1)),-Wl$$(comma)--kill-at) -o $$@ $$< -L$(B)/$(1) -lmsi
$(addprefix $(B)/$(1)/tests/msi/,actions.exe actionhosts.exe steps.exe): $(B)/$(1)/tests/parts/action.dll
$(B)/$(1)/tests/msi/actioncalls.exe: $(B)/$(1)/tests/parts/asker.dll
TESTS_$(1) := $$(patsubst tests/%,$(B)/$(1)/tests/%.exe,$$(wintest_names))
BENCH_$(1) := $$(patsubst tests/%,$(B)/$(1)/tests/%.exe,$$(benches))
all: $$(patsubst %,$(B)/$(1)/%.exe,$$(tool_names))
-include $$(wildcard $(B)/$(1)/tests/*/*.exe.d)
endef
$(foreach a,$(ARCHES),$(eval $(call EXE_RULES,$(a))))

.PHONY: wintests benches
wintests: all $(TESTS_x86_64) $(TESTS_i686)
benches: all $(BENCH_x86_64)

# ---- host builds of the engines ----------------------------------------------------------------

# asan and tsan carry the tests, fuzz the fuzzers (fuzz32 those of 32 bits, where sizes wrap that do not
# elsewhere), opt the kill tests and the native tools. Static libraries: common, msi, winreg.
FLAVOURS := asan tsan fuzz fuzz32 opt
HCC_asan := $(CLANG)
HCC_tsan := $(CLANG)
HCC_fuzz := $(CLANG)
HCC_fuzz32 := $(CLANG)
HCC_opt  := $(HOSTCC)
HFLAGS_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HFLAGS_tsan := -O1 -fsanitize=thread
HFLAGS_fuzz := -O1 -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
# Under qemu (RUN32=qemu-i386) AddressSanitizer's shadow and what qemu maps lie in the same place:
# SAN32=undefined.
SAN32 := address,undefined
HFLAGS_fuzz32 := -m32 -O1 -fsanitize=$(SAN32),fuzzer-no-link -fno-sanitize-recover=all \
                 -D_FILE_OFFSET_BITS=64 -include tests/fuzz/align32.h
HFLAGS_opt  := -O2
# No target opens a cabinet, and few systems have libmspack for 32 bits.
MSPACK_fuzz := -lmspack
MSPACK_fuzz32 := $(B)/fuzz32/obj/tests/fuzz/lacking/mspack.o

define HOST_RULES
$(B)/$(1)/obj/dlls/msi/%.o: dlls/msi/%.c
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) $$(INC_msi) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/obj/dlls/winreg/%.o: dlls/winreg/%.c
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) $$(INC_winreg) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) -MMD -MP -c -o $$@ $$<
HLIBS_$(1) := $(B)/$(1)/libcommon.a $(B)/$(1)/libmsi.a $(B)/$(1)/libwinreg.a
$(B)/$(1)/libcommon.a: $$(patsubst %.c,$(B)/$(1)/obj/%.o,$$(call hostsrc,$$(common_all)))
$(B)/$(1)/libmsi.a: $$(patsubst %.c,$(B)/$(1)/obj/%.o,$$(call hostsrc,$$(msi_all)))
$(B)/$(1)/libwinreg.a: $$(patsubst %.c,$(B)/$(1)/obj/%.o,$$(call hostsrc,$$(winreg_all)))
$$(HLIBS_$(1)):
	rm -f $$@ && ar rcs $$@ $$^
# tests/native/msi_x.c stands on the msi engine, reg_x.c on the registry's, common_x.c on neither.
$(B)/$(1)/tests/msi_%: tests/native/msi_%.c $(B)/$(1)/libmsi.a $(B)/$(1)/libcommon.a
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) $$(INC_msi) -MMD -MP -MF $$@.d -o $$@ $$(filter %.c %.a,$$^) -lmspack
$(B)/$(1)/tests/reg_%: tests/native/reg_%.c $(B)/$(1)/libwinreg.a $(B)/$(1)/libcommon.a
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) $$(INC_winreg) -MMD -MP -MF $$@.d -o $$@ $$(filter %.c %.a,$$^)
$(B)/$(1)/tests/common_%: tests/native/common_%.c $(B)/$(1)/libcommon.a
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) -MMD -MP -MF $$@.d -o $$@ $$(filter %.c %.a,$$^)
$(B)/$(1)/fuzz/msi_%: tests/fuzz/msi_%.c $(B)/$(1)/libmsi.a $(B)/$(1)/libcommon.a $$(filter %.o,$$(MSPACK_$(1)))
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) -fsanitize=fuzzer $$(INC_msi) -MMD -MP -MF $$@.d -o $$@ $$(filter %.c %.a,$$^) $$(MSPACK_$(1))
$(B)/$(1)/fuzz/reg_%: tests/fuzz/reg_%.c $(B)/$(1)/libwinreg.a $(B)/$(1)/libcommon.a
	@mkdir -p $$(@D)
	$$(HCC_$(1)) $$(CFLAGS_HOST) $$(HFLAGS_$(1)) -fsanitize=fuzzer $$(INC_winreg) -MMD -MP -MF $$@.d -o $$@ $$(filter %.c %.a,$$^)
-include $$(wildcard $(B)/$(1)/tests/*.d $(B)/$(1)/fuzz/*.d)
-include $$(shell find $(B)/$(1)/obj -name '*.d' 2>/dev/null)
endef
$(foreach f,$(FLAVOURS),$(eval $(call HOST_RULES,$(f))))

# The same tools for the host. Where the C library is there in its static form, they need nothing of
# the system that they are started on; `make STATIC=` links that library, and nothing else, dynamically.
.PHONY: native
native:
STATIC ?= $(if $(filter /%,$(shell $(HOSTCC) -print-file-name=libc.a 2>/dev/null)),-static)
# the engine that a tool stands on, and what it is linked with besides
ENGINE_hive := winreg
ENGINE_msiq := msi
# msiq installs into hives too: the registry's engine as one object that shows nothing but the methods,
# since both engines have a handle table of their own.
MORE_msiq := $(B)/opt/registry.o
$(B)/opt/registry.o: $(B)/opt/libwinreg.a
	$(HOSTCC) -r -nostdlib -o $@ -Wl,--whole-archive $< -Wl,--no-whole-archive
	objcopy --wildcard $(foreach s,Winreg* BaseReg* Open*,--keep-global-symbol='$(s)') $@
LIBS_HOST_msiq := $(if $(STATIC),-lmspack,-Wl$(comma)-Bstatic -lmspack -Wl$(comma)-Bdynamic)
define NATIVE_TOOL
$(B)/opt/obj/tools/$(1)/%.o: tools/$(1)/%.c
	@mkdir -p $$(@D)
	$(HOSTCC) $(CFLAGS_HOST) $(CFLAGS_TOOL) $(HFLAGS_opt) $$(INC_$(ENGINE_$(1))) -MMD -MP -c -o $$@ $$<
$(B)/opt/$(1): $(patsubst %.c,$(B)/opt/obj/%.o,$(call hostsrc,$(wildcard tools/$(1)/*.c))) $$(MORE_$(1)) $(B)/opt/lib$(ENGINE_$(1)).a $(B)/opt/libcommon.a
	$(HOSTCC) -pthread -static-libgcc $(STATIC) -o $$@ $$^ $(LIBS_HOST_$(1))
native: $(B)/opt/$(1)
all: $(B)/opt/$(1)
endef
$(foreach t,$(filter hive msiq,$(tool_names)),$(eval $(call NATIVE_TOOL,$(t))))

native_names := $(patsubst tests/native/%.c,%,$(wildcard tests/native/*.c))
# Threads are what ThreadSanitizer is for: the tests named *_threads, and those alone.
NATIVE := $(patsubst %,$(B)/asan/tests/%,$(native_names)) \
          $(patsubst %,$(B)/tsan/tests/%,$(filter %_threads,$(native_names)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/fuzz/%,$(wildcard tests/fuzz/*.c))
.PHONY: nativetests fuzzers fuzzers32
nativetests: $(NATIVE)
fuzzers: $(FUZZERS)
fuzzers32: $(subst /fuzz/fuzz/,/fuzz32/fuzz/,$(FUZZERS))

# ---- what people ask for -----------------------------------------------------------------------

SECONDS ?= 600
setup:
	@tools/setup

# One short build for `make run` and the like: on all processors, unless make was told how many.
build = @$(MAKE) --no-print-directory $(if $(V),,-s) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

run: setup
	@echo "Building the DLLs and tools (a few minutes the first time) ..."
	$(build) all
	@tools/run $(if $(MSI),"$(MSI)")

test: setup
	@echo "Building the DLLs, tools, tests and fuzzers (some minutes the first time) ..."
	$(build) wintests nativetests fuzzers
	@tools/runtests $(T)

test-builtin: setup
	$(build) wintests
	@tools/runtests --builtin $(T)

check:
	@tools/check

bare:
	@tools/bare "$(SUITE)"

help:
	@sed -n 's/^#   //p; s/^# \(V=1\)/\1/p' Makefile

bench: setup
	$(build) benches native
	@tools/bench

fuzz: setup
	$(build) fuzzers
	@if tools/fuzz --has-32; then $(MAKE) --no-print-directory -s $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) fuzzers32; fi
	@tools/fuzz $(SECONDS) $(T)

corpus: setup
	$(build) all
	@tools/corpus "$(CORPUS)"

# dist/decanter-VERSION.tar.gz: everything a user needs, the same to the byte each time.
dist: all
	@tools/dist

# PREFIX=dir, a Wine prefix in which nothing runs. Not every shell turns the ~ of PREFIX=~/dir into
# the home directory.
ifneq ($(filter install uninstall status,$(MAKECMDGOALS)),)
ifeq ($(strip $(PREFIX)),)
$(error no Wine prefix is named: make $(firstword $(MAKECMDGOALS)) PREFIX=~/.wine$(if $(prefix)$(DESTDIR), (for the \
system: make $(firstword $(MAKECMDGOALS))-tools)))
endif
endif
prefix_tool = @named='$(subst ','\'',$(PREFIX))'; \
	case $$named in "~") named=$$HOME ;; "~/"*) named=$$HOME/$${named\#"~/"} ;; esac; \
	tools/prefix $@ "$$named"
install: all
	$(prefix_tool)
uninstall status:
	$(prefix_tool)

# Below DESTDIR, which is no part of any path in what is installed. The folder decanter is the archive,
# with the tools and pages where the system looks for them instead.
prefix         = /usr/local
exec_prefix    = $(prefix)
bindir         = $(exec_prefix)/bin
libdir         = $(exec_prefix)/lib
datarootdir    = $(prefix)/share
mandir         = $(datarootdir)/man
docdir         = $(datarootdir)/doc/decanter
bashcompdir    = $(datarootdir)/bash-completion/completions
zshcompdir     = $(datarootdir)/zsh/site-functions
system_dirs   := bindir libdir mandir docdir bashcompdir zshcompdir
install-tools: all
	@tools/install-tools $(foreach d,$(system_dirs),$(d)='$(DESTDIR)$($(d))')
uninstall-tools:
	@tools/install-tools --remove $(foreach d,$(system_dirs),$(d)='$(DESTDIR)$($(d))')

clean:
	rm -rf $(B) dist
