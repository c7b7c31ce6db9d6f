//! Where the variance of the main figure comes from, and which inputs bring it.

use crate::charts::axes::ticks::Scale;
use crate::charts::canvas::drawing::{Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style::{self, Shade};
use crate::charts::canvas::text::short_name;
use crate::charts::marks::callout::line;
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::stacked_bar::{self, Part};
use crate::charts::marks::top_labels::{self, TopLabel};
use crate::charts::wording::words;
use crate::forecast::{Forecast, InputShare};
use crate::stats::Estimate;

/// Most inputs that are shown, and on a preview.
const MAX_INPUTS: usize = 8;
const MAX_INPUTS_IN_PREVIEW: usize = 3;

/// What the shares of events, exchange rates, people, open deals and luck are called.
const EVENTS: &str = "which events happen";
const RATES: &str = "exchange rates";
const PEOPLE: &str = "people";
const OPEN_DEALS: &str = "open deals";
const LUCK: &str = "luck";

/// What is said where none of the inputs is more than noise.
const NO_INPUT: &str = "no input stands out from the simulation's noise";

/// A cause of variance.
struct Cause {
    name: &'static str,
    share: Estimate,
    shade: Shade,
}

/// The chart, laid out; `None` where too little is known of either.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let shares = shares(forecast);
    let inputs = strongest(forecast, if sheet.is_preview() { MAX_INPUTS_IN_PREVIEW } else { MAX_INPUTS });
    // One cause alone is no picture.
    if shares.len() < 2 && inputs.is_empty() {
        return None;
    }
    let (mut drawing, top) = headline(forecast, &shares, &inputs, &sheet).begin(forecast, size);
    let bottom = sheet.height - sheet.scaled(if sheet.is_preview() || sheet.is_inset() { 20.0 } else { 54.0 });
    let mut y = top;
    if !shares.is_empty() {
        y += top_labels::height(&sheet, 2);
        let high = sheet.scaled(if inputs.is_empty() { 120.0 } else { 40.0 });
        let bar = Rect { left: sheet.margin, right: sheet.width - sheet.margin, top: y, bottom: y + high };
        draw_shares(&mut drawing, &bar, &shares);
        y = bar.bottom + sheet.scaled(if sheet.is_preview() { 12.0 } else { 36.0 });
    }
    if !inputs.is_empty() {
        if !sheet.is_preview() {
            drawing.text(Text::new("Of the ranges entered", (sheet.margin, y), sheet.label).bold());
            y += sheet.scaled(14.0);
        }
        draw_inputs(&mut drawing, forecast, &inputs, (y, bottom));
    }
    Some(drawing)
}

/// The causes of variance that there are: those that are 0 for certain are none.
fn shares(forecast: &Forecast) -> Vec<Cause> {
    let Some(shares) = &forecast.main.variance else {
        return Vec::new();
    };
    let all = shares.told([
        EVENTS,
        forecast.header.ranges_named(),
        "the market factor",
        "the closing pace",
        RATES,
        PEOPLE,
        OPEN_DEALS,
        LUCK,
    ]);
    let shade = |name: &str| match name {
        "the market factor" => style::PARTS[1],
        "the closing pace" => style::PARTS[4],
        OPEN_DEALS => style::PARTS[3],
        LUCK => style::PARTS[2],
        EVENTS => style::PARTS[5],
        RATES => style::REST,
        PEOPLE => style::PARTS[6],
        _ => style::PARTS[0],
    };
    all.into_iter()
        .map(|(name, share)| Cause { name, share, shade: shade(name) })
        .filter(|Cause { share, .. }| {
            share.known().is_finite() && (share.value != Some(0.0) || share.error != Some(0.0))
        })
        .collect()
}

/// The inputs that bring most of the variance, but for those that do so by chance alone.
fn strongest(forecast: &Forecast, most: usize) -> Vec<&InputShare> {
    forecast.main.input_shares.iter().filter(|input| input.counts()).take(most).collect()
}

fn draw_shares(drawing: &mut Drawing, bar: &Rect, shares: &[Cause]) {
    let sheet = drawing.sheet;
    let sum: f64 = shares.iter().map(|cause| cause.share.known().max(0.0)).sum();
    let scale = if sum > 0.0 { bar.width() / sum } else { 0.0 };
    let parts: Vec<Part> = shares
        .iter()
        .map(|cause| Part {
            // A small share may come out below 0 by its error.
            length: cause.share.known().max(0.0) * scale,
            shade: cause.shade,
            // Elsewhere it stands above the bar.
            lines: if sheet.is_preview() { vec![words::share(cause.share.known())] } else { Vec::new() },
        })
        .collect();
    let middles = stacked_bar::draw(drawing, bar, &parts);
    let named = shares.iter().zip(middles).map(|(Cause { name, share, .. }, x)| TopLabel {
        x,
        lines: vec![
            line(name, &sheet),
            line(&words::share_within(share.known(), share.error.unwrap_or_default()), &sheet).bold(),
        ],
        ink: style::INK,
        leader: Some(style::AXIS_LINE),
    });
    top_labels::write(drawing, named.collect(), (bar.left, bar.right), bar.top - 2.0);
}

