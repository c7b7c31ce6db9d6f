//! What may become of each open deal, and of the contracts that come up.

use super::finding::Finding;
use super::table::{Cell, Table};
use crate::analysis::{ContractOutlook, DealGroup, DealOutlook, Pipeline};
use crate::documents::{Document, Header};
use crate::stats::Estimate;
use crate::units::format::{
    brief_month, brief_period, capitalize, chance_to_error, count, futures, list, shorten, when,
};
use crate::units::{Currency, Month, plain};

/// Deals and contracts that are listed; files have all of them.
const DEALS: usize = 10;
const CONTRACTS: usize = 5;
/// A name is no longer, in characters.
const LONGEST_NAME: usize = 24;

/// All open deals together, those that move the target most, their groups, and the contracts with the most at risk.
pub fn pipeline(pipeline: &Document<Pipeline>) -> Finding {
    let mut found = Finding::default();
    let head = &pipeline.header;
    found.say(format!(
        "{}: {}, on {}",
        plain(&head.name),
        count(pipeline.all.deals, "open deal"),
        futures(head.manifest.trials, head.currency.locale()),
    ));
    found.gap();
    pipeline_sentences(pipeline, head).into_iter().for_each(|text| found.say(text));
    if !pipeline.deals.is_empty() {
        found.gap();
        let shown: Vec<usize> = (0..pipeline.deals.len().min(DEALS)).collect();
        found.table(deals_table(pipeline, head).pick(&shown));
        if pipeline.deals.len() > DEALS {
            found.say(format!("  and {} more, in pipeline.csv", pipeline.deals.len() - DEALS));
        }
    }
    found.blocks.extend(pipeline_groups(pipeline, head).blocks);
    if !pipeline.contracts.is_empty() {
        found.gap();
        let shown: Vec<usize> = (0..pipeline.contracts.len().min(CONTRACTS)).collect();
        found.say(format!("Renewals with the most at risk, of {}:", pipeline.contracts.len()));
        found.table(contracts_table(&pipeline.contracts, &head.currency).pick(&shown));
    }
    found.assume(head);
    found
}

/// What the open deals of each group come to; nothing where they are not grouped.
pub fn pipeline_groups(pipeline: &Pipeline, head: &Header) -> Finding {
    let mut found = Finding::default();
    if let Some((what, groups)) = groups_said(pipeline, head) {
        found.gap();
        found.say(what);
        found.list(groups);
    }
    found
}

/// What the groups are ("Open deals by owner, what is won in 2027:"), and what is said of each.
pub fn groups_said(pipeline: &Pipeline, head: &Header) -> Option<(String, Vec<(String, String)>)> {
    let by = plain(pipeline.by.as_ref()?);
    let what = format!("Open deals by {by}, what is won {}:", when(&head.horizon(), &pipeline.period, true));
    let groups: Vec<_> = pipeline.groups.iter().map(|group| group_said(group, &head.currency)).collect();
    (!groups.is_empty()).then_some((what, groups))
}

