//! What an analysis of sensitivity found, as it is written to `sensitivity.json`.

use serde::{Deserialize, Serialize};

use crate::analysis::FigureInfo;
use crate::documents::{Body, Kind};
use crate::forecast::{Bands, InputShare, MainFigure, VarianceShares};
use crate::stats::Estimate;

/// What drives a figure: how far each input moves it, what its variance comes from, and what each input is worth knowing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sensitivity {
    /// The figure whose variance is explained.
    pub figure: FigureInfo,
    /// Bands of the figure with every input drawn as usual.
    pub bands: Bands<Estimate>,
    /// The statistic that the tornado moves, with every input drawn as usual: the median, or a target's chance.
    pub base: Estimate,
    /// The causes: the inputs, strongest first, and last joint draws (where there are any), the market factor (where it moves anything), what
    /// becomes of open deals (where there are any) and the remaining chance.
    pub causes: Vec<Cause>,
    /// How much could be learnt, and how much is luck; empty where nothing varies.
    pub split: Option<Split>,
    /// Whether shares are told by Shapley effects, since inputs are correlated.
    pub correlated: bool,
    /// Inputs whose value is stated somewhere (they have a source), assumed, and given a range for this question only.
    pub provenance: Provenance,
    /// How wide the figure's 80 % range is: P90 − P10. Empty for a target's chance.
    pub width: Option<Estimate>,
    /// What was different in the outcomes asked for with a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stress: Option<Stress>,
}

impl Body for Sensitivity {
    const KIND: Kind = Kind::Sensitivity;
}

/// What the variance comes from, as a run tells it: shares that add up to 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Split {
    /// What would be gone if every input were known: Var E[Y | inputs] / Var Y.
    pub inputs: Estimate,
    /// What would be gone besides if the market factor were known too.
    pub market: Estimate,
    /// What would be gone besides if it were known what becomes of the deals that are open on the as-of day; absent where none is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_deals: Option<Estimate>,
    /// What would be left: E Var[Y | inputs, market factor, open deals] / Var Y.
    pub chance: Estimate,
}

/// A cause of the figure's variance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// An input's path, `draws`, `market`, `open_deals` or `chance`.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Whether it is an input, joint draws, the market factor, open deals or chance.
    pub kind: CauseKind,
    /// Of an input: where its value comes from.
    pub basis: Option<Basis>,
    /// Of an input: the bar of the tornado.
    pub bar: Option<Bar>,
    /// The share of the figure's variance that knowing it alone would take away, Var E[Y | X] / Var Y.
    pub first: Estimate,
    /// The 2.5 % and 97.5 % points of it over bootstrap samples; empty where it is unknown.
    pub first_interval: Option<[f64; 2]>,
    /// The share that would be left if all but it were known, E Var[Y | all others] / Var Y.
    pub total: Estimate,
    /// The same of that.
    pub total_interval: Option<[f64; 2]>,
    /// The Shapley effect, which shares out what causes bring together; all causes add up to 1. Only where inputs are correlated.
    pub shapley: Option<Estimate>,
    /// The same of that.
    pub shapley_interval: Option<[f64; 2]>,
    /// How much narrower the 80 % range would be on average if it were known, as a share of the range's width. Empty for a target's
    /// chance.
    pub worth: Option<Estimate>,
}

/// What a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// Something about the business that is not known.
    Input,
    /// Numbers that are not known and were drawn together, a row of a table at a time.
    JointDraws,
    /// The market factor of all months.
    Market,
    /// What becomes of the deals that are open on the as-of day. Its share of the variance is known, and no index.
    OpenDeals,
    /// What varies even if everything were known: leads, outcomes, times, sizes.
    Chance,
}

/// Where an input's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// It has a source.
    Stated,
    /// It names no source: the range is assumed.
    Assumed,
    /// It is fixed in the scenario, and has a range for this question only.
    Ranged,
}

/// A bar of the tornado: the statistic with one input at its own P10 and at its own P90, all others drawn as usual, on the same
/// draws.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bar {
    /// The P10 of the input's own distribution.
    pub low_input: f64,
    /// The P90 of the input's own distribution.
    pub high_input: f64,
    /// The statistic with the input at its P10.
    pub low: Estimate,
    /// The statistic with the input at its P90.
    pub high: Estimate,
    /// high − low, with the error that common draws leave.
    pub swing: Estimate,
    /// Whether the bar shows less than the input brings: its share of the variance is beyond what such a bar could bring, or the statistic with
    /// all inputs drawn as usual lies outside of it. So it is of inputs whose effect is not monotone, and of those with rare values beyond
    /// their P10 or P90.
    pub understates: bool,
}

