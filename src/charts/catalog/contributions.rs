//! What each region contributes to the main figure in a bad, a middle and a good outcome; many regions in few groups.

use std::collections::BTreeMap;

use super::first_reach::NAMES;
use crate::charts::canvas::drawing::{Drawing, Rect, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::text::{fit, wrap};
use crate::charts::canvas::{font, style};
use crate::charts::marks::callout::line;
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::stacked_bar::{self, Part};
use crate::charts::marks::top_labels::{self, TopLabel};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::Forecast;
use crate::model::ScopeKind;
use crate::scenario::Metric;

/// The chart, laid out; `None` where the parts are not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let groups = Groups::of(forecast)?;
    let figures = Figures::Of(forecast.main.metric, &forecast.currency);
    let rows: Vec<usize> = (0..3).filter(|at| groups.sum(*at).is_some_and(|sum| sum > 0.0)).collect();
    let longest = rows.iter().filter_map(|at| groups.sum(*at)).fold(0.0, f64::max);
    if longest <= 0.0 || !longest.is_finite() {
        return None;
    }
    let (mut drawing, top) = headline(forecast, &figures, &groups, &rows, &sheet).begin(forecast, size);

    let widest =
        |texts: &[&str], size: f64| texts.iter().fold(0.0, |most: f64, text| most.max(font::width(text, size, false)));
    let named = if sheet.is_preview() {
        widest(&["P10", "P90"], sheet.axis)
    } else {
        widest(&[0, 1, 2].map(|at| outcome(forecast.main.metric, at)), sheet.label)
    };
    let left = sheet.margin + 1.03 * named + sheet.scaled(14.0);
    let totals: Vec<String> = rows.iter().map(|at| total(forecast, &figures, *at)).collect();
    let end = totals.iter().map(|text| font::width(text, sheet.label, true)).fold(0.0, f64::max);
    let end = if sheet.is_preview() { 0.0 } else { 1.05 * end + sheet.scaled(12.0) };
    let right = sheet.width - sheet.margin - end;
    let plot = Rect {
        left,
        right,
        top: top + top_labels::height(&sheet, 2),
        bottom: sheet.height - sheet.scaled(if sheet.is_preview() { 20.0 } else { 50.0 }),
    };
    let slot = plot.height() / rows.len() as f64;
    let high = (0.72 * slot).min(sheet.scaled(110.0));

    let mut above: Vec<Option<f64>> = Vec::new();
    for (row, at) in rows.iter().enumerate() {
        let bar = Rect { left, right, top: plot.top + slot * row as f64, bottom: plot.top + slot * row as f64 + high };
        let mut parts = parts(forecast, &figures, &groups, *at, plot.width() / longest);
        // A group that the first bar lacks has its name where it first appears.
        for (i, group) in groups.groups.iter().enumerate() {
            let before = &rows[..row];
            if row > 0 && parts[i].length > 0.0 && before.iter().all(|at| group.parts[*at] == Some(0.0)) {
                parts[i].lines.insert(0, group.label.clone());
            }
        }
        let middles = stacked_bar::draw(&mut drawing, &bar, &parts);
        let length = groups.sum(*at).unwrap_or_default() * plot.width() / longest;
        label_bar(&mut drawing, &bar, length, (NAMES[*at], outcome(forecast.main.metric, *at)), &totals[row]);
        if row == 0 {
            let drawn = |part: &Part| part.length > 0.0;
            above = middles.into_iter().zip(&parts).map(|(x, part)| drawn(part).then_some(x)).collect();
        }
    }
    top_labels::write(&mut drawing, name_groups(&groups, &above, &sheet, right - left), (left, right), plot.top - 2.0);
    Some(drawing)
}

