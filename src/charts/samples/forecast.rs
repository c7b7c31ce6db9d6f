//! Forecasts for tests, made by hand.

use crate::documents::{Header, InputInfo, Manifest, ScopeInfo};
use crate::forecast::{
    At, Bands, BudgetLine, Contribution, Distribution, Diversification, Forecast, Histogram, InputShare, MainFigure,
    RankCorrelation, Series, Spread, TargetOutcome, VarianceShares,
};
use crate::model::ScopeKind;
use crate::scenario::Metric;
use crate::stats::{Estimate, Estimates};
use crate::units::{Currency, Frequency};

/// What a test wants to see drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Sample {
    pub(in crate::charts) metric: Metric,
    pub(in crate::charts) start: &'static str,
    pub(in crate::charts) months: usize,
    /// The last month's median.
    pub(in crate::charts) level: f64,
    /// The last month's p95 over its median, less 1.
    pub(in crate::charts) spread: f64,
    /// Added to every value.
    pub(in crate::charts) shift: f64,
    /// Period and level of each target.
    pub(in crate::charts) targets: &'static [(&'static str, f64)],
    /// A month of which nothing is known.
    pub(in crate::charts) gap: Option<usize>,
    /// The day before which all is known.
    pub(in crate::charts) as_of: Option<&'static str>,
    /// How many months, from the first one, are budgeted.
    pub(in crate::charts) budgeted: usize,
    /// How many regions contribute; the greater their number, the more.
    pub(in crate::charts) regions: usize,
    /// Whether they carry a tag with two values, one with seven and one that some lack.
    pub(in crate::charts) tagged: bool,
    /// How many inputs are uncertain.
    pub(in crate::charts) inputs: usize,
    /// The name of everything.
    pub(in crate::charts) name: &'static str,
}

impl Sample {
    pub(in crate::charts) const PLAIN: Sample = Sample {
        metric: Metric::TotalBookings,
        start: "2027-01",
        months: 12,
        level: 2e6,
        spread: 0.4,
        shift: 0.0,
        targets: &[],
        gap: None,
        as_of: None,
        budgeted: 0,
        regions: 0,
        tagged: false,
        inputs: 0,
        name: "Europe",
    };

    fn value(&self, month: usize, part: f64) -> f64 {
        let grown = (month + 1) as f64 / self.months as f64;
        self.level * grown * (1.0 + self.spread * part) + self.shift
    }

    fn bands(&self, of: impl Fn(f64) -> Vec<Option<f64>>) -> Bands<Estimates> {
        let of = |part| of(part).into_iter().map(Estimate::exact).collect::<Estimates>();
        Bands {
            mean: of(0.0),
            sd: Estimates::default(),
            p5: of(-0.8),
            p10: of(-0.6),
            p25: of(-0.3),
            p50: of(0.0),
            p75: of(0.35),
            p90: of(0.75),
            p95: of(1.0),
        }
    }

    fn series(&self, every: Frequency) -> Series {
        let at = |part: f64| -> Vec<Option<f64>> {
            let mut sum = 0.0;
            (0..self.months)
                .map(|month| {
                    let value = self.value(month, part);
                    sum += value;
                    let value = if every == Frequency::Cumulative { sum } else { value };
                    (self.gap != Some(month)).then_some(value)
                })
                .collect()
        };
        Series { metric: self.metric, scope: self.name.into(), every, plan: at(0.02), bands: self.bands(at) }
    }

    fn budget(&self, every: Frequency) -> BudgetLine {
        let amount = self.series(every).plan.into_iter().enumerate();
        let budgeted =
            |(month, plan): (usize, Option<f64>)| plan.filter(|_| month < self.budgeted).map(|plan| 1.3 * plan);
        BudgetLine {
            metric: self.metric,
            scope: self.name.into(),
            every,
            amount: amount.map(budgeted).collect(),
            percentile: Estimates::default(),
            equal: Estimates::default(),
            attainment: Spread::default(),
            variance: Spread::default(),
        }
    }

    fn scopes(&self) -> Vec<ScopeInfo> {
        let scope = |key: String, label: String, kind, members: Vec<usize>| ScopeInfo {
            key,
            label,
            kind,
            regions: members.into_iter().map(|i| format!("r{i}")).collect(),
            win_rate: None,
        };
        let all = || 0..self.regions;
        let mut found: Vec<ScopeInfo> =
            all().map(|i| scope(format!("r{i}"), format!("{} {i}", self.name), ScopeKind::Region, vec![i])).collect();
        if self.tagged {
            let letters = ["a", "b", "c", "d", "e", "f", "g"];
            for (tag, values) in [("seventh", 7), ("half", 2), ("lacking", 1)] {
                for (v, value) in letters.into_iter().take(values).enumerate() {
                    let members = all().filter(|i| i % values.max(2) == v).collect();
                    found.push(scope(format!("{tag}={value}"), value.into(), ScopeKind::Tag, members));
                }
            }
            found.push(scope("half=a&seventh=a".into(), "a and a".into(), ScopeKind::Tags, all().collect()));
        }
        found
    }

    fn contributions(&self) -> Vec<Contribution> {
        let weights = (self.regions * (self.regions + 1)) as f64 / 2.0;
        let mut found = Vec::new();
        for (at, part) in [(At::P10, -0.6), (At::P50, 0.0), (At::P90, 0.75)] {
            let whole = self.value(self.months - 1, part);
            // A sum of 0 has no parts.
            for i in (0..self.regions).filter(|_| whole != 0.0) {
                let value = whole * (i + 1) as f64 / weights;
                found.push(Contribution { at, region: format!("r{i}"), value, error: value.abs() / 100.0 });
            }
        }
        found
    }

