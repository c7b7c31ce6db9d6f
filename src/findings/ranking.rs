//! Which inputs matter most, by the share of the variance that each brings.

use super::sentences::input_label;
use crate::forecast::{Forecast, InputShare, Leaders, NEGLIGIBLE_SHARE};
use crate::scenario::{event_of, in_region};
use crate::stats::Estimate;
use crate::units::format::{count, list, percent, shorten};

/// A name in a sentence is no longer, in characters.
const LONGEST_NAME: usize = 60;
/// More inputs that matter about equally are counted, not named.
const MAX_NAMED: usize = 3;

/// "Of the 15 ranges entered (9 with a source, 6 assumed), “Europe: leads a month” matters most (14 % of the variance), then “Europe: win
/// rate” (12 %)." `None` where no input has a range, or where the figure never varies or is unknown in some futures.
pub fn ranking(forecast: &Forecast) -> Option<String> {
    let (main, inputs) = (&forecast.main, forecast.inputs.len());
    if inputs > 0 && main.bands.p50.value.is_none() {
        return Some("What matters most is unknown, as the figure itself is.".to_owned());
    }
    let Some(variance) = &main.variance else {
        let few = inputs > 0 && forecast.manifest.trials < 100 && (main.bands.is_of_one() || !main.bands.is_fixed());
        return few.then(|| "Fewer than 100 futures do not tell what matters most.".to_owned());
    };
    let sourced = forecast.inputs.iter().filter(|input| input.source.is_some()).count();
    let Leaders { first, next } = main.leaders();
    let brings = |input: &InputShare| percent(input.share.known().clamp(0.0, 1.0));
    let label = |input: &&InputShare| format!("“{}”", shorten(&input_label(forecast, &input.path), LONGEST_NAME));
    if let Some(draws) = forecast.header.joint_draws().filter(|_| inputs == 0) {
        return Some(format!(
            "What is not known about {} brings {} of the variance ({}, drawn together from {}).",
            list(&kinds_of(draws.columns.keys())),
            percent(variance.inputs.known().clamp(0.0, 1.0)),
            count(draws.columns.len(), "input"),
            draws.file
        ));
    }
    if inputs < 2 {
        let only = forecast.inputs.first()?;
        let head = format!(
            "The one {}, “{}” ({}),",
            if event_of(&only.path).is_some() { "event that may happen" } else { "range entered" },
            shorten(&input_label(forecast, &only.path), LONGEST_NAME),
            if sourced == 1 { "with a source" } else { "assumed" }
        );
        return Some(match first.first() {
            Some(input) => format!("{head} brings {} of the variance.", brings(input)),
            None => format!("{head} does not move it by more than the simulation's noise."),
        });
    }
    let (ranges, events) = inputs_and_events(forecast);
    let of = match (ranges, events) {
        (_, 0) => format!("{ranges} ranges entered"),
        (0, _) => format!("{events} events that may happen"),
        _ => format!("{} entered and {} that may happen", count(ranges, "range"), count(events, "event")),
    };
    let head = format!("Of the {of} ({sourced} with a source, {} assumed),", inputs - sourced);
    let told = match (first.as_slice(), next) {
        // With joint draws beside them, what all inputs bring is not theirs alone.
        ([], _) if is_beyond_noise(variance.inputs) && forecast.header.joint_draws().is_none() => format!(
            "none stands out from the simulation's noise by itself; together they bring {} of the variance",
            percent(variance.inputs.known())
        ),
        ([], _) => "none moves it by more than the simulation's noise".to_owned(),
        ([one], None) => format!("{} matters most ({} of the variance)", label(one), brings(one)),
        ([one], Some(next)) => format!(
            "{} matters most ({} of the variance), then {} ({})",
            label(one),
            brings(one),
            label(&next),
            brings(next)
        ),
        (several, _) => {
            let mut named: Vec<String> = several.iter().take(MAX_NAMED).map(label).collect();
            if several.len() > MAX_NAMED {
                named.push(format!("{} more", several.len() - MAX_NAMED));
            }
            let (least, most) = (brings(several[several.len() - 1]), brings(several[0]));
            let each = if least == most {
                format!("{most} of the variance each")
            } else {
                format!("{least} to {most} of the variance each")
            };
            format!("{} matter most, about equally ({each})", list(&named))
        }
    };
    Some(format!("{head} {told}."))
}

