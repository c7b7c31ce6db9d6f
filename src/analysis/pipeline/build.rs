//! The analysis: one pass over the trials, which may be that of the forecast.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::document::*;
use super::law::ByLaw;
use super::tally::{Tallies, Tally, Windows};
use crate::analysis::{FigureInfo, Response};
use crate::engine::{Execution, RunError, SimulationScope, WonDeal, each_block_with_won_deals};
use crate::forecast::share;
use crate::model::{Figure, Model, OpenDeal, Region, Target, renewal_rate};
use crate::outcomes::Outcomes;
use crate::scenario::{self, OtherColumn, Scenario};
use crate::stats::{Estimate, Moments, Order, QuantileRanks, to_digits};
use crate::units::{Period, Periods};

/// Fewer trials than this on a side tell nothing of it.
const FEWEST: u64 = 100;
/// A deal of more than this share of a target is large.
const LARGE: f64 = 0.1;

/// What is asked of the open deals.
#[derive(Clone, Debug, Default)]
pub struct PipelineQuestion {
    /// The target that deals move.
    pub target: Option<Target>,
    /// The period in which deals are to be won; that of the main figure where none is given.
    pub period: Option<Period>,
    /// The column of the list of deals to group them by; one of [`column_names`].
    pub by: Option<String>,
}

impl PipelineQuestion {
    /// The question that a run asks: of the first target whose period is not over.
    pub fn of_run(model: &Model) -> PipelineQuestion {
        let open = |target: &&Target| target.periods.end() > model.as_of.month;
        PipelineQuestion { target: model.targets.iter().find(open).cloned(), period: None, by: None }
    }

    /// The same, grouped by the forecast category of the deals, else by their owner, where their list has such a column of few texts.
    pub fn grouped(self, scenario: &Scenario) -> PipelineQuestion {
        const MOST: usize = 20;
        let letters = |name: &str| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
        let few = || other_columns(scenario).filter(|column| column.texts.len() <= MOST);
        let called = |word: &str| few().find(|column| letters(&column.name).contains(word));
        let by = ["forecastcategory", "owner"].into_iter().find_map(called).map(|column| column.name.clone());
        PipelineQuestion { by, ..self }
    }
}

/// The columns that deals can be grouped by: region, stage where there are stages, and what the list of deals has besides the fields of a deal.
pub fn column_names(scenario: &Scenario) -> Vec<String> {
    let stages = scenario.pipeline.iter().flatten().any(|deal| deal.stage.is_some());
    let own = ["region"].into_iter().chain(stages.then_some("stage")).map(str::to_owned);
    own.chain(other_columns(scenario).map(|column| column.name.clone())).collect()
}

fn other_columns(scenario: &Scenario) -> impl Iterator<Item = &OtherColumn> {
    scenario.data.iter().filter(|file| file.section == "pipeline").flat_map(|file| &file.other)
}

/// About how many bytes the analysis takes.
pub fn pipeline_bytes(model: &Model) -> f64 {
    // The row of a deal and its text in the document.
    const ROW: f64 = 2_500.0;
    let deals = model.regions.iter().map(|region| region.open_deals.len()).sum();
    Tallies::bytes(deals, model.horizon.months) + ROW * deals as f64 + 16.0 * model.trials as f64
}

/// A deal as the scenario has it and as the model does.
#[derive(Debug)]
struct Row<'a> {
    index: usize,
    stated: &'a scenario::OpenDeal,
    deal: &'a OpenDeal,
    region: &'a Region,
}

impl Row<'_> {
    /// What all deals of the row are said to be worth; what so many new deals are where nothing is said.
    fn value(&self, inputs: &[f64]) -> f64 {
        self.deal.count as f64 * self.deal.amount.unwrap_or_else(|| self.region.mean_size_at(inputs))
    }
}