    fn diversification(&self) -> Diversification {
        let whole = self.value(self.months - 1, -0.6);
        Diversification {
            sum_of_p10: 0.9 * whole,
            sum_of_p90: 2.0 * whole,
            gap: Estimate { value: Some(0.1 * whole), error: Some(0.01 * whole.abs()) },
            independent: None,
        }
    }

    fn variance(&self) -> Option<VarianceShares> {
        let share = |share: f64, error: f64| Estimate { value: Some(share), error: Some(error) };
        match self.inputs {
            0 => None,
            1 => Some(VarianceShares {
                events: None,
                inputs: share(0.9999, 0.01),
                market: share(0.0, 0.0),
                pace: None,
                rates: None,
                people: None,
                open_deals: None,
                chance: share(0.0001, 0.01),
            }),
            _ => Some(VarianceShares {
                events: None,
                inputs: share(0.3, 0.01),
                market: share(-0.004, 0.02),
                pace: None,
                rates: None,
                people: None,
                open_deals: None,
                chance: share(0.704, 0.015),
            }),
        }
    }

    fn input_shares(&self) -> Vec<InputShare> {
        let share = |i: usize| 0.2 / (i + 1) as f64;
        let found = (0..self.inputs).map(|i| InputShare {
            path: format!("i{i}"),
            share: Estimate { value: Some(share(i)), error: Some(0.01) },
        });
        found.collect()
    }

    fn rank_correlations(&self) -> Vec<RankCorrelation> {
        let rho = |i: usize| if i.is_multiple_of(3) { -0.8 } else { 0.7 } / (i + 1) as f64;
        let found = (0..self.inputs).map(|i| RankCorrelation {
            path: format!("i{i}"),
            rho: Estimate { value: Some(rho(i)), error: Some(0.01) },
        });
        found.collect()
    }

    fn inputs(&self) -> Vec<InputInfo> {
        let input = |i: usize| InputInfo {
            path: format!("i{i}"),
            label: format!("{}: growth of leads, phase {i}", self.name),
            law: "beta".into(),
            mean: 1.0,
            sd: 1.0,
            p10: 0.5,
            p50: 1.0,
            p90: 1.5,
            note: None,
            source: None,
        };
        (0..self.inputs).map(input).collect()
    }

    pub(in crate::charts) fn forecast(&self) -> Forecast {
        let last = self.months - 1;
        let known = |part: f64| Estimate::exact(self.value(last, part));
        let none = Bands::<Estimate>::default;
        let targets = self.targets.iter().enumerate();
        let quantiles: Vec<f64> = (1..200).map(|i| self.value(last, f64::from(i) / 100.0 - 1.0)).collect();
        Forecast {
            header: Header {
                manifest: Manifest {
                    data: Vec::new(),
                    version: "0".into(),
                    scenario_hash: String::new(),
                    seed: 1,
                    trials: 10_000,
                    files: Vec::new(),
                    actuals: Vec::new(),
                    scenario: serde_json::json!({}),
                },
                name: self.name.into(),
                as_of: self.as_of.map(|day| day.parse().unwrap()),
                assumptions: Vec::new(),
                currency: Currency::new("EUR").unwrap(),
                start: self.start.parse().unwrap(),
                months: self.months,
                scopes: self.scopes(),
                inputs: self.inputs(),
                ..Header::blank()
            },
            // Its scope is called by its key.
            precision: None,
            main: MainFigure {
                metric: self.metric,
                scope: self.name.into(),
                period: "total".into(),
                bands: Bands { p10: known(-0.6), p50: known(0.0), p90: known(0.75), ..none() },
                positions: Vec::new(),
                plan: known(0.02).value,
                plan_percentile: Some(0.5),
                variance: self.variance(),
                contributions: self.contributions(),
                diversification: (self.regions > 1).then(|| self.diversification()),
                input_shares: self.input_shares(),
                rank_correlations: self.rank_correlations(),
                worst_tenth: None,
                months_inside: Vec::new(),
            },
            targets: targets
                .map(|(i, (period, level))| TargetOutcome {
                    name: format!("{} {i}", self.name),
                    metric: self.metric,
                    scope: self.name.into(),
                    period: (*period).into(),
                    at_least: *level,
                    probability: Estimate { value: Some(0.37), error: Some(0.005) },
                    expected_shortfall: Estimate::UNKNOWN,
                    median_miss: Estimate::UNKNOWN,
                    gap: None,
                    events: Vec::new(),
                    each: None,
                })
                .collect(),
            calls: Vec::new(),
            budget: if self.budgeted > 0 {
                vec![self.budget(Frequency::Month), self.budget(Frequency::Cumulative)]
            } else {
                Vec::new()
            },
            payback: None,
            distributions: vec![Distribution {
                metric: self.metric,
                scope: self.name.into(),
                period: "total".into(),
                histogram: histogram(&quantiles),
                quantiles,
            }],
            periods: Vec::new(),
            actuals: Vec::new(),
            source_stacks: Vec::new(),
            executive_classes: Vec::new(),
            series: vec![self.series(Frequency::Month), self.series(Frequency::Cumulative)],
            closed_form: None,
        }
    }
}

/// Forty bins, as a run would count them.
fn histogram(quantiles: &[f64]) -> Histogram {
    let (low, high) = (quantiles[0], quantiles[quantiles.len() - 1]);
    let width = if high > low { (high - low) / 40.0 } else { low.abs().max(1.0) / 40.0 };
    let mut counts = vec![0; 40];
    for x in quantiles {
        counts[(((x - low) / width) as usize).min(39)] += 50;
    }
    Histogram { from: low, width, counts, below: 20, above: 20 }
}
