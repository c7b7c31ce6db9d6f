#!/usr/bin/env bash
# What the tests of the page in a browser need: Chromium with its driver (Debian, Ubuntu), and axe-core from npm.
set -euo pipefail
version=4.14.1
sum=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
if ! command -v chromedriver >/dev/null || ! command -v chromium >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update
  $as_root apt-get install --yes --no-install-recommends chromium chromium-driver
fi
cd "$(dirname "$0")/../.."
mkdir -p target/browser
if ! echo "$sum  target/browser/axe.min.js" | sha256sum --check --status 2>/dev/null; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  npm pack "axe-core@$version" --silent --pack-destination "$folder" >/dev/null
  tar -xOzf "$folder/axe-core-$version.tgz" package/axe.min.js > "$folder/axe.min.js"
  echo "$sum  $folder/axe.min.js" | sha256sum --check --status || { echo "axe.min.js is not what it was" >&2; exit 1; }
  mv "$folder/axe.min.js" target/browser/axe.min.js
fi
echo "ready: cargo test --test revcast browser"
