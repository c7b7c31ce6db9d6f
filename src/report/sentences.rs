//! A forecast in sentences, for the terminal, the page and the mail.

use crate::documents::KnownAmount;
use crate::findings::{place, scope_label};
use crate::forecast::{Bands, EachOutcome, Forecast, TargetOutcome};
use crate::scenario::Metric;
#[cfg(feature = "page")]
use crate::units::format::list_some;
use crate::units::format::{capitalize, futures, list, period_name, when};
use crate::units::{few_digits, plain};

/// "known: €812k", where a figure is known to have come to that.
pub(super) fn known(forecast: &Forecast, metric: Metric, scope: &str, period: &str) -> Option<String> {
    let of =
        |known: &&KnownAmount| (known.metric, known.scope.as_str(), known.period.as_str()) == (metric, scope, period);
    let found = forecast.manifest.actuals.iter().find(of)?;
    Some(format!("known: {}", level(forecast, found.metric, found.amount)))
}

/// What is known of figures that no target is set for: "bookings of Europe in Q1 2027 €812k".
pub(super) fn known_beside(forecast: &Forecast) -> Vec<String> {
    let of_target = |known: &&KnownAmount| {
        let same = |t: &TargetOutcome| (t.metric, &t.scope, &t.period) == (known.metric, &known.scope, &known.period);
        !forecast.targets.iter().any(same)
    };
    let said = |known: &KnownAmount| {
        let when = when(&forecast.horizon(), &known.period, known.metric.is_of_period());
        format!(
            "{}{} {when} {}",
            known.metric.name(),
            place(forecast, &known.scope),
            level(forecast, known.metric, known.amount)
        )
    };
    forecast.manifest.actuals.iter().filter(of_target).map(said).collect()
}

/// A level or an amount that somebody typed.
pub(super) fn level(forecast: &Forecast, metric: Metric, value: f64) -> String {
    metric.exact(&forecast.currency, value)
}

/// What was assumed: what was solved for first, last what a lead is.
pub(super) fn assumptions(forecast: &Forecast) -> Vec<String> {
    let texts = || forecast.assumptions.iter().map(|text| plain(text));
    let solved = |text: &String| text.to_lowercase().contains("solved");
    texts().filter(solved).chain(texts().filter(|text| !solved(text))).chain(leads(forecast)).collect()
}

/// What a lead is here: "1 lead in 4 becomes a customer in Europe, 1 in 3.3 in Latin America." `None` where there are no leads.
fn leads(forecast: &Forecast) -> Option<String> {
    let locale = forecast.currency.locale();
    let said = |lead: &str, rate: f64| one_in(lead, rate, |x| locale.write(&shortened(x)));
    let rates: Vec<(String, f64)> =
        forecast.scopes.iter().filter_map(|s| Some((plain(&s.label), s.win_rate?))).collect();
    if rates.is_empty() {
        return None;
    }
    if rates.len() > 4 {
        let (low, high) =
            rates.iter().fold((1.0_f64, 0.0_f64), |(low, high), (_, rate)| (low.min(*rate), high.max(*rate)));
        let most = capitalize(&said(" lead", high));
        return Some(if said("", low) == said("", high) {
            format!("{most} becomes a customer, in every region.")
        } else {
            format!("{most} to {} becomes a customer, depending on the region.", said("", low))
        });
    }
    let parts: Vec<String> = rates
        .iter()
        .enumerate()
        .map(|(i, (label, rate))| match i {
            0 => format!("{} becomes a customer in {label}", capitalize(&said(" lead", *rate))),
            _ => format!("{} in {label}", said("", *rate)),
        })
        .collect();
    Some(format!("{}.", parts.join(", ")))
}

/// How many of the leads are won: "1 lead in 4", with `lead` left out "1 in 4"; "each lead", "no lead", "none".
pub(super) fn one_in(lead: &str, rate: f64, number: impl Fn(f64) -> String) -> String {
    if rate <= 0.0 {
        return if lead.is_empty() { "none".to_owned() } else { format!("no{lead}") };
    }
    match number(1.0 / rate).as_str() {
        _ if rate == 1.0 => format!("each{lead}"),
        "1" => format!("nearly each{lead}"),
        number => format!("1{lead} in {number}"),
    }
}

