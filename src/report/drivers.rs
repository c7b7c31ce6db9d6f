//! What drives a figure, on a terminal.

use std::fmt::Write;

use super::sentences::bands_said;
use super::terminal::{aligned, assumption_lines, wrap};
use crate::analysis::{Bar, Basis, Cause, CauseKind, FigureInfo, Sensitivity, Shift, ShiftKind, Stress};
use crate::documents::{Document, Header};
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::{capitalize, chance, chance_to_error, futures, in_fiscal_years, list, when};
use crate::units::{Currency, Month, plain, thousands, three_digits};

/// Most inputs that the table shows, and most that an answer to a condition does.
const MOST: usize = 20;
const MOST_SHIFTS: usize = 6;

/// The answer for a terminal of `width` columns.
pub fn drivers(sensitivity: &Document<Sensitivity>, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
    let mut say = |text: &str| {
        let _ = writeln!(out, "{}", wrap(text, width, "  "));
    };
    let head = &sensitivity.header;
    let throughout = if head.manifest.trials == 1 { "" } else { ", the same draws throughout" };
    let futures = futures(head.manifest.trials, head.currency.locale());
    let asked = asked(&sensitivity.figure, head);
    let fiscal = in_fiscal_years(&head.horizon());
    say(&format!("{}: what drives {asked} ({futures}{throughout}){fiscal}", plain(&head.name)));
    assumption_lines(head).iter().for_each(|text| say(text));
    say("");
    say(&range(sensitivity));
    say(&ranked(sensitivity));
    say("");
    out.push_str(&table(sensitivity, width));
    let mut say = |text: &str| {
        let _ = writeln!(out, "{}", wrap(text, width, "  "));
    };
    say("");
    shares(sensitivity).iter().for_each(|text| say(text));
    if let Some(stress) = &sensitivity.stress {
        say("");
        what_was_different(sensitivity, stress).iter().for_each(|text| say(text));
    }
    out
}

/// "total bookings in 2027", "the chance of target Year 1".
pub(super) fn asked(figure: &FigureInfo, head: &Header) -> String {
    let place = if figure.scope == "total" { String::new() } else { format!(" of {}", plain(&figure.label)) };
    let when = when(&head.horizon(), &figure.period, figure.metric.is_flow());
    match (&figure.target, figure.at_least) {
        (Some(name), Some(level)) => {
            let level = figure.metric.exact(&head.currency, level);
            format!("the chance of {} ({} of {level} or more{place} {when})", plain(name), figure.metric.name())
        }
        _ => format!("{}{place} {when}", figure.metric.name()),
    }
}

fn amount(figure: &FigureInfo, head: &Header, value: f64) -> String {
    figure.metric.said(&head.currency, value, None)
}

/// An estimate of the statistic that is asked about: an amount, or of a target a chance.
pub(super) fn said(figure: &FigureInfo, head: &Header, estimate: Estimate) -> String {
    match (estimate.value, &figure.target) {
        (None, _) => "unknown".to_owned(),
        (Some(value), None) => figure.metric.said(&head.currency, value, estimate.error),
        (Some(value), Some(_)) => head.currency.locale().write(&chance_to_error(value, estimate.error)),
    }
}

fn range(sensitivity: &Document<Sensitivity>) -> String {
    let (figure, head, bands) = (&sensitivity.figure, &sensitivity.header, &sensitivity.bands);
    let asked = capitalize(&asked(figure, head));
    if figure.target.is_some() {
        let met = sensitivity.base.value.unwrap_or_default();
        return format!("{asked}: {}.", chance(met));
    }
    format!("{asked}: {}.", bands_said(figure.metric, &head.currency, bands))
}

/// How many of the inputs are stated.
fn ranked(sensitivity: &Document<Sensitivity>) -> String {
    let found = sensitivity.provenance;
    let count = found.stated + found.assumed + found.ranged;
    if count == 1 {
        let basis = match (found.stated, found.assumed) {
            (1, _) => "is stated (it has a source)",
            (_, 1) => "is assumed",
            _ => "is fixed in the scenario and has a range for this question only",
        };
        return format!("The one input {basis}.");
    }
    let verb = |n| if n == 1 { "is" } else { "are" };
    let mut parts = vec![
        format!("{} {} stated (with a source)", found.stated, verb(found.stated)),
        format!("{} {} assumed", found.assumed, verb(found.assumed)),
    ];
    if found.ranged > 0 {
        let verb = if found.ranged == 1 { "has" } else { "have" };
        parts.push(format!("{} {verb} a range for this question only", found.ranged));
    }
    format!("Of the {count} inputs ranked, {}.", list(&parts))
}