/// The open deals in the order of the model: region after region.
fn rows<'a>(scenario: &'a Scenario, model: &'a Model) -> Vec<Row<'a>> {
    let of_region = |region: &'a Region| {
        let stated = scenario.pipeline.iter().flatten().enumerate().filter(|(_, deal)| deal.region == region.key);
        let row = |((index, stated), deal)| Row { index, stated, deal, region };
        stated.zip(&region.open_deals).map(row)
    };
    model.regions.iter().flat_map(of_region).collect()
}

/// The months of a figure: those of its period for what adds up over them, all up to its end for a level.
fn months_of(metric: scenario::Metric, months: Range<usize>) -> Range<usize> {
    if metric.is_flow() { months } else { 0..months.end }
}

/// What a block of trials brings, in the order of blocks.
#[derive(Debug)]
pub struct Brought {
    /// What is won in the period of each group, groups × trials.
    groups: Vec<Vec<f64>>,
    /// What is won in all months.
    ever: Vec<f64>,
    /// The sums over the trials of the chance of renewal of each region and term, and of its square.
    renewals: Vec<[f64; 2]>,
}

/// Plays the scenario, which means `model`, and tells what becomes of each open deal and of the contracts that come up.
///
/// # Errors
/// [`RunError`] when a run of it ended early.
pub fn pipeline(
    scenario: &Scenario,
    model: &Model,
    question: &PipelineQuestion,
    execution: &Execution,
) -> Result<Pipeline, RunError> {
    let run = PipelineRun::new(scenario, model, question);
    let blocks = each_block_with_won_deals(model, run.part(), execution, |outcomes, won| run.see(outcomes, won))?;
    Ok(run.finish(&blocks))
}

/// A [`pipeline`] that is found while somebody plays the trials of the model: each block of them once, in any order.
#[derive(Debug)]
pub struct PipelineRun<'a> {
    scenario: &'a Scenario,
    model: &'a Model,
    question: &'a PipelineQuestion,
    rows: Vec<Row<'a>>,
    /// The name of the period that deals are to be won in.
    label: String,
    response: Option<Response>,
    windows: Windows,
    /// The names of the groups, and which of them each deal is in.
    groups: (Vec<String>, Vec<usize>),
    /// The regions with contracts in force, and the terms of these.
    terms: Vec<(usize, usize)>,
    tallies: Mutex<Tallies>,
}

impl<'a> PipelineRun<'a> {
    /// Makes ready what is asked of a scenario, which means `model`.
    pub fn new(scenario: &'a Scenario, model: &'a Model, question: &'a PipelineQuestion) -> PipelineRun<'a> {
        let (rows, months) = (rows(scenario, model), model.horizon.months);
        let main = Figure::main(model);
        let (period, label) = match &question.period {
            Some(period) => (period.months.clone(), &period.label),
            None => (months_of(main.metric, main.period.months.clone()), &main.period.label),
        };
        let of_target = question.target.as_ref().map_or(0..0, |target| match &target.periods {
            Periods::One(period) => months_of(target.metric, period.months.clone()),
            Periods::Each(periods) => periods.first().map_or(0, |first| first.months.start)..target.periods.end(),
        });
        PipelineRun {
            scenario,
            model,
            question,
            label: label.clone(),
            response: question.target.as_ref().map(Response::of_target),
            windows: Windows { period, target: of_target },
            groups: grouped(scenario, &rows, question.by.as_deref()),
            terms: terms(model),
            tallies: Mutex::new(Tallies::new(rows.len(), months)),
            rows,
        }
    }

    /// The part of the model that has to be played: all months, and without lost deals where those that are won tell all that is asked.
    fn part(&self) -> SimulationScope {
        let won_deals_only = self.response.as_ref().is_none_or(|response| response.metric().spec().won_deals_only);
        SimulationScope { won_deals_only, ..SimulationScope::whole(self.model) }
    }

    /// Looks at a block of trials and the open deals that are won in it.
    pub fn see(&self, outcomes: &Outcomes, won_deals: &[WonDeal]) -> Brought {
        let (trials, (names, group_of)) = (outcomes.trials(), &self.groups);
        let met =
            |response: &Response| response.values(self.model, outcomes).into_iter().map(|met| met == 1.0).collect();
        let met: Vec<bool> = self.response.as_ref().map_or_else(|| vec![false; trials], met);
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner).add(won_deals, &met, &self.windows);
        let mut brought = Brought {
            groups: vec![vec![0.0; trials]; names.len() + 1],
            ever: vec![0.0; trials],
            renewals: renewals(self.model, &self.terms, outcomes),
        };
        for won in won_deals {
            let lane = won.lane as usize;
            brought.ever[lane] += won.value;
            if self.windows.period.contains(&(won.month as usize)) {
                brought.groups[0][lane] += won.value;
                if let Some(group) = group_of.get(won.deal as usize) {
                    brought.groups[group + 1][lane] += won.value;
                }
            }
        }
        brought
    }