/// What the open deals bring together, what the spreadsheets' number says of it, and which of them moves the target most.
pub fn pipeline_sentences(pipeline: &Pipeline, head: &Header) -> Vec<String> {
    let (currency, all) = (&head.currency, &pipeline.all);
    let period = when(&head.horizon(), &pipeline.period, true);
    let mut said = Vec::new();
    if all.deals == 0 {
        said.push("No deal is open.".to_owned());
        return said;
    }
    if let (Some(low), Some(middle), Some(high)) =
        (money(currency, all.p10), money(currency, all.p50), money(currency, all.p90))
    {
        let bring = if all.deals == 1 { "brings" } else { "bring" };
        let brought = match head.manifest.trials {
            1 => format!("{middle} {period} in the one future simulated"),
            _ if low == high => format!("{middle} {period} in at least 8 futures of 10"),
            _ => format!("{low} to {high} {period} in at least 8 futures of 10 (median {middle})"),
        };
        said.push(format!(
            "{} of {} {bring} {brought}.",
            count(all.deals, "open deal"),
            currency.about(all.value, None),
        ));
    }
    said.push(format!(
        "{}; {} futures bring no more than that, in all months together.",
        capitalize(&weighted(pipeline, currency)),
        pipeline.weighted.percentile.chance(),
    ));
    if let Some(target) = pipeline.target.as_ref().and_then(|target| target.target.as_deref()) {
        let first = pipeline.deals.first().filter(|deal| deal.moves.is_clear() && deal.moves.known() > 0.0);
        let next = pipeline.deals.get(1).map_or(Estimate::exact(0.0), |deal| deal.moves);
        let most = |deal: &DealOutlook| match next.value.is_none() || deal.moves.is_clearly_above(next) {
            _ if pipeline.deals.len() == 1 => "moves it",
            true => "moves it most",
            false => "is among those that move it most",
        };
        let target = plain(target);
        said.push(match first {
            Some(deal) => format!(
                "“{target}” has {}. {} {}: {} more where it is won in time than where it is not.",
                chances(pipeline.target_chance),
                name(deal),
                most(deal),
                points(deal.moves),
            ),
            None => format!("“{target}” has {}. No single deal clearly moves it.", chances(pipeline.target_chance)),
        });
    }
    said
}

/// "amount times chance adds up to €1.20M"
pub(super) fn weighted(pipeline: &Pipeline, currency: &Currency) -> String {
    let comes = if pipeline.all.deals == 1 { "comes" } else { "adds up" };
    format!("amount times chance {comes} to {}", currency.about(pipeline.weighted.amount, None))
}

/// "43 chances in 100".
fn chances(found: Estimate) -> String {
    crate::units::format::chances(found.known(), found.error)
}

/// "34 in 100".
fn points(found: Estimate) -> String {
    let said = |x: f64| match (100.0 * x).round() {
        0.0 => "less than 1 in 100".to_owned(),
        points => format!("{points} in 100"),
    };
    found.value.map_or_else(String::new, said)
}

/// "23.4 %", with no digit beyond its error; whole where it has none.
fn chance(found: Estimate) -> String {
    found.value.map_or_else(String::new, |p| chance_to_error(p, found.error.filter(|error| *error > 0.0)))
}

fn name(deal: &DealOutlook) -> String {
    shorten(&plain(deal.label.as_deref().unwrap_or(&deal.id)), LONGEST_NAME)
}

fn money(currency: &Currency, found: Estimate) -> Option<String> {
    found.value.map(|value| currency.about(value, found.error))
}

/// "commit": "€1.1M: P20 to P80 is €0.6M to €1.0M".
fn group_said(group: &DealGroup, currency: &Currency) -> (String, String) {
    let say = |found| money(currency, found).unwrap_or_default();
    let (low, high) = (say(group.p20), say(group.p80));
    let range = if low == high { low } else { format!("{low} to {high}") };
    let name = if group.name.is_empty() { "(none)".to_owned() } else { plain(&group.name) };
    let value = currency.about(group.value, None);
    let deals = count(group.deals, "deal");
    (name, format!("{deals}, {value}: P20 to P80 is {range}; {} expected", say(group.expected_value)))
}