/// A row an input: the figure with it at its P10 and P90, its share of the variance, its worth, those values.
fn table(sensitivity: &Document<Sensitivity>, width: usize) -> String {
    let inputs: Vec<&Cause> = sensitivity.causes.iter().filter(|cause| cause.kind == CauseKind::Input).collect();
    let figure = &sensitivity.figure;
    let chance = figure.target.is_some();
    let mut header = vec!["Input", if chance { "chance at P10…P90" } else { "median at P10…P90" }, "of variance"];
    if !chance {
        header.push("worth");
    }
    header.push("its P10…P90");
    let mut rows = vec![header.into_iter().map(str::to_owned).collect::<Vec<String>>()];
    let mut marks = [false; 3];
    for cause in inputs.iter().take(MOST) {
        let Some(bar) = &cause.bar else { continue };
        let at = |estimate| said(figure, &sensitivity.header, estimate);
        let (mark, basis) = match cause.basis {
            Some(Basis::Assumed) => ("*", Some(0)),
            Some(Basis::Ranged) => ("**", Some(1)),
            _ => ("", None),
        };
        let uneven = if bar.understates { "†" } else { "" };
        basis.into_iter().chain(bar.understates.then_some(2)).for_each(|used| marks[used] = true);
        let mut row = vec![
            format!("{}{mark}{uneven}", plain(&cause.label)),
            format!("{}…{}", at(alike(bar.low, bar.high)), at(alike(bar.high, bar.low))),
            percent_within(sensitivity.share(cause)),
        ];
        if !chance {
            row.push(cause.worth.map_or_else(String::new, percent_within));
        }
        row.push(between(cause, sensitivity, bar.low_input, bar.high_input));
        rows.push(row);
    }
    let mut out = aligned(&rows, width);
    let uneven = format!("† {}", Bar::UNDERSTATES);
    let legend = ["* assumed: it has no source", "** has a range for this question only", &uneven];
    let legend: Vec<&str> = legend.into_iter().zip(marks).filter(|(_, used)| *used).map(|(text, _)| text).collect();
    if !legend.is_empty() {
        let _ = writeln!(out, "{}", wrap(&format!("  {}", legend.join("; ")), width, "  "));
    }
    if inputs.len() > MOST {
        let _ = writeln!(out, "  the {MOST} strongest of {}; drivers.csv has all", inputs.len());
    }
    out
}

/// An estimate with no more digits than another one beside it.
fn alike(estimate: Estimate, other: Estimate) -> Estimate {
    Estimate { error: estimate.error.into_iter().chain(other.error).reduce(f64::max), ..estimate }
}

/// "39.4…50.9 days": the unit once.
fn between(cause: &Cause, sensitivity: &Document<Sensitivity>, low: f64, high: f64) -> String {
    let said = |x| Unit::of(&cause.key).said(&sensitivity.header.currency, three_digits(x));
    let (low, high) = (said(low), said(high));
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((low, unit)), Some((_, same))) if unit == same => format!("{low}…{high}"),
        _ => format!("{low}…{high}"),
    }
}

/// "12.3 % ±0.4": a share with its standard error; no digits that are not measured.
fn percent_within(share: Estimate) -> String {
    match (share.value, share.error) {
        (Some(value), Some(error)) => {
            let digits = usize::from(error < 0.01);
            let text = format!("{:.digits$}", 100.0 * value.abs());
            let sign = if value < 0.0 && text.bytes().any(|c| (b'1'..=b'9').contains(&c)) { "−" } else { "" };
            format!("{sign}{text} % ±{:.digits$}", (100.0 * error).max(0.1))
        }
        (Some(value), None) => format!("{:.0} %", 100.0 * value),
        _ => "unknown".to_owned(),
    }
}

/// What the columns mean, how much could be learnt and how much is luck.
fn shares(sensitivity: &Document<Sensitivity>) -> Vec<String> {
    let mut lines = vec![
        "One at a time: an input at its own P10 and P90 in every future, all others drawn as usual; what inputs do together is in the \
         shares of variance."
            .to_owned(),
    ];
    let Some(split) = &sensitivity.split else {
        let varies = sensitivity.bands.sd.value.is_some_and(|sd| sd > 0.0);
        lines.push(if varies {
            "Shares of variance take at least 100 futures; give more --trials.".to_owned()
        } else {
            "The figure is the same in every future: there is no variance to share out.".to_owned()
        });
        return lines;
    };
    if sensitivity.correlated {
        lines.push(
            "Shares of variance are Shapley effects, because inputs are correlated: what correlated inputs, and inputs that work \
             together, bring is divided among them, and all shares add up to 100 %."
                .to_owned(),
        );
    } else {
        lines.push(
            "Shares of variance are total-order Sobol indices: what would be left if all but that input were known. What inputs do \
             together counts for each of them, so that the shares may add up to more than 100 %."
                .to_owned(),
        );
    }
    let market = if split.market.value == Some(0.0) && split.market.error.is_none() {
        String::new()
    } else {
        format!(", {} besides if the market factor were known too", percent_within(split.market))
    };
    lines.push(format!(
        "If every input were known, {} of the variance would be gone{market}; {} is chance, whatever is known.",
        percent_within(split.inputs),
        percent_within(split.chance)
    ));
    if let Some(best) = worth_most(sensitivity) {
        lines.push(best);
    }
    lines
}

