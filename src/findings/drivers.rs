//! What drives a figure.

use super::finding::Finding;
use super::sentences::{bands_said, place_of};
use super::table::{Cell, Table};
use crate::analysis::{Bar, Basis, Cause, CauseKind, FigureInfo, Sensitivity, Shift, ShiftKind, Stress};
use crate::documents::{Document, Header};
use crate::scenario::{Metric, Unit, event_of};
use crate::stats::Estimate;
use crate::units::format::{capitalize, chance_to_error, futures, in_fiscal_years, list, percent, when};
use crate::units::{Month, plain, thousands, three_digits};

/// Most inputs that the table shows, and most that an answer to a condition does.
const MOST: usize = 20;
const MOST_SHIFTS: usize = 6;

/// What drives a figure: its range, the inputs that move it most, and what was different where a condition held.
pub fn drivers(sensitivity: &Document<Sensitivity>) -> Finding {
    let mut found = Finding::default();
    let head = &sensitivity.header;
    let throughout = if head.manifest.trials == 1 { "" } else { ", the same draws throughout" };
    let futures = futures(head.manifest.trials, head.currency.locale());
    let asked = asked(&sensitivity.figure, head);
    let fiscal = in_fiscal_years(&head.horizon());
    found.say(format!("{}: what drives {asked} ({futures}{throughout}){fiscal}", plain(&head.name)));
    found.gap();
    found.say(range(sensitivity));
    found.say(ranked(sensitivity));
    found.gap();
    strongest(sensitivity, &mut found);
    found.gap();
    shares(sensitivity).into_iter().for_each(|text| found.say(text));
    if let Some(stress) = &sensitivity.stress {
        found.gap();
        what_was_different(sensitivity, stress).into_iter().for_each(|text| found.say(text));
    }
    found.assume(head);
    found
}

/// A row a cause: what it is, the bar of its tornado, its shares of variance with their errors and 95 % intervals, what it is worth
/// knowing. A reader sees the bar, the share and the worth.
pub fn drivers_table(sensitivity: &Sensitivity, metric: Metric, head: &Header) -> Table {
    let currency = &head.currency;
    let causes = &sensitivity.causes;
    let mut table = Table::default();
    table.words("cause", causes.iter().map(|cause| &cause.key));
    let uneven = |cause: &Cause| if cause.bar.as_ref().is_some_and(|bar| bar.understates) { "*" } else { "" };
    let named = |cause: &Cause| Cell::text(&cause.label).read_as(format!("{}{}", cause.label, uneven(cause)));
    table.column("label", "Cause", causes.iter().map(named));
    table.words("kind", causes.iter().map(|cause| cause.kind.key()));
    table.words("basis", causes.iter().map(|cause| cause.basis.map_or("", |basis| basis.key())));
    let mut input = |key: &str, title: &str, of: fn(&Bar) -> f64| {
        let said = |cause: &Cause, x| Unit::of(&cause.key).said(head.currency_of(&cause.key), three_digits(x));
        let cell = |cause: &Cause| Cell::number(cause.bar.as_ref().map(of), |x| said(cause, x));
        table.column(key, title, causes.iter().map(cell));
    };
    input("input_p10", "its P10", |bar| bar.low_input);
    input("input_p90", "its P90", |bar| bar.high_input);
    let said = |found: Estimate| found.value.map_or_else(String::new, |x| metric.said(currency, x, found.error));
    let mut bar = |key: &str, head: Option<&str>, of: fn(&Bar) -> Estimate| {
        let rows = causes.iter().map(|cause| [cause.bar.as_ref().map_or(Estimate::UNKNOWN, of)]);
        table.estimates([(key, head)], rows, said);
    };
    bar("figure_at_p10", Some("median with it at its P10"), |bar| bar.low);
    bar("figure_at_p90", Some("median with it at its P90"), |bar| bar.high);
    bar("swing", None, |bar| bar.swing);
    let mut share = |key: &str, of: fn(&Cause) -> Option<Estimate>, interval: fn(&Cause) -> Option<[f64; 2]>| {
        table.estimates([(key, None)], causes.iter().map(|cause| [of(cause).unwrap_or_default()]), said);
        for (end, i) in [("low", 0), ("high", 1)] {
            table.numbers(&format!("{key}_{end}"), causes.iter().map(|cause| interval(cause).map(|ends| ends[i])));
        }
    };
    share("first_order", |cause| Some(cause.first), |cause| cause.first_interval);
    share("total_order", |cause| Some(cause.total), |cause| cause.total_interval);
    share("shapley", |cause| cause.shapley, |cause| cause.shapley_interval);
    let shares = causes.iter().map(|cause| Cell::number(sensitivity.share(cause).value, percent));
    table.read("share of variance", shares);
    let worth = causes.iter().map(|cause| [cause.worth.unwrap_or_default()]);
    let narrower = Some("range narrower if known");
    table.estimates([("worth", narrower)], worth, |found| found.value.map_or_else(String::new, percent));
    table
}

/// A row an input, market factor or month: its mean where the condition held and over all futures, and how far it moved in its own
/// standard deviations.
pub fn shifts_table(stress: &Stress) -> Table {
    let mut table = Table::default();
    table.words("what", stress.shifts.iter().map(|shift| &shift.key));
    table.words("label", stress.shifts.iter().map(|shift| &shift.label));
    table.words("kind", stress.shifts.iter().map(|shift| shift.kind.key()));
    let mut shift = |key, of: fn(&Shift) -> Estimate| {
        table.estimates([(key, None)], stress.shifts.iter().map(|shift| [of(shift)]), |_| String::new());
    };
    shift("mean", |shift| shift.mean);
    shift("usual", |shift| shift.usual);
    shift("shift", |shift| shift.shift);
    table
}

