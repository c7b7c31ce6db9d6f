//! Where the variance of the main figure comes from, and which inputs it goes with.

use crate::charts::axes::ticks::Scale;
use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style::{self, Shade};
use crate::charts::canvas::text::short_name;
use crate::charts::marks::callout::line;
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::stacked_bar::{self, Part};
use crate::charts::marks::top_labels::{self, TopLabel};
use crate::charts::wording::words;
use crate::forecast::{Forecast, RankCorrelation};
use crate::stats::Estimate;

/// Most inputs that are shown, and on a preview.
const MAX_INPUTS: usize = 8;
const MAX_INPUTS_IN_PREVIEW: usize = 3;

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
            let heading = format!("Rank correlation of the inputs with {}", forecast.main.metric.name());
            drawing.text(Text::new(&heading, (sheet.margin, y), sheet.label).bold());
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
    let all = [("the ranges entered", shares.inputs), ("the market factor", shares.market), ("chance", shares.chance)];
    all.into_iter()
        .zip(style::PARTS)
        .map(|((name, share), shade)| Cause { name, share, shade })
        .filter(|Cause { share, .. }| {
            share.known().is_finite() && (share.value != Some(0.0) || share.error != Some(0.0))
        })
        .collect()
}

/// Whether a correlation is more than the simulation's noise makes of none.
fn exceeds_noise(input: &RankCorrelation) -> bool {
    input.rho.error.is_none_or(|error| input.rho.known().abs() > 2.0 * error)
}

