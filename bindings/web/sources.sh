#!/bin/sh
# Prints the fingerprint of what the engine of tuning pages is built from: the SHA-256 of the list of these files with theirs.
set -eu
cd "$(dirname "$0")/../.."
export LC_ALL=C
{
	find src/units src/stats src/chance src/scenario src/model src/outcomes src/engine src/documents src/forecast src/analysis src/findings -name '*.rs'
	ls src/report/page/tuning/answer.rs src/report/page/headline.rs src/report/page/explorer_data.rs src/report/page/text.rs src/report/sentences.rs
	ls bindings/web/src/lib.rs bindings/web/Cargo.toml bindings/web/Cargo.lock bindings/web/unpack/src/lib.rs bindings/web/unpack/Cargo.toml
} | sort | xargs sha256sum | sha256sum | cut -d ' ' -f 1