/// A row a deal. A reader sees what it is worth, its chance in the period, when it closes, what it moves, and its flags.
pub fn deals_table(pipeline: &Pipeline, head: &Header) -> Table {
    let (deals, currency) = (&pipeline.deals, &head.currency);
    let mut table = Table::default();
    table.column("id", "Deal", deals.iter().map(|deal| Cell::text(&deal.id).read_as(name(deal))));
    table.words("label", deals.iter().map(|deal| deal.label.as_deref().unwrap_or_default()));
    table.words("region", deals.iter().map(|deal| &deal.region));
    table.words("stage", deals.iter().map(|deal| deal.stage.as_deref().unwrap_or_default()));
    table.numbers("count", deals.iter().map(|deal| deal.count as f64));
    table.numbers("age_days", deals.iter().map(|deal| deal.age_days));
    table.numbers("age_percentile", deals.iter().map(|deal| deal.age_percentile));
    table.words("close_date", deals.iter().map(|deal| deal.close_date.map_or_else(String::new, |day| day.to_string())));
    let worth = |deal: &DealOutlook| Cell::number(deal.amount, |amount| currency.about(amount, None));
    table.column("amount", "amount", deals.iter().map(worth));
    table.estimates([("chance", Some("won"))], deals.iter().map(|deal| [deal.chance]), chance);
    let in_period = brief_period(&head.horizon(), &pipeline.period, true);
    table.estimates(
        [("chance_in_period", Some(in_period.as_str()))],
        deals.iter().map(|deal| [deal.chance_in_period]),
        chance,
    );
    let closes = |month: Option<Month>| month.map_or_else(String::new, |month| month.to_string());
    table.words("closes_p10", deals.iter().map(|deal| closes(deal.closes_p10)));
    let brief = |deal: &DealOutlook| {
        Cell::text(closes(deal.closes_p50)).read_as(deal.closes_p50.map_or_else(String::new, brief_month))
    };
    table.column("closes_p50", "closes", deals.iter().map(brief));
    table.words("closes_p90", deals.iter().map(|deal| closes(deal.closes_p90)));
    let said = |found: Estimate| money(currency, found).unwrap_or_default();
    table.estimates([("expected_value", Some("expected"))], deals.iter().map(|deal| [deal.expected_value]), said);
    let moved = |found: Estimate| if found.is_clear() { points(found) } else { String::new() };
    table.estimates([("moves", Some("moves"))], deals.iter().map(|deal| [deal.moves]), moved);
    let keys = |deal: &DealOutlook| deal.flags.iter().map(|flag| flag.key()).collect::<Vec<_>>().join(" ");
    table.words("flags", deals.iter().map(keys));
    table.notes =
        deals.iter().map(|deal| list(&deal.flags.iter().map(|flag| flag.name()).collect::<Vec<_>>())).collect();
    table
}

/// A row a contract and month in which it comes up.
pub fn contracts_table(contracts: &[ContractOutlook], currency: &Currency) -> Table {
    let mut table = Table::default();
    let name =
        |contract: &ContractOutlook| shorten(&plain(contract.label.as_deref().unwrap_or(&contract.id)), LONGEST_NAME);
    table.column("id", "Contract", contracts.iter().map(|contract| Cell::text(&contract.id).read_as(name(contract))));
    table.words("label", contracts.iter().map(|contract| contract.label.as_deref().unwrap_or_default()));
    table.words("region", contracts.iter().map(|contract| &contract.region));
    let due = |contract: &ContractOutlook| Cell::text(contract.due.to_string()).read_as(brief_month(contract.due));
    table.column("due", "due", contracts.iter().map(due));
    let customers = |contract: &ContractOutlook| Cell::number(Some(contract.count as f64), |n| currency.count(n));
    table.column("count", "customers", contracts.iter().map(customers));
    let worth = |contract: &ContractOutlook| Cell::number(Some(contract.annual_value), |x| currency.about(x, None));
    table.column("annual_value", "a year", contracts.iter().map(worth));
    table.estimates([("chance", Some("renews"))], contracts.iter().map(|contract| [contract.chance]), chance);
    let said = |found: Estimate| money(currency, found).unwrap_or_default();
    table.estimates([("at_risk", Some("at risk"))], contracts.iter().map(|contract| [contract.at_risk]), said);
    table
}

/// A row a group: how many deals, what they are worth, and what of them is won in the period.
pub fn groups_table(groups: &[DealGroup]) -> Table {
    let mut table = Table::default();
    table.words("group", groups.iter().map(|group| &group.name));
    table.numbers("deals", groups.iter().map(|group| group.deals as f64));
    table.numbers("value", groups.iter().map(|group| group.value));
    let names = ["expected_value", "p10", "p20", "p50", "p80", "p90"].map(|key| (key, None));
    let row = |group: &DealGroup| [group.expected_value, group.p10, group.p20, group.p50, group.p80, group.p90];
    table.estimates(names, groups.iter().map(row), |_| String::new());
    table
}
