//! What changed of a business that is running: time that passed, and what became of its open deals. A chain of scenarios leads from one to the
//! other, one cause at a time; an open deal keeps its draws along it, since its id addresses them.

use indexmap::{IndexMap, IndexSet};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::changes::Pair;
use super::document::{Change, ChangedField};
use crate::scenario::{Actual, ContractInForce, OpenDeal, Scenario};
use crate::units::format::{count, list};

/// The sections of a scenario that say where its business stands.
pub(super) const SECTIONS: [&str; 4] = ["as_of", "actuals", "pipeline", "contracts"];
/// So many deals of a change are named, those of the largest amounts first.
const NAMED: usize = 5;

/// Where a business stands: the day, what happened before it, what is open and in force on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Standing {
    as_of: Option<Date>,
    actuals: Option<Vec<Actual>>,
    pipeline: Option<Vec<OpenDeal>>,
    contracts: Option<Vec<ContractInForce>>,
}

/// From where one scenario stands to where another does.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Where the first stands, and where it does after each change; the last is where the other one stands.
    pub(super) standings: Vec<Standing>,
    pub(super) changes: Vec<Change>,
}

impl Standing {
    fn of(scenario: &Scenario) -> Standing {
        Standing {
            as_of: scenario.as_of,
            actuals: scenario.actuals.clone(),
            pipeline: scenario.pipeline.clone(),
            contracts: scenario.contracts.clone(),
        }
    }

    fn deals(&self) -> IndexMap<&str, &OpenDeal> {
        self.pipeline.iter().flatten().map(|deal| (deal.id.as_str(), deal)).collect()
    }

    /// With each deal as `change` has it.
    fn with_deals(&self, change: impl Fn(&OpenDeal) -> OpenDeal) -> Standing {
        let pipeline = self.pipeline.as_ref().map(|deals| deals.iter().map(change).collect());
        Standing { pipeline, ..self.clone() }
    }
}

/// Something of a deal that may change while it stays open.
struct Part {
    /// The field that names it in a path; empty for several.
    field: &'static str,
    label: fn(&[(&OpenDeal, &OpenDeal)]) -> String,
    same: fn(&OpenDeal, &OpenDeal) -> bool,
    /// The first deal with this part of the second.
    take: fn(&OpenDeal, &OpenDeal) -> OpenDeal,
    value: fn(&OpenDeal) -> Value,
    number: fn(&OpenDeal) -> Option<f64>,
}

/// What may change of a deal, in the order of the chain.
const PARTS: [Part; 5] = [
    Part {
        field: "stage",
        label: |deals| format!("stages of {}", open_deals(deals.len())),
        same: |a, b| (&a.stage, a.stage_since) == (&b.stage, b.stage_since),
        take: |a, b| OpenDeal { stage: b.stage.clone(), stage_since: b.stage_since, ..a.clone() },
        value: |deal| json!(deal.stage),
        number: |_| None,
    },
    Part {
        field: "close_date",
        label: close_dates,
        same: |a, b| a.close_date == b.close_date,
        take: |a, b| OpenDeal { close_date: b.close_date, ..a.clone() },
        value: |deal| json!(deal.close_date),
        number: |_| None,
    },
    Part {
        field: "amount",
        label: |deals| format!("amounts of {}", open_deals(deals.len())),
        same: |a, b| a.amount == b.amount,
        take: |a, b| OpenDeal { amount: b.amount, ..a.clone() },
        value: |deal| json!(deal.amount),
        number: |deal| deal.amount,
    },
    Part {
        field: "win_probability",
        label: |deals| format!("own chances of {}", open_deals(deals.len())),
        same: |a, b| a.win_probability == b.win_probability,
        take: |a, b| OpenDeal { win_probability: b.win_probability, ..a.clone() },
        value: |deal| json!(deal.win_probability),
        number: |deal| deal.win_probability,
    },
    Part {
        field: "",
        label: |deals| format!("regions, numbers or days of creation of {}", open_deals(deals.len())),
        same: |a, b| (&a.region, a.count, a.created) == (&b.region, b.count, b.created),
        take: |_, b| b.clone(),
        value: |deal| json!(deal),
        number: |_| None,
    },
];

