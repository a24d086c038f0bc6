# What the tests on whole prefixes share; sourced by them, $top and $TEST_PREFIX set.

export WINEDLLOVERRIDES="mscoree,mshtml=" WINEDEBUG=-all DISPLAY=
failed=0
wine64=$(command -v wine64 || echo /usr/lib/wine/wine64)
[ -x "$wine64" ] || wine64=wine
sys='C:\windows\system32\'
wow='C:\windows\syswow64\'
made=()

fail() {
    echo "$*"
    failed=1
}

# fresh NAME: a copy of the test's prefix in this folder, and WINEPREFIX names it
fresh() {
    cp -a "$TEST_PREFIX" "$1" && rm -rf "$1/.decanter"
    export WINEPREFIX=$PWD/$1
    made+=("$WINEPREFIX")
}

# in_prefix NAME
in_prefix() { export WINEPREFIX=$PWD/$1; }

# has_32: 32-bit programs run in the prefix; tools/runtests has tried one
has_32() { [[ " ${TEST_ARCHES:-x86_64} " = *" i686 "* ]]; }

# run PROGRAM ARGUMENTS: ends after a minute, or LIMIT seconds
run() { timeout -s KILL "${LIMIT:-60}" "$wine64" "$@" 2>> errors.txt | tr -d '\r'; }

# serve: one server and its services for all that runs in the prefix from here to quiet. Without it
# each program starts them anew; Wine 10 has more of them than Wine 8, and on a busy machine a
# program's minute was over before they had started.
serving=
serve() { wineserver -p && serving=yes; }

# quiet: the prefix's server has ended and written its files
quiet() {
    [ -n "$serving" ] && wineserver -k
    serving=
    timeout 20 wineserver -w || wineserver -k
    wineserver -w
}

prefix() { "$top/tools/prefix" "$@"; }

# same OWN OURS COMMAND ...: what ours said is what Wine's own said. Of some thousand programs that Wine 8
# starts one ends without a word, whichever DLLs it has; so where the two differ Wine's own is asked
# once more, by the command (which says it on standard output), in a fresh prefix: if it says what ours
# did, it differs from itself. What ours said is said once.
same() {
    local own=$1 ours=$2
    shift 2
    diff "$own" "$ours" > differ.txt && return
    quiet
    fresh again
    serve
    "$@" > again.txt
    quiet
    cat differ.txt
    diff again.txt "$ours" > /dev/null && echo "which is Wine's own, once; the second time it said what ours did" && return
    fail "the two differ"
}

# show: programs from here on have a display, of an Xvfb of this test's own
xvfb=
show() {
    Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3> display.txt 2> xvfb.txt &
    xvfb=$!
    for _ in $(seq 600); do
        [ -s display.txt ] && break
        sleep 0.1
    done
    [ -s display.txt ] || { cat xvfb.txt; fail "Xvfb did not start"; exit 1; }
    quiet # Wine's desktop keeps the display of the first program
    DISPLAY=:$(cat display.txt)
}

end_all() {
    local p
    [ -z "$xvfb" ] || kill "$xvfb" 2> /dev/null
    for p in "${made[@]}"; do
        WINEPREFIX=$p wineserver -k 2> /dev/null
        WINEPREFIX=$p wineserver -w 2> /dev/null
        [ -n "${KEEP:-}" ] || rm -rf "$p" # more than a gigabyte each
    done
}
trap end_all EXIT
