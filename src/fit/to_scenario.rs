//! The scenario of a fit, and the tables beside it: what is open, what happened, the joint draws.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::data_report::Remark;
use super::day::{self, Day};
use super::draws::{Draws, moments};
use super::found::{Fit, RegionFit};
use super::opportunities::{Deal, Opportunities};
use super::outcome::Outcome;
use super::stage_factors::StageFactor;
use crate::scenario::{in_region, is_closed};
use crate::stats::to_digits;
use crate::units::format::{count, few_digits, list, percent, thousands, with_spread};
use crate::units::{Horizon, Month};

/// How a scenario is written.
#[derive(Clone, Debug)]
pub struct ScenarioOptions {
    /// What it is called.
    pub name: String,
    /// How many months are played from that of the as-of day on.
    pub months: usize,
    /// The calendar month in which the fiscal year begins, 1 to 12.
    pub fiscal_first_month: u32,
    /// The currency, where the export says none.
    pub currency: Option<String>,
    /// Whether it has win rates and cycles, as people write them, in place of chances by age, rhythm and pace with their joint draws.
    pub simple: bool,
    /// Whether open deals that are alike are one row; else they are only where there are too many.
    pub together: bool,
    /// The analyst's scenario that it is put onto.
    pub onto: Option<Onto>,
}

/// The analyst's scenario that a fit is put onto: what is fitted takes the place of its own, the rest stays.
#[derive(Clone, Debug)]
pub struct Onto {
    /// Its file, as the new one names it.
    pub file: String,
    /// Its first month, and how many it plays.
    pub start: Month,
    /// See `start`.
    pub months: usize,
    /// Its correlations.
    pub correlations: Vec<Value>,
    /// Whether it says what it is fitted from.
    pub is_fitted: bool,
    /// Its regions whose deals are decided day by day.
    pub daily: Vec<String>,
    /// Whether it has contracts in force.
    pub has_contracts: bool,
    /// What it knows of renewals: region, month, amount.
    pub renewals: Vec<(String, Month, f64)>,
}

/// A scenario, and what its files hold.
#[derive(Clone, Debug)]
pub struct FittedScenario {
    /// The scenario itself; it names the other files.
    pub scenario: Value,
    /// The rows of pipeline.csv.
    pub pipeline: Vec<OpenRow>,
    /// The rows of actuals.csv.
    pub actuals: Vec<ActualRow>,
    /// The rows of the draws; none of a simple one.
    pub draws: Draws,
}

/// A deal that is open, or several alike.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenRow {
    /// Its id.
    pub id: String,
    /// The key of its region.
    pub region: String,
    /// When it was created.
    pub created: Date,
    /// Its stage, where it is known.
    pub stage: Option<String>,
    /// Its amount, where it is known.
    pub amount: Option<f64>,
    /// The day on which it is expected to close.
    pub close_date: Option<Date>,
    /// How many deals it stands for.
    pub count: usize,
}

/// What happened in a month.
#[derive(Clone, Debug, PartialEq)]
pub struct ActualRow {
    /// The key of its region.
    pub region: String,
    /// The key of its metric.
    pub metric: &'static str,
    /// Its month.
    pub month: Month,
    /// How much it was.
    pub amount: f64,
}

/// The fields of a region that a fit gives, or takes away.
const FITTED: [&str; 8] = ["leads", "conversion", "cycle", "lost_cycle", "stalled", "stages", "closing", "deal_size"];

/// The names of the files.
pub(super) const PIPELINE: &str = "pipeline.csv";
pub(super) const ACTUALS: &str = "actuals.csv";
/// The file of the draws.
pub(super) const DRAWS: &str = "fit.draws.parquet";
/// A scenario has at most so many rows of open deals: of more, those alike are one row.
const MOST_OPEN: usize = 100_000;