/// The parts of one bar: each with its value and its share.
fn parts(forecast: &Forecast, figures: &Figures<'_>, groups: &Groups, at: usize, scale: f64) -> Vec<Part> {
    let sum = groups.sum(at).unwrap_or_default();
    // A group of several regions is as uncertain as the most uncertain of them at least.
    let errors = forecast.main.contributions.iter().filter(|part| part.at as usize == at).map(|part| part.error);
    let error = errors.fold(0.0, f64::max);
    let shade = |i: usize, rest: bool| if rest { style::REST } else { style::PARTS[ORDER[i % ORDER.len()]] };
    groups
        .groups
        .iter()
        .enumerate()
        .map(|(i, group)| {
            let value = group.parts[at].unwrap_or_default();
            Part {
                length: value * scale,
                shade: shade(i, group.rest),
                lines: vec![figures.about(value, Some(error)), words::share(value / sum)],
            }
        })
        .collect()
}

/// Writes the percentile at the left of its bar, and what all parts add up to at the right.
fn label_bar(drawing: &mut Drawing, bar: &Rect, length: f64, (name, outcome): (&str, &str), total: &str) {
    let sheet = drawing.sheet;
    let (_, middle) = bar.middle();
    let baseline = middle + 0.36 * sheet.label;
    if sheet.is_preview() {
        drawing.text(Text::new(name, (sheet.margin, baseline), sheet.axis).ink(style::QUIET));
        return;
    }
    let step = sheet.scaled(18.0);
    drawing.text(Text::new(name, (sheet.margin, baseline - step / 2.0), sheet.label).bold());
    drawing.text(Text::new(outcome, (sheet.margin, baseline + step / 2.0), sheet.label).ink(style::QUIET));
    drawing.text(Text::new(total, (bar.left + length + sheet.scaled(8.0), baseline), sheet.label).bold());
}

/// The names of the groups, above their parts of the first bar, if they have any there.
fn name_groups(groups: &Groups, middles: &[Option<f64>], sheet: &Sheet, room: f64) -> Vec<TopLabel> {
    let named = |each: f64| -> Vec<TopLabel> {
        let flag = |(group, x): (&Group, &Option<f64>)| {
            Some(TopLabel {
                x: (*x)?,
                lines: wrap(&group.label, sheet.label, false, each, 2).iter().map(|text| line(text, sheet)).collect(),
                ink: style::INK,
                leader: Some(style::AXIS_LINE),
            })
        };
        groups.groups.iter().zip(middles).filter_map(flag).collect()
    };
    // Short names leave room for longer ones.
    let even = room / groups.groups.len() as f64;
    [3.0, 2.5, 2.0, 1.6, 1.3, 1.1]
        .into_iter()
        .map(|times| named(times * even - sheet.scaled(20.0)))
        .find(|flags| flags.iter().map(|flag| top_labels::width(sheet, flag)).sum::<f64>() <= room)
        .unwrap_or_else(|| named(0.94 * even - sheet.scaled(20.0)))
}

/// What the main figure is at a percentile.
fn total(forecast: &Forecast, figures: &Figures<'_>, at: usize) -> String {
    let bands = &forecast.main.bands;
    let found = [bands.p10, bands.p50, bands.p90][at];
    found.value.map_or_else(String::new, |value| figures.about(value, found.error))
}

/// What an outcome at a percentile is called; more is not always better.
fn outcome(metric: Metric, at: usize) -> &'static str {
    if metric.spec().better_low {
        ["a low outcome", "the middle", "a high one"][at]
    } else {
        ["a bad outcome", "the middle", "a good one"][at]
    }
}

