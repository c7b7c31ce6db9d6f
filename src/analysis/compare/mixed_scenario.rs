//! Scenarios between two: the first with some of the changes made.

use indexmap::IndexMap;
use serde_json::Value;

use super::changes::{Field, Group, Pair};
use super::living_pipeline::{Chain, SECTIONS, Standing};
use super::orderings::{ChangeSet, Orderings};
use crate::analysis::Response;
use crate::model::{Model, ScopeKind, resolve};
use crate::scenario::{DataFile, Scenario, Target, read_whole};

/// What is asked of every mixed scenario alike: a figure, and whether goals are met.
#[derive(Clone, Debug)]
pub(in crate::analysis) struct Question<'a> {
    pub(in crate::analysis) base: &'a Model,
    pub(in crate::analysis) figure: &'a Response,
    /// The targets whose chances are asked for.
    pub(in crate::analysis) goals: &'a [Response],
    /// The targets of the base.
    pub(in crate::analysis) targets: &'a [Target],
}

/// A scenario between two, ready to be played.
#[derive(Clone, Debug)]
pub(super) struct MixedScenario {
    pub(super) model: Model,
    pub(super) figure: Response,
    pub(super) goals: Vec<Response>,
}

/// The mixed scenarios of a bridge.
#[derive(Clone, Debug)]
pub(super) struct MixedScenarios {
    /// Fields that are explained together.
    pub(super) groups: Vec<Group>,
    pub(super) ways: Orderings,
    /// One for each set of changes that is played.
    pub(super) models: IndexMap<ChangeSet, MixedScenario>,
}

/// The targets that a scenario has the regions of.
pub(in crate::analysis) fn askable(scenario: &Scenario, targets: &[Target]) -> Vec<Target> {
    let carries = |target: &Target| {
        scenario
            .regions
            .values()
            .any(|region| target.tag.iter().flatten().all(|(tag, value)| region.tags.get(tag) == Some(value)))
    };
    let has = |target: &&Target| match &target.region {
        Some(key) => scenario.regions.contains_key(key),
        None => carries(target),
    };
    targets.iter().filter(has).cloned().collect()
}

/// The scope of another model that is called like one of `base`.
pub(super) fn scope_in(model: &Model, base: &Model, scope: usize) -> Option<usize> {
    let known = &base.scopes[scope];
    if known.kind == ScopeKind::Total {
        return Some(model.total());
    }
    model.scopes.iter().position(|other| other.kind == known.kind && other.key == known.key)
}

/// A figure of `base` in another model; `None` where that has not its regions.
pub(in crate::analysis) fn figure_in(model: &Model, base: &Model, response: &Response) -> Option<Response> {
    Some(response.in_scope(scope_in(model, base, response.scope())?))
}

impl MixedScenarios {
    /// All that a bridge takes: a chain, and fields behind it. Where a set of changes is no scenario (a correlation with a region that is not
    /// there yet), changes are put together until every set is one.
    pub(super) fn new(
        pair: Pair,
        (chain, played): &(Chain, Vec<MixedScenario>),
        fields: &[Field],
        mut groups: Vec<Group>,
        question: &Question,
    ) -> MixedScenarios {
        let trees = Trees::new(pair);
        let seed = pair.from.simulation.seed;
        loop {
            let ways = Orderings::behind(chain.changes.len(), groups.len(), seed);
            let mut found: Vec<(ChangeSet, Option<MixedScenario>)> = Vec::new();
            for made in ways.weights.keys() {
                let (steps, behind) = ways.parts(*made);
                let chosen = groups.iter().enumerate().filter(|(i, _)| behind >> i & 1 == 1);
                let chosen: Vec<&Field> = chosen.flat_map(|(_, group)| group.iter().map(|i| &fields[*i])).collect();
                let hybrid = match played.get(steps) {
                    Some(played) if chosen.is_empty() => Some(played.clone()),
                    _ => trees.hybrid(&chosen, chain.standings.get(steps), question),
                };
                found.push((*made, hybrid));
            }
            let behind = |(made, hybrid): &(ChangeSet, Option<MixedScenario>)| (ways.parts(*made).1, hybrid.is_some());
            match joined(&found.iter().map(behind).collect::<Vec<_>>()) {
                None => {
                    let models = found.into_iter().filter_map(|(made, hybrid)| Some((made, hybrid?))).collect();
                    return MixedScenarios { groups, ways, models };
                }
                Some(together) => groups = join(groups, together, fields),
            }
        }
    }
}

/// Changes that belong together because some set of changes is no scenario: what lies between the largest set inside it and the
/// smallest around it that are.
fn joined(found: &[(ChangeSet, bool)]) -> Option<ChangeSet> {
    let sound = || found.iter().filter(|(_, sound)| *sound).map(|(made, _)| *made);
    let (broken, _) = found.iter().filter(|(_, sound)| !sound).min_by_key(|(made, _)| made.count_ones())?;
    let inside = sound().filter(|made| made & broken == *made).max_by_key(|made| made.count_ones())?;
    let around = sound().filter(|made| made & broken == *broken).min_by_key(|made| made.count_ones())?;
    Some(around & !inside)
}

