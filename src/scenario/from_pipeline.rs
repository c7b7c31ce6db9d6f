//! The scenario of a list of open deals and nothing else, as people sum it up in a spreadsheet.

use indexmap::IndexMap;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::data_columns::layout;
use super::parts::MONTHS;
use crate::tables::TableRows;
use crate::units::format::period_name;
use crate::units::{Currency, Fault, Faults, Horizon, Month, few_digits};

/// How long a deal takes on average whose close date has passed or is missing.
const CYCLE_DAYS: i32 = 90;

/// A list of open deals: a table of a CRM, or any with an id, an amount, a chance and a close date a row.
#[derive(Clone, Copy, Debug)]
pub struct DealList<'a> {
    /// The name of the file, for faults.
    pub file: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// The name that the scenario has for it: relative to the scenario's own file.
    pub named: &'a str,
    /// The currency of its amounts; what the table says where none is given, and euros where it says nothing.
    pub currency: Option<&'a str>,
    /// The day on which these deals are open.
    pub day: Date,
}

impl DealList<'_> {
    /// A scenario, as the text of a file, in which these deals alone are won or lost: each with the chance that its row states, those that
    /// are won on their close dates. It has one region, or those of the list. Whatever the list does not say is noted among its assumptions.
    ///
    /// # Errors
    /// [`Faults`] where it is no such list. Rows with faults are left to [`load`](super::load), which reads them again.
    pub fn scenario(&self, name: &str, targets: &[(String, f64)]) -> Result<String, Faults> {
        let currency = self.currency.and_then(Currency::new);
        let table = layout("pipeline").read(self.file, self.bytes, currency)?;
        let currency = table.currency.clone().map_or("EUR".to_owned(), |currency| currency.to_string());
        let deals = Deals::of(&table, self.day);
        let faults = self.lacks(&table, &deals);
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        let regions = regions(&table);
        let start = Month::new(self.day.year().into(), 1).unwrap_or_default();
        let last = deals.last_close.unwrap_or_else(|| self.day.saturating_add(jiff::Span::new().days(2 * CYCLE_DAYS)));
        let longest = Horizon { start, months: MONTHS.high as usize, fiscal_first_month: 1 };
        let asked = targets.iter().filter_map(|(period, _)| longest.parse(period).ok()).map(|periods| periods.end());
        // To the end of a quarter, which then has its figures.
        let quarters = (Month::of(last).since(start).max(0) as usize / 3 + 1) * 3;
        let months = asked.chain([quarters]).max().unwrap_or(quarters).min(longest.months);
        let horizon = Horizon { start, months, fiscal_first_month: 1 };
        let known = libm::ceil(horizon.position(self.day)).max(0.0) as usize;
        let mut actuals = Vec::new();
        for (key, metric) in regions.keys().flat_map(|key| [(key, "bookings"), (key, "renewals")]) {
            let row = |m| json!({"region": key, "metric": metric, "month": start.plus(m).to_string(), "amount": 0});
            actuals.extend((0..known).map(row));
        }
        let region = |label: &String| {
            json!({
                "label": label,
                "leads": {"monthly": 0, "note": "No deal is created after that day."},
                "conversion": {"value": deals.mean_chance(), "note": "The mean of the stated chances; only deals without one have it."},
                "cycle": {"mean_days": CYCLE_DAYS, "cv": 0.5, "note": "Assumed; only deals whose close date has passed or is missing follow it."},
                "deal_size": {"mean": deals.mean_amount(), "note": "The mean of the stated amounts; only deals without one have it."},
                "close_dates": {"kept": 1}
            })
        };
        let regions: IndexMap<&String, Value> = regions.iter().map(|(key, label)| (key, region(label))).collect();
        let target = |(period, amount): &(String, f64)| json!({"name": period_name(period), "metric": "bookings", "period": period, "at_least": amount});
        let scenario = json!({
            "$schema": "scenario.schema.json",
            "name": name,
            "assumptions": deals.assumptions(self, &table, &horizon, known, &currency),
            "currency": currency,
            "start": start.to_string(),
            "months": months,
            "as_of": self.day.to_string(),
            "actuals": actuals,
            "pipeline": self.named,
            "contracts": [],
            "regions": regions,
            "targets": targets.iter().map(target).collect::<Vec<Value>>()
        });
        Ok(format!("{scenario:#}\n"))
    }

    /// What a list must have besides what every table of open deals has.
    fn lacks(&self, table: &TableRows, deals: &Deals) -> Vec<Fault> {
        let fault = |found: String, allowed: &str, hint: &str| Fault {
            file: self.file.to_owned(),
            path: String::new(),
            found,
            allowed: allowed.to_owned(),
            hint: hint.to_owned(),
        };
        let has = |key: &str| table.columns.iter().any(|(column, _)| *column == key);
        let mut faults = Vec::new();
        if table.rows.is_empty() {
            faults.push(fault("no deal".to_owned(), "one deal a row", ""));
        } else if deals.amounts.is_empty() && table.faults.is_empty() {
            let found = if has("amount") { "no amount above 0 in any row" } else { "no column amount" };
            faults.push(fault(found.to_owned(), "what each deal is worth, in a column amount", "add it to the export"));
        }
        if !table.rows.is_empty() && deals.chances.is_empty() && table.faults.is_empty() {
            let found = if has("win_probability") { "no chance in any row" } else { "no column win_probability" };
            let allowed =
                "each deal's chance to be won, in a column win_probability, Probability (%) or Deal probability";
            faults.push(fault(found.to_owned(), allowed, "add it to the export"));
        }
        faults
    }
}