    /// What became of the deals, from what each block of all trials brought.
    pub fn finish(self, blocks: &[Brought]) -> Pipeline {
        let PipelineRun { scenario, model, question, rows, label, response, groups: (names, group_of), terms, .. } =
            self;
        let tallies = self.tallies.into_inner().unwrap_or_else(PoisonError::into_inner);
        let inputs = model.mean_inputs();
        let concat = |of: &dyn Fn(&Brought) -> &[f64]| blocks.iter().flat_map(|block| of(block).to_vec()).collect();
        let group = |name: &str, g: usize, members: &dyn Fn(usize) -> bool| {
            let members = || rows.iter().enumerate().filter(|(i, _)| members(*i)).map(|(_, row)| row);
            let value = members().map(|row| row.value(&inputs)).sum();
            let deals = members().map(|row| row.deal.count).sum();
            DealGroup::new(name, deals, value, concat(&|block| &block.groups[g]))
        };
        let mut groups: Vec<DealGroup> =
            names.iter().enumerate().map(|(g, name)| group(name, g + 1, &|i| group_of[i] == g)).collect();
        groups.sort_by(|a, b| b.expected_value.known().total_cmp(&a.expected_value.known()));

        let laws: Vec<ByLaw> = rows.iter().map(|row| ByLaw::of(row.deal, row.region, model, &inputs)).collect();
        let weighted = rows.iter().zip(&laws);
        let weighted = weighted.map(|(row, law)| row.value(&inputs) * row.deal.own_chance.unwrap_or(law.chance)).sum();
        let ever: Vec<f64> = concat(&|block| &block.ever);
        let below = ever.iter().filter(|brought| **brought <= weighted).count();

        let outlook =
            |(i, (row, law)): (usize, (&Row, &ByLaw))| outlook(row, law, i, &tallies, scenario, model, question);
        let mut deals: Vec<DealOutlook> = rows.iter().zip(&laws).enumerate().map(outlook).collect();
        let moving = |deal: &DealOutlook| if deal.moves.is_clear() { deal.moves.known() } else { 0.0 };
        deals.sort_by(|a, b| {
            let by_value = || b.expected_value.known().total_cmp(&a.expected_value.known());
            moving(b).total_cmp(&moving(a)).then_with(by_value).then_with(|| a.id.cmp(&b.id))
        });
        let met = tallies.met as usize;
        Pipeline {
            target: response.as_ref().map(|response| FigureInfo::of(response, model)),
            target_chance: if response.is_some() { share(met, model.trials) } else { Estimate::UNKNOWN },
            period: label,
            all: group("", 0, &|_| true),
            deals,
            by: question.by.clone(),
            groups,
            weighted: WeightedPipeline { amount: to_digits(weighted, 12), percentile: share(below, model.trials) },
            contracts: contracts(scenario, model, &terms, blocks),
        }
    }
}