fn headline(forecast: &Forecast, figures: &Figures<'_>, groups: &Groups, rows: &[usize], sheet: &Sheet) -> Headline {
    let main = &forecast.main;
    let briefly = words::briefly_when(&forecast.horizon(), &main.period, main.metric);
    // The last of them is the one that is always known where any is.
    let at = if rows.contains(&1) { 1 } else { rows.last().copied().unwrap_or(1) };
    let part = |at: usize, i: usize| groups.groups[i].parts[at].unwrap_or_default();
    let named = (0..groups.groups.len()).filter(|i| !groups.groups[*i].rest);
    let most = named.max_by(|a, b| part(at, *a).total_cmp(&part(at, *b)).then(b.cmp(a))).unwrap_or(0);
    let share = |at: usize| words::share(part(at, most) / groups.sum(at).unwrap_or(1.0));
    let label = fit(&groups.groups[most].label, sheet.title, true, words::name_room(sheet));
    let measured = words::measured_when(forecast, sheet);
    let label = match &groups.tag {
        Some(tag) => format!("{} {label}", words::capital(tag)),
        None => label,
    };
    let plain = format!("{label} brings {} of {measured}", share(at));
    let one = match (outcome(main.metric, at), at) {
        (_, 1) => "the middle outcome",
        ("a good one", _) => "a good outcome",
        ("a high one", _) => "a high outcome",
        (named, _) => named,
    };
    let mut titles = vec![
        format!("{plain} in {one}"),
        format!("{label} brings {} of {} in {one}", share(at), main.metric.name()),
        format!("{label} brings {} in {one}", share(at)),
    ];
    let other = [(0, "a bad one", "a low one"), (2, "a good one", "a high one")];
    if let Some((with, good, high)) = other.into_iter().find(|(with, _, _)| at == 1 && rows.contains(with)) {
        let one = if outcome(main.metric, 0) == "a bad outcome" { good } else { high };
        titles.insert(
            0,
            if share(with) == share(1) {
                format!("{plain} in the middle outcome and in {one}")
            } else {
                format!("{plain} in the middle outcome, {} in {one}", share(with))
            },
        );
    }
    let title = frame::with_room(titles, sheet);
    let briefs = vec![
        format!("{label}: {} of {} {briefly}", share(at), main.metric.name()),
        format!("{label}: {} of {}", share(at), main.metric.name()),
    ];
    let brief = frame::with_room(briefs, sheet);
    Headline { title, brief, subtitle: subtitle(forecast, figures, groups, rows, &measured) }
}

fn subtitle(forecast: &Forecast, figures: &Figures<'_>, groups: &Groups, rows: &[usize], measured: &str) -> String {
    let what = match &groups.tag {
        Some(tag) => format!("each {tag} contributes"),
        None => "the regions contribute".to_owned(),
    };
    let bands = &forecast.main.bands;
    let (shown, not): (Vec<usize>, Vec<usize>) = (0..3).partition(|at| rows.contains(at));
    let zero: Vec<&str> = not
        .into_iter()
        .filter(|at| [bands.p10.value, bands.p50.value, bands.p90.value][*at] == Some(0.0))
        .map(|at| NAMES[at])
        .collect();
    let explained = match shown[..] {
        [2] => "P90".to_owned(),
        [1] => "P50".to_owned(),
        [1, 2] => "P50 and P90".to_owned(),
        _ => {
            let others: Vec<&str> = shown.iter().filter(|at| **at > 0).map(|at| NAMES[*at]).collect();
            let after = if others.is_empty() { String::new() } else { format!(", {}", others.join(" and ")) };
            format!("P10{after}")
        }
    };
    let mut text = format!("What {what} to {measured}, where that comes out at {explained}");
    if !zero.is_empty() {
        let verb = if zero.len() == 1 { "is" } else { "are" };
        text.push_str(&format!("; {} {verb} {}", zero.join(" and "), figures.exact(0.0)));
    }
    if groups.tag.is_some() {
        return text + ". These parts add up.";
    }
    text.push_str(". These parts add up; the regions' own percentiles do not");
    // Of a P10 that is not shown nothing is said.
    if let Some(apart) = forecast.main.diversification.as_ref().filter(|_| rows.contains(&0)) {
        let (gap, error) = (apart.gap.known(), apart.gap.error);
        let sum = figures.about(apart.sum_of_p10, error);
        if gap.abs() < 2.0 * error.unwrap_or(0.0) || gap == 0.0 {
            text.push_str(&format!(", although here their P10s come to about the total's P10 ({sum})"));
        } else {
            let than = if gap > 0.0 { "less" } else { "more" };
            let gap = figures.about(gap.abs(), error);
            text.push_str(&format!(": their P10s come to {sum}, {gap} {than} than the total's P10"));
        }
    }
    text.push('.');
    text
}