impl Fit {
    /// The scenario of the fit.
    pub fn scenario(&self, opportunities: &Opportunities, options: &ScenarioOptions) -> FittedScenario {
        let horizon = self.horizon(options);
        let until = day::number(self.as_of);
        // Of a day gone by, what the export holds of open deals is of a later one.
        let current = opportunities.day_after() <= self.as_of;
        let mut scenario = Map::new();
        scenario.insert("$schema".to_owned(), json!("scenario.schema.json"));
        match &options.onto {
            Some(onto) => scenario.insert("extends".to_owned(), json!(onto.file)),
            None => scenario.insert("name".to_owned(), json!(options.name)),
        };
        scenario.insert("assumptions".to_owned(), json!(self.assumptions(opportunities, &horizon, options)));
        if options.onto.as_ref().is_some_and(|onto| onto.is_fitted) {
            // What is fitted is not fitted again.
            scenario.insert("fitted_from".to_owned(), Value::Null);
        }
        if options.onto.is_none() {
            let currency =
                opportunities.currency.as_ref().map(ToString::to_string).or_else(|| options.currency.clone());
            scenario.insert("currency".to_owned(), json!(currency.unwrap_or_else(|| "EUR".to_owned())));
            if options.fiscal_first_month != 1 {
                scenario.insert("fiscal_year".to_owned(), json!({"first_month": options.fiscal_first_month}));
            }
        }
        scenario.insert("start".to_owned(), json!(horizon.start.to_string()));
        scenario.insert("months".to_owned(), json!(horizon.months));
        scenario.insert("as_of".to_owned(), json!(self.as_of.to_string()));
        scenario.insert("actuals".to_owned(), json!(ACTUALS));
        scenario.insert("pipeline".to_owned(), json!(PIPELINE));
        if options.onto.as_ref().is_none_or(|onto| !onto.has_contracts) {
            scenario.insert("contracts".to_owned(), json!([]));
        }
        let mut pairs: Vec<Value> = options.onto.iter().flat_map(|onto| &onto.correlations).cloned().collect();
        let before = pairs.len();
        pairs.retain(|pair| !self.is_about_fitted(pair));
        if options.simple {
            pairs.extend(self.regions.iter().flat_map(|region| self.simple_correlations(region)));
        }
        if options.simple || pairs.len() < before {
            scenario.insert("correlations".to_owned(), json!(pairs));
        }
        if options.simple && options.onto.as_ref().is_some_and(|onto| !onto.daily.is_empty()) {
            // Chances by age go, and what is drawn together with them.
            ["closing", "draws"].into_iter().for_each(|key| drop(scenario.insert(key.to_owned(), Value::Null)));
        }
        if !options.simple {
            let note = "The pace is found from all regions together.";
            scenario.insert("closing".to_owned(), json!({"shared": true, "note": note}));
            scenario.insert("draws".to_owned(), json!({"file": DRAWS, "rows": self.draws.rows()}));
        }
        let regions = self.regions.iter().map(|region| {
            (region.key.clone(), self.region(region, opportunities, options.simple, options.onto.as_ref()))
        });
        let regions: Map<String, Value> = regions.collect();
        scenario.insert("regions".to_owned(), Value::Object(regions));
        FittedScenario {
            scenario: Value::Object(scenario),
            pipeline: self.pipeline(opportunities, until, current, options.together),
            actuals: self.actuals(opportunities, &horizon, until, options.onto.as_ref()),
            draws: if options.simple { Draws::default() } else { self.draws.clone() },
        }
    }