/// How many of the inputs ranked are stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Those with a source.
    pub stated: usize,
    /// How many inputs name no source.
    pub assumed: usize,
    /// Those fixed in the scenario, with a range for this question.
    pub ranged: usize,
}

/// What was different where a condition held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stress {
    /// The condition as it was typed.
    pub condition: String,
    /// What it is about.
    pub figure: FigureInfo,
    /// Whether it names a percentile.
    pub percentile: bool,
    /// The level that it came to.
    pub level: f64,
    /// The share of futures in which it held.
    pub share: Estimate,
    /// How many futures that is.
    pub trials: usize,
    /// The figure's mean there.
    pub mean: Estimate,
    /// Its mean over all futures.
    pub usual: Estimate,
    /// Inputs, the market factor and months of the figure, by how far their mean moved in their own standard deviations, farthest
    /// first.
    pub shifts: Vec<Shift>,
}

/// How far something's mean moved where a condition held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shift {
    /// An input's path, `market`, or the month as 2027-03.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Whether it is an input, the market factor or chance.
    pub kind: ShiftKind,
    /// Its mean where the condition held.
    pub mean: Estimate,
    /// Its mean over all futures.
    pub usual: Estimate,
    /// (mean − usual) / its standard deviation over all futures.
    pub shift: Estimate,
}

/// The kinds of things that are different in the trials of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftKind {
    /// An uncertain input of the scenario.
    Input,
    /// The market factor, averaged over the figure's months.
    Market,
    /// The figure's metric in one month.
    Month,
}

impl Sensitivity {
    /// The share of the variance that a cause brings: of an input its Shapley effect where inputs are correlated, else what would be left if
    /// all but it were known; of the market factor, of open deals and of chance what the split says.
    pub fn share(&self, cause: &Cause) -> Estimate {
        match (cause.kind, &self.split) {
            (CauseKind::Market, Some(split)) => split.market,
            (CauseKind::OpenDeals, Some(split)) => split.open_deals.unwrap_or_default(),
            (CauseKind::Chance, Some(split)) => split.chance,
            _ => cause.shapley.unwrap_or(cause.total),
        }
    }

    /// The inputs, strongest first.
    pub fn inputs(&self) -> impl Iterator<Item = &Cause> {
        self.causes.iter().filter(|cause| cause.kind == CauseKind::Input)
    }

    /// Puts its split and its shares into a forecast of the same figure, where they are known.
    pub(in crate::analysis) fn put_into(&self, main: &mut MainFigure) {
        let Some(Split { inputs, market, open_deals, chance }) = self.split.clone() else { return };
        let market = Estimate { error: market.error.or(Some(0.0)), ..market };
        let shares = self.inputs().map(|cause| InputShare { path: cause.key.clone(), share: self.share(cause) });
        main.input_shares = shares.filter(|input| input.share.value.is_some()).collect();
        let before = main.variance.as_ref();
        let known = |of: fn(&VarianceShares) -> Option<Estimate>| before.and_then(of);
        let (events, pace, rates, people) =
            (known(|s| s.events), known(|s| s.pace), known(|s| s.rates), known(|s| s.people));
        // The split counts events as inputs, the pace of closing, exchange rates and people as chance.
        let less = |whole: Estimate, part: Option<Estimate>| {
            part.map_or(whole, |share| {
                let error = whole.error.zip(share.error).map(|(a, b)| libm::hypot(a, b));
                Estimate::new(whole.known() - share.known(), error)
            })
        };
        let (inputs, chance) = (less(inputs, events), less(less(less(chance, pace), rates), people));
        main.variance = Some(VarianceShares { events, inputs, market, pace, rates, people, open_deals, chance });
    }
}

impl Bar {
    /// What the mark of a bar that understates says.
    pub(crate) const UNDERSTATES: &'static str = "brings more of the variance than its bar shows: the figure does not rise or fall evenly with \
        it, or rare values of it matter";
}

impl CauseKind {
    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            CauseKind::Input => "input",
            CauseKind::JointDraws => "draws",
            CauseKind::Market => "market",
            CauseKind::OpenDeals => "open_deals",
            CauseKind::Chance => "chance",
        }
    }
}

impl Basis {
    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            Basis::Stated => "stated",
            Basis::Assumed => "assumed",
            Basis::Ranged => "ranged",
        }
    }
}

impl ShiftKind {
    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            ShiftKind::Input => "input",
            ShiftKind::Market => "market",
            ShiftKind::Month => "month",
        }
    }
}
