//! A fit for people: in place of chances by age a win rate, a cycle of won and one of lost deals and a share that stalls, each with its
//! range, so that their first two moments are those of the fitted chances. It has no rhythm and no pace.

use serde_json::{Value, json};

use super::draws::moments;
use super::fates::Fates;
use super::found::{Fit, RegionFit};
use crate::chance::Distribution;
use crate::stats::{spearman, to_digits};

/// The quantities of a region that are drawn together, with their draws.
type Drawn = [(&'static str, Vec<f64>); 4];

impl Fit {
    /// The draws of what a region's fates come to: win rate, mean cycle, mean cycle of lost deals, share of the others that stall; and the
    /// means of the spreads of the two cycles, as standard deviation over mean.
    fn fates(&self, region: &RegionFit) -> (Drawn, [f64; 2]) {
        let column = |outcome: &str, i: usize| {
            self.draws.column(&format!("regions.{}.closing.table.{outcome}[{i}]", region.key)).unwrap_or_default()
        };
        let table = |outcome: &str| (0..self.ages.len()).map(|i| column(outcome, i)).collect::<Vec<&[f64]>>();
        let (won, lost) = (table("won"), table("lost"));
        let row = |table: &[&[f64]], row: usize| table.iter().map(|column| column[row]).collect::<Vec<f64>>();
        let fates: Vec<Fates> =
            (0..self.draws.rows()).map(|i| Fates::of(&self.ages, &row(&won, i), &row(&lost, i))).collect();
        let all = |of: &dyn Fn(&Fates) -> f64| fates.iter().map(of).collect::<Vec<f64>>();
        let mean = |of: &dyn Fn(&Fates) -> f64| moments(&all(of)).0;
        let drawn = [
            ("conversion", all(&|fates| fates.won)),
            ("cycle.mean_days", all(&|fates| fates.won_days.0)),
            ("lost_cycle.mean_days", all(&|fates| fates.lost_days.0)),
            ("stalled.share", all(&|fates| fates.undecided / (1.0 - fates.won).max(1e-9))),
        ];
        (
            drawn,
            [mean(&|fates| fates.won_days.1 / fates.won_days.0), mean(&|fates| fates.lost_days.1 / fates.lost_days.0)],
        )
    }

    /// A region as people write it, but for its label and its leads.
    pub(super) fn simple_region(&self, region: &RegionFit, note: &str, source: &str) -> Value {
        let (drawn, [won_cv, lost_cv]) = self.fates(region);
        let spread = |i: usize| {
            let (mean, sd) = moments(&drawn[i].1);
            json!({"mean": to_digits(mean, 4), "sd": to_digits(sd, 2)})
        };
        let share = |i: usize| share(moments(&drawn[i].1));
        let mut conversion = share(0);
        conversion["note"] = json!(note);
        conversion["source"] = json!(source);
        json!({
            "conversion": conversion,
            "cycle": {"mean_days": spread(1), "cv": cv(won_cv), "note": "How long won deals take."},
            "lost_cycle": {"mean_days": spread(2), "cv": cv(lost_cv), "note": "How long lost deals take."},
            "stalled": {"share": share(3), "note": "Of the deals that are not won those that are never decided: older than any that was."},
            "deal_size": self.simple_size(region, source)
        })
    }

    /// Its deal sizes by their mean and spread; their table where they are worth nothing on average, which no such law can be.
    fn simple_size(&self, region: &RegionFit, source: &str) -> Value {
        let (mean, sd) = region.size;
        if mean <= 0.0 {
            return self.table_of_sizes(region, source);
        }
        json!({
            "mean": {"mean": to_digits(mean, 4), "sd": to_digits(sd, 2)},
            "cv": cv(self.size_cv(region)),
            "note": region.size_note(),
            "source": source
        })
    }

    /// The spread of a region's deal sizes: standard deviation over mean.
    fn size_cv(&self, region: &RegionFit) -> f64 {
        let weight = |i: usize| {
            let path = format!("regions.{}.deal_size.weights[{i}]", region.key);
            self.draws.column(&path).map_or(0.0, |draws| moments(draws).0)
        };
        let weights: Vec<f64> = (0..self.sizes.len()).map(weight).collect();
        let mean: f64 = weights.iter().zip(&self.sizes).map(|(w, x)| w * x).sum();
        let square: f64 = weights.iter().zip(&self.sizes).map(|(w, x)| w * x * x).sum();
        (square - mean * mean).max(0.0).sqrt() / mean
    }

    /// How the quantities of a region go together, where they do.
    pub(super) fn simple_correlations(&self, region: &RegionFit) -> Vec<Value> {
        let (drawn, _) = self.fates(region);
        let mut found = Vec::new();
        for (i, (one, a)) in drawn.iter().enumerate() {
            for (other, b) in &drawn[i + 1..] {
                if [(one, a), (other, b)].into_iter().any(|(name, draws)| is_fixed(name, draws)) {
                    continue;
                }
                let rho = spearman(a, b).map_or(0.0, |(rank, _)| 2.0 * libm::sin(std::f64::consts::PI / 6.0 * rank));
                if rho.abs() >= 0.1 {
                    // A little less than was found, so that rounding makes no contradiction of them.
                    let paths = [one, other].map(|path| format!("regions.{}.{path}", region.key));
                    found.push(json!({"between": paths, "rho": (95.0 * rho).round() / 100.0}));
                }
            }
        }
        found
    }
}

/// A spread as scenarios may have it.
fn cv(cv: f64) -> f64 {
    to_digits(cv.clamp(0.001, 10.0), 3)
}

/// A share with its spread; its mean alone where no law on 0 to 1 that can be computed has this one.
fn share((mean, sd): (f64, f64)) -> Value {
    let (mean, sd) = (to_digits(mean, 4), to_digits(sd, 2));
    match Distribution::beta(mean, sd) {
        Ok(_) => json!({"mean": mean, "sd": sd}),
        Err(_) => json!({"value": mean}),
    }
}

/// Whether these draws of a quantity are written without a spread.
fn is_fixed(name: &str, draws: &[f64]) -> bool {
    let (mean, sd) = moments(draws);
    match name {
        "conversion" | "stalled.share" => share((mean, sd)).get("value").is_some(),
        _ => to_digits(sd, 2) == 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_no_law_can_have_is_written_by_its_mean() {
        assert_eq!(share((0.12344, 0.0215)), json!({"mean": 0.1234, "sd": 0.022}));
        // Nearly no deal stalls; every deal does or none.
        assert_eq!(share((1.013e-15, 3.9e-15)), json!({"value": 1.013e-15}));
        assert_eq!(share((0.5, 0.5)), json!({"value": 0.5}));
    }
}
