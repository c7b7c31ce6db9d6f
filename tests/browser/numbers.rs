//! The chart that the script draws and the one that stands on the page of the same forecast show the same numbers.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::pages::page;
use super::session::{Session, session};

/// A point of a picture.
type Spot = (f64, f64);

/// The marks of a chart, as they lie in its picture.
#[derive(Debug, Deserialize)]
struct Picture {
    /// What the chart says above its plot, or of itself.
    headline: String,
    /// The labels of the value axis.
    labels: Vec<String>,
    /// The heights of the axis' lines, in the order of the labels.
    steps: Vec<f64>,
    /// The names of months, quarters and years.
    names: Vec<String>,
    /// The outlines of the bands that hold 9, 8 and 5 in 10: their upper edges onward, their lower ones back.
    bands: Vec<Vec<Spot>>,
    median: Vec<Spot>,
    /// What has happened, and the name of the line at which that ends.
    past: Vec<Spot>,
    as_of: Vec<String>,
    plan: Vec<Spot>,
    /// The targets that hold for one period.
    targets: Vec<Spot>,
    target_names: Vec<String>,
}

/// Reads a drawing that stands on the page; its argument is the figure. A mark is known by its colour.
const DRAWN: &str = "
    const figure = document.querySelector(arguments[0]);
    const all = (name) => [...figure.querySelector('svg.wide').querySelectorAll(name)];
    const spots = (node) => node.getAttribute('points').trim().split(' ').map((spot) => spot.split(',').map(Number));
    const has = (name, value) => (node) => node.getAttribute(name) === value;
    const text = (node) => node.textContent.trim();
    const lines = all('polyline');
    const [[left, bottom], [right]] = spots(lines[0]);
    const across = lines.filter(has('stroke', lines[0].getAttribute('stroke'))).map(spots).filter(([from, to]) => from[1] === to[1]);
    const middle = ([a, b, c, d]) => [b[0], a[1]];
    return {
        headline: figure.querySelector('figcaption strong').textContent,
        labels: all('text').filter(has('text-anchor', 'end')).filter((node) => node.getAttribute('x') < left).map(text),
        steps: across.map(([[, y]]) => y),
        names: all('text').filter(has('text-anchor', 'middle')).filter((node) => node.getAttribute('y') > bottom).map(text),
        bands: all('polygon').map(spots).filter((outline) => outline.length > 4 || outline[0][0] < right).slice(0, 3),
        median: lines.filter(has('stroke', '#0A4680')).map(spots).reduce((most, next) => (next.length > most.length ? next : most)),
        past: lines.filter(has('stroke', '#008664')).flatMap(spots),
        as_of: all('text').map(text).filter((words) => words.startsWith('as of ')),
        plan: lines.filter(has('stroke', '#222222')).flatMap(spots).filter(([x]) => x <= right),
        targets: all('polygon').filter(has('fill', '#B8420A')).map(spots).map(middle),
        target_names: all('text').filter(has('font-weight', 'bold')).map(text),
    };";

/// Reads the chart that the script drew.
const LIVE: &str = "
    const chart = document.querySelector('#fan .plot svg');
    const all = (name) => [...chart.querySelectorAll(name)];
    const spots = (node) => node.getAttribute('d').match(/-?[\\d.]+,-?[\\d.]+/g).map((spot) => spot.split(',').map(Number));
    const at = (anchor) => all('text.label').filter((node) => node.getAttribute('text-anchor') === anchor).map((node) => node.textContent);
    return {
        headline: chart.getAttribute('aria-label'),
        labels: at('end'),
        steps: all('line.step, line.zero').map((node) => Number(node.getAttribute('y1'))),
        names: at('middle'),
        bands: ['.band9', '.band8', '.band5'].map((mark) => spots(chart.querySelector(mark))),
        median: spots(chart.querySelector('.median')),
        past: all('path.actual').flatMap(spots),
        as_of: all('.as-of-name').map((node) => node.textContent),
        plan: spots(chart.querySelector('.plan')),
        targets: all('path.target').map(spots).map(([[x, y]]) => [x, y + 7]),
        target_names: all('.target-name').map((node) => node.textContent),
    };";

fn picture(session: &Session, script: &str, figure: &str) -> Picture {
    serde_json::from_value(session.run(script, &[figure.into()])).expect("a chart has all of its marks")
}

/// The amounts in a text: "about €14.0M; 8 chances …" has 14,000,000. (The script, which knows no errors, writes €14M.)
fn amounts(text: &str) -> Vec<f64> {
    let amount = |word: &&str| word.starts_with(['€', '$', '\u{2212}']) && word.contains(|c: char| c.is_ascii_digit());
    text.split(' ').map(|word| word.trim_end_matches(['.', ',', ';'])).filter(amount).map(meant).collect()
}

/// What an amount says: 14,000,000.
fn meant(amount: &str) -> f64 {
    let digits: String = amount.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let unit = [("bn", 1e9), ("M", 1e6), ("k", 1e3)].into_iter().find(|(suffix, _)| amount.ends_with(suffix));
    let size = digits.parse::<f64>().unwrap_or_else(|_| panic!("{amount} is no amount"));
    let sign = if amount.starts_with('\u{2212}') { -1.0 } else { 1.0 };
    sign * size * unit.map_or(1.0, |(_, by)| by)
}

impl Picture {
    /// How much a pixel is worth.
    fn pixel(&self) -> f64 {
        let amounts: Vec<f64> = self.labels.iter().map(|label| meant(label)).collect();
        let last = amounts.len() - 1;
        assert!(last > 0 && self.steps.len() == amounts.len(), "{:?} at {:?}", self.labels, self.steps);
        (amounts[last] - amounts[0]) / (self.steps[0] - self.steps[last])
    }

