//! What an export holds and what was found in it: the data report, the fitted figures beside naive ones, the tables of the scenario.

use super::finding::Finding;
use super::table::{Cell, Table};
use crate::documents::FitFound;
use crate::fit::{ActualRow, DataReport, OpenRow, RegionFit, Remark};
use crate::units::Currency;
use crate::units::format::{list, percent, plain, thousands, with_spread};

/// So many rows are named on a screen; the file has all.
const NAMED: usize = 8;

/// The data report and what was fitted, on one screen.
pub fn fit(found: &FitFound, currency: &Currency) -> Finding {
    let mut said = Finding::default();
    data(&found.data, &mut said);
    let fit = &found.fit;
    let sum = |of: fn(&RegionFit) -> u64| thousands(fit.regions.iter().map(of).sum::<u64>() as f64);
    said.gap();
    said.say(format!(
        "As of {}, the window beginning on {}: {} deals won, {} lost, {} open.",
        fit.as_of,
        fit.from,
        sum(|r| r.won),
        sum(|r| r.lost),
        sum(|r| r.open)
    ));
    said.gap();
    said.table(regions(found, currency));
    let oldest = fit.oldest_decided();
    said.gap();
    said.say(format!("Won, %: the share of leads that are won within {oldest} days, the age of the oldest deal that was decided; behind ± stands a standard deviation. With the chances past that age, which no deal shows and --simple leaves out, {} are won in the end.", in_the_end(&fit.regions)));
    let [won, lost] = fit.by_place;
    let places = |counts: [u64; 3]| counts.map(|n| thousands(n as f64)).join(", ");
    said.say(format!(
        "Won in the first, second and third months of quarters: {}; lost: {}.",
        places(won),
        places(lost)
    ));
    if !fit.cautions.is_empty() {
        said.gap();
        said.say("What the export cannot say:");
        fit.cautions.iter().for_each(|text| said.say(format!("- {}", plain(text))));
    }
    said
}

/// The share of leads that are won in the end: "32 % in Europe and 30 % in Asia"; of many regions the least and the most.
fn in_the_end(regions: &[RegionFit]) -> String {
    let share = |region: &RegionFit| percent(region.won_in_the_end.0);
    let by_share = |a: &&RegionFit, b: &&RegionFit| a.won_in_the_end.0.total_cmp(&b.won_in_the_end.0);
    let (least, most) = (regions.iter().min_by(by_share).map(share), regions.iter().max_by(by_share).map(share));
    match (least, most) {
        (Some(least), Some(most)) if least == most => least,
        (Some(least), Some(most)) if regions.len() > 4 => format!("{least} to {most}, by region,"),
        _ => list(&regions.iter().map(|r| format!("{} in {}", share(r), plain(&r.label))).collect::<Vec<_>>()),
    }
}

/// What was made of the rows.
fn data(report: &DataReport, said: &mut Finding) {
    said.say(format!("{}: {}.", plain(&report.file), report.rows_told()));
    said.say(format!("Columns: {}.", plain(&report.columns_told())));
    let remark = |remark: &Remark| {
        let lines: Vec<String> = remark.lines.iter().take(NAMED).map(ToString::to_string).collect();
        let more = if remark.lines.len() > NAMED { ", …" } else { "" };
        let rows = if remark.lines.len() == 1 { "row" } else { "rows" };
        (thousands(remark.lines.len() as f64), format!("{}: {rows} {}{more}", remark.kind.words(), lines.join(", ")))
    };
    if !report.remarks.is_empty() {
        said.list(report.remarks.iter().map(remark).collect());
    }
    report.notes.iter().for_each(|note| said.say(plain(note)));
}

