#!/usr/bin/env bash
# Sound files for the fuzz targets to begin with, in fuzz/corpus/.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet
revcast=$PWD/target/debug/revcast
corpus=fuzz/corpus
mkdir -p "$corpus"/{scenario,path,sheets,exports,forecast,shard}
made=$(mktemp -d)
trap 'rm -r "$made"' EXIT

cp scenarios/ai-marketing-plan.json scenarios/minimal.json fuzz/seeds/small.json src/scenario/starter.json "$corpus/scenario/"
for variant in downside flat-leads upside; do
    # A NUL byte parts a scenario from the one that it extends.
    { sed 's/ai-marketing-plan.json/base.json/' "scenarios/$variant.json" && printf '\0' && cat scenarios/ai-marketing-plan.json; } \
        >"$corpus/scenario/$variant.json"
done
printf '{"extends": "scenario.json"}' >"$corpus/scenario/circle.json"

printf 'regions.europe.conversion.mean=0.27\nmonths=24' >"$corpus/path/fields"
printf 'regions.*.leads.growth[0].rate={"low":0,"high":0.1}' >"$corpus/path/star"
printf 'regions.a.stages[Offer].pass=0.5\ntargets=null' >"$corpus/path/names"
printf '2027-Q1=de\nstart=2027-05' >"$corpus/path/words"

for scenario in minimal ai-marketing-plan; do
    for style in plain excel-eu; do
        "$revcast" template "scenarios/$scenario.json" --csv-style "$style" >"$corpus/sheets/$scenario-$style.csv"
    done
done
printf 'region,metric,month,amount\neurope,bookings,2027-03,10000\ntotal,revenue,Mar-27,25%%\n' >"$corpus/sheets/budget.csv"
printf 'sep=;\nregion;metric;month;amount\n;bookings;01.06.2027;10,5\n' >"$corpus/sheets/budget-eu.csv"

cp scenarios/opportunities.csv "$corpus/exports/"
{ head -200 scenarios/opportunities.csv && printf '\0id,stage,entered\n006D00001,Proposal,2026-02-01\n'; } >"$corpus/exports/history"

"$revcast" run fuzz/seeds/small.json --quiet --out "$made/plain"
"$revcast" run fuzz/seeds/small.json --quiet --deep --out "$made/deep"
for kind in plain deep; do
    # Without the checksum, by which every change would be refused.
    sed 's/,"checksum":"[0-9a-f]*"}$/}/' "$made/$kind/forecast.json" >"$corpus/forecast/$kind.json"
done

# One region and a month: a footer of some kilobytes, most of which is looked at.
for part in 1/1 1/2; do
    "$revcast" run scenarios/minimal.json --quiet --set months=1 --set targets=null --trials 9 --shard "$part" --out "$made/run"
    mv "$made/run" "$corpus/shard/run-${part%/*}-of-${part#*/}"
done
"$revcast" sweep scenarios/minimal.json --quiet --trials 9 --grid 'regions.*.conversion*=0.9,1.1' --shard 1/2 --out "$corpus/shard/sweep"