/// One decimal, if it says something: 4, 3.3.
fn shortened(x: f64) -> String {
    if x >= 1_000.0 {
        return few_digits(x);
    }
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// The main figure's name: "Total bookings of Europe in 2027".
pub(super) fn main_figure(forecast: &Forecast) -> String {
    let main = &forecast.main;
    let at = when(&forecast.horizon(), &main.period, main.metric.is_of_period());
    format!("{}{} {at}", capitalize(main.metric.name()), place(forecast, &main.scope))
}

/// Which metrics were asked for, where others were left out.
pub(super) fn metrics_asked(forecast: &Forecast) -> Option<String> {
    let scenario = forecast.manifest.scenario().ok()?;
    let names: Vec<&str> = scenario.simulation.metrics.iter().map(|metric| metric.name()).collect();
    (!names.is_empty()).then(|| {
        format!("Asked for: {}; of the other metrics only those that targets and calls name were played.", list(&names))
    })
}

/// How sure the simulation itself is of the range, and what it takes to be surer.
pub(super) fn precision(forecast: &Forecast) -> String {
    /// No scenario may have more futures.
    const MOST: usize = 100_000_000;
    let percent = |share: f64| format!("{} %", forecast.currency.number(100.0 * share));
    let Some(reached) = forecast.main.precision() else {
        let asked = forecast
            .precision
            .as_ref()
            .map_or_else(String::new, |asked| format!("; precision not met: {} was asked", percent(asked.wanted)));
        let Bands { p50, p90, .. } = &forecast.main.bands;
        let of_nothing = p90.error.filter(|_| p50.value == Some(0.0) && p50.error.is_some());
        return match of_nothing {
            Some(error) => {
                let error = forecast.main.metric.said(&forecast.currency, error, None);
                format!("Simulation error: a share of a median of 0 has no meaning; P90 is known to ± {error}{asked}")
            }
            None => format!("Too few futures to tell the simulation's own error{asked}"),
        };
    };
    let is = if reached > 0.0 {
        format!("Simulation error: at most {} of the median", percent(reached))
    } else if forecast.main.bands.is_fixed() {
        "Simulation error: none".to_owned()
    } else {
        "Simulation error: none that shows at values which so many futures share".to_owned()
    };
    let more = forecast.manifest.trials.saturating_mul(100);
    match &forecast.precision {
        Some(asked) if asked.met => format!("{is}, as asked ({})", percent(asked.wanted)),
        Some(asked) => format!(
            "{is}; precision not met: {} was asked, and the cap of {} reached",
            percent(asked.wanted),
            futures(asked.most, forecast.currency.locale())
        ),
        None if reached > 0.0 && more <= MOST && !forecast.main.is_lumpy(forecast.manifest.trials) => {
            format!("{is}; one digit more takes about {}", futures(more, forecast.currency.locale()))
        }
        None => is,
    }
}

/// Which regions of the main figure the market factor moves: "DACH and UK & Ireland", "all regions", or "it" where the figure has but one.
#[cfg(feature = "page")]
pub(super) fn moved_by_market(forecast: &Forecast) -> String {
    let exposure = |key: &str| forecast.manifest.scenario["regions"][key]["exposure"].clone();
    let moves = |key: &str| {
        ["leads", "conversion", "deal_size"].iter().any(|of| exposure(key)[of].as_f64().is_some_and(|x| x != 0.0))
    };
    let of_figure = forecast.scope(&forecast.main.scope).map_or(&[][..], |scope| &scope.regions);
    let moved: Vec<String> = of_figure.iter().filter(|key| moves(key)).map(|key| scope_label(forecast, key)).collect();
    match (of_figure.len(), moved.len()) {
        (1, _) => "it".to_owned(),
        (_, 0) => "the regions".to_owned(),
        (all, n) if all == n => {
            if forecast.main.scope == "total" {
                "all regions".to_owned()
            } else {
                "all its regions".to_owned()
            }
        }
        _ => list_some(&moved),
    }
}

/// What average inputs and no luck give, and where that lies: "The plan line (average inputs, no luck) is €17.6M; the outcome is that or less in 50 in 100."
pub(super) fn plan_line(forecast: &Forecast) -> Option<String> {
    let main = &forecast.main;
    let (plan, percentile) = main.plan.zip(main.plan_percentile)?;
    Some(format!(
        "The plan line (average inputs, no luck) is {}; the outcome is that or less in {}.",
        forecast.said(main.metric, plan, main.bands.p50.error),
        forecast.share(percentile).chance()
    ))
}

/// That percentiles do not add, and by how much; what the band would be if regions had nothing in common.
pub(super) fn diversification(forecast: &Forecast) -> Option<String> {
    let main = &forecast.main;
    // Without an error there is no telling whether the gap is one.
    let parts = main.diversification.as_ref().filter(|parts| parts.gap.error.is_some())?;
    let say = |value: f64| forecast.said(main.metric, value, parts.gap.error);
    let noise = 2.0 * parts.gap.error.unwrap_or(0.0);
    let apart = match parts.gap.known() {
        gap if gap > noise => format!("{} below the whole's P10, as they are seldom low all at once", say(gap)),
        gap if gap < -noise => format!("{} above the whole's P10", say(-gap)),
        _ => "which is the whole's P10 within the simulation's error".to_owned(),
    };
    let mut text =
        format!("Percentiles do not add: the regions' own P10s add up to {}, {apart}.", say(parts.sum_of_p10));
    if let Some(independent) = &parts.independent
        && let (Some(p10), Some(p90)) = (independent.p10.value, independent.p90.value)
    {
        let (low, high) = (
            forecast.said(main.metric, p10, independent.p10.error),
            forecast.said(main.metric, p90, independent.p90.error),
        );
        text.push_str(&format!(" If regions had nothing in common: 8 chances in 10 of {low} to {high}."));
    }
    Some(text)
}

/// What a target asks for: "€17.8M in 2027", "ARR of €5M of Europe at the end of 2028".
pub(super) fn demand(forecast: &Forecast, target: &TargetOutcome) -> String {
    demand_and_when(forecast, target).join(" ")
}

/// The same in its two parts: "ARR of €5M of Europe", "at the end of 2028".
pub(super) fn demand_and_when(forecast: &Forecast, target: &TargetOutcome) -> [String; 2] {
    let metric =
        if target.metric == forecast.main.metric { String::new() } else { format!("{} of ", target.metric.name()) };
    let level = level(forecast, target.metric, target.at_least);
    let when = when(&forecast.horizon(), &target.period, target.metric.is_of_period());
    [format!("{metric}{level}{}", place(forecast, &target.scope)), when]
}

/// How likely a target is: "€17.8M in 2027: 47 in 100".
pub(super) fn target(forecast: &Forecast, target: &TargetOutcome) -> String {
    let what = demand(forecast, target);
    let Some(each) = &target.each else {
        return format!("{what}: {}", target.probability.chance());
    };
    format!("{what}: all {} in {}", each.periods.len(), target.probability.chance())
}

/// When the level of a target of each period is first reached: "Every month: total bookings of €1.5M in a month are first reached in July 2027 (8 chances in
/// 10: May 2027 to September 2027)."
pub(super) fn first_reached(forecast: &Forecast, target: &TargetOutcome) -> Option<String> {
    let each = target.each.as_ref()?;
    let kind = if target.period == "each-quarter" { "quarter" } else { "month" };
    let level = level(forecast, target.metric, target.at_least);
    let place = place(forecast, &target.scope);
    let metric = target.metric.name();
    let at = if target.metric.is_of_period() { "in" } else { "at the end of" };
    let are = if target.metric.spec().plural { "are" } else { "is" };
    let head = format!("{}: {metric}{place} of {level} {at} a {kind} {are}", plain(&target.name));
    let n = each.periods.len();
    let mean =
        each.count.mean.value.map_or_else(String::new, |mean| format!("; {mean:.0} of the {n} {kind}s on average"));
    Some(format!("{head} {}{mean}.", reached(each)))
}

fn reached(each: &EachOutcome) -> String {
    let spoken = |label: &Option<String>| label.as_ref().map(|label| period_name(label));
    let never = each.never.chance();
    match (spoken(&each.first_p10), spoken(&each.first_p50), spoken(&each.first_p90)) {
        (Some(early), Some(middle), Some(late)) if early == late => {
            format!("first reached in {middle}, in at least 8 futures of 10")
        }
        (Some(early), Some(middle), Some(late)) => {
            format!("first reached in {middle} (8 chances in 10: {early} to {late})")
        }
        (_, Some(middle), _) => format!("first reached in {middle} in the middle case, never in {never}"),
        _ => format!("never reached in {never}"),
    }
}