/// The regions of a list by their keys, with what the list calls them; one where it has none.
fn regions(table: &TableRows) -> IndexMap<String, String> {
    let named = table.rows.iter().filter_map(|row| row["region"].as_str());
    let mut regions = IndexMap::new();
    for label in named {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let key: String = label.chars().map(letter).collect();
        let key = if key == "total" { "total_".to_owned() } else { key };
        regions.entry(key).or_insert_with(|| label.to_owned());
    }
    if regions.is_empty() {
        regions.insert("all".to_owned(), "All deals".to_owned());
    }
    regions
}

/// What is stated in a list.
struct Deals {
    rows: usize,
    amounts: Vec<f64>,
    chances: Vec<f64>,
    /// How many have a close date that has passed, and how many have none.
    passed: usize,
    undated: usize,
    last_close: Option<Date>,
}

impl Deals {
    fn of(table: &TableRows, day: Date) -> Deals {
        let rows = &table.rows;
        let number = |key: &str| rows.iter().filter_map(|row| row[key].as_f64()).collect::<Vec<f64>>();
        let closes: Vec<Date> = rows.iter().filter_map(|row| row["close_date"].as_str()?.parse().ok()).collect();
        let passed = closes.iter().filter(|close| **close < day).count();
        Deals {
            rows: rows.len(),
            amounts: number("amount").into_iter().filter(|amount| *amount > 0.0).collect(),
            chances: number("win_probability"),
            passed,
            undated: rows.len() - closes.len(),
            last_close: closes.iter().filter(|close| **close >= day).max().copied(),
        }
    }

    fn mean_amount(&self) -> f64 {
        mean(&self.amounts)
    }

    fn mean_chance(&self) -> f64 {
        mean(&self.chances).clamp(0.0, 1.0)
    }

    /// Everything that the list does not say, in sentences.
    fn assumptions(
        &self,
        list: &DealList,
        table: &TableRows,
        horizon: &Horizon,
        known: usize,
        currency: &str,
    ) -> Vec<String> {
        let day = list.day;
        let has = |key: &str| table.columns.iter().any(|(column, _)| *column == key);
        let deals = |n: usize| if n == 1 { "1 deal".to_owned() } else { format!("{n} deals") };
        let mut said = vec![format!(
            "This is a forecast of the {} in {} that were open on {day}, and of nothing else: no new leads, no contracts in force, no renewals.",
            deals(self.rows),
            list.named
        )];
        if known > 0 {
            let last = horizon.start.plus(known - 1);
            let since = if known == 1 { String::new() } else { format!("{} to ", horizon.start.name()) };
            said.push(format!(
                "What was booked before {day} is not known and taken to be 0 ({since}{}): put it into actuals, and the figures of the year have it.",
                last.name()
            ));
        }
        let mut chances = "Chances are taken as they are stated".to_owned();
        if let n @ 1.. = self.rows - self.chances.len() {
            let mean = few_digits(100.0 * self.mean_chance());
            chances += &format!("; {} without one {} the mean of the others, {mean} %", deals(n), has_or_have(n));
        }
        said.push(format!(
            "{chances}. Deals are won or lost independently of each other, so the range is that of luck alone."
        ));
        let late =
            [(self.passed, "a date that has passed"), (self.undated, "none")].into_iter().filter(|(n, _)| *n > 0);
        let late: Vec<String> = late.map(|(n, what)| format!("{} {} {what}", deals(n), has_or_have(n))).collect();
        let late = match late.join(" and ") {
            late if late.is_empty() => late,
            late => format!(". {late}: an assumed cycle of {CYCLE_DAYS} days on average stands in for it"),
        };
        said.push(format!("A deal that is won closes on its stated date{late}."));
        if !has("created") {
            said.push(format!("The list does not say when deals were created: all of them count as created on {day}."));
        }
        let without = table.rows.iter().filter(|row| !row["amount"].is_number()).count();
        if without > 0 {
            let mean = Currency::new(currency).unwrap_or_default().short(self.mean_amount());
            let given = if without == 1 { "is" } else { "are" };
            said.push(format!(
                "{} without an amount {given} given that of a new one, {mean} on average.",
                deals(without)
            ));
        }
        if list.currency.is_none() {
            said.push(format!("Amounts are taken to be in {currency}."));
        }
        said.push(match self.last_close {
            Some(last) => format!("The last close date is {last}; the forecast ends with {}.", horizon.last().name()),
            None => format!("No close date lies ahead; the forecast ends with {}.", horizon.last().name()),
        });
        said
    }
}

fn has_or_have(n: usize) -> &'static str {
    if n == 1 { "has" } else { "have" }
}

/// The mean to four digits, which is as many as anybody states; 1 where every row is faulty.
fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 1.0;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    format!("{mean:.3e}").parse().unwrap_or(mean)
}