/// Puts groups together, with all others of the same kinds in other regions: what holds for some regions is told for all.
fn join(groups: Vec<Group>, together: ChangeSet, fields: &[Field]) -> Vec<Group> {
    let kinds = |group: &Group| group.iter().map(|i| fields[*i].kind()).collect::<Vec<String>>();
    let chosen: Vec<Vec<String>> =
        groups.iter().enumerate().filter(|(i, _)| together >> i & 1 == 1).map(|(_, group)| kinds(group)).collect();
    let mut joined: Vec<Group> = Vec::new();
    let mut at = None;
    for group in groups {
        match at {
            _ if !chosen.contains(&kinds(&group)) => joined.push(group),
            None => {
                at = Some(joined.len());
                joined.push(group);
            }
            Some(first) => {
                let all: &mut Group = &mut joined[first];
                all.extend(group);
            }
        }
    }
    joined
}

/// The chain from where one scenario stands to where another does, with what each of its standings means beside the first one's other fields.
/// Empty where there is nothing between them; `None` where the other's cannot stand beside them.
pub(super) fn chain(pair: Pair, question: &Question) -> Option<(Chain, Vec<MixedScenario>)> {
    let chain = Chain::new(pair);
    if chain.changes.is_empty() {
        return Some((Chain { standings: Vec::new(), ..chain }, Vec::new()));
    }
    let trees = Trees::new(pair);
    chain.sound(|standing| trees.hybrid(&[], Some(standing), question))
}

/// Two scenarios as trees.
struct Trees {
    from: Value,
    to: Value,
    /// The tables of each, among which their joint draws are.
    data: [Vec<DataFile>; 2],
}

impl Trees {
    fn new(pair: Pair) -> Trees {
        let tree = |scenario: &Scenario| {
            // What changes no number may name what the other has not.
            let bare = Scenario { targets: Vec::new(), calls: Vec::new(), claims: None, ..scenario.clone() };
            serde_json::to_value(bare).unwrap_or_default()
        };
        Trees { from: tree(pair.from), to: tree(pair.to), data: [pair.from.data.clone(), pair.to.data.clone()] }
    }

    /// The joint draws with this hash, where some fields are as in the second: what either has set aside of them is not drawn in its place.
    fn draws(&self, sha256: &str, fields: &[&Field]) -> Option<DataFile> {
        let [from, to] = self.data.each_ref().map(|data| data.iter().find(|data| data.sha256 == sha256));
        let (Some(from), Some(to)) = (from, to) else { return from.or(to).cloned() };
        let mut draws = from.clone();
        draws.columns.retain(|column, _| !fields.iter().any(|field| field.is_drawn_by(column)));
        let changed = to.columns.iter().filter(|(column, _)| fields.iter().any(|field| field.is_drawn_by(column)));
        draws.columns.extend(changed.map(|(column, values)| (column.clone(), values.clone())));
        Some(draws)
    }

    /// The first one with some fields as in the second, where a standing is given as of that; `None` where that is no scenario in which the
    /// question can be asked.
    fn hybrid(&self, fields: &[&Field], standing: Option<&Standing>, question: &Question) -> Option<MixedScenario> {
        let mut tree = self.from.clone();
        if let (Some(standing), Some(top)) = (standing, tree.as_object_mut()) {
            let standing = serde_json::to_value(standing).unwrap_or_default();
            for key in SECTIONS {
                match standing.get(key).filter(|value| !value.is_null()) {
                    Some(value) => drop(top.insert(key.to_owned(), value.clone())),
                    None => drop(top.shift_remove(key)),
                }
            }
        }
        for field in fields {
            let (last, above) = field.keys.split_last()?;
            let to = above.iter().try_fold(&self.to, |value, key| value.get(key)).and_then(|value| value.get(last));
            let place = above.iter().try_fold(&mut tree, |value, key| value.get_mut(key))?.as_object_mut()?;
            match to {
                Some(value) => {
                    place.insert(last.clone(), value.clone());
                }
                None => {
                    place.shift_remove(last);
                }
            }
        }
        let draws = tree.pointer("/draws/sha256").and_then(Value::as_str);
        let draws = draws.and_then(|sha256| self.draws(sha256, fields));
        let mut scenario = read_whole("hybrid", tree, draws.as_slice()).ok()?;
        scenario.targets = askable(&scenario, question.targets);
        let model = resolve(&scenario).ok()?;
        let figure = figure_in(&model, question.base, question.figure)?;
        let goals = question.goals.iter().map(|goal| figure_in(&model, question.base, goal));
        let goals = goals.collect::<Option<Vec<Response>>>()?;
        Some(MixedScenario { model, figure, goals })
    }
}
