//! The inputs of the page, each with what it can be moved to.

use maud::{Markup, html};

use crate::analysis::{Answer, DealOutlook};
use crate::documents::Header;
use crate::report::page::text::{name, text};
use crate::scenario::{FieldValue, Quantity, Scenario, Unit, counts_people, event_of, in_region};
use crate::units::format::{capitalize, count};
use crate::units::power_of_ten_at_most;

/// So many inputs, those that bring most of the variance, come first.
const FIRST: usize = 6;
/// So many open deals, in the order of `revcast pipeline`, can be won or lost.
const MOST_DEALS: usize = 10;
/// Sliders and choices that a page has room for.
const MOST: usize = 400;
/// A slider reaches so far to either side of its value, in parts of it.
const REACH: f64 = 0.5;
/// A slider has at least so many steps to either side.
const STEPS: f64 = 50.0;

/// A number that can be moved.
#[derive(Debug)]
struct Slider {
    path: String,
    label: String,
    /// Where it stands in the scenario: the number, or the mean of its draws.
    value: f64,
    /// One step of it.
    step: f64,
    /// How many steps it can go down and up.
    steps: [i64; 2],
    /// Its value as people read it.
    said: String,
    /// "8 in 10: 22.4 % to 27.6 %", of what is uncertain.
    range: Option<String>,
    note: Option<String>,
    /// Whether it is drawn together with others, so that it can only be moved to what is then known for sure.
    is_together: bool,
}

/// All that can be moved, in groups.
pub(super) fn controls(answer: &Answer, scenario: &Scenario) -> Markup {
    let header = &answer.forecast.header;
    let has_goal = !answer.forecast.targets.is_empty();
    let sliders: Vec<Slider> =
        ranked(answer, scenario).iter().filter_map(|path| Slider::of(scenario, header, path)).take(MOST).collect();
    // Only what clearly brings some of the variance is said to matter.
    let shares = &answer.forecast.main.input_shares;
    let counts = |slider: &&Slider| shares.iter().any(|share| share.path == slider.path && share.counts());
    let matter = sliders.iter().take_while(counts).count().min(FIRST);
    let (title, first) = if matter > 0 { ("What matters most", matter) } else { ("Inputs", FIRST.min(sliders.len())) };
    let (first, rest) = sliders.split_at(first);
    let list = |sliders: &[&Slider]| html! { @for slider in sliders { (slider.markup(has_goal)) } };
    let place = |slider: &Slider| in_region(&slider.path).map(|(key, _)| key.to_owned());
    let regions = scenario.regions.keys().map(|key| (scenario.region_label(key), Some(key.clone())));
    let groups = regions.chain([("Outside the regions", None)]).map(|(title, key)| {
        let own: Vec<&Slider> = rest.iter().filter(|slider| place(slider) == key).collect();
        (title, own)
    });
    html! {
        fieldset.inputs disabled {
            legend { (title) }
            (list(&first.iter().collect::<Vec<_>>()))
            @if sliders.is_empty() { p.quiet { "No number of the scenario can be moved." } }
        }
        (levers(scenario, header))
        (events(header))
        (deals(answer))
        @for (title, own) in groups.filter(|(_, own)| !own.is_empty()) {
            details.group {
                summary { (name(title)) " (" (count(own.len(), "input")) ")" }
                fieldset.inputs disabled { legend.unseen { (name(title)) } (list(&own)) }
            }
        }
    }
}

