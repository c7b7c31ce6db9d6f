//! The regions of the main figure in so few groups that they can be told apart: each with what it contributes in a bad, a
//! middle and a good outcome.

use std::collections::BTreeMap;

use crate::forecast::Forecast;
use crate::model::ScopeKind;

/// Most groups; each has a colour.
pub(super) const MOST: usize = 6;

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
        let tag = if regions.len() > MOST { best_tag(forecast, &keys) } else { None };
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
    if groups.len() <= MOST {
        return groups;
    }
    let weight = |group: &Group| group.parts[1].or(group.parts[2]).or(group.parts[0]).unwrap_or(0.0);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|a, b| weight(&groups[*b]).total_cmp(&weight(&groups[*a])));
    let mut kept: Vec<Group> = order[..MOST - 1].iter().map(|i| groups[*i].clone()).collect();
    let rest = &order[MOST - 1..];
    let parts = rest.iter().map(|i| groups[*i].parts).reduce(added).unwrap_or_default();
    kept.push(Group { label: format!("{} others", rest.len()), parts, rest: true });
    kept
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

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
