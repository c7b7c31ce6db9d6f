//! What the law says of an open deal with every input at its mean and the market factor at 0.

use crate::model::{Funnel, Model, OpenDeal, Outlook, Region, TimeLeft, passes_ahead};

/// A deal by the law of its region.
pub(super) struct ByLaw {
    /// The chance that it is won, by its age or its stage.
    pub(super) chance: f64,
    /// Whether it is older than any deal that is decided.
    pub(super) stale: bool,
    /// The share of decided deals of its region, or of those that leave its stage, that have been by its age.
    pub(super) age_percentile: f64,
}

impl ByLaw {
    /// The law of a deal's region at these inputs.
    pub(super) fn of(deal: &OpenDeal, region: &Region, model: &Model, inputs: &[f64]) -> ByLaw {
        match region.funnel_in(&model.changes, model.as_of.month, inputs).as_ref() {
            Funnel::Cycle(cycle) => {
                let rate = cycle.conversion.in_force(model.as_of.month).at(inputs);
                let stalled = cycle.stalled.as_ref().map_or(0.0, |stalled| stalled.share.at(inputs));
                let won = TimeLeft::new(&cycle.delay, cycle.mean_days.at(inputs), deal.age).left();
                let lost = cycle
                    .lost
                    .as_ref()
                    .map_or(won, |lost| TimeLeft::new(&lost.delay, lost.mean_days.at(inputs), deal.age).left());
                let outlook = Outlook::of_age(rate, stalled, won, lost);
                let not_won = (1.0 - rate) * (1.0 - stalled);
                let open = (rate * won + not_won * lost) / (rate + not_won);
                ByLaw { chance: outlook.won, stale: outlook == Outlook::default(), age_percentile: 1.0 - open }
            }
            Funnel::Daily(closing) => {
                let age = deal.age as usize;
                let stage = closing.of_stage(deal.stage, inputs);
                let ages = |range: std::ops::Range<usize>, stage: [f64; 2]| {
                    closing.chances(inputs, model.as_of.month, 1.0, stage, [1.0; 3], &[range])
                };
                let chances = ages(age..age + 1, stage);
                // Of a region's leads, those decided by that age with all factors at 1.
                let open = ages(0..age.max(1), [1.0; 2]).follow(0, &[[1.0; 2]], &[age]).open[0];
                let never = closing.never_decided(inputs);
                let decided = if never < 1.0 { ((1.0 - open) / (1.0 - never)).min(1.0) } else { 1.0 };
                ByLaw { chance: chances.ever(age)[0], stale: chances.is_stale(age), age_percentile: decided }
            }
            Funnel::Stages(stages) => {
                let passes: Vec<f64> = stages[deal.stage..].iter().map(|stage| stage.pass.at(inputs)).collect();
                let here = &stages[deal.stage];
                let left = TimeLeft::new(&here.delay, here.mean_days.at(inputs), deal.age).left();
                ByLaw { chance: passes_ahead(&passes), stale: false, age_percentile: 1.0 - left }
            }
        }
    }

    /// Whether a chance that somebody gave has odds more than three times, or less than a third of, those of the law.
    pub(super) fn is_far_from(&self, own: f64) -> bool {
        let odds = |p: f64| p / (1.0 - p);
        let ratio = odds(own) / odds(self.chance);
        // Two certainties of one kind agree.
        !ratio.is_nan() && !(1.0 / 3.0..=3.0).contains(&ratio)
    }
}