/// The colours of the groups in their order: brown, which means the worse in bridges, comes late.
pub(in crate::charts) const ORDER: [usize; MAX_GROUPS] = [0, 1, 4, 3, 2, 5];
/// Most groups; each has a colour.
const MAX_GROUPS: usize = 6;

/// What some regions contribute.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) label: String,
    /// The parts of P10, P50 and P90; `None` where they are not known.
    pub(super) parts: [Option<f64>; 3],
    /// Whether these are the ones that were too many to be shown.
    pub(super) rest: bool,
}

/// The groups, and the tag that they go by if they do.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    pub(super) groups: Vec<Group>,
    pub(super) tag: Option<String>,
}

impl Groups {
    /// The groups of the main figure; `None` where nothing is known of them.
    pub(super) fn of(forecast: &Forecast) -> Option<Groups> {
        let regions = regions(forecast);
        let keys: Vec<&str> = regions.iter().map(|(key, _)| *key).collect();
        let tag = if regions.len() > MAX_GROUPS { best_tag(forecast, &keys) } else { None };
        let groups = match &tag {
            None => regions.iter().map(|(key, parts)| Group::new(label(forecast, key), *parts)).collect(),
            Some((_, values)) => values
                .iter()
                .map(|(value, members)| {
                    let inside = regions.iter().filter(|(key, _)| members.contains(key)).map(|(_, parts)| *parts);
                    Group::new(label(forecast, value), inside.reduce(added).unwrap_or_default())
                })
                .collect(),
        };
        let groups = largest(groups);
        // Parts below nothing cannot be stacked.
        let sound = groups.iter().flat_map(|group| group.parts).flatten().all(|x| x.is_finite() && x >= 0.0);
        let known = groups.iter().any(|group| group.parts.iter().any(Option::is_some));
        (sound && known && groups.len() > 1).then(|| Groups { groups, tag: tag.map(|(tag, _)| tag) })
    }

    /// The sum of a percentile's parts, if all are known.
    pub(super) fn sum(&self, at: usize) -> Option<f64> {
        self.groups.iter().map(|group| group.parts[at]).sum()
    }
}

impl Group {
    fn new(label: String, parts: [Option<f64>; 3]) -> Group {
        Group { label, parts, rest: false }
    }
}

/// Each region with its parts, in the order of the file.
fn regions(forecast: &Forecast) -> Vec<(&str, [Option<f64>; 3])> {
    let mut found: Vec<(&str, [Option<f64>; 3])> = Vec::new();
    for part in &forecast.main.contributions {
        let place = found.iter().position(|(key, _)| *key == part.region).unwrap_or_else(|| {
            found.push((&part.region, [None; 3]));
            found.len() - 1
        });
        found[place].1[part.at as usize] = Some(part.value);
    }
    found
}

/// The scope of a tag's value, and the regions that carry it.
type Value<'a> = (&'a str, Vec<&'a str>);

/// A tag with the regions of each value: of those tags of which every region carries exactly one value, the one with the
/// fewest values, if that is at least two.
fn best_tag<'a>(forecast: &'a Forecast, regions: &[&str]) -> Option<(String, Vec<Value<'a>>)> {
    let mut tags: BTreeMap<&str, Vec<Value<'_>>> = BTreeMap::new();
    for scope in forecast.scopes.iter().filter(|scope| scope.kind == ScopeKind::Tag) {
        let Some((tag, _)) = scope.key.split_once('=') else { continue };
        let members: Vec<&str> = scope.regions.iter().map(String::as_str).filter(|r| regions.contains(r)).collect();
        if !members.is_empty() {
            tags.entry(tag).or_default().push((&scope.key, members));
        }
    }
    tags.into_iter()
        .filter(|(_, values)| {
            let carried = |region: &&str| values.iter().filter(|(_, members)| members.contains(region)).count();
            values.len() > 1 && regions.iter().all(|region| carried(region) == 1)
        })
        .min_by_key(|(_, values)| values.len())
        .map(|(tag, values)| (tag.to_owned(), values))
}