/// The figures of regions, fitted and naive.
fn regions(found: &FitFound, currency: &Currency) -> Table {
    let regions = &found.fit.regions;
    let mut table = Table::default();
    let number = |x: f64| Cell::number(Some(x), thousands);
    table.column("region", "Region", regions.iter().map(|r| Cell::text(r.label.clone())));
    table.column("won", "won", regions.iter().map(|r| number(r.won as f64)));
    table.column("lost", "lost", regions.iter().map(|r| number(r.lost as f64)));
    table.column("open", "open", regions.iter().map(|r| number(r.open as f64)));
    let spread = |(mean, sd): (f64, f64), times: f64, unit: &str| {
        Cell::number(Some(mean), |_| with_spread(times * mean, times * sd) + unit)
    };
    table.column("leads_monthly", "leads a month", regions.iter().map(|r| spread(r.leads, 1.0, "")));
    table.column("win_rate", "won, %", regions.iter().map(|r| spread(r.win_rate, 100.0, "")));
    let naive = |r: &RegionFit| Cell::number(r.won_of_decided(), percent);
    table.column("won_of_decided", "won/(won + lost)", regions.iter().map(naive));
    table.column("deal_size", format!("deal size, {currency}"), regions.iter().map(|r| spread(r.size, 1.0, "")));
    table
}

/// The rows of the data report: what was set aside, by line of the file, then what else is to be known.
pub fn data_report_table(found: &FitFound) -> Table {
    let report = &found.data;
    let mut rows: Vec<[String; 4]> = Vec::new();
    let count = |what: &str, n: usize| ["count".to_owned(), what.to_owned(), n.to_string(), String::new()];
    rows.push(count("rows read", report.rows));
    rows.push(count("rows used", report.used));
    for read in &report.columns {
        let by = if read.is_given { ", by --map" } else { "" };
        rows.push(["column".to_owned(), read.field.clone(), String::new(), format!("{}{by}", read.column)]);
    }
    for remark in &report.remarks {
        let kind = if remark.kind.is_set_aside() { "set aside" } else { "used in part" };
        for line in &remark.lines {
            rows.push([
                kind.to_owned(),
                remark.kind.key().to_owned(),
                line.to_string(),
                remark.kind.words().to_owned(),
            ]);
        }
    }
    for (kind, notes) in [("note", &report.notes), ("caution", &found.fit.cautions)] {
        rows.extend(notes.iter().map(|note| [kind.to_owned(), String::new(), String::new(), note.clone()]));
    }
    let mut table = Table::default();
    table.words("kind", rows.iter().map(|row| row[0].as_str()));
    table.words("reason", rows.iter().map(|row| row[1].as_str()));
    table.numbers("row_or_count", rows.iter().map(|row| row[2].parse::<f64>().ok()));
    table.words("text", rows.iter().map(|row| row[3].as_str()));
    table
}

/// The deals that are open, as a scenario names them.
pub fn open_deals_table(rows: &[OpenRow]) -> Table {
    let mut table = Table::default();
    table.words("id", rows.iter().map(|row| row.id.as_str()));
    table.words("region", rows.iter().map(|row| row.region.as_str()));
    table.words("created", rows.iter().map(|row| row.created.to_string()));
    if rows.iter().any(|row| row.stage.is_some()) {
        table.words("stage", rows.iter().map(|row| row.stage.as_deref().unwrap_or_default()));
    }
    table.numbers("amount", rows.iter().map(|row| row.amount));
    table.words("close_date", rows.iter().map(|row| row.close_date.map(|day| day.to_string()).unwrap_or_default()));
    if rows.iter().any(|row| row.count != 1) {
        table.numbers("count", rows.iter().map(|row| row.count as f64));
    }
    table
}

/// What happened, as a scenario names it.
pub fn actuals_table(rows: &[ActualRow]) -> Table {
    let mut table = Table::default();
    table.words("region", rows.iter().map(|row| row.region.as_str()));
    table.words("metric", rows.iter().map(|row| row.metric));
    table.words("month", rows.iter().map(|row| row.month.to_string()));
    table.numbers("amount", rows.iter().map(|row| row.amount));
    table
}