/// A bar for the share that each input brings.
fn draw_inputs(drawing: &mut Drawing, forecast: &Forecast, inputs: &[&InputShare], (top, bottom): (f64, f64)) {
    let sheet = drawing.sheet;
    let room = 0.42 * sheet.room();
    let names: Vec<String> =
        inputs.iter().map(|input| short_name(&name(forecast, &input.path), sheet.label, false, room)).collect();
    let widest = names.iter().fold(0.0, |most: f64, text| most.max(font::width(text, sheet.label, false)));
    let value = sheet.scaled(if sheet.is_preview() { 8.0 } else { 62.0 });
    let high = inputs.iter().fold(0.0, |high: f64, input| high.max(input.share.known()));
    let left = sheet.margin + 1.03 * widest + sheet.scaled(14.0);
    let across = Scale::new((0.0, high), (left, sheet.width - sheet.margin - value));
    let zero = across.at(0.0);
    let slot = ((bottom - top) / inputs.len() as f64).min(sheet.scaled(44.0));
    for (i, (input, name)) in inputs.iter().zip(names).enumerate() {
        let y = top + slot * (i as f64 + 0.5);
        let end = across.at(input.share.known());
        let bar = Rect { left: zero, right: end, top: y - 0.34 * slot, bottom: y + 0.34 * slot };
        // In the colour of the ranges, of which they are parts.
        drawing.area(bar.corners(), style::PARTS[0].fill);
        let baseline = y + 0.36 * sheet.label;
        drawing.text(Text::new(&name, (sheet.margin, baseline), sheet.label));
        if !sheet.is_preview() {
            drawing.text(Text::new(&words::share(input.share.known()), (end + 6.0, baseline), sheet.label));
        }
    }
    drawing.line(vec![(zero, top), (zero, top + slot * inputs.len() as f64)], style::AXIS_LINE, 1.5);
}

/// What people call an input.
fn name(forecast: &Forecast, path: &str) -> String {
    forecast.inputs.iter().find(|input| input.path == path).map_or(path, |input| &input.label).to_owned()
}

fn headline(forecast: &Forecast, shares: &[Cause], inputs: &[&InputShare], sheet: &Sheet) -> Headline {
    let main = &forecast.main;
    let horizon = forecast.horizon();
    let measured = words::measured_when(forecast, sheet);
    let briefly = words::briefly_when(&horizon, &main.period, main.metric);
    let subject = words::subject(forecast, sheet);
    let when = words::when(&horizon, &main.period, main.metric);
    let most = shares.iter().max_by(|a, b| a.share.known().total_cmp(&b.share.known()));
    let input = inputs.first().map(|input| {
        let name = short_name(&name(forecast, &input.path), sheet.title, true, words::name_room(sheet));
        let clear = main.leaders().first.len() == 1;
        if clear {
            format!("the strongest input is “{name}”")
        } else {
            format!("among the strongest inputs is “{name}”")
        }
    });
    let noise = main.input_shares.iter().any(|input| !input.counts());
    let input = input.or_else(|| noise.then(|| NO_INPUT.to_owned()));
    let (titles, briefs) = match (most, input) {
        (Some(Cause { name: cause, share, .. }), input) => {
            let share = words::share(share.known());
            let title = format!("{share} of the variance of {measured} comes from {cause}");
            let short = format!("{share} of the variance comes from {cause}");
            let moved = |title: &String| input.as_ref().map(|input| format!("{title}; {input}"));
            (
                [moved(&title), moved(&short), Some(title), Some(short.clone())].into_iter().flatten().collect(),
                vec![format!("{subject} {briefly}: {share} of variance from {cause}"), short],
            )
        }
        (None, Some(input)) => (
            vec![format!("{subject} {when}: {input}"), format!("{subject}: {input}")],
            vec![format!("{subject} {briefly}: {input}"), words::capital(&input)],
        ),
        (None, None) => (vec![format!("{subject} {when}")], vec![format!("{subject} {briefly}")]),
    };
    let (title, brief) = (frame::with_room(titles, sheet), frame::with_room(briefs, sheet));
    Headline { title, brief, subtitle: subtitle(forecast, shares, inputs, noise) }
}

fn subtitle(forecast: &Forecast, shares: &[Cause], inputs: &[&InputShare], noise: bool) -> String {
    let ranges = forecast.header.ranges_named();
    let mut sentences = Vec::new();
    if !shares.is_empty() {
        let open = if shares.iter().any(|cause| cause.name == OPEN_DEALS) {
            "from open deals (which of them are won), "
        } else {
            ""
        };
        sentences.push(format!(
            "Variance: from {ranges} (what is not known of the business), from the market factor, {open}from luck (what \
             would vary even if all inputs were known); ± is a standard error."
        ));
    }
    if !inputs.is_empty() {
        let shared = if forecast.correlated_pairs > 0 && inputs.len() > 1 {
            "; correlated ranges count for each other, so that they may add up to more than all of them bring"
        } else {
            ""
        };
        sentences.push(format!("Of each range entered: what of the variance it brings{shared}."));
    }
    if noise {
        let left_out = if inputs.is_empty() {
            "No input brings more than three standard errors."
        } else {
            "Inputs that bring less than three standard errors are left out."
        };
        sentences.push(left_out.to_owned());
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::forecast::Sample;

    #[test]
    fn inputs_within_the_noise_are_left_out() {
        let mut forecast = Sample { inputs: 3, ..Sample::PLAIN }.forecast();
        let inputs = &mut forecast.main.input_shares;
        inputs.iter_mut().for_each(|input| input.share = Estimate { value: Some(0.01), error: Some(0.02) });
        inputs[0].share.value = Some(0.07);
        assert_eq!(strongest(&forecast, MAX_INPUTS).len(), 1);
        assert!(layout(&forecast, Size::Slide).unwrap().title.contains("the strongest input"));
        forecast.main.input_shares[0].share.value = Some(0.05);
        assert!(strongest(&forecast, MAX_INPUTS).is_empty());
        let title = layout(&forecast, Size::Slide).unwrap().title;
        assert!(title.ends_with("; no input stands out from the simulation's noise"), "{title}");
    }
}
