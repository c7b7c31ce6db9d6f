//! Analyses for tests, made by hand.

use super::forecast::Sample;
use crate::analysis::{
    Bar, Basis, Beats, Bridge, Cause, CauseKind, Change, ChangedField, Comparison, Difference, FigureInfo,
    GoalStatistic, How, Monotonicity, Orders, Outcome, Point, Provenance, Root, Sensitivity, Side, Solution, Span,
    TargetDifference, Variable, VariedField,
};
use crate::documents::{Document, Header};
use crate::forecast::{Forecast, TargetOutcome};
use crate::scenario::Metric;
use crate::stats::Estimate;

/// What a test wants to see drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Asked {
    pub(in crate::charts) metric: Metric,
    pub(in crate::charts) months: usize,
    /// The median of the figure in the sample.
    pub(in crate::charts) level: f64,
    /// How far the strongest input or change moves it, of 1.
    pub(in crate::charts) part: f64,
    /// Added to every value.
    pub(in crate::charts) shift: f64,
    /// How many inputs, changes and further scenarios there are.
    pub(in crate::charts) count: usize,
    /// Standard errors, of the level; none where they are not known.
    pub(in crate::charts) error: Option<f64>,
    /// The target whose chance is asked for.
    pub(in crate::charts) target: Option<&'static str>,
    /// The name of everything.
    pub(in crate::charts) name: &'static str,
    /// The scope's key; its name is that of everything.
    pub(in crate::charts) scope: &'static str,
}

/// The fields that inputs and changes take turns in, with what people call them and their P10 and P90.
const FIELDS: [(&str, &str, f64, f64); 5] = [
    ("conversion", "win rate", 0.224, 0.276),
    ("leads.monthly", "leads a month", 163.2, 210.8),
    ("cycle.mean_days", "sales cycle", 39.4, 50.9),
    ("deal_size.mean", "deal size", 14_050.0, 15_970.0),
    ("leads.growth[0].rate", "growth of leads, phase 1", 0.136, 0.164),
];

const REGIONS: [&str; 3] = ["Europe", "Latin America", "Asia-Pacific"];

impl Asked {
    /// Like the plan: bookings of 2027.
    pub(in crate::charts) const PLAN: Asked = Asked {
        metric: Metric::TotalBookings,
        months: 36,
        level: 17.8e6,
        part: 0.08,
        shift: 0.0,
        count: 15,
        error: Some(0.0012),
        target: None,
        name: "",
        scope: "total",
    };

    fn sample(&self, side: usize) -> Sample {
        let level = self.level * (1.0 + self.part * side as f64) / 6.0;
        let targets: &[(&str, f64)] = if self.level > 1e4 { &[("2027", 17.8e6)] } else { &[] };
        Sample {
            metric: self.metric,
            months: self.months,
            level,
            shift: self.shift,
            targets,
            name: self.scope,
            ..Sample::PLAIN
        }
    }

    fn estimate(&self, value: f64) -> Estimate {
        let of = if self.target.is_some() { 1.0 } else { self.level.abs() };
        Estimate { value: Some(value), error: self.error.map(|error| error * of) }
    }

    fn head(&self) -> Header {
        let name = if self.name.is_empty() { "AI marketing platform" } else { self.name };
        Header { name: name.to_owned(), ..self.sample(0).forecast().header }
    }