/// The input that is worth most, where no other is worth about as much.
fn worth_most(sensitivity: &Document<Sensitivity>) -> Option<String> {
    let mut clear: Vec<(&Cause, Estimate)> =
        sensitivity.inputs().filter_map(|cause| Some((cause, cause.worth.filter(|worth| worth.is_clear())?))).collect();
    clear.sort_by(|(_, a), (_, b)| b.known().total_cmp(&a.known()));
    let (best, worth) = *clear.first()?;
    let alone = clear.get(1).is_none_or(|(_, next)| worth.is_clearly_above(*next));
    let width = sensitivity.width?;
    Some(format!(
        "Worth knowing: how much narrower the 80 % range ({} wide) would be on average. {}: {}, {}.",
        said(&sensitivity.figure, &sensitivity.header, width),
        if alone { "Most" } else { "Among the most" },
        plain(&best.label),
        percent_within(worth)
    ))
}

fn what_was_different(sensitivity: &Document<Sensitivity>, stress: &Stress) -> Vec<String> {
    let (figure, head) = (&sensitivity.figure, &sensitivity.header);
    let mean = |estimate| said(figure, head, estimate);
    let what = if figure.target.is_some() { "" } else { "the mean of " };
    let mut lines = vec![format!(
        "Where {}{} ({} of {} futures), {what}{} is {}; over all futures it is {}. What was different there:",
        plain(&stress.condition),
        level(stress, head),
        thousands(stress.trials as f64),
        thousands(head.manifest.trials as f64),
        asked(figure, head),
        mean(stress.mean),
        mean(stress.usual)
    )];
    // What could be noise is not named.
    let clear = |shift: &&Shift| match (shift.shift.value, shift.shift.error) {
        (Some(shift), Some(error)) => shift.abs() > 3.0 * error,
        _ => false,
    };
    let causes: Vec<&Shift> = stress.shifts.iter().filter(|s| s.kind != ShiftKind::Month).filter(clear).collect();
    let months: Vec<&Shift> = stress.shifts.iter().filter(|s| s.kind == ShiftKind::Month).filter(clear).collect();
    if causes.is_empty() {
        lines.push("- none of the inputs by more than the simulation's noise: it was luck.".to_owned());
    }
    for shift in causes.iter().take(MOST_SHIFTS) {
        lines.push(format!("- {}", moved_far(shift, &head.currency)));
    }
    if causes.len() > MOST_SHIFTS {
        lines.push(format!("- and {} more, by less (shifts.csv has them).", causes.len() - MOST_SHIFTS));
    }
    let named: Vec<String> = months
        .iter()
        .take(3)
        .map(|shift| {
            let month = shift.key.parse::<Month>().map_or_else(|_| shift.label.clone(), Month::name);
            let of = |x| head_amount(sensitivity, x);
            format!("{month} ({} instead of {})", of(shift.mean), of(shift.usual))
        })
        .collect();
    if !named.is_empty() {
        lines.push(format!("- the months that moved most: {}.", list(&named)));
    }
    lines
}

/// ", which is €13.96M": what a percentile of the condition came to.
fn level(stress: &Stress, head: &Header) -> String {
    if stress.figure.target.is_some() || !stress.percentile {
        return String::new();
    }
    format!(", which is {}", amount(&stress.figure, head, stress.level))
}

fn head_amount(sensitivity: &Document<Sensitivity>, estimate: Estimate) -> String {
    let value = estimate.value.unwrap_or_default();
    sensitivity.figure.metric.said(&sensitivity.header.currency, value, estimate.error)
}

/// "Europe: win rate averaged 23.3 % instead of 25 % (0.84 standard deviations lower)."
fn moved_far(shift: &Shift, currency: &Currency) -> String {
    let by = shift.shift.value.unwrap_or_default();
    let way = if by < 0.0 { "lower" } else { "higher" };
    format!("{} ({:.1} standard deviations {way}).", moved(shift, currency), by.abs())
}

/// "Europe: win rate averaged 23.3 % instead of 25 %".
pub(super) fn moved(shift: &Shift, currency: &Currency) -> String {
    let (mean, usual) = (shift.mean.value.unwrap_or_default(), shift.usual.value.unwrap_or_default());
    if shift.kind == ShiftKind::Market {
        let percent = 100.0 * (libm::exp(mean) - 1.0);
        let way = if percent < 0.0 { "below" } else { "above" };
        let percent = currency.locale().write(&format!("{:.1}", percent.abs()));
        return format!("{} averaged {percent} % {way} its usual level", plain(&shift.label));
    }
    let value = |x| Unit::of(&shift.key).said(currency, x);
    format!("{} averaged {} instead of {}", plain(&shift.label), value(mean), value(usual))
}
