//! The opportunities of a CRM's export: when each was created, and what became of it when.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::booked::{Booked, WonRow, booked, booked_told};
use super::data_report::{ColumnRead, DataReport, RemarkKind};
use super::day::{self, Day};
use super::lacking::{lacking, mostly_unread};
use super::outcome::{Outcome, OutcomeWords, is_deleted, is_ticked, unsaid_words};
use super::region_names::RegionNames;
use crate::scenario::OPPORTUNITIES;
use crate::tables::{CellRead, Columns, OpenTable};
use crate::units::{Currency, Fault, Faults};

/// How an export is read, where it does not say so itself.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The columns of fields: pairs of field and column.
    pub map: Vec<(String, String)>,
    /// The words that say that a deal is won.
    pub won: Vec<String>,
    /// The words that say that a deal is lost.
    pub lost: Vec<String>,
    /// Whether the month comes first in days that do not tell.
    pub month_first: Option<bool>,
    /// The decimal sign of amounts that do not tell.
    pub decimal: Option<char>,
    /// The currency, where the amounts do not say it.
    pub currency: Option<Currency>,
}

/// A file, as its name and its bytes.
#[derive(Clone, Copy, Debug)]
pub struct NamedBytes<'a> {
    /// Its name, for faults.
    pub file: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// The opportunities of an export.
#[derive(Clone, Debug)]
pub struct Opportunities {
    /// What was made of its rows.
    pub report: DataReport,
    /// The keys and labels of the regions.
    pub(super) regions: RegionNames,
    pub(super) deals: Vec<Deal>,
    /// Won deals whose day of creation nobody can tell.
    pub(super) booked: Vec<Booked>,
    /// The stages, by number.
    pub(super) stages: Vec<String>,
    /// The stages that each deal entered, where there is a history.
    pub(super) entries: Option<Entries>,
    /// The currency of the amounts, if anything says it.
    pub currency: Option<Currency>,
}

/// An opportunity.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Deal {
    pub(super) id: Box<str>,
    pub(super) region: u16,
    pub(super) created: Day,
    /// When it was won or lost; [`NEVER`] where it is open.
    pub(super) closed: Day,
    pub(super) outcome: Outcome,
    pub(super) amount: Option<f64>,
    /// Its stage, by number.
    pub(super) stage: Option<u32>,
    /// When it is expected to close, of an open one.
    pub(super) expected: Option<Day>,
}

/// The stages that each deal entered, by number, each with its first day; days ascend.
pub(super) type Entries = Vec<Vec<(Day, u32)>>;

/// The day of what does not happen.
pub(super) const NEVER: Day = Day::MAX;

impl Deal {
    /// What was known of its outcome on the day before `as_of`.
    pub(super) fn outcome_before(&self, as_of: Day) -> Outcome {
        if self.closed < as_of { self.outcome } else { Outcome::Open }
    }
}

/// Days of other years are slips of the pen.
const YEARS: std::ops::RangeInclusive<i16> = 1980..=2100;
/// No deal of a scenario is larger.
const MOST_AMOUNT: f64 = 1e12;

/// More regions than this cannot be told apart in one fit.
const MOST_REGIONS: usize = 60;

impl Opportunities {
    /// Reads an export, with columns of further files beside its own: each with the column that joins them.
    ///
    /// # Errors
    /// [`Faults`] where it cannot be known what the export says, with the option that settles it.
    pub fn read(
        export: NamedBytes,
        joins: &[(NamedBytes, String)],
        options: &ReadOptions,
    ) -> Result<Opportunities, Faults> {
        let one = |fault: Fault| Faults::Fields(vec![fault]);
        let mut table = OpenTable::new(export.file, export.bytes)?;
        let mut notes = Vec::new();
        for (other, column) in joins {
            let missing = table.join(&OpenTable::new(other.file, other.bytes)?, column).map_err(one)?;
            if missing > 0 {
                notes.push(format!("{missing} rows have a {column} that {} does not have.", other.file));
            }
        }
        let table = OPPORTUNITIES.columns(table, &options.map, "--map ")?;
        notes.extend(table.guessed_encoding.map(|name| format!("The file is no UTF-8; it was read as {name}.")));
        let faults = lacking(&table);
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        let mut reading = Reading::new(&table, options)?;
        reading.report.notes = notes;
        reading.rows();
        reading.finish()
    }