fn open_deals(n: usize) -> String {
    count(n, "open deal")
}

/// "close dates of 3 open deals (2 pushed, 1 pulled in)".
fn close_dates(deals: &[(&OpenDeal, &OpenDeal)]) -> String {
    let dates = || deals.iter().filter_map(|(before, after)| before.close_date.zip(after.close_date));
    let how: Vec<String> =
        [("pushed", dates().filter(|(a, b)| b > a).count()), ("pulled in", dates().filter(|(a, b)| b < a).count())]
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(how, n)| format!("{n} {how}"))
            .collect();
    let how = if how.is_empty() { String::new() } else { format!(" ({})", how.join(", ")) };
    format!("close dates of {}{how}", open_deals(deals.len()))
}

impl Chain {
    /// The changes between two scenarios of what their businesses stand at.
    pub(super) fn new(pair: Pair) -> Chain {
        let (from, to) = (Standing::of(pair.from), Standing::of(pair.to));
        let mut chain = Chain { standings: vec![from.clone()], changes: Vec::new() };
        let later = to.as_of > from.as_of;
        chain.time(&from, &to);
        let (before, after) = (from.deals(), to.deals());

        let gone: Vec<&OpenDeal> =
            before.values().copied().filter(|deal| !after.contains_key(deal.id.as_str())).collect();
        if !gone.is_empty() {
            let label = if later {
                format!("{} closed (won or lost)", count(gone.len(), "deal"))
            } else {
                format!("{} taken out", open_deals(gone.len()))
            };
            let kept = |deal: &&OpenDeal| after.contains_key(deal.id.as_str());
            let at = chain.last();
            let pipeline = at.pipeline.as_ref().map(|deals| deals.iter().filter(kept).cloned().collect());
            let next = Standing { pipeline, ..at.clone() };
            chain.push(label, named(&gone, |deal| row(deal, Some(json!(deal)), None)), next);
        }
        let both: Vec<(&OpenDeal, &OpenDeal)> =
            before.iter().filter_map(|(id, deal)| Some((*deal, *after.get(id)?))).collect();
        for part in &PARTS {
            let others: Vec<(&OpenDeal, &OpenDeal)> =
                both.iter().copied().filter(|(before, after)| !(part.same)(before, after)).collect();
            if others.is_empty() {
                continue;
            }
            let next = chain.last().with_deals(|deal| {
                after.get(deal.id.as_str()).map_or_else(|| deal.clone(), |after| (part.take)(deal, after))
            });
            chain.push((part.label)(&others), named_changes(part, &others), next);
        }
        let new: Vec<&OpenDeal> =
            after.values().copied().filter(|deal| !before.contains_key(deal.id.as_str())).collect();
        if !new.is_empty() {
            let fields = named(&new, |deal| row(deal, None, Some(json!(deal))));
            chain.push(count(new.len(), "new open deal"), fields, to.clone());
        }
        // What is left differs in names, or in the order of rows.
        if let Some(last) = chain.standings.last_mut().filter(|_| !chain.changes.is_empty()) {
            *last = to;
        }
        chain
    }

    /// The day with all that is known and in force by it; else what else is said of a day that stayed.
    fn time(&mut self, from: &Standing, to: &Standing) {
        let whole = |path: &str, label: &str, from: Option<Value>, to: Option<Value>| ChangedField {
            path: path.to_owned(),
            label: label.to_owned(),
            from,
            to,
            mean_from: None,
            mean_to: None,
        };
        if from.as_of != to.as_of {
            let label = match from.as_of.zip(to.as_of) {
                Some((from, to)) if to > from => "time that passed",
                _ => "the as-of day",
            };
            let day = |day: Option<Date>| day.map(|day| json!(day));
            let open = || from.pipeline.clone().or_else(|| to.pipeline.as_ref().map(|_| Vec::new()));
            let fields = vec![whole("as_of", "as-of day", day(from.as_of), day(to.as_of))];
            self.push(label.to_owned(), fields, Standing { pipeline: open(), ..to.clone() });
            return;
        }
        if from.actuals != to.actuals {
            let next = Standing { actuals: to.actuals.clone(), ..self.last().clone() };
            self.push("actuals".to_owned(), vec![whole("actuals", "actuals", None, None)], next);
        }
        if from.contracts != to.contracts {
            let next = Standing { contracts: to.contracts.clone(), ..self.last().clone() };
            let label = "contracts in force";
            self.push(label.to_owned(), vec![whole("contracts", label, None, None)], next);
        }
    }

