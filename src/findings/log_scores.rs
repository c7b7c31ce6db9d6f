//! How the chances that earlier forecasts gave to open deals held: their log scores, and how many deals of about one chance were won.

use super::finding::Finding;
use super::table::{Cell, Table};
use crate::backtest::{BacktestFound, Method, OpenDealScores};
use crate::units::format::{few_digits, tenths_of_percent, thousands, with_spread};

/// How the chances of open deals held, where any was open at an origin.
pub(super) fn log_scores(found: &BacktestFound, said: &mut Finding) {
    let Some(first) = found.open_deals.first() else { return };
    said.gap();
    said.say("Chances of open deals to be won, lost or open still, by their log score: the mean logarithm of the chance given to what then became of each; 0 is the best, three equal chances have −1.10:");
    said.table(scores(&found.open_deals));
    said.gap();
    let from = if first.separate == first.origins.len() { "" } else { ", of origins whose periods share no day" };
    said.say(format!("Open deals by their chance to be won within {}{from}:", first.horizon));
    said.table(reliability(first));
    said.gap();
    said.say("In brackets stands how many are won in 95 % of cases if each is won by that chance, whatever becomes of the others. Deals of one origin share its pace, so that right chances lie outside more often.");
}

/// Deals that were open at an origin by their chance to be won within the nearest span, which is named, and how many were; `None` where none was open.
pub fn open_deal_chances(found: &BacktestFound) -> Option<(&str, Table)> {
    let first = found.open_deals.first()?;
    Some((&first.horizon, reliability(first)))
}

fn minus(text: String) -> String {
    text.replace('-', "−")
}

/// A row by when deals are decided, as readers see it.
fn scores(all: &[OpenDealScores]) -> Table {
    let mut table = Table::default();
    table.read("within", all.iter().map(|scores| Cell::text(scores.horizon.clone())));
    table.read("deals", all.iter().map(|scores| Cell::text(thousands(scores.n as f64))));
    let origins = |scores: &OpenDealScores| match scores.origins.len() {
        n if n == scores.separate => n.to_string(),
        n => format!("{n}, {} separate", scores.separate),
    };
    table.read("origins", all.iter().map(|scores| Cell::text(origins(scores))));
    let three = |x: f64| minus(format!("{x:.3}"));
    let own = |scores: &OpenDealScores| match scores.error {
        Some(error) => minus(with_spread(scores.log_score, error)),
        None => three(scores.log_score),
    };
    table.read("the fit", all.iter().map(|scores| Cell::text(own(scores))));
    for method in Method::ALL.into_iter().filter(|method| all.iter().any(|s| s.beside.contains_key(method.key()))) {
        let key = method.key();
        table.read(method.head(), all.iter().map(|scores| Cell::number(scores.beside.get(key).copied(), three)));
        let gain = |scores: &OpenDealScores| {
            let gain = scores.gain.get(key)?;
            let gained = gain.value?;
            Some(gain.error.map_or_else(|| three(gained), |error| minus(with_spread(gained, error))))
        };
        table.read("gain", all.iter().map(|scores| Cell::text(gain(scores).unwrap_or_default())));
    }
    table
}

/// A row for deals of about one chance, as readers see it.
fn reliability(scores: &OpenDealScores) -> Table {
    let (bins, mut table) = (&scores.reliability, Table::default());
    let range = |least: f64, most: f64| match (tenths_of_percent(least), tenths_of_percent(most)) {
        (least, most) if least == most => format!("{most} %"),
        (least, most) => format!("{least}–{most} %"),
    };
    table.read("chance", bins.iter().map(|bin| Cell::text(range(bin.least, bin.most))));
    table.read("deals", bins.iter().map(|bin| Cell::text(thousands(bin.n as f64))));
    table.read("expected", bins.iter().map(|bin| Cell::text(few_digits((bin.mean * bin.n as f64).round()))));
    let won = |won: u64, (least, most): (usize, usize)| {
        format!("{} ({}–{})", thousands(won as f64), thousands(least as f64), thousands(most as f64))
    };
    table.read("won", bins.iter().map(|bin| Cell::text(won(bin.won, bin.right_won))));
    table
}

/// A row by when deals are decided, as files have it.
pub fn log_scores_table(found: &BacktestFound) -> Table {
    let (all, mut table) = (&found.open_deals, Table::default());
    let key = Method::Simple.key();
    table.words("horizon", all.iter().map(|scores| scores.horizon.as_str()));
    table.numbers("deals", all.iter().map(|scores| scores.n as f64));
    table.numbers("origins", all.iter().map(|scores| scores.origins.len() as f64));
    table.numbers("separate", all.iter().map(|scores| scores.separate as f64));
    table.numbers("log_score", all.iter().map(|scores| scores.log_score));
    table.numbers("se_log_score", all.iter().map(|scores| scores.error));
    table.numbers(&format!("log_score_{key}"), all.iter().map(|scores| scores.beside.get(key).copied()));
    let gain = |scores: &OpenDealScores| scores.gain.get(key).copied().unwrap_or_default();
    table.numbers(&format!("gain_{key}"), all.iter().map(|scores| gain(scores).value));
    table.numbers(&format!("se_gain_{key}"), all.iter().map(|scores| gain(scores).error));
    table
}

/// A row for deals of about one chance, by when they are decided, as files have it.
pub fn reliability_table(found: &BacktestFound) -> Table {
    let rows: Vec<_> = found
        .open_deals
        .iter()
        .flat_map(|scores| scores.reliability.iter().map(|bin| (&scores.horizon, bin)))
        .collect();
    let mut table = Table::default();
    table.words("horizon", rows.iter().map(|(horizon, _)| horizon.as_str()));
    table.numbers("deals", rows.iter().map(|(_, bin)| bin.n as f64));
    table.numbers("chance_least", rows.iter().map(|(_, bin)| bin.least));
    table.numbers("chance_mean", rows.iter().map(|(_, bin)| bin.mean));
    table.numbers("chance_most", rows.iter().map(|(_, bin)| bin.most));
    table.numbers("won", rows.iter().map(|(_, bin)| bin.won as f64));
    table.numbers("won_least", rows.iter().map(|(_, bin)| bin.right_won.0 as f64));
    table.numbers("won_most", rows.iter().map(|(_, bin)| bin.right_won.1 as f64));
    table
}