    /// Gives regions the keys that a scenario has for them: each known key with its label. Gives those of which there are no deals.
    pub fn take_keys(&mut self, known: &[(String, String)]) -> Vec<String> {
        known.iter().filter(|(key, label)| !self.regions.rename(key, label)).map(|(key, _)| key.clone()).collect()
    }

    /// What the export calls the regions.
    pub fn region_labels(&self) -> Vec<&str> {
        self.region_names().map(|(_, label)| label).collect()
    }

    /// The key and the label of each region.
    pub fn region_names(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.regions.len()).map(|number| self.regions.name(number))
    }

    /// Whether any deal is still open.
    pub fn has_open_deals(&self) -> bool {
        self.deals.iter().any(|deal| deal.closed == NEVER)
    }

    /// The first day on which a deal was won or lost, from which on closings are known.
    pub(super) fn first_close(&self) -> Day {
        self.deals.iter().map(|deal| deal.closed).min().unwrap_or(NEVER)
    }

    /// The deals that were open on the day before `as_of`, each with its number.
    pub(super) fn open_before(&self, as_of: Day) -> impl Iterator<Item = (usize, &Deal)> {
        self.deals.iter().enumerate().filter(move |(_, deal)| deal.created < as_of && deal.closed >= as_of)
    }

    /// The day after the last one on which a deal was created, won or lost.
    pub fn day_after(&self) -> Date {
        let closed = self.deals.iter().map(|deal| deal.closed).filter(|day| *day != NEVER);
        day::date(self.deals.iter().map(|deal| deal.created).chain(closed).max().unwrap_or(0) + 1)
    }
}

/// An export that is being read.
struct Reading<'a> {
    table: &'a Columns,
    options: &'a ReadOptions,
    days: BTreeMap<&'static str, Vec<CellRead<Date>>>,
    amounts: Vec<CellRead<f64>>,
    currency: Option<Currency>,
    words: OutcomeWords,
    report: DataReport,
    /// The deals, each with its row.
    deals: Vec<(Deal, usize)>,
    /// Won deals among the rows that are set aside.
    booked: Vec<WonRow<'a>>,
    regions: RegionNames,
    stages: BTreeMap<&'a str, u32>,
    stage_names: Vec<String>,
}

const DAYS: [&str; 6] = ["created", "closed", "won_on", "lost_on", "close_date", "expected"];

