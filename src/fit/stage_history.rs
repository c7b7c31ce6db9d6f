//! Which stage each deal was in when, from a history in long form: a row for each stage that a deal entered.

use std::collections::BTreeMap;

use super::day::{self, Day};
use super::opportunities::{Entries, NamedBytes, Opportunities, ReadOptions};
use super::outcome::{Outcome, OutcomeWords};
use crate::scenario::STAGE_HISTORY;
use crate::tables::{CellRead, OpenTable};
use crate::units::format::thousands;
use crate::units::{Fault, Faults};

/// What stands before the fields of the history in `--map`.
const PREFIX: &str = "history.";
/// No company has more stages than this: the column holds something else.
const MOST_STAGES: usize = 100;

impl Opportunities {
    /// Reads the history of the deals' stages. Rows that change something else than the stage tell nothing, nor do those of winning and losing.
    ///
    /// # Errors
    /// [`Faults`] where it is no such table, or none of its deals is in the export.
    pub fn add_history(&mut self, history: NamedBytes, options: &ReadOptions) -> Result<(), Faults> {
        let own = |(key, name): &(String, String)| Some((key.strip_prefix(PREFIX)?.to_owned(), name.clone()));
        let named: Vec<(String, String)> = options.map.iter().filter_map(own).collect();
        let table = STAGE_HISTORY.columns(OpenTable::new(history.file, history.bytes)?, &named, "--map history.")?;
        let lacking: Vec<Fault> = ["id", "stage", "entered"]
            .into_iter()
            .filter(|key| !table.has(key))
            .map(|key| {
                let allowed = format!("one of {}", table.headings().join(", "));
                table.head_fault(
                    format!("no column {key}"),
                    &allowed,
                    &format!("say which it is: --map history.{key}=COLUMN"),
                )
            })
            .collect();
        if !lacking.is_empty() {
            return Err(Faults::Fields(lacking));
        }
        let hint = "write the year first, or say which it is: --day-order day-first or --day-order month-first";
        let days = table.days("entered", options.month_first, hint).map_err(|fault| Faults::Fields(vec![fault]))?;
        let words = OutcomeWords::new(&options.won, &options.lost);
        let mut deals: BTreeMap<&str, usize> = BTreeMap::new();
        for (i, deal) in self.deals.iter().enumerate() {
            deals.insert(&deal.id, i);
        }
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        for (stage, number) in self.stages.iter().zip(0..) {
            numbers.insert(stage.clone(), number);
        }
        let mut entries: Entries = vec![Vec::new(); self.deals.len()];
        let (mut known, mut unread) = (0, 0);
        for ((id, stage), entered) in table.texts("id").zip(table.texts("stage")).zip(days) {
            let Some(deal) = deals.get(id) else { continue };
            known += 1;
            let CellRead::Found(entered) = entered else {
                unread += 1;
                continue;
            };
            if stage.is_empty() || words.of(stage) != Outcome::Open {
                continue;
            }
            let next = numbers.len() as u32;
            let number = *numbers.entry(stage.to_owned()).or_insert(next);
            if number as usize == self.stages.len() {
                self.stages.push(stage.to_owned());
            }
            entries[*deal].push((day::number(entered), number));
        }
        if known == 0 {
            return Err(Faults::Fields(vec![Fault {
                file: history.file.to_owned(),
                path: table.name("id").to_owned(),
                found: "no deal of the export".to_owned(),
                allowed: format!("ids such as {}", self.deals.first().map_or("", |deal| &deal.id)),
                hint: "name the column with the deals' ids: --map history.id=COLUMN".to_owned(),
            }]));
        }
        for entries in &mut entries {
            // Of several stages on one day the last one stands.
            entries.sort_by_key(|(day, _)| *day);
            entries.dedup_by_key(|(_, stage)| *stage);
        }
        if unread > 0 {
            self.report.notes.push(format!(
                "{} rows of {} have no day that can be read.",
                thousands(f64::from(unread)),
                history.file
            ));
        }
        let mut entered: Vec<u32> = entries.iter().flatten().map(|(_, stage)| *stage).collect();
        entered.sort_unstable();
        entered.dedup();
        if entered.len() > MOST_STAGES {
            return Err(Faults::Fields(vec![Fault {
                file: history.file.to_owned(),
                path: table.name("stage").to_owned(),
                found: format!("{} stages", thousands(entered.len() as f64)),
                allowed: format!("at most {MOST_STAGES} stages"),
                hint: "name the column of stages: --map history.stage=COLUMN".to_owned(),
            }]));
        }
        let without = entries.iter().filter(|entries| entries.is_empty()).count();
        if without > 0 {
            let n = thousands(without as f64);
            self.report
                .notes
                .push(format!("{n} deals have no stage in {}; their chances are those of all stages.", history.file));
        }
        self.entries = Some(entries);
        Ok(())
    }

    /// The stage that a deal was in on the day before `as_of`, where there is a history.
    pub(super) fn stage_before(&self, deal: usize, as_of: Day) -> Option<u32> {
        let entries = self.entries.as_ref()?.get(deal)?;
        let entered = entries.partition_point(|(day, _)| *day < as_of);
        Some(entries[entered.checked_sub(1)?].1)
    }
}