/// The inputs that go most closely with the figure, but for those that do so by chance alone.
fn strongest(forecast: &Forecast, most: usize) -> Vec<&RankCorrelation> {
    let mut found: Vec<&RankCorrelation> = forecast
        .main
        .rank_correlations
        .iter()
        .filter(|input| input.rho.known().is_finite() && exceeds_noise(input))
        .collect();
    found.sort_by(|a, b| b.rho.known().abs().total_cmp(&a.rho.known().abs()));
    found.truncate(most);
    found
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

/// Bars to the right for inputs that go with the figure, to the left for those that go against it.
fn draw_inputs(drawing: &mut Drawing, forecast: &Forecast, inputs: &[&RankCorrelation], (top, bottom): (f64, f64)) {
    let sheet = drawing.sheet;
    let room = 0.42 * sheet.room();
    let names: Vec<String> =
        inputs.iter().map(|input| short_name(&name(forecast, &input.path), sheet.label, false, room)).collect();
    let widest = names.iter().fold(0.0, |most: f64, text| most.max(font::width(text, sheet.label, false)));
    let value = sheet.scaled(if sheet.is_preview() { 8.0 } else { 62.0 });
    let (low, high) =
        inputs.iter().fold((0.0, 0.0), |(low, high): (f64, f64), i| (low.min(i.rho.known()), high.max(i.rho.known())));
    let left = sheet.margin + 1.03 * widest + sheet.scaled(14.0) + if low < 0.0 { value } else { 0.0 };
    let across = Scale::new((low, high), (left, sheet.width - sheet.margin - value));
    let zero = across.at(0.0);
    let slot = ((bottom - top) / inputs.len() as f64).min(sheet.scaled(44.0));
    for (i, (input, name)) in inputs.iter().zip(names).enumerate() {
        let y = top + slot * (i as f64 + 0.5);
        let end = across.at(input.rho.known());
        let (fill, sign) = if input.rho.known() < 0.0 { (style::AGAINST, "−") } else { (style::BANDS[2], "") };
        let bar = Rect { left: zero.min(end), right: zero.max(end), top: y - 0.34 * slot, bottom: y + 0.34 * slot };
        drawing.area(bar.corners(), fill);
        let baseline = y + 0.36 * sheet.label;
        drawing.text(Text::new(&name, (sheet.margin, baseline), sheet.label));
        if !sheet.is_preview() {
            let text = format!("{sign}{:.2}", input.rho.known().abs());
            let (x, anchor) =
                if input.rho.known() < 0.0 { (end - 6.0, Anchor::End) } else { (end + 6.0, Anchor::Start) };
            drawing.text(Text::new(&text, (x, baseline), sheet.label).at(anchor));
        }
    }
    drawing.line(vec![(zero, top), (zero, top + slot * inputs.len() as f64)], style::AXIS_LINE, 1.5);
}

/// What people call an input.
fn name(forecast: &Forecast, path: &str) -> String {
    forecast.inputs.iter().find(|input| input.path == path).map_or(path, |input| &input.label).to_owned()
}

fn headline(forecast: &Forecast, shares: &[Cause], inputs: &[&RankCorrelation], sheet: &Sheet) -> Headline {
    let main = &forecast.main;
    let horizon = forecast.horizon();
    let measured = words::measured_when(forecast, sheet);
    let briefly = words::briefly_when(&horizon, &main.period, main.metric);
    let subject = words::subject(forecast, sheet);
    let when = words::when(&horizon, &main.period, main.metric);
    let most = shares.iter().max_by(|a, b| a.share.known().total_cmp(&b.share.known()));
    let input = inputs.first().map(|input| {
        let name = short_name(&name(forecast, &input.path), sheet.title, true, words::name_room(sheet));
        // Who is first may be decided by chance alone.
        let others =
            main.rank_correlations.iter().filter(|next| next.rho.known().is_finite() && next.path != input.path);
        let next = others.max_by(|a, b| a.rho.known().abs().total_cmp(&b.rho.known().abs()));
        let clear = next.is_none_or(|next| {
            let error = libm::hypot(input.rho.error.unwrap_or(0.0), next.rho.error.unwrap_or(0.0));
            input.rho.known().abs() - next.rho.known().abs() > 2.0 * error
        });
        if clear {
            format!("the strongest input is “{name}”")
        } else {
            format!("among the strongest inputs is “{name}”")
        }
    });
    let noise = main.rank_correlations.iter().any(|input| !exceeds_noise(input));
    let input = input.or_else(|| noise.then(|| NO_INPUT.to_owned()));
    let (titles, briefs) = match (most, input) {
        (Some(Cause { name: cause, share, .. }), input) => {
            let verb = if *cause == "chance" { "is" } else { "comes from" };
            let share = words::share(share.known());
            let title = format!("{share} of the variance of {measured} {verb} {cause}");
            let short = format!("{share} of the variance {verb} {cause}");
            let moved = |title: &String| input.as_ref().map(|input| format!("{title}; {input}"));
            (
                [moved(&title), moved(&short), Some(title), Some(short.clone())].into_iter().flatten().collect(),
                vec![format!("{subject} {briefly}: {share} of variance {verb} {cause}"), short],
            )
        }
        (None, Some(input)) => (
            vec![format!("{subject} {when}: {input}"), format!("{subject}: {input}")],
            vec![format!("{subject} {briefly}: {input}"), words::capital(&input)],
        ),
        (None, None) => (vec![format!("{subject} {when}")], vec![format!("{subject} {briefly}")]),
    };
    let (title, brief) = (frame::with_room(titles, sheet), frame::with_room(briefs, sheet));
    Headline { title, brief, subtitle: subtitle(shares, inputs, noise) }
}

fn subtitle(shares: &[Cause], inputs: &[&RankCorrelation], noise: bool) -> String {
    let mut sentences = Vec::new();
    if !shares.is_empty() {
        sentences.push(
            "Variance: from the ranges entered (what is not known of the business), from the market factor, from chance (what \
             would vary even if all inputs were known); ± is a standard error.",
        );
    }
    if !inputs.is_empty() {
        sentences.push(
            "Rank correlation (Spearman): 1 if the figure always rises with the input, −1 if it always falls, 0 if they have \
             nothing to do with each other.",
        );
    }
    if noise {
        sentences.push(if inputs.is_empty() {
            "All rank correlations with inputs lie within two standard errors of 0."
        } else {
            "Those within two standard errors of 0 are left out."
        });
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
        let inputs = &mut forecast.main.rank_correlations;
        inputs.iter_mut().for_each(|input| input.rho = Estimate { value: Some(0.01), error: Some(0.02) });
        inputs[1].rho.value = Some(-0.05);
        assert_eq!(strongest(&forecast, MAX_INPUTS).len(), 1);
        assert!(layout(&forecast, Size::Slide).unwrap().title.contains("among the strongest inputs"));
        forecast.main.rank_correlations[1].rho.value = Some(0.04);
        assert!(strongest(&forecast, MAX_INPUTS).is_empty());
        let title = layout(&forecast, Size::Slide).unwrap().title;
        assert!(title.ends_with("; no input stands out from the simulation's noise"), "{title}");
    }
}
