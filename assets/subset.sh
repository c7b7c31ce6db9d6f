#!/bin/sh
# Makes the fonts beside this script, each as TTF for charts and as WOFF2 for the page, from the full Noto Sans 1.04 in the folder given: sh subset.sh FOLDER
# Needs fontTools 4 with brotli (pip install fonttools brotli). The same input gives the same bytes.
set -eu
here=$(dirname "$0")
# Latin with all its extensions and accents, Greek, Cyrillic; punctuation, currencies, arrows, mathematics, shapes.
characters=U+0000-024F,U+0250-02AF,U+02B0-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-23FF,U+2500-26FF,U+2C60-2C7F,U+A720-A7FF,U+FB00-FB06,U+FFFC-FFFD
for face in Regular Bold; do
    pyftsubset "$1/NotoSans-$face.ttf" --output-file="$here/NotoSans-$face.ttf" --unicodes="$characters" \
        --notdef-outline --no-hinting --drop-tables+=GDEF,GPOS,GSUB --name-IDs='*' --name-languages='*' \
        --no-recalc-bounds --no-recalc-timestamp --no-prune-unicode-ranges
    fonttools ttLib.woff2 compress -o "$here/NotoSans-$face.woff2" "$here/NotoSans-$face.ttf"
done