/// The paths of what can be moved: what brings most of the variance first, then what is uncertain, then what is fixed.
fn ranked(answer: &Answer, scenario: &Scenario) -> Vec<String> {
    let forecast = &answer.forecast;
    let shares = forecast.main.input_shares.iter().map(|share| share.path.clone());
    let uncertain = forecast.inputs.iter().map(|input| input.path.clone());
    let fixed = forecast
        .fixed
        .iter()
        .filter(|field| field.is_quantity || field.path == "market.volatility")
        .map(|field| field.path.clone());
    let mut paths: Vec<String> = Vec::new();
    let people = scenario.regions.keys().flat_map(|key| {
        let field = |people: &str| format!("regions.{key}.team.{people}.headcount");
        ["account_executives", "sales_development"].map(field)
    });
    // Of what is drawn together the tables of chances by age are no single number.
    let together = scenario.columns().into_iter().map(|(path, _)| path).filter(|path| !path.contains('['));
    let (pace, together): (Vec<String>, Vec<String>) = together.partition(|path| path.contains(".closing."));
    for path in shares.chain(uncertain).chain(together).chain(pace).chain(people).chain(fixed) {
        if event_of(&path).is_none() && !path.ends_with("].chance") && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

impl Slider {
    /// The slider of a field; `None` where it is no number that can be moved.
    fn of(scenario: &Scenario, header: &Header, path: &str) -> Option<Slider> {
        let field = scenario.fields(path).ok()?.into_iter().next()?;
        let (value, most) = match field.value {
            FieldValue::Number(x) => (x, f64::INFINITY),
            FieldValue::Draws { mean, most } => (mean, most * mean),
        };
        // Where it cannot be moved by a little there is nothing to drag.
        let is_together = scenario.quantity(path).is_some_and(Quantity::is_column);
        if !is_together && scenario.at_mean(path, value).is_err() {
            return None;
        }
        let unit = Unit::of(path);
        let law = scenario.quantity(path).map(|quantity| quantity.law().clone());
        let ends = law.filter(|law| law.as_fixed().is_none()).map(|law| [0.1, 0.9].map(|p| law.quantile(p)));
        let width = ends.map_or(0.0, |[low, high]| high - low);
        let reach = match value {
            0.0 => match unit {
                Unit::Share | Unit::Rate => 0.1,
                _ => return None,
            },
            value => f64::max(REACH * value.abs(), 1.5 * width),
        };
        let people = counts_people(path);
        let step = if people { 1.0 } else { nice(reach / STEPS) };
        let (low, high) = match unit {
            Unit::Share => (0.0, f64::min(1.0, most)),
            Unit::Rate | Unit::Exponent => (-1.0, f64::INFINITY),
            // Quotas and activities need somebody.
            _ if people => (1.0, f64::INFINITY),
            _ => (0.0, f64::INFINITY),
        };
        // What is uncertain, or stands below a line, does not reach the end of what the field may hold.
        let inside = |end: f64| {
            if field.value == FieldValue::Number(value) && unit == Unit::Share || people {
                end
            } else {
                value + 0.999 * (end - value)
            }
        };
        let steps_to =
            |end: f64| if end.is_finite() { ((inside(end) - value).abs() / step).floor() } else { f64::INFINITY };
        let all = (reach / step).round().max(1.0);
        let steps = [-(all.min(steps_to(low))) as i64, all.min(steps_to(high)) as i64];
        let currency = header.currency_of(path);
        let quantity = scenario.quantity(path);
        let fixed = header.fixed.iter().find(|fixed| fixed.path == path);
        Some(Slider {
            is_together,
            path: path.to_owned(),
            label: scenario.label(path),
            value,
            step,
            steps,
            said: unit.said(currency, value),
            range: ends.map(|ends| {
                let [low, high] = ends.map(|x| unit.said(currency, x));
                format!("8 in 10: {low} to {high}")
            }),
            note: quantity
                .and_then(|quantity| quantity.note())
                .or(fixed.and_then(|fixed| fixed.note.as_deref()))
                .map(str::to_owned),
        })
    }

    /// With what it takes, where there is a goal.
    fn markup(&self, has_goal: bool) -> Markup {
        let id = format!("input {}", self.path).replace(' ', "-");
        html! {
            div.input data-path=(self.path) data-value=(self.value) data-step=(self.step) data-together[self.is_together] {
                label for=(id) { (name(&capitalize(&self.label))) }
                button type="button" data-reset hidden { "Reset" }
                output for=(id) { (text(&self.said)) }
                input type="range" id=(id) min=(self.steps[0]) max=(self.steps[1]) value="0" step="1" aria-valuetext=(text(&self.said));
                div.beside-input {
                    @if self.is_together { span.quiet { "then known for sure" } } @else if self.range.is_some() { label.fix { input type="checkbox" data-fix; " known for sure" } }
                    @if has_goal { button type="button" data-goal { "What it takes" } }
                    @if let Some(range) = &self.range { span.quiet.range { (text(range)) } }
                    @if let Some(note) = &self.note { details.why { summary { "Why" } p { (text(note)) } } }
                }
            }
        }
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is not above `x`.
fn nice(x: f64) -> f64 {
    let power = power_of_ten_at_most(x);
    [5.0, 2.0].into_iter().find(|times| times * power <= x * (1.0 + 1e-9)).unwrap_or(1.0) * power
}

/// The levers, each to be ticked.
fn levers(scenario: &Scenario, header: &Header) -> Markup {
    html! {
        @if !scenario.levers.is_empty() {
            fieldset.inputs.levers disabled {
                legend { "Levers" }
                @for lever in scenario.levers.iter().take(MOST) {
                    label.choice-row { input type="checkbox" data-lever=(lever.name); span { (name(&lever.name)) " " span.quiet { "costs " (text(&header.currency.exact(lever.cost))) ", not deducted here" } } }
                }
            }
        }
    }
}

/// Whether events happen.
fn events(header: &Header) -> Markup {
    html! {
        @if !header.events.is_empty() {
            fieldset.inputs disabled {
                legend { "What may happen" }
                @for event in header.events.iter().take(MOST) {
                    @let said = Unit::Share.said(&header.currency, event.chance);
                    (choice(&event.path, &format!("{} ({})", event.name, event.month.name()), [&format!("as it stands ({said})"), "happens", "does not happen"]))
                }
            }
        }
    }
}

/// Which of the first open deals are won.
fn deals(answer: &Answer) -> Markup {
    let Some(pipeline) = &answer.pipeline else { return html! {} };
    let said = |deal: &DealOutlook| {
        let amount = deal.amount.map(|amount| answer.forecast.currency.exact(amount));
        let label = deal.label.as_deref().unwrap_or(&deal.id);
        amount.map_or_else(|| label.to_owned(), |amount| format!("{label}, {amount}"))
    };
    html! {
        @if !pipeline.deals.is_empty() {
            fieldset.inputs disabled {
                legend { "Open deals" }
                @for deal in pipeline.deals.iter().take(MOST_DEALS) {
                    (choice(&format!("pipeline[{}].win_probability", deal.id), &said(deal), ["as it stands", "won", "lost"]))
                }
            }
        }
    }
}

/// A choice of three: as it stands, 1 or 0.
fn choice(path: &str, label: &str, [as_is, yes, no]: [&str; 3]) -> Markup {
    html! {
        label.choice-row {
            span { (name(label)) }
            select data-choice=(path) {
                option value="" { (text(as_is)) }
                option value="1" { (yes) }
                option value="0" { (no) }
            }
        }
    }
}