    fn last(&self) -> &Standing {
        &self.standings[self.standings.len() - 1]
    }

    fn push(&mut self, label: String, fields: Vec<ChangedField>, next: Standing) {
        self.changes.push(Change { label, fields });
        self.standings.push(next);
    }

    /// With what `play` makes of each standing. Where it makes nothing of one, the changes before and after it become one. `None` where it makes
    /// nothing of an end.
    pub(super) fn sound<T>(self, play: impl Fn(&Standing) -> Option<T>) -> Option<(Chain, Vec<T>)> {
        let (mut standings, mut changes, mut found) = (Vec::new(), Vec::new(), Vec::new());
        let mut waiting: Vec<Change> = Vec::new();
        let last = self.standings.len() - 1;
        for (i, standing) in self.standings.into_iter().enumerate() {
            waiting.extend(i.checked_sub(1).and_then(|before| self.changes.get(before)).cloned());
            match play(&standing) {
                Some(played) => {
                    changes.extend(together(std::mem::take(&mut waiting)));
                    standings.push(standing);
                    found.push(played);
                }
                None if i == 0 || i == last => return None,
                None => {}
            }
        }
        Some((Chain { standings, changes }, found))
    }
}

/// Several changes as one.
fn together(changes: Vec<Change>) -> Option<Change> {
    let labels: IndexSet<&str> = changes.iter().map(|change| change.label.as_str()).collect();
    let label = list(&labels.into_iter().collect::<Vec<&str>>());
    (!changes.is_empty())
        .then(|| Change { label, fields: changes.into_iter().flat_map(|change| change.fields).collect() })
}

/// The deals of the largest amounts.
fn named(deals: &[&OpenDeal], field: impl Fn(&OpenDeal) -> ChangedField) -> Vec<ChangedField> {
    let mut deals = deals.to_vec();
    deals.sort_by(|a, b| b.amount.unwrap_or(0.0).total_cmp(&a.amount.unwrap_or(0.0)));
    deals.into_iter().take(NAMED).map(field).collect()
}

/// The deals of the largest changes of amount, else of the largest amounts.
fn named_changes(part: &Part, deals: &[(&OpenDeal, &OpenDeal)]) -> Vec<ChangedField> {
    let amount = |deal: &OpenDeal| deal.amount.unwrap_or(0.0);
    let size = |(before, after): &(&OpenDeal, &OpenDeal)| match part.field {
        "amount" => (amount(after) - amount(before)).abs(),
        _ => amount(after),
    };
    let mut deals = deals.to_vec();
    deals.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let field = |(before, after): (&OpenDeal, &OpenDeal)| {
        let path = if part.field.is_empty() { String::new() } else { format!(".{}", part.field) };
        ChangedField {
            path: format!("pipeline[{}]{path}", after.id),
            label: name(after),
            from: Some((part.value)(before)),
            to: Some((part.value)(after)),
            mean_from: (part.number)(before),
            mean_to: (part.number)(after),
        }
    };
    deals.into_iter().take(NAMED).map(field).collect()
}

/// A deal that is new or gone, with its amount.
fn row(deal: &OpenDeal, from: Option<Value>, to: Option<Value>) -> ChangedField {
    ChangedField {
        path: format!("pipeline[{}]", deal.id),
        label: name(deal),
        mean_from: from.as_ref().and(deal.amount),
        mean_to: to.as_ref().and(deal.amount),
        from,
        to,
    }
}

fn name(deal: &OpenDeal) -> String {
    deal.label.clone().unwrap_or_else(|| deal.id.clone())
}