/// What quantities are about, each kind once: "leads", "how deals close".
fn kinds_of<'a>(paths: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for path in paths {
        let field = in_region(path).map_or(path.as_str(), |(_, field)| field);
        let kind = match field.split(['.', '[']).next().unwrap_or_default() {
            "leads" => "leads",
            "closing" => "how deals close",
            "conversion" => "win rates",
            "cycle" | "lost_cycle" => "sales cycles",
            "stalled" => "deals that stall",
            "stages" => "the stages of deals",
            "deal_size" => "deal sizes",
            "close_dates" => "how close dates are kept",
            "final_amount" => "final amounts",
            other => other,
        };
        let kind = kind.replace('_', " ");
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Whether a share is farther from 0 than two standard errors.
fn is_beyond_noise(share: Estimate) -> bool {
    share.is_clearly_above(Estimate::exact(0.0))
}

/// The input that it is worth finding out more about: the one that matters most, if it alone does.
pub fn leader(forecast: &Forecast) -> Option<&InputShare> {
    match forecast.main.leaders().first.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

/// What moves the figures where every input is fixed.
pub fn luck(forecast: &Forecast) -> &'static str {
    let market = forecast.main.variance.as_ref().is_some_and(|shares| shares.market.known() > NEGLIGIBLE_SHARE);
    if market { "luck and the market factor" } else { "luck" }
}

