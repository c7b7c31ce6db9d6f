//! Single figures: the main one, targets, calls, payback, whole distributions.

use super::sound::{Sound, shown, shown_number};
use crate::forecast::{Bands, Distribution, EachOutcome, TargetOutcome};
use crate::stats::Estimate;
use crate::units::{Frequency, Period};

/// The quantiles of a distribution, 0.5 % to 99.5 %.
const QUANTILES: usize = 199;
/// No histogram has more bins.
const MOST_BINS: usize = 1000;

impl<'f> Sound<'f> {
    /// The figure that heads everything.
    pub(super) fn main(&mut self) {
        let main = &self.forecast.main;
        self.scope(|| "main.scope".to_owned(), &main.scope);
        self.period(|| "main.period".to_owned(), &main.period);
        self.share(|| "main.plan_percentile".to_owned(), main.plan_percentile);
        for (name, estimate) in Bands::<Estimate>::COLUMNS.iter().zip(main.bands.columns()) {
            self.error(|| format!("main.bands.{name}.error"), estimate.error);
        }
        self.error(|| "main.bands.sd.value".to_owned(), main.bands.sd.value);
        for (i, position) in main.positions.iter().enumerate() {
            self.chance(|| format!("main.positions[{i}].below"), position.below);
            self.chance(|| format!("main.positions[{i}].equal"), position.equal);
        }
        for (i, part) in main.contributions.iter().enumerate() {
            self.scope(|| format!("main.contributions[{i}].region"), &part.region);
            self.error(|| format!("main.contributions[{i}].error"), part.error);
        }
        for (i, input) in main.rank_correlations.iter().enumerate() {
            let rho = input.rho.known();
            let sound = (-1.0..=1.0).contains(&rho);
            let path = || format!("main.rank_correlations[{i}].rho.value");
            self.expect(sound, path, || shown_number(input.rho.value), "-1 to 1");
        }
        for (i, input) in main.input_shares.iter().enumerate() {
            self.known(|| format!("main.input_shares[{i}].share"), input.share);
        }
        if let Some(shares) = &main.variance {
            for (name, share) in
                shares.told(["events", "inputs", "market", "pace", "rates", "people", "open_deals", "chance"])
            {
                self.known(|| format!("main.variance.{name}"), share);
            }
        }
    }

    /// That the main figure's percentiles ascend, as far as their rounding lets them.
    fn ascends(&mut self) {
        let bands = &self.forecast.main.bands;
        let all = [bands.p5, bands.p10, bands.p25, bands.p50, bands.p75, bands.p90, bands.p95];
        let names = ["p5", "p10", "p25", "p50", "p75", "p90", "p95"];
        for i in 1..all.len() {
            let (Some(low), Some(high)) = (all[i - 1].value, all[i].value) else { continue };
            let slack = 0.01 * all[i - 1].error.unwrap_or(0.0).max(all[i].error.unwrap_or(0.0)) + 1e-9 * high.abs();
            let allowed = format!("at least {low}, which is {}", names[i - 1]);
            self.expect(low <= high + slack, || format!("main.bands.{}.value", names[i]), || high.to_string(), allowed);
        }
    }

    /// What the main figure comes to in bad futures, and how often its months stay inside their bands.
    pub(super) fn in_the_main(&mut self) {
        let main = &self.forecast.main;
        self.ascends();
        if let Some(worst) = main.worst_tenth {
            self.known(|| "main.worst_tenth".to_owned(), worst);
        }
        for (i, found) in main.months_inside.iter().enumerate() {
            self.period(|| format!("main.months_inside[{i}].period"), &found.period);
            self.chance(|| format!("main.months_inside[{i}].probability"), found.probability);
            let sound = (2..=self.horizon.months).contains(&found.months);
            let allowed = format!("2 to {}", self.horizon.months);
            self.expect(sound, || format!("main.months_inside[{i}].months"), || found.months.to_string(), allowed);
        }
    }

    /// What was asked for.
    pub(super) fn targets(&mut self) {
        for (i, target) in self.forecast.targets.iter().enumerate() {
            let of = |field: &str| format!("targets[{i}].{field}");
            self.scope(|| of("scope"), &target.scope);
            self.chance(|| of("probability"), target.probability);
            self.asked_when(i, target);
        }
    }

    /// A single period, or each month or quarter with what came of it.
    fn asked_when(&mut self, i: usize, target: &TargetOutcome) {
        let path = || format!("targets[{i}].period");
        let every = match target.period.as_str() {
            "each-month" => Frequency::Month,
            "each-quarter" => self.horizon.quarters(),
            one => {
                self.period(path, one);
                let found = || "months or quarters of a single period".to_owned();
                self.expect(target.each.is_none(), || format!("targets[{i}].each"), found, "nothing");
                return;
            }
        };
        let periods = self.horizon.every(every);
        match &target.each {
            Some(each) => self.each(&format!("targets[{i}].each"), each, &periods),
            None => self.expect(false, || format!("targets[{i}].each"), || "nothing".to_owned(), "what came of each"),
        }
    }