    fn value(&self, y: f64) -> f64 {
        meant(&self.labels[0]) + (self.steps[0] - y) * self.pixel()
    }

    /// P95, P90, P75, P50, P25, P10 and P5 of each period.
    fn quantiles(&self) -> Vec<Vec<f64>> {
        let count = self.median.len();
        assert!(self.bands.iter().all(|outline| outline.len() == 2 * count), "{:?}", self.bands);
        let upper = self.bands.iter().map(|outline| outline[..count].to_vec());
        let lower = self.bands.iter().rev().map(|outline| outline[count..].iter().rev().copied().collect());
        let lines = upper.chain([self.median.clone()]).chain(lower);
        lines.map(|line| line.into_iter().map(|(_, y)| self.value(y)).collect()).collect()
    }

    /// How far along the fan something stands, from 0 to 1.
    fn part(&self, x: f64) -> f64 {
        let (first, last) = (self.median[0].0, self.median[self.median.len() - 1].0);
        (x - first) / (last - first)
    }

    /// The plan line at a part of the fan.
    fn plan_at(&self, part: f64) -> f64 {
        let after =
            self.plan.iter().position(|(x, _)| self.part(*x) >= part - 1e-9).unwrap_or(self.plan.len() - 1).max(1);
        let [(from, low), (to, high)] = [self.plan[after - 1], self.plan[after]];
        self.value(low + (high - low) * (part - self.part(from)) / (self.part(to) - self.part(from)))
    }
}

/// Compares the live chart with the drawing of a figure.
fn compare(session: &Session, what: &str, figure: &str) {
    let (drawn, live) = (picture(session, DRAWN, figure), picture(session, LIVE, figure));
    assert_eq!(amounts(&drawn.headline), amounts(&live.headline), "{what}: {} / {}", drawn.headline, live.headline);
    let common: Vec<(&String, &String)> = drawn
        .labels
        .iter()
        .flat_map(|a| live.labels.iter().map(move |b| (a, b)))
        .filter(|(a, b)| meant(a) == meant(b))
        .collect();
    // Where the steps are others, so may be the digits.
    let [drawn_step, live_step] = [&drawn, &live].map(|picture| meant(&picture.labels[1]) - meant(&picture.labels[0]));
    let said_alike = drawn_step != live_step || common.iter().all(|(a, b)| a == b);
    assert!(common.len() > 1 && said_alike, "{what}: {:?} / {:?}", drawn.labels, live.labels);
    let [names, all] = [&drawn.names, &live.names].map(|names| names.iter().collect::<BTreeSet<_>>());
    assert!(!names.is_empty() && names.is_subset(&all), "{what}: {names:?} / {all:?}");

    // A drawing is made of whole quarters of a pixel; the page has of each number what its error leaves of it, two digits at least.
    let rounded = |a: f64| 0.5 * libm::pow(10.0, libm::log10(a.abs().max(1.0)).floor() - 1.0);
    let near = |a: f64, b: f64| (a - b).abs() < 0.6 * drawn.pixel() + 0.1 * live.pixel() + rounded(b);
    let (quantiles, others) = (drawn.quantiles(), live.quantiles());
    for (i, (a, b)) in quantiles.iter().zip(&others).enumerate() {
        assert_eq!(a.len(), b.len(), "{what}");
        for (k, (a, b)) in a.iter().zip(b).enumerate() {
            assert!(near(*a, *b), "{what}: quantile {i} of point {k}: {a} is drawn, {b} is live");
        }
    }
    assert_eq!((drawn.past.len(), &drawn.as_of), (live.past.len(), &live.as_of), "{what}");
    for (a, b) in drawn.past.iter().zip(&live.past) {
        let apart = (drawn.part(a.0) - live.part(b.0)).abs();
        assert!(near(drawn.value(a.1), live.value(b.1)) && apart < 0.01, "{what}: past {a:?} / {b:?}");
    }
    // A plan line that lies on the median is not drawn by itself.
    assert!(!live.plan.is_empty(), "{what}: no plan line");
    if drawn.plan.is_empty() {
        for (x, y) in &live.median {
            let (plan, median) = (live.plan_at(live.part(*x)), live.value(*y));
            assert!((plan - median).abs() < 8.0 * live.pixel(), "{what}: plan at {x}: {plan}, median {median}");
        }
    }
    for (x, y) in &drawn.plan {
        let (a, b) = (drawn.value(*y), live.plan_at(drawn.part(*x)));
        assert!(near(a, b) || (a - b).abs() < 3.0 * drawn.pixel(), "{what}: plan at {x}: {a} is drawn, {b} is live");
    }
    assert_eq!(drawn.targets.len(), live.targets.len(), "{what}");
    for (a, b) in drawn.targets.iter().zip(&live.targets) {
        let apart = (drawn.part(a.0) - live.part(b.0)).abs();
        assert!(near(drawn.value(a.1), live.value(b.1)) && apart < 0.01, "{what}: target {a:?} / {b:?}");
    }
    // The script leaves a name out where it would hide something; a drawing may break it.
    let written = drawn.target_names.join(" ");
    assert!(live.target_names.iter().all(|name| written.contains(name)), "{what}: {written} / {:?}", live.target_names);
}

#[test]
fn the_live_chart_shows_what_the_drawing_of_the_same_figure_shows() {
    let Some(session) = session() else { return };
    for name in ["plan", "minimal", "levels", "mid-year"] {
        session.open_page(&page(name));
        session.resize(1000);
        compare(&session, name, "#fan");
        // What does not add up is shown by month at once.
        if name != "levels" {
            session.click("label:has([data-control=every][value=month])");
            compare(&session, &format!("{name}, monthly"), "#monthly-fan");
        }
    }
}