fn label(forecast: &Forecast, key: &str) -> String {
    forecast.scope(key).map_or(key, |scope| &scope.label).to_owned()
}

fn added(a: [Option<f64>; 3], b: [Option<f64>; 3]) -> [Option<f64>; 3] {
    [0, 1, 2].map(|at| Some(a[at]? + b[at]?))
}

/// All groups, or the largest with the rest as one.
fn largest(groups: Vec<Group>) -> Vec<Group> {
    if groups.len() <= MAX_GROUPS {
        return groups;
    }
    let weight = |group: &Group| group.parts[1].or(group.parts[2]).or(group.parts[0]).unwrap_or(0.0);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|a, b| weight(&groups[*b]).total_cmp(&weight(&groups[*a])));
    let mut kept: Vec<Group> = order[..MAX_GROUPS - 1].iter().map(|i| groups[*i].clone()).collect();
    let rest = &order[MAX_GROUPS - 1..];
    let parts = rest.iter().map(|i| groups[*i].parts).reduce(added).unwrap_or_default();
    kept.push(Group { label: format!("{} others", rest.len()), parts, rest: true });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::forecast::Sample;
    use crate::forecast::At;

    #[test]
    fn what_only_a_good_outcome_holds_is_said_of_that_alone() {
        let mut forecast = Sample { regions: 8, tagged: true, ..Sample::PLAIN }.forecast();
        forecast.main.contributions.retain(|part| part.at == At::P90);
        forecast.main.bands.p10.value = Some(0.0);
        forecast.main.bands.p50.value = Some(0.0);
        let drawing = layout(&forecast, Size::Slide).unwrap();
        assert_eq!(
            drawing.title,
            "Half b brings 56\u{A0}% of total bookings of Europe from January to December 2027 in a good outcome"
        );
        assert!(drawing.about.starts_with(
            "What each half contributes to total bookings of Europe from January to December 2027, where that comes out at P90; \
             P10 and P50 are €0. These parts add up"
        ));
    }

    fn labels(sample: &Sample) -> (Vec<String>, Option<String>) {
        let found = Groups::of(&sample.forecast()).unwrap();
        (found.groups.iter().map(|group| group.label.clone()).collect(), found.tag)
    }

    #[test]
    fn few_regions_stand_for_themselves() {
        let sample = Sample { regions: 3, ..Sample::PLAIN };
        assert_eq!(labels(&sample).0, ["Europe 0", "Europe 1", "Europe 2"]);
    }

    #[test]
    fn many_regions_are_grouped_by_the_tag_with_fewest_values() {
        let sample = Sample { regions: 30, tagged: true, ..Sample::PLAIN };
        assert_eq!(labels(&sample), (vec!["a".into(), "b".into()], Some("half".into())));
        let groups = Groups::of(&sample.forecast()).unwrap();
        let alone = Groups::of(&Sample { tagged: false, ..sample }.forecast()).unwrap();
        for at in 0..3 {
            let (grouped, single) = (groups.sum(at).unwrap(), alone.sum(at).unwrap());
            assert!((grouped - single).abs() < 1e-6 * single);
        }
    }

    #[test]
    fn without_tags_the_largest_stand_for_themselves() {
        let (found, tag) = labels(&Sample { regions: 30, ..Sample::PLAIN });
        assert_eq!(found, ["Europe 29", "Europe 28", "Europe 27", "Europe 26", "Europe 25", "25 others"]);
        assert_eq!(tag, None);
    }
}
