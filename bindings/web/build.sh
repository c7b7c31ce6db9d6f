#!/bin/sh
# Builds the engine of tuning pages and puts it into assets/, packed, with what it was built from. Takes the Rust target wasm32-unknown-unknown and xz.
# The bytes depend on the path of the checkout; the numbers do not, and tests hold the latter.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export RUSTFLAGS="-C target-feature=+simd128 --remap-path-prefix=$root=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
cargo build --quiet --release --locked --target wasm32-unknown-unknown --workspace
built=target/wasm32-unknown-unknown/release
gzip -9 --no-name --stdout "$built/revcast_web_unpack.wasm" > "$root/assets/unpack.wasm.gz"
xz --format=lzma --lzma1=preset=9e,dict=4MiB,pb=0 --stdout "$built/revcast_web.wasm" > "$root/assets/engine.wasm.lzma"
cd "$root"
{
	printf '{\n'
	printf '  "sources": "%s",\n' "$(bindings/web/sources.sh)"
	printf '  "engine.wasm.lzma": "%s",\n' "$(sha256sum < assets/engine.wasm.lzma | cut -d ' ' -f 1)"
	printf '  "unpack.wasm.gz": "%s",\n' "$(sha256sum < assets/unpack.wasm.gz | cut -d ' ' -f 1)"
	printf '  "compiler": "%s"\n}\n' "$(rustc --version)"
} > assets/engine.json
wc -c assets/engine.wasm.lzma assets/unpack.wasm.gz