/// The names of the groups, and which of them each deal is in.
fn grouped(scenario: &Scenario, rows: &[Row], by: Option<&str>) -> (Vec<String>, Vec<usize>) {
    let Some(by) = by else { return Default::default() };
    let column = other_columns(scenario).find(|column| column.name == by);
    let text = |row: &Row| match (column, by) {
        (Some(column), _) => column.text(row.index).to_owned(),
        (None, "stage") => row.stated.stage.clone().unwrap_or_default(),
        (None, _) => row.region.key.clone(),
    };
    let mut names: indexmap::IndexSet<String> = indexmap::IndexSet::new();
    let group_of = rows.iter().map(|row| names.insert_full(text(row)).0).collect();
    (names.into_iter().collect(), group_of)
}

impl DealGroup {
    /// Deals of this number and value, and what of them is won in each trial.
    fn new(name: &str, deals: usize, value: f64, won: Vec<f64>) -> DealGroup {
        let moments = Moments::of(&won);
        let expected_value =
            moments.map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, (won.len() > 1).then_some(m.mean_error)));
        let (trials, order) = (won.len(), Order::of(won));
        let at = |p: f64| Estimate::new(order.quantile(p), order.error(&QuantileRanks::new(trials, p)));
        let [p10, p20, p50, p80, p90] = [0.1, 0.2, 0.5, 0.8, 0.9].map(at);
        DealGroup { name: name.to_owned(), deals, value: to_digits(value, 12), expected_value, p10, p20, p50, p80, p90 }
    }
}

/// A mean of counts over trials, as a share of `of`, from their sum and that of their squares.
fn mean_share([sum, squares]: [u64; 2], of: usize, trials: usize) -> Estimate {
    if of == 1 {
        return share(sum as usize, trials);
    }
    let (n, of) = (trials as f64, of as f64);
    let mean = sum as f64 / n;
    let variance = (squares as f64 / n - mean * mean).max(0.0) / (n - 1.0);
    Estimate::new(mean / of, (trials > 1).then(|| libm::sqrt(variance) / of))
}

/// A deal with what became of it.
fn outlook(
    row: &Row,
    law: &ByLaw,
    i: usize,
    tallies: &Tallies,
    scenario: &Scenario,
    model: &Model,
    question: &PipelineQuestion,
) -> DealOutlook {
    let (tally, inputs, trials) = (&tallies.deals[i], model.mean_inputs(), model.trials);
    let chance_in_period = mean_share(tally.in_period, row.deal.count, trials);
    let worth = row.value(&inputs) * row.deal.amount.map_or(1.0, |_| row.region.final_amount.ratio.at(&inputs));
    let closed_by = |part: f64| {
        let enough = tally.won[0] >= FEWEST;
        enough.then(|| tallies.closed_by(i, part)).flatten().map(|month| model.horizon.month(month))
    };
    let [closes_p10, closes_p50, closes_p90] = [0.1, 0.5, 0.9].map(closed_by);
    let target = question.target.as_ref().filter(|target| target.metric.is_money());
    let is_large = |target: &Target| row.deal.amount.is_some_and(|amount| amount > LARGE * target.at_least);
    let flags = [
        (DealFlag::Stale, law.stale && row.deal.own_chance.is_none()),
        (DealFlag::Slipped, row.stated.close_date.is_some_and(|day| day < scenario.as_of_day())),
        (DealFlag::Large, target.is_some_and(is_large)),
        (DealFlag::OwnChance, row.deal.own_chance.is_some_and(|own| law.is_far_from(own))),
    ];
    DealOutlook {
        id: row.deal.id.clone(),
        label: row.stated.label.clone(),
        region: row.region.key.clone(),
        stage: row.stated.stage.clone(),
        count: row.deal.count,
        age_days: row.deal.age,
        age_percentile: to_digits(law.age_percentile, 6),
        close_date: row.stated.close_date,
        amount: row.stated.amount,
        chance: mean_share(tally.won, row.deal.count, trials),
        chance_in_period,
        expected_value: Estimate::new(
            worth * chance_in_period.known(),
            chance_in_period.error.map(|error| worth * error),
        ),
        closes_p10,
        closes_p50,
        closes_p90,
        moves: match (&question.target, row.deal.count) {
            (Some(_), 1) => moves(tally, tallies.met, trials as u64),
            _ => Estimate::UNKNOWN,
        },
        flags: flags.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag).collect(),
    }
}