/// "total bookings in 2027", "the chance of target Year 1".
pub(super) fn asked(figure: &FigureInfo, head: &Header) -> String {
    let place = place_of(figure);
    let when = when(&head.horizon(), &figure.period, figure.metric.is_of_period());
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
        return format!("{asked}: {}.", sensitivity.base.chance());
    }
    format!("{asked}: {}.", bands_said(figure.metric, &head.currency, bands))
}

/// How many of the inputs are stated.
fn ranked(sensitivity: &Document<Sensitivity>) -> String {
    let found = sensitivity.provenance;
    let count = found.stated + found.assumed + found.ranged;
    if let Some(draws) = sensitivity.header.joint_draws().filter(|_| count == 0) {
        return format!(
            "All inputs that are not known are drawn together, from {}: none can be told from the others.",
            draws.file
        );
    }
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

/// The strongest inputs, a row each: the figure with it at its P10 and P90, its share of the variance, its worth, those values.
fn strongest(sensitivity: &Document<Sensitivity>, found: &mut Finding) {
    let (figure, head) = (&sensitivity.figure, &sensitivity.header);
    let chance = figure.target.is_some();
    let inputs: Vec<&Cause> = sensitivity.inputs().collect();
    if inputs.is_empty() {
        return;
    }
    let bars: Vec<(&Cause, &Bar)> =
        inputs.iter().take(MOST).filter_map(|cause| Some((*cause, cause.bar.as_ref()?))).collect();
    let mark = |cause: &Cause| match cause.basis {
        Some(Basis::Assumed) => "*",
        Some(Basis::Ranged) => "**",
        _ => "",
    };
    let mut table = Table::default();
    let mut column = |head: &str, text: &dyn Fn(&Cause, &Bar) -> String| {
        table.read(head, bars.iter().map(|(cause, bar)| Cell::text(text(cause, bar))));
    };
    column("Input", &|cause, bar| {
        format!("{}{}{}", plain(&cause.label), mark(cause), if bar.understates { "†" } else { "" })
    });
    column(if chance { "chance at P10…P90" } else { "median at P10…P90" }, &|_, bar| {
        let at = |estimate, other| said(figure, head, alike(estimate, other));
        format!("{}…{}", at(bar.low, bar.high), at(bar.high, bar.low))
    });
    column("of variance", &|cause, _| percent_within(sensitivity.share(cause)));
    if !chance {
        column("worth", &|cause, _| cause.worth.map_or_else(String::new, percent_within));
    }
    column("its P10…P90", &|cause, bar| between(cause, sensitivity, bar.low_input, bar.high_input));
    found.table(table);
    let legend = [
        (bars.iter().any(|(cause, _)| mark(cause) == "*"), "* assumed: it has no source".to_owned()),
        (bars.iter().any(|(cause, _)| mark(cause) == "**"), "** has a range for this question only".to_owned()),
        (bars.iter().any(|(_, bar)| bar.understates), format!("† {}", Bar::UNDERSTATES)),
    ];
    let legend: Vec<String> = legend.into_iter().filter(|(used, _)| *used).map(|(_, text)| text).collect();
    if !legend.is_empty() {
        found.say(format!("  {}", legend.join("; ")));
    }
    if inputs.len() > MOST {
        found.say(format!("  the {MOST} strongest of {}; drivers.csv has all", inputs.len()));
    }
}

/// An estimate with no more digits than another one beside it.
fn alike(estimate: Estimate, other: Estimate) -> Estimate {
    Estimate { error: estimate.error.into_iter().chain(other.error).reduce(f64::max), ..estimate }
}

/// "39.4…50.9 days": the unit once.
fn between(cause: &Cause, sensitivity: &Document<Sensitivity>, low: f64, high: f64) -> String {
    let said = |x| Unit::of(&cause.key).said(sensitivity.header.currency_of(&cause.key), three_digits(x));
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
    let alone = sensitivity.inputs().next().is_some();
    let mut lines = Vec::new();
    if alone {
        lines.push(
            "One at a time: an input at its own P10 and P90 in every future, all others drawn as usual; what inputs do together is in the \
             shares of variance."
                .to_owned(),
        );
    }
    let Some(split) = &sensitivity.split else {
        let varies = sensitivity.bands.is_of_one() || sensitivity.bands.sd.value.is_some_and(|sd| sd > 0.0);
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
    } else if alone {
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
    let open_deals = split.open_deals.map_or_else(String::new, |share| {
        format!(", {} besides if it were known what becomes of the open deals", percent_within(share))
    });
    let luck = sensitivity.causes.iter().find(|cause| cause.kind == CauseKind::Chance);
    lines.push(format!(
        "If every input were known, {} of the variance would be gone{market}{open_deals}; {} is {}, whatever is known.",
        percent_within(split.inputs),
        percent_within(split.chance),
        luck.map_or("luck", |cause| &cause.label)
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
        lines.push(match event_of(&stress.condition) {
            Some(_) => {
                "- none of the other inputs by more than the simulation's noise: it is the event itself.".to_owned()
            }
            None => "- none of the inputs by more than the simulation's noise: it was luck.".to_owned(),
        });
    }
    for shift in causes.iter().take(MOST_SHIFTS) {
        lines.push(format!("- {}", moved_far(shift, head)));
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
fn moved_far(shift: &Shift, head: &Header) -> String {
    let by = shift.shift.value.unwrap_or_default();
    let way = if by < 0.0 { "lower" } else { "higher" };
    format!("{} ({:.1} standard deviations {way}).", shift_sentence(shift, head), by.abs())
}

/// "Europe: win rate averaged 23.3 % instead of 25 %".
pub fn shift_sentence(shift: &Shift, head: &Header) -> String {
    let currency = head.currency_of(&shift.key);
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
