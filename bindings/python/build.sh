#!/bin/sh
# Builds the wheel and the program, and holds the one against the other: sh bindings/python/build.sh [FOLDER FOR THE WHEEL] [OPTIONS OF MATURIN BUILD]
set -eu
cd "$(dirname "$0")"
wheels=${1:-target/wheels}
[ $# -eq 0 ] || shift
python3 -m venv target/venv
bin=$(ls -d target/venv/bin target/venv/Scripts 2>/dev/null | head -n 1)
case "$*" in *--zig*) with_zig="[zig]" ;; *) with_zig="" ;; esac
"$bin/pip" install --quiet "maturin$with_zig>=1.9,<2"
rm -f "$wheels"/revcast-*.whl
"$bin/maturin" build --release --locked --compression-level 9 --out "$wheels" "$@"
wheel=$(ls "$wheels"/revcast-*.whl)
# A wheel that took more would be a burden on every node.
test "$(wc -c < "$wheel")" -le 8000000
"$bin/pip" install --quiet --force-reinstall "$wheel[test]"
(cd ../.. && cargo build --release --locked --bin revcast)
"$bin/python" -m pytest --quiet tests
"$bin/python" -m mypy --strict python/revcast