/// What the variance comes from in one line, the largest share first: "15 inputs bring 48 % of the variance (“Europe: leads a month” 20 %), market 46 %,
/// luck 6 %". Inputs are named where they bring more than any other, beyond the simulation's error. `None` where the figure never varies.
pub fn drivers_in_brief(forecast: &Forecast) -> Option<String> {
    let main = &forecast.main;
    if !forecast.header.has_ranges() {
        let luck = luck(forecast);
        return (!main.bands.is_fixed()).then(|| {
            format!("every input is fixed, so the range shows {luck} alone and is narrower than what you know")
        });
    }
    if main.bands.p50.value.is_none() {
        return Some("unknown, as the figure itself is".to_owned());
    }
    let Some(shares) = main.variance.as_ref() else {
        return (!main.bands.is_fixed() || main.bands.is_of_one())
            .then(|| "fewer than 100 futures do not tell".to_owned());
    };
    let (ranges, events) = inputs_and_events(forecast);
    let events = if events == 1 { "whether one event happens" } else { "which events happen" };
    let inputs = match (forecast.header.joint_draws(), ranges) {
        (Some(draws), 0) => format!("what is not known of {}", list(&kinds_of(draws.columns.keys()))),
        (Some(_), _) => "what is not known of the inputs".to_owned(),
        (None, n) => count(n, "input"),
    };
    let causes = [
        events,
        inputs.as_str(),
        "market",
        "closing pace",
        "exchange rates",
        "people",
        "which open deals are won",
        "luck",
    ];
    let mut told: Vec<(f64, &str)> = shares
        .told(causes)
        .into_iter()
        .map(|(cause, share)| (share.known().clamp(0.0, 1.0), cause))
        .filter(|(share, _)| *share >= NEGLIGIBLE_SHARE)
        .collect();
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    let bring = |cause: &str| match cause {
        "exchange rates" | "people" => " bring",
        _ if cause == inputs && ranges > 1 && forecast.header.joint_draws().is_none() => " bring",
        _ => " brings",
    };
    let parts: Vec<String> = told
        .iter()
        .enumerate()
        .map(|(i, (share, cause))| {
            let (verb, of) = if i == 0 { (bring(cause), " of the variance") } else { ("", "") };
            let alone = if *cause == inputs { leaders_named(forecast) } else { String::new() };
            let the = if i == 0 && matches!(*cause, "market" | "closing pace") { "the " } else { "" };
            format!("{the}{cause}{verb} {}{of}{alone}", percent(*share))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// " (“Europe: leads a month” 20 %)", " (“Europe: leads a month” and “Europe: win rate” 9 % to 11 % each)"; nothing where the inputs are one, or none stands out.
fn leaders_named(forecast: &Forecast) -> String {
    let brings = |input: &InputShare| percent(input.share.known().clamp(0.0, 1.0));
    let label = |input: &&InputShare| format!("“{}”", shorten(&input_label(forecast, &input.path), LONGEST_NAME));
    let first = forecast.main.leaders().first;
    if first.iter().any(|input| event_of(&input.path).is_some()) {
        // Events are a cause of their own.
        return String::new();
    }
    match first.as_slice() {
        [one] if inputs_and_events(forecast).0 == 1 => format!(" ({})", label(one)),
        [one] => format!(" ({} {})", label(one), brings(one)),
        [one, other] => {
            let (most, least) = (brings(one), brings(other));
            let each = if least == most { most } else { format!("{least} to {most}") };
            format!(" ({} and {} {each} each)", label(one), label(other))
        }
        _ => String::new(),
    }
}

/// How many inputs have ranges, and how many are whether an event happens.
fn inputs_and_events(forecast: &Forecast) -> (usize, usize) {
    let events = forecast.inputs.iter().filter(|input| event_of(&input.path).is_some()).count();
    (forecast.inputs.len() - events, events)
}

/// "48 % from the ranges entered, 46 % from the market factor, 6 % from luck", the largest first; nothing of what brings none.
pub fn split(forecast: &Forecast) -> Option<String> {
    let shares = forecast.main.variance.as_ref()?;
    let (ranges, events) = inputs_and_events(forecast);
    let ranges = match ranges {
        _ if forecast.header.joint_draws().is_some() => "what is not known about the inputs".to_owned(),
        0 => String::new(),
        n => format!(
            "what is not known about the {} with a range",
            if n == 1 { "one input".to_owned() } else { count(n, "input") }
        ),
    };
    let causes = [
        if events == 1 { "whether one event happens" } else { "which events happen" },
        ranges.as_str(),
        "the market factor",
        "the pace at which deals close",
        "where exchange rates go",
        "who comes, leaves and sells",
        "which of the open deals are won",
        "luck, deal by deal",
    ];
    let mut parts: Vec<(f64, &str)> = shares
        .told(causes)
        .into_iter()
        .map(|(what, share)| (share.known().clamp(0.0, 1.0), what))
        .filter(|(share, _)| *share >= 0.005)
        .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let parts: Vec<String> = parts.into_iter().map(|(share, what)| format!("{} from {what}", percent(share))).collect();
    (!parts.is_empty()).then(|| list(&parts))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::{Answer, WhatIfRun};
    use crate::engine::{Execution, Memory, Run};
    use crate::forecast::forecast;
    use crate::model::resolve;
    use crate::scenario::load;

    /// A scenario of one region, played with and without what is asked beside its forecast.
    fn played(region: &str, more: &str, trials: usize) -> [Answer; 2] {
        let text = format!(
            r#"{{"name": "Sea", "start": "2027-01", "months": 9, "simulation": {{"trials": {trials}}}, "regions": {{"sea": {{
                {region}, "deal_size": {{"mean": 10000}}}}}}{more}}}"#
        );
        let scenario = load("sea.json".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap();
        let (model, execution) = (Arc::new(resolve(&scenario).unwrap()), Execution::new(None));
        let run = Run::begin(Arc::clone(&model), &execution, Memory::default()).unwrap();
        let forecast = forecast(&scenario, &run, None).unwrap();
        let deep = WhatIfRun::new(&scenario, model).unwrap().run(&execution).unwrap();
        [Answer::new(forecast.clone(), None, None), Answer::new(forecast, Some(deep), None)]
    }

    const RARE: &str = r#""leads": {"monthly": {"mean": 2000, "cv": 0.01}}, "conversion": {"values": [0.1, 0.3], "weights": [0.08, 0.92]},
        "cycle": {"mean_days": 45}"#;
    /// Leads of a single month, most of which are won within the second quarter only if the cycle is neither short nor long.
    const EVENT: &str = r#""leads": {"monthly": 4000, "ramp": [1, 0]}, "conversion": 0.3, "cycle": {"mean_days": {"low": 1, "high": 268}, "cv": 0.1}"#;
    const SECOND_QUARTER: &str =
        r#", "targets": [{"name": "Q2", "metric": "bookings", "period": "2027-Q2", "at_least": 1000000}]"#;

    #[test]
    fn a_rare_value_beyond_the_bar_is_named_with_and_without_a_tornado() {
        let [plain, deep] = played(RARE, "", 2_000);
        for answer in [&plain, &deep] {
            let told = ranking(&answer.forecast).unwrap();
            assert!(
                told.starts_with(
                    "Of the 2 ranges entered (0 with a source, 2 assumed), “sea: win rate” matters most (9"
                ),
                "{told}"
            );
        }
        let sensitivity = deep.deep.as_ref().unwrap().sensitivity.as_ref().unwrap();
        let marked: Vec<(&str, bool)> =
            sensitivity.inputs().map(|cause| (cause.label.as_str(), cause.bar.as_ref().unwrap().understates)).collect();
        assert_eq!(marked, [("sea: win rate", true), ("sea: leads a month", false)]);
        // One split: what the sensitivity found.
        let (shares, split) = (deep.forecast.main.variance.as_ref().unwrap(), sensitivity.split.as_ref().unwrap());
        assert_eq!((shares.inputs, shares.chance), (split.inputs, split.chance));
        assert_eq!(deep.forecast.main.input_shares[0].share, sensitivity.share(&sensitivity.causes[0]));
    }

    #[test]
    fn an_input_that_is_best_in_its_middle_is_not_called_noise() {
        let [plain, deep] = played(EVENT, SECOND_QUARTER, 2_000);
        for answer in [&plain, &deep] {
            let told = ranking(&answer.forecast).unwrap();
            let (head, share) = told.split_once(" brings ").unwrap_or_else(|| panic!("{told}"));
            assert_eq!(head, "The one range entered, “sea: sales cycle” (assumed),");
            assert!(share == "100\u{A0}% of the variance." || share == "99\u{A0}% of the variance.", "{told}");
        }
        let sensitivity = deep.deep.as_ref().unwrap().sensitivity.as_ref().unwrap();
        assert!(sensitivity.causes[0].bar.as_ref().unwrap().understates);
    }

    #[test]
    fn what_acts_evenly_is_not_marked_and_what_is_noise_not_named() {
        let even = r#""leads": {"monthly": {"mean": 2000, "cv": 0.1}}, "conversion": {"mean": 0.3, "cv": 0.1},
            "cycle": {"mean_days": {"mean": 45, "cv": 0.0001}}"#;
        let [plain, deep] = played(even, "", 2_000);
        for answer in [&plain, &deep] {
            let told = ranking(&answer.forecast).unwrap();
            assert!(told.contains("“sea: leads a month”") && told.contains("“sea: win rate”"), "{told}");
            assert!(!told.contains("sales cycle"), "{told}");
        }
        let sensitivity = deep.deep.as_ref().unwrap().sensitivity.as_ref().unwrap();
        assert!(sensitivity.inputs().all(|cause| !cause.bar.as_ref().unwrap().understates));
        // A single future, or a few, tell nothing.
        for trials in [50, 1] {
            let [few, _] = played(even, "", trials);
            assert_eq!(ranking(&few.forecast).unwrap(), "Fewer than 100 futures do not tell what matters most.");
            assert_eq!(split(&few.forecast), None);
        }
    }
}