/// P(target | won) − P(target | not won).
fn moves(tally: &Tally, met: u64, trials: u64) -> Estimate {
    let [won, met_and_won] = tally.for_target;
    let not_won = trials - won;
    if won < FEWEST || not_won < FEWEST {
        return Estimate::UNKNOWN;
    }
    let of = |met: u64, n: u64| share(met as usize, n as usize);
    let found = of(met_and_won, won).less(of(met - met_and_won, not_won));
    Estimate::new(found.known(), found.error)
}

/// The regions with contracts in force, and the terms of these.
fn terms(model: &Model) -> Vec<(usize, usize)> {
    let regions = model.regions.iter().enumerate();
    let mut terms: Vec<(usize, usize)> =
        regions.flat_map(|(r, region)| region.contracts.iter().map(move |contract| (r, contract.term))).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// For each region and term, the sums over the trials of the chance of renewal and of its square.
fn renewals(model: &Model, terms: &[(usize, usize)], outcomes: &Outcomes) -> Vec<[f64; 2]> {
    let inputs: Vec<Vec<f64>> = (0..model.inputs.len()).map(|i| outcomes.input(i)).collect();
    let of = |(region, term): &(usize, usize)| {
        let retention = model.regions[*region].retention;
        // Of a column of joint draws the mean.
        let mut drawn = model.mean_inputs();
        (0..outcomes.trials()).fold([0.0, 0.0], |[sum, squares], lane| {
            drawn.iter_mut().zip(&inputs).for_each(|(drawn, input)| *drawn = input[lane]);
            let chance = renewal_rate(retention.at(&drawn), *term);
            [sum + chance, squares + chance * chance]
        })
    };
    terms.iter().map(of).collect()
}

/// What comes up for renewal inside the horizon.
fn contracts(scenario: &Scenario, model: &Model, terms: &[(usize, usize)], blocks: &[Brought]) -> Vec<ContractOutlook> {
    let n = model.trials as f64;
    let chance = |r: usize, term: usize| {
        let Ok(at) = terms.binary_search(&(r, term)) else { return Estimate::UNKNOWN };
        let [sum, squares] = blocks
            .iter()
            .fold([0.0, 0.0], |[sum, squares], block| [sum + block.renewals[at][0], squares + block.renewals[at][1]]);
        let mean = sum / n;
        // A fixed chance has no variance but that of rounding.
        let variance = Some(squares / n - mean * mean).filter(|_| !model.regions[r].retention.is_fixed());
        let error = variance.map_or(0.0, |variance| libm::sqrt(variance.max(0.0) / n));
        Estimate::new(mean, Some(error))
    };
    let mut found = Vec::new();
    for (r, region) in model.regions.iter().enumerate() {
        let stated = scenario.contracts.iter().flatten().filter(|contract| contract.region == region.key);
        for (stated, contract) in stated.zip(&region.contracts) {
            let chance = chance(r, contract.term);
            for (due, count) in contract.due.iter().filter(|(due, _)| *due < model.horizon.months) {
                let annual_value = to_digits(contract.annual_value * *count as f64, 12);
                let lost = chance.complement();
                found.push(ContractOutlook {
                    id: contract.id.clone(),
                    label: stated.label.clone(),
                    region: region.key.clone(),
                    due: model.horizon.month(*due),
                    count: *count,
                    annual_value,
                    chance,
                    at_risk: Estimate::new(annual_value * lost.known(), lost.error.map(|error| annual_value * error)),
                });
            }
        }
    }
    found.sort_by(|a, b| {
        let by_risk = b.at_risk.known().total_cmp(&a.at_risk.known());
        by_risk.then_with(|| a.due.cmp(&b.due)).then_with(|| a.id.cmp(&b.id))
    });
    found
}