    /// Whether a correlation is one of a quantity that the fit gives, which says itself how these go together.
    fn is_about_fitted(&self, pair: &Value) -> bool {
        let paths = pair["between"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut fitted = paths.filter_map(in_region);
        fitted.any(|(key, rest)| {
            let field = rest.split(['.', '[']).next().unwrap_or_default();
            FITTED.contains(&field) && self.regions.iter().any(|region| region.key == key)
        })
    }

    /// The months that are played: from the first of the (fiscal) year, or from the first that the export has from its first day on.
    fn horizon(&self, options: &ScenarioOptions) -> Horizon {
        let fiscal_first_month = options.fiscal_first_month;
        let now = Month::of(self.as_of);
        let in_window = self.first_in_window();
        if let Some(onto) = options.onto.as_ref().filter(|onto| onto.start >= in_window && now.since(onto.start) >= 0)
            && now.since(onto.start) < onto.months as i64
        {
            return Horizon { start: onto.start, months: onto.months, fiscal_first_month };
        }
        let into_year = (now.number() + 12 - fiscal_first_month) % 12;
        let year = (1..=into_year).fold(now, |month, _| before(month));
        let start = year.max(in_window);
        Horizon { start, months: now.since(start) as usize + options.months, fiscal_first_month }
    }

    /// The first month whose closings are known from its first day on; that of the as-of day where none is.
    fn first_in_window(&self) -> Month {
        Month::of(self.from).plus(usize::from(self.from.day() > 1)).min(Month::of(self.as_of))
    }

    fn assumptions(&self, opportunities: &Opportunities, horizon: &Horizon, options: &ScenarioOptions) -> Vec<String> {
        let report = &opportunities.report;
        let [won, lost, open] = [|r: &RegionFit| r.won, |r: &RegionFit| r.lost, |r: &RegionFit| r.open]
            .map(|of| thousands(self.regions.iter().map(of).sum::<u64>() as f64));
        let mut said = vec![format!(
            "Fitted to {} as it was known on the day before {}: {won} won and {lost} lost since {}, {open} open.",
            name(&report.file),
            self.as_of,
            self.from
        )];
        let reasons = |remark: &Remark| format!("{} ({})", remark.kind.words(), thousands(remark.lines.len() as f64));
        let reasons: Vec<String> = report.set_aside().map(reasons).collect();
        let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
        said.push(format!("{}: {}{why}.", name(&report.file), report.rows_told()));
        said.extend(report.notes.iter().cloned());
        if options.onto.is_none() {
            said.push("An export of deals says nothing of contracts: none is in force, and nothing renews.".to_owned());
        }
        if horizon.start.plus(0) > Month::new(horizon.start.year(), options.fiscal_first_month).unwrap_or_default() {
            said.push(format!("Nothing is known of bookings before {}.", horizon.start.name()));
        }
        if options.simple {
            said.push("Deals close as fast in each month: neither a rhythm of the quarter nor a pace that drifts is in the ranges. Where there is one, those of single months and quarters are too narrow.".to_owned());
        }
        said.extend(self.cautions.iter().cloned());
        said
    }

    /// A region as it is written; where it takes the place of an analyst's, without what of theirs does not go with it.
    fn region(&self, region: &RegionFit, opportunities: &Opportunities, simple: bool, onto: Option<&Onto>) -> Value {
        let source = format!("{}, as of {}", name(&opportunities.report.file), self.as_of);
        let mut monthly = self.spread(region, "leads.monthly");
        monthly["note"] = json!(self.leads_note(region));
        monthly["source"] = json!(source);
        let mut written = if simple {
            self.simple_region(region, &self.table_note(region, ""), &source)
        } else {
            self.daily_region(region, &source)
        };
        written["leads"] = json!({"monthly": monthly, "overdispersion": to_digits(self.overdispersion.max(1e-6), 3)});
        let Some(onto) = onto else {
            written["label"] = json!(region.label);
            written["retention"] = json!({"value": 0, "note": "An export of deals says nothing of renewals."});
            return written;
        };
        let gone = |object: &mut Value, keys: &[&str]| keys.iter().for_each(|key| object[*key] = Value::Null);
        let is_table = !written["deal_size"]["shape"].is_null();
        gone(&mut written["deal_size"], if is_table { &["mean", "cv"] } else { &["shape", "values", "weights"] });
        if simple {
            gone(&mut written, &["stages"]);
            if onto.daily.contains(&region.key) {
                gone(&mut written, &["closing"]);
            }
        } else {
            gone(&mut written["closing"], &["held_to_quarter_end"]);
            gone(&mut written, &["conversion", "cycle", "lost_cycle", "stalled", "stages"]);
        }
        written
    }

    /// The mean and the standard deviation of a quantity of a region.
    fn drawn(&self, region: &RegionFit, rest: &str) -> (f64, f64) {
        self.draws.column(&format!("regions.{}.{rest}", region.key)).map_or((f64::NAN, f64::NAN), moments)
    }

    fn spread(&self, region: &RegionFit, rest: &str) -> Value {
        let (mean, sd) = self.drawn(region, rest);
        json!({"mean": to_digits(mean, 6), "sd": to_digits(sd, 3)})
    }

    /// Chances by age, rhythm, pace and sizes; all but its leads and its label.
    fn daily_region(&self, region: &RegionFit, source: &str) -> Value {
        let mean = |rest: &str| json!(to_digits(self.drawn(region, rest).0, 6));
        let (ever, sd) = region.won_in_the_end;
        let later =
            format!(", and {} % in the end, with the chances of older ages", with_spread(100.0 * ever, 100.0 * sd));
        let each = |rest: &str, n: usize| (0..n).map(|i| mean(&format!("{rest}[{i}]"))).collect::<Vec<Value>>();
        let by_outcome = |of: &dyn Fn(&str) -> Value| json!({"won": of("won"), "lost": of("lost")});
        let mut region_of = json!({
            "closing": {
                "table": {
                    "ages": self.ages,
                    "won": each("closing.table.won", self.ages.len()),
                    "lost": each("closing.table.lost", self.ages.len()),
                    "note": format!("Chances a day by age in days; {}", self.table_note(region, &later)),
                    "source": source,
                },
                "rhythm": by_outcome(&|outcome| json!(each(&format!("closing.rhythm.{outcome}"), 3))),
                "volatility": by_outcome(&|outcome| mean(&format!("closing.volatility.{outcome}"))),
                "now": by_outcome(&|outcome| self.spread(region, &format!("closing.now.{outcome}"))),
                "note": self.closing_note(),
            },
            "deal_size": self.table_of_sizes(region, source),
        });
        if !self.stages.is_empty() {
            let factors = |stage: &StageFactor| {
                let path = |outcome: &str| format!("closing.by_stage[{}].{outcome}", stage.stage);
                (stage.stage.clone(), by_outcome(&|outcome| mean(&path(outcome))))
            };
            region_of["closing"]["by_stage"] = Value::Object(self.stages.iter().map(factors).collect());
        }
        region_of
    }

    /// The deal sizes of all regions with the weights of one.
    pub(super) fn table_of_sizes(&self, region: &RegionFit, source: &str) -> Value {
        let weight = |i: usize| to_digits(self.drawn(region, &format!("deal_size.weights[{i}]")).0, 6);
        json!({
            "shape": "table",
            "values": self.sizes.iter().map(|x| to_digits(*x, 9)).collect::<Vec<f64>>(),
            "weights": (0..self.sizes.len()).map(weight).collect::<Vec<f64>>(),
            "note": region.size_note(),
            "source": source,
        })
    }

    fn leads_note(&self, region: &RegionFit) -> String {
        let leads = thousands(region.leads_by_month.iter().sum::<u64>() as f64);
        let (months, whole) = self.lead_months;
        let kind = if whole { "whole month" } else { "month, not a whole one" };
        let over = if months == 1 {
            format!("1 {kind}")
        } else {
            format!("{months} {}", if whole { "whole months" } else { "months, not all whole" })
        };
        format!(
            "{leads} deals created in {over}; the last {} say {} a month.",
            if months < 3 { count(months, "month") } else { "3 months".to_owned() },
            few_digits(region.recent_leads)
        )
    }

    /// What the chances by age mean; `later` says what becomes of deals past the oldest that was decided.
    fn table_note(&self, region: &RegionFit, later: &str) -> String {
        let decided: Vec<String> = region.decided_by_age.iter().map(|(won, lost)| format!("{won}/{lost}")).collect();
        let (rate, sd) = region.win_rate;
        let naive = region
            .won_of_decided()
            .map_or_else(String::new, |share| format!("; won/(won + lost) says {}", percent(share)));
        format!(
            "{} won and {} lost on {} deal-days at risk, won/lost from each age on: {}. They mean that {} % of leads are won within {} days, the age of the oldest deal that was decided{later}{naive}.",
            thousands(region.won as f64),
            thousands(region.lost as f64),
            thousands(region.at_risk as f64),
            decided.join(", "),
            with_spread(100.0 * rate, 100.0 * sd),
            self.oldest_decided()
        )
    }

    /// The age of the oldest deal that was decided, in days.
    pub fn oldest_decided(&self) -> u32 {
        self.ages.last().map_or(0, |age| age.saturating_sub(1))
    }

    fn closing_note(&self) -> String {
        let by_place = |counts: [u64; 3]| list(&counts.map(|n| thousands(n as f64)));
        let of = |name: &str| self.deviations.iter().find(|(kind, ..)| *kind == name);
        let found = |name: &str| {
            of(name).map_or_else(String::new, |(_, prior, found)| {
                format!(
                    "{} won, {} lost, where {} was thought likely before",
                    few_digits(found[0]),
                    few_digits(found[1]),
                    few_digits(prior[0])
                )
            })
        };
        format!(
            "Rhythm and pace are those of all regions. Won in the first, second and third months of quarters: {}; lost: {}. Standard deviation of the rhythm: {}; of the pace's step a month: {}.",
            by_place(self.by_place[0]),
            by_place(self.by_place[1]),
            found("rhythm"),
            found("pace")
        )
    }

    /// The deals that are open, as rows: those alike as one where that is asked for, or where there are too many.
    fn pipeline(&self, opportunities: &Opportunities, until: Day, current: bool, together: bool) -> Vec<OpenRow> {
        let known = opportunities.entries.is_some();
        let row = |(i, deal): (usize, &Deal)| OpenRow {
            id: deal.id.to_string(),
            region: self.regions[usize::from(deal.region)].key.clone(),
            created: day::date(deal.created),
            stage: if known { opportunities.stage_before(i, until) } else { deal.stage.filter(|_| current) }
                .map(|stage| opportunities.stages[stage as usize].clone())
                // An open deal in a stage that is called so is open by other words or columns; a scenario has none in it.
                .filter(|stage| !is_closed(stage)),
            amount: deal.amount.filter(|amount| current && *amount > 0.0),
            close_date: deal.expected.filter(|_| current).map(day::date),
            count: 1,
        };
        let rows: Vec<OpenRow> = opportunities.open_before(until).map(row).collect();
        if !together && rows.len() <= MOST_OPEN {
            return rows;
        }
        let mut alike: BTreeMap<(String, Date, Option<String>, bool), OpenRow> = BTreeMap::new();
        for row in rows {
            let key = (row.region.clone(), row.created, row.stage.clone(), row.amount.is_some());
            match alike.get_mut(&key) {
                Some(all) => {
                    all.count += 1;
                    all.amount = all.amount.zip(row.amount).map(|(sum, amount)| sum + amount);
                }
                None => {
                    alike.insert(key, OpenRow { close_date: None, ..row });
                }
            }
        }
        alike.into_values().collect()
    }

    /// What happened in the months that were begun before the as-of day, and in those of the year before that are in the window.
    fn actuals(
        &self,
        opportunities: &Opportunities,
        horizon: &Horizon,
        until: Day,
        onto: Option<&Onto>,
    ) -> Vec<ActualRow> {
        let in_window = self.first_in_window();
        let first = (0..12).fold(horizon.start, |month, _| if month > in_window { before(month) } else { month });
        let earlier = horizon.start.since(first) as usize;
        let known = earlier + libm::ceil(horizon.position(self.as_of)).max(0.0) as usize;
        let mut sums = vec![vec![[0.0; 5]; known]; self.regions.len()];
        let month = |day: Day| Month::of(day::date(day)).since(first);
        for deal in opportunities.deals.iter().filter(|deal| deal.created < until) {
            let sums = &mut sums[usize::from(deal.region)];
            if let Some(sums) = usize::try_from(month(deal.created)).ok().and_then(|m| sums.get_mut(m)) {
                sums[2] += 1.0;
            }
            if deal.closed >= until {
                continue;
            }
            if let Some(sums) = usize::try_from(month(deal.closed)).ok().and_then(|m| sums.get_mut(m)) {
                match deal.outcome {
                    Outcome::Won => {
                        sums[0] += deal.amount.unwrap_or(0.0);
                        sums[3] += 1.0;
                    }
                    _ => sums[4] += 1.0,
                }
            }
        }
        for booked in opportunities.booked.iter().filter(|booked| booked.closed < until) {
            let sums = &mut sums[usize::from(booked.region)];
            if let Some(sums) = usize::try_from(month(booked.closed)).ok().and_then(|m| sums.get_mut(m)) {
                sums[0] += booked.amount;
                sums[3] += 1.0;
            }
        }
        let mut rows = Vec::new();
        for (region, sums) in self.regions.iter().zip(sums) {
            for (m, mut sums) in sums.into_iter().enumerate() {
                let month = first.plus(m);
                let renewed: Vec<f64> = onto
                    .into_iter()
                    .flat_map(|onto| &onto.renewals)
                    .filter(|(key, its, _)| *key == region.key && *its == month)
                    .map(|(.., amount)| *amount)
                    .collect();
                sums[1] = renewed.iter().fold(0.0, |sum, amount| sum + amount);
                // Of the year before, what the analyst does not say is unknown and not 0.
                let is_told = onto.is_none() || !renewed.is_empty();
                let is_known = |(metric, _): &(&str, f64)| m >= earlier || *metric != RENEWALS || is_told;
                for (metric, amount) in METRICS.into_iter().zip(sums).filter(is_known) {
                    rows.push(ActualRow { region: region.key.clone(), metric, month, amount });
                }
            }
        }
        rows
    }
}

const RENEWALS: &str = "renewals";
const METRICS: [&str; 5] = ["bookings", RENEWALS, "leads", "won_deals", "lost_deals"];

/// The name of a file without its folders.
fn name(file: &str) -> String {
    std::path::Path::new(file).file_name().map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The month before one.
fn before(month: Month) -> Month {
    let (year, number) = if month.number() == 1 { (month.year() - 1, 12) } else { (month.year(), month.number() - 1) };
    Month::new(year, number).unwrap_or(month)
}
