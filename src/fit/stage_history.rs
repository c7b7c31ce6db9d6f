//! Which stage each deal was in when: from a history in long form, a row for each stage that a deal entered, or from columns of the export itself,
//! one for each stage.

use std::collections::BTreeMap;

use super::day::{self, Day};
use super::opportunities::{Entries, NamedBytes, Opportunities, ReadOptions};
use super::outcome::{Outcome, OutcomeWords};
use crate::scenario::STAGE_HISTORY;
use crate::tables::{CellRead, Columns, OpenTable};
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
        let mut numbers = self.stage_numbers();
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
            let number = numbered(&mut numbers, &mut self.stages, stage);
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
        put_in_order(&mut entries);
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

    /// Takes the days on which deals entered stages from the export's own columns, where it has some; `rows` are those of the deals.
    pub(super) fn take_stage_days(
        &mut self,
        table: &Columns,
        rows: &[usize],
        options: &ReadOptions,
    ) -> Result<(), Faults> {
        let words = OutcomeWords::new(&options.won, &options.lost);
        let hint = "write the year first, or say which it is: --day-order day-first or --day-order month-first";
        let stage_of = |heading: &str| stage_entered(heading).filter(|stage| words.of(stage) == Outcome::Open);
        let columns = table.days_by_heading(stage_of, options.month_first, hint);
        let columns = columns.map_err(|fault| Faults::Fields(vec![fault]))?;
        let mut entries: Entries = vec![Vec::new(); self.deals.len()];
        let mut numbers = self.stage_numbers();
        for (stage, days) in &columns {
            for (entries, row) in entries.iter_mut().zip(rows) {
                if let CellRead::Found(entered) = days[*row] {
                    entries.push((day::number(entered), numbered(&mut numbers, &mut self.stages, stage)));
                }
            }
        }
        if entries.iter().all(Vec::is_empty) {
            return Ok(());
        }
        put_in_order(&mut entries);
        self.report.notes.push(format!(
            "Stages are those that {} columns have the days of; a deal that came back to a stage has only its last day there.",
            columns.len()
        ));
        self.entries = Some(entries);
        Ok(())
    }

    /// The numbers of the stages that are known.
    fn stage_numbers(&self) -> BTreeMap<String, u32> {
        self.stages.iter().cloned().zip(0..).collect()
    }

    /// The stage that a deal was in on the day before `as_of`, where there is a history.
    pub(super) fn stage_before(&self, deal: usize, as_of: Day) -> Option<u32> {
        let entries = self.entries.as_ref()?.get(deal)?;
        let entered = entries.partition_point(|(day, _)| *day < as_of);
        Some(entries[entered.checked_sub(1)?].1)
    }
}

/// The number of a stage, a new one where it is not known yet.
fn numbered(numbers: &mut BTreeMap<String, u32>, stages: &mut Vec<String>, stage: &str) -> u32 {
    if let Some(number) = numbers.get(stage) {
        return *number;
    }
    let number = stages.len() as u32;
    numbers.insert(stage.to_owned(), number);
    stages.push(stage.to_owned());
    number
}

/// Puts the stages of each deal into the order of their days. Of several stages on one day the last one stands.
fn put_in_order(entries: &mut Entries) {
    for entries in entries {
        entries.sort_by_key(|(day, _)| *day);
        entries.dedup_by_key(|(_, stage)| *stage);
    }
}

/// The stage that a column has the days of entering: `Date entered "Contract Sent (Sales Pipeline)"`, as HubSpot calls it.
fn stage_entered(heading: &str) -> Option<String> {
    const START: &str = "date entered ";
    let start = heading.trim().get(..START.len()).filter(|start| start.eq_ignore_ascii_case(START))?;
    let quoted = heading.trim()[start.len()..].trim();
    let inner = quoted.trim_matches(['"', '\'', '“', '”']);
    let stage = match inner.rsplit_once(" (") {
        Some((stage, pipeline)) if pipeline.ends_with(')') => stage.trim(),
        _ => inner,
    };
    // "Date entered current stage" is of whichever it is.
    (quoted != inner && !stage.is_empty()).then(|| stage.to_owned())
}

#[cfg(test)]
mod tests {
    use super::stage_entered;

    #[test]
    fn columns_of_stages_are_known_by_their_quotes() {
        for (heading, stage) in [
            ("Date entered \"Contract Sent (Sales Pipeline)\"", Some("Contract Sent")),
            ("date entered 'Demo (paid)  (EU)'", Some("Demo (paid)")),
            ("Date entered \"Closed Won\"", Some("Closed Won")),
            ("Date entered current stage", None),
            ("Date entered \"\"", None),
            ("Date exited \"Contract Sent\"", None),
            ("Date", None),
        ] {
            assert_eq!(stage_entered(heading).as_deref(), stage, "{heading}");
        }
    }
}