impl<'a> Reading<'a> {
    fn new(table: &'a Columns, options: &'a ReadOptions) -> Result<Reading<'a>, Faults> {
        let mut faults = Vec::new();
        let mut days = BTreeMap::new();
        for key in DAYS.into_iter().filter(|key| table.has(key)) {
            let hint = "write the year first, or say which it is: --day-order day-first or --day-order month-first";
            match table.days(key, options.month_first, hint) {
                Ok(found) => {
                    faults.extend(mostly_unread(table, key, &found, "a day, such as 2027-05-10"));
                    days.insert(key, found);
                }
                Err(fault) => faults.push(fault),
            }
        }
        let currency = options.currency.clone().or_else(|| table.currency("currency", "amount"));
        let amounts = table.amounts(
            "amount",
            currency.as_ref(),
            options.decimal,
            "say which it is: --decimal point or --decimal comma",
        );
        let amounts = amounts.map_err(|fault| faults.push(fault)).unwrap_or_default();
        faults.extend(mostly_unread(table, "amount", &amounts, "an amount, such as 15000"));
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        Ok(Reading {
            table,
            options,
            days,
            amounts,
            currency,
            words: OutcomeWords::new(&options.won, &options.lost),
            report: DataReport {
                file: table.file().to_owned(),
                rows: table.len(),
                columns: table.found().map(column_read).collect(),
                ..DataReport::default()
            },
            deals: Vec::with_capacity(table.len()),
            booked: Vec::new(),
            regions: RegionNames::default(),
            stages: BTreeMap::new(),
            stage_names: Vec::new(),
        })
    }

    /// Makes deals of the rows.
    fn rows(&mut self) {
        let table = self.table;
        let columns = ["id", "region", "stage", "status", "is_won", "is_lost", "is_closed", "currency"];
        let mut columns = columns.map(|key| table.texts(key));
        let [has_region, has_closed] = ["region", "is_closed"].map(|key| table.has(key));
        // The same few texts again and again.
        let mut outcomes: BTreeMap<&str, Outcome> = BTreeMap::new();
        let words = self.words.clone();
        for row in 0..table.len() {
            let line = table.line(row);
            let [id, region, stage, status, is_won, is_lost, is_closed, currency] =
                std::array::from_fn(|i| columns[i].next().unwrap_or_default());
            if table.is_too_long(row) {
                self.report.remark(RemarkKind::TooManyCells, line);
                continue;
            }
            if is_deleted(status) {
                self.report.remark(RemarkKind::Deleted, line);
                continue;
            }
            let mut said = |text: &'a str| *outcomes.entry(text).or_insert_with(|| words.of(text));
            let outcome = match said(status) {
                Outcome::Open if is_ticked(is_won) => Outcome::Won,
                Outcome::Open if is_ticked(is_lost) || (has_closed && is_ticked(is_closed)) => match said(stage) {
                    Outcome::Open => Outcome::Lost,
                    known => known,
                },
                Outcome::Open => said(stage),
                known => known,
            };
            let amount = self.amount(row, currency);
            let (created, closed) = match self.days_of(outcome, row) {
                Ok(days) => days,
                Err(kind) => {
                    let is_blank = [id, stage, status].iter().all(|text| text.is_empty()) && self.has_no_day(row);
                    self.report.remark(if is_blank { RemarkKind::Subtotal } else { kind }, line);
                    if outcome == Outcome::Won
                        && let Some(closed) = self.closed(outcome, row).found()
                        && let Ok(Some(amount)) = amount
                    {
                        self.booked.push(WonRow { id, region: if has_region { region } else { "" }, closed, amount });
                    }
                    continue;
                }
            };
            let amount = amount.unwrap_or_else(|kind| {
                self.report.remark(kind, line);
                None
            });
            let expected = self.first_day(&["expected", "close_date"], row).found();
            let stage = (!stage.is_empty()).then(|| self.stage(stage));
            self.deals.push((
                Deal {
                    id: if id.is_empty() { format!("row {line}").into() } else { id.into() },
                    region: self.regions.number(if has_region { region } else { "" }),
                    created,
                    closed,
                    outcome,
                    amount,
                    stage,
                    expected: expected.filter(|_| outcome == Outcome::Open),
                },
                row,
            ));
        }
    }

    /// When the deal of a row was created, and when it was decided; else why nobody can tell.
    fn days_of(&self, outcome: Outcome, row: usize) -> Result<(Day, Day), RemarkKind> {
        let created = match self.day("created", row) {
            CellRead::Found(day) => day,
            CellRead::Empty => return Err(RemarkKind::NotCreated),
            CellRead::Unread => return Err(RemarkKind::CreatedUnread),
        };
        match self.closed(outcome, row) {
            _ if outcome == Outcome::Open => Ok((created, NEVER)),
            CellRead::Found(closed) if closed < created => Err(RemarkKind::ClosedBeforeCreated),
            CellRead::Found(closed) => Ok((created, closed)),
            CellRead::Empty => Err(RemarkKind::NotClosed),
            CellRead::Unread => Err(RemarkKind::ClosedUnread),
        }
    }

    /// When a deal was won or lost.
    fn closed(&self, outcome: Outcome, row: usize) -> CellRead<Day> {
        let own = if outcome == Outcome::Won { "won_on" } else { "lost_on" };
        self.first_day(&["closed", own, "close_date"], row)
    }

    fn has_no_day(&self, row: usize) -> bool {
        self.days.values().all(|days| days[row] == CellRead::Empty)
    }

    fn day(&self, key: &str, row: usize) -> CellRead<Day> {
        match self.days.get(key).map(|days| days[row]) {
            Some(CellRead::Found(date)) if YEARS.contains(&date.year()) => CellRead::Found(day::number(date)),
            Some(CellRead::Found(_)) => CellRead::Unread,
            Some(CellRead::Unread) => CellRead::Unread,
            Some(CellRead::Empty) | None => CellRead::Empty,
        }
    }

    /// The day of the first of some columns that has one.
    fn first_day(&self, keys: &[&str], row: usize) -> CellRead<Day> {
        keys.iter().map(|key| self.day(key, row)).find(|day| *day != CellRead::Empty).unwrap_or(CellRead::Empty)
    }

    /// The amount of a row, in the currency of all; else what is remarkable about it.
    fn amount(&self, row: usize, currency: &str) -> Result<Option<f64>, RemarkKind> {
        let is_other = !currency.is_empty()
            && self.currency.as_ref().is_some_and(|known| !currency.eq_ignore_ascii_case(&known.to_string()))
            && Currency::new(currency).is_some();
        match self.amounts.get(row) {
            None | Some(CellRead::Empty) => Ok(None),
            Some(CellRead::Found(amount)) if !is_other && amount.abs() <= MOST_AMOUNT => Ok(Some(*amount)),
            _ if !is_other && !self.table.is_in_another_currency(row, "amount", self.currency.as_ref()) => {
                Err(RemarkKind::AmountUnread)
            }
            _ => Err(RemarkKind::OtherCurrency),
        }
    }

    fn stage(&mut self, text: &'a str) -> u32 {
        let next = self.stage_names.len() as u32;
        *self.stages.entry(text).or_insert_with(|| {
            self.stage_names.push(text.to_owned());
            next
        })
    }

    /// The deals, if something can be learnt from them.
    fn finish(mut self) -> Result<Opportunities, Faults> {
        self.leave_out_doubles();
        let mut deals: Vec<Deal> = Vec::with_capacity(self.deals.len());
        let mut rows: Vec<usize> = Vec::with_capacity(self.deals.len());
        for (deal, row) in std::mem::take(&mut self.deals) {
            deals.push(deal);
            rows.push(row);
        }
        self.report.used = deals.len();
        self.report.sort();
        let faults = self.useless(&deals);
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        if !self.table.has("region") {
            self.report.notes.push(
                "The export has no column of regions, so that all deals are one; --map region=COLUMN tells them apart."
                    .to_owned(),
            );
        }
        let columns = ["status", "stage"].into_iter().filter(|column| self.table.has(column));
        let texts = columns.flat_map(|column| self.table.texts(column));
        self.report.notes.extend(unsaid_words([&self.options.won, &self.options.lost], texts));
        self.report.notes.extend(self.open_words(&deals));
        let booked = booked(&self.booked, deals.iter().map(|deal| &*deal.id), &self.regions);
        self.report.notes.extend(booked_told(&booked));
        let Reading { report, regions, stage_names, currency, .. } = self;
        let mut found = Opportunities { report, regions, deals, booked, stages: stage_names, entries: None, currency };
        found.take_stage_days(self.table, &rows, self.options)?;
        Ok(found)
    }

    /// Sets aside rows with the id of one above.
    fn leave_out_doubles(&mut self) {
        let mut order: Vec<usize> = (0..self.deals.len()).collect();
        order.sort_by(|a, b| self.deals[*a].0.id.cmp(&self.deals[*b].0.id).then(a.cmp(b)));
        let mut doubles: Vec<usize> = order
            .windows(2)
            .filter(|pair| self.deals[pair[0]].0.id == self.deals[pair[1]].0.id)
            .map(|pair| pair[1])
            .collect();
        doubles.sort_unstable();
        for double in &doubles {
            self.report.remark(RemarkKind::SameId, self.table.line(self.deals[*double].1));
        }
        let mut at = 0;
        self.deals.retain(|_| {
            let stays = doubles.binary_search(&at).is_err();
            at += 1;
            stays
        });
    }

    /// Why nothing can be learnt from some deals.
    fn useless(&self, deals: &[Deal]) -> Vec<Fault> {
        let count = |outcome| deals.iter().filter(|deal| deal.outcome == outcome).count();
        let (won, lost) = (count(Outcome::Won), count(Outcome::Lost));
        let mut faults = Vec::new();
        for (found, word, option, given) in
            [(won, "won", "--won", &self.options.won), (lost, "lost", "--lost", &self.options.lost)]
        {
            if found > 0 {
                continue;
            }
            let told = if given.is_empty() { String::new() } else { format!(" ({option} {})", given.join(",")) };
            faults.push(Fault {
                file: self.table.file().to_owned(),
                path: String::new(),
                found: format!("no deal that is {word}{told}, among {} that could be used", deals.len()),
                allowed: format!("deals that were won and deals that were lost; {}", self.said_words()),
                hint: format!("say which words mean that a deal is {word}: {option} \"WORD\"; an export of open deals alone tells nothing"),
            });
        }
        if self.regions.len() > MOST_REGIONS {
            faults.push(Fault {
                file: self.table.file().to_owned(),
                path: self.table.name("region").to_owned(),
                found: format!("{} regions", self.regions.len()),
                allowed: format!("at most {MOST_REGIONS}"),
                hint: "choose a coarser column: --map region=COLUMN, also one of another file: --join FILE:COLUMN"
                    .to_owned(),
            });
        }
        faults
    }

    /// The words that stand in the columns of outcomes, with how often each does.
    fn said_words(&self) -> String {
        let key = if self.table.has("status") { "status" } else { "stage" };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in self.table.texts(key).filter(|text| !text.is_empty()) {
            *counts.entry(text).or_default() += 1;
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let most = 12;
        let mut said: Vec<String> =
            counts.iter().take(most).map(|(text, count)| format!("\"{text}\" ({count})")).collect();
        if counts.len() > most {
            said.push(format!("and {} more", counts.len() - most));
        }
        let name = self.table.name(key);
        if said.is_empty() {
            format!("the column {name} is empty")
        } else {
            format!("the column {name} has {}", said.join(", "))
        }
    }

    /// The stages that count as open, where somebody may think otherwise.
    fn open_words(&self, deals: &[Deal]) -> Option<String> {
        let mut counts = vec![0; self.stage_names.len()];
        for deal in deals.iter().filter(|deal| deal.outcome == Outcome::Open) {
            if let Some(stage) = deal.stage {
                counts[stage as usize] += 1;
            }
        }
        let said = self.stage_names.iter().zip(counts).filter(|(_, count)| *count > 0);
        let said: Vec<String> = said.map(|(name, count)| format!("\"{name}\" ({count})")).collect();
        (!said.is_empty() && said.len() <= 30)
            .then(|| format!("Deals in these stages count as open: {}.", said.join(", ")))
    }
}

fn column_read((field, column, is_given): (&'static str, &str, bool)) -> ColumnRead {
    ColumnRead { field: field.to_owned(), column: column.to_owned(), is_given }
}