    fn period(&self) -> &'static str {
        if self.months >= 12 { "2027" } else { "total" }
    }

    fn figure(&self) -> FigureInfo {
        FigureInfo {
            metric: self.metric,
            scope: self.scope.to_owned(),
            label: self.name.to_owned(),
            period: self.period().to_owned(),
            target: self.target.map(str::to_owned),
            at_least: self.target.map(|_| self.level),
        }
    }

    /// The figure, or the target's chance, `part` of the level away from the usual.
    fn value(&self, part: f64) -> f64 {
        if self.target.is_some() { (0.47 + 2.5 * part).clamp(0.0, 1.0) } else { self.level * (1.0 + part) + self.shift }
    }

    /// The path and the name of an input.
    fn field(&self, i: usize) -> (String, String, f64, f64) {
        let (field, what, low, high) = FIELDS[i % FIELDS.len()];
        let region = REGIONS[(i / FIELDS.len()) % REGIONS.len()];
        let label = if self.name.is_empty() { format!("{region}: {what}") } else { format!("{}: {what}", self.name) };
        (format!("regions.r{}.{field}", i / FIELDS.len()), label, low, high)
    }

    /// What an input moves, of the level: strong ones first, some against.
    fn moved(&self, i: usize) -> f64 {
        let sign = if i % FIELDS.len() == 2 { -1.0 } else { 1.0 };
        sign * self.part / (1.0 + 0.35 * i as f64)
    }

    pub(in crate::charts) fn sensitivity(&self) -> Document<Sensitivity> {
        let mut causes: Vec<Cause> = (0..self.count)
            .map(|i| {
                let (key, label, low, high) = self.field(i);
                let moved = self.moved(i);
                let share = |share: f64| Estimate { value: Some(share), error: self.error.map(|error| 9.0 * error) };
                let first = 0.2 * moved * moved / (self.part * self.part).max(1e-300) - 0.006;
                Cause {
                    key,
                    label,
                    kind: CauseKind::Input,
                    basis: Some(Basis::Assumed),
                    bar: Some(Bar {
                        low_input: low,
                        high_input: high,
                        low: self.estimate(self.value(-0.9 * moved)),
                        high: self.estimate(self.value(moved)),
                        swing: self.estimate(self.value(moved) - self.value(-0.9 * moved)),
                        understates: false,
                    }),
                    first: share(first),
                    first_interval: None,
                    total_interval: None,
                    shapley_interval: None,
                    total: share(first + 0.02),
                    shapley: Some(share(first + 0.01)),
                    worth: self.target.is_none().then(|| share(0.5 * first)),
                }
            })
            .collect();
        for (key, kind, share) in [("market", CauseKind::Market, 0.17), ("chance", CauseKind::Chance, 0.21)] {
            let share = Estimate { value: Some(share), error: self.error.map(|_| 0.012) };
            causes.push(Cause {
                key: key.to_owned(),
                label: key.to_owned(),
                kind,
                basis: None,
                bar: None,
                first: share,
                first_interval: None,
                total_interval: None,
                shapley_interval: None,
                total: Estimate { value: share.value.map(|share| share + 0.015), error: share.error },
                shapley: Some(share),
                worth: None,
            });
        }
        Document::new(
            self.head(),
            Sensitivity {
                figure: self.figure(),
                bands: self.sample(0).forecast().main.bands,
                base: self.estimate(self.value(0.0)),
                causes,
                split: None,
                correlated: self.count.is_multiple_of(2),
                provenance: Provenance { stated: 9.min(self.count), assumed: self.count.saturating_sub(9), ranged: 0 },
                width: None,
                stress: None,
            },
        )
    }

    fn label(&self, side: usize) -> String {
        let names = ["The plan", "With AI", "With AI and a second sales team", "Slow start"];
        match (self.name, side) {
            ("", side) if side < names.len() => names[side].to_owned(),
            ("", side) => format!("Variant {side}"),
            (name, side) => format!("{name} {side}"),
        }
    }

    fn side(&self, side: usize) -> Side {
        let Forecast { header, series, mut distributions, targets, main, .. } = self.sample(side).forecast();
        let mut bands = main.bands;
        for band in [&mut bands.p10.value, &mut bands.p50.value, &mut bands.p90.value] {
            *band = band.map(|x| (x - self.shift) * 6.0 + self.shift);
        }
        let mut distribution = distributions.remove(0);
        distribution.quantiles.iter_mut().for_each(|x| *x = (*x - self.shift) * 6.0 + self.shift);
        let grid = &distribution.quantiles;
        let share = grid.iter().filter(|x| **x >= self.level).count() as f64 / grid.len() as f64;
        let probability = Estimate { value: Some(share), error: Some(0.005) };
        Side {
            label: self.label(side),
            manifest: header.manifest,
            assumptions: Vec::new(),
            bands,
            series,
            distribution: Some(distribution),
            targets: targets
                .into_iter()
                .map(|target| TargetOutcome { name: "Year 1".into(), at_least: self.level, probability, ..target })
                .collect(),
        }
    }

    fn span(&self, from: f64, value: impl Fn(f64) -> f64, changes: usize) -> Span {
        let steps: Vec<f64> = (0..changes).map(|i| value(self.moved(i)) - value(0.0)).collect();
        let estimate = |value: f64| self.estimate(value);
        Span {
            from: estimate(from),
            to: estimate(from + steps.iter().sum::<f64>()),
            steps: steps.into_iter().map(estimate).collect(),
        }
    }

    fn difference(&self, side: usize) -> Difference {
        let change = |i: usize| {
            let (path, label, low, high) = self.field(i);
            let field = ChangedField {
                path,
                label: label.clone(),
                from: Some(low.into()),
                to: Some(high.into()),
                mean_from: Some(low),
                mean_to: Some(high),
            };
            Change { label, fields: vec![field] }
        };
        let chance = |value: f64| Estimate { value: Some(value), error: Some(0.004) };
        let beats = Beats { higher: chance(0.83), equal: chance(0.0), lower: chance(0.17) };
        let changes = (self.count + side - 1).min(self.count);
        let chances = Asked { target: Some("Year 1"), ..*self };
        Difference {
            label: self.label(side),
            beats,
            metrics: Vec::new(),
            targets: vec![TargetDifference { name: "Year 1".into(), change: chance(0.2) }],
            bridge: Bridge {
                changes: (0..changes).map(change).collect(),
                orders: if changes < 6 { Orders::All } else { Orders::Some(200) },
                mean: self.span(1.01 * self.level + self.shift, |part| self.value(part), changes),
                p50: self.span(self.value(0.0), |part| self.value(part), changes),
                chance: Some(chances.span(0.47, |part| 0.3 * part, changes)),
            },
        }
    }

    /// A comparison of so many scenarios.
    pub(in crate::charts) fn comparison(&self, sides: usize) -> Document<Comparison> {
        let body = Comparison {
            figure: FigureInfo { target: None, at_least: None, ..self.figure() },
            target: Some("Year 1".into()),
            sides: (0..sides).map(|side| self.side(side)).collect(),
            differences: (1..sides).map(|side| self.difference(side)).collect(),
        };
        Document::new(self.head(), body)
    }

    /// Where a share or a factor is varied, and what is wanted is reached or not.
    pub(in crate::charts) fn solution(&self, how: How, found: bool) -> Document<Solution> {
        let (_, _, low, high) = self.field(0);
        let now = if how == How::Factor { 1.0 } else { (low + high) / 2.0 };
        let (low, high) = (0.5 * now, 1.5 * now);
        let at = |step: usize| low + (high - low) * step as f64 / 8.0;
        let part = |x: f64| self.part * (x / now - 1.0) * 1.5;
        let value = if found { 1.13 * now } else { 9.0 * now };
        let level = self.value(part(value));
        let wanted = match self.target {
            Some(_) => GoalStatistic::Probability(if found { level } else { 0.99 }),
            None if how == How::Factor => GoalStatistic::Percentile { p: 0.1, level },
            None => GoalStatistic::Mean(level),
        };
        let root = Root {
            value: Estimate { value: Some(value), error: self.error.map(|error| error * now) },
            low: self.error.map(|error| value * (1.0 - 8.0 * error)),
            high: self.error.map(|error| value * (1.0 + 8.0 * error)),
            reached: self.estimate(level),
            check: self.estimate(level),
            check_seed: 2,
            elsewhere: Vec::new(),
        };
        let (ends, fields) = ([low, high].map(|x| self.estimate(self.value(part(x)))), self.count.min(3));
        let field = |i: usize| {
            let (path, label, ..) = self.field(i * if how == How::Factor { FIELDS.len() } else { 1 });
            VariedField { path, label, from: now, to: found.then_some(value) }
        };
        Document::new(
            self.head(),
            Solution {
                figure: self.figure(),
                wanted,
                varied: Variable {
                    paths: vec![self.field(0).0],
                    how,
                    low,
                    high,
                    now: Some(now),
                    fields: (0..if how == How::Factor { fields } else { 1 }).map(field).collect(),
                },
                before: self.estimate(self.value(0.0)),
                course: Monotonicity::Rises,
                outcome: if found {
                    Outcome::Root(root)
                } else {
                    Outcome::Unreachable { at_low: ends[0], at_high: ends[1] }
                },
                curve: (0..9)
                    .map(|step| Point { at: at(step), statistic: self.estimate(self.value(part(at(step)))) })
                    .collect(),
            },
        )
    }
}