    fn each(&mut self, path: &str, each: &EachOutcome, periods: &[Period]) {
        let same = each.periods.iter().eq(periods.iter().map(|period| &period.label));
        let found = || format!("{} periods", each.periods.len());
        self.expect(same, || format!("{path}.periods"), found, "those of the horizon");
        self.column(|| format!("{path}.probabilities"), &each.probabilities, periods);
        for (m, share) in each.probabilities.value.iter().enumerate() {
            let share = share.unwrap_or(f64::NAN);
            self.share(|| format!("{path}.probabilities.value[{m}]"), share);
        }
        self.chance(|| format!("{path}.never"), each.never);
        for (name, first) in
            [("first_p10", &each.first_p10), ("first_p50", &each.first_p50), ("first_p90", &each.first_p90)]
        {
            if let Some(label) = first {
                let known = periods.iter().any(|period| period.label == *label);
                self.expect(known, || format!("{path}.{name}"), || shown(label), "one of its periods");
            }
        }
        self.within(&format!("{path}.count"), &each.count, 0.0..=periods.len() as f64);
    }

    /// What others have called.
    pub(super) fn calls(&mut self) {
        for (i, call) in self.forecast.calls.iter().enumerate() {
            self.scope(|| format!("calls[{i}].scope"), &call.scope);
            self.period(|| format!("calls[{i}].period"), &call.period);
            self.share(|| format!("calls[{i}].percentile.value"), call.percentile.value);
            self.share(|| format!("calls[{i}].equal.value"), call.equal.value);
            self.error(|| format!("calls[{i}].percentile.error"), call.percentile.error);
        }
    }

    /// When the investment is paid back: in one of the months.
    pub(super) fn payback(&mut self) {
        let Some(payback) = &self.forecast.payback else { return };
        self.chance(|| "payback.probability".to_owned(), payback.probability);
        self.within("payback.month", &payback.month, 1.0..=self.horizon.months as f64);
    }

    /// Whole distributions: quantiles that ascend, and every future in some bin.
    pub(super) fn distributions(&mut self) {
        for (i, distribution) in self.forecast.distributions.iter().enumerate() {
            let of = |field: &str| format!("distributions[{i}].{field}");
            self.scope(|| of("scope"), &distribution.scope);
            self.period(|| of("period"), &distribution.period);
            let quantiles = &distribution.quantiles;
            let count = quantiles.len();
            self.expect(
                count == QUANTILES,
                || of("quantiles"),
                || format!("{count} values"),
                format!("{QUANTILES}, from 0.5 % to 99.5 %"),
            );
            let falls = quantiles.windows(2).position(|pair| pair[0] > pair[1] + 1e-9 * pair[1].abs());
            let found = || format!("{} above the next", quantiles[falls.unwrap_or_default()]);
            let path = || format!("distributions[{i}].quantiles[{}]", falls.unwrap_or_default());
            self.expect(falls.is_none(), path, found, "values that ascend");
            self.histogram(i, distribution);
        }
    }

    fn histogram(&mut self, i: usize, distribution: &Distribution) {
        let of = |field: &str| format!("distributions[{i}].histogram.{field}");
        let histogram = &distribution.histogram;
        let (width, bins) = (histogram.width, histogram.counts.len());
        // Bins that are lost beside where they begin would lie on each other.
        let end = histogram.from + width * bins as f64;
        let apart = width > 0.0 && end.is_finite() && (bins == 0 || histogram.from + width > histogram.from);
        self.expect(
            apart,
            || of("width"),
            || width.to_string(),
            "a number above 0, large enough for bins to lie apart",
        );
        let sound = (1..=MOST_BINS).contains(&bins);
        self.expect(sound, || of("counts"), || format!("{bins} bins"), format!("1 to {MOST_BINS}"));
        let counts = histogram.counts.iter().chain([&histogram.below, &histogram.above]);
        let futures = counts.fold(0_u64, |sum, count| sum.saturating_add(*count));
        let trials = self.forecast.manifest.trials as u64;
        let allowed = format!("{trials}, as many as were played");
        self.expect(futures == trials, || of("counts"), || format!("{futures} futures"), allowed);
    }

    /// Exact means that were compared.
    pub(super) fn closed_form(&mut self) {
        let Some(compared) = &self.forecast.closed_form else { return };
        for (i, total) in compared.totals.iter().enumerate() {
            self.scope(|| format!("closed_form.totals[{i}].scope"), &total.scope);
        }
    }

    /// Bands of something that lies between two bounds; the deviation does not.
    fn within(&mut self, path: &str, bands: &Bands<Estimate>, bounds: std::ops::RangeInclusive<f64>) {
        for (name, found) in Bands::<Estimate>::COLUMNS.iter().zip(bands.columns()).filter(|(name, _)| **name != "sd") {
            let value = found.value.unwrap_or(*bounds.start());
            let allowed = format!("{} to {}", bounds.start(), bounds.end());
            self.expect(bounds.contains(&value), || format!("{path}.{name}.value"), || value.to_string(), allowed);
        }
    }
}
