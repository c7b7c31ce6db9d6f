//! Which scopes a workbook has room for.
//!
//! A spreadsheet keeps all of a workbook in memory, about 250 bytes a figure. Tables have no such bound.

use std::collections::BTreeSet;

use super::worksheet::MOST_ROWS;
use crate::forecast::Forecast;
use crate::model::ScopeKind;

/// Figures and their errors in the table of all of them: about 3 GB.
const MOST_FIGURES: usize = 12_000_000;
/// Figures in a row: nine estimates with an error each, and the plan.
const FIGURES_A_ROW: usize = 19;

/// The scopes that are shown.
#[derive(Debug)]
pub(super) struct ScopeSelection<'a> {
    shown: BTreeSet<&'a str>,
    /// Whether some are left out.
    pub(super) short: bool,
}

impl<'a> ScopeSelection<'a> {
    /// All scopes if there is room for them; else all but the regions; else the total and the main figure's scope.
    pub(super) fn of(forecast: &'a Forecast) -> ScopeSelection<'a> {
        ScopeSelection::within(forecast, MOST_FIGURES)
    }

    fn within(forecast: &'a Forecast, most: usize) -> ScopeSelection<'a> {
        let main = forecast.main.scope.as_str();
        let kinds: [&[ScopeKind]; 3] = [
            &[ScopeKind::Region, ScopeKind::Tag, ScopeKind::Tags, ScopeKind::Total],
            &[ScopeKind::Tag, ScopeKind::Tags, ScopeKind::Total],
            &[ScopeKind::Total],
        ];
        let mut room = ScopeSelection { shown: BTreeSet::new(), short: false };
        for (i, kinds) in kinds.into_iter().enumerate() {
            let kept = forecast.scopes.iter().filter(|scope| kinds.contains(&scope.kind) || scope.key == main);
            room = ScopeSelection { shown: kept.map(|scope| scope.key.as_str()).collect(), short: i > 0 };
            let series = || forecast.series.iter().filter(|series| room.shows(&series.scope));
            let rows: usize = series().map(|series| series.plan.len()).sum();
            if FIGURES_A_ROW * rows <= most && rows <= MOST_ROWS as usize {
                break;
            }
        }
        room
    }

    /// Whether a scope is shown.
    pub(super) fn shows(&self, scope: &str) -> bool {
        self.shown.contains(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Execution, Memory, Run};

    #[test]
    fn regions_are_left_out_before_tags_and_the_total_never() {
        let text = r#"{"name": "N", "start": "2027-01", "months": 3, "simulation": {"trials": 5}, "regions": {
            "a": {"tags": {"t": "x"}, "leads": {"monthly": 9}, "conversion": 0.2, "cycle": {"mean_days": 9}, "deal_size": {"mean": 9}},
            "b": {"leads": {"monthly": 9}, "conversion": 0.2, "cycle": {"mean_days": 9}, "deal_size": {"mean": 9}}}}"#;
        let scenario = crate::scenario::load("n.json".as_ref(), &[], &|_| Ok(text.into())).unwrap();
        let model = crate::model::resolve(&scenario).unwrap();
        let run = Run::begin(model, &Execution::new(None), Memory::default()).unwrap();
        let forecast = crate::forecast::forecast(&scenario, &run, None).unwrap();
        let shown = |most| {
            let room = ScopeSelection::within(&forecast, most);
            (["a", "b", "t=x", "total"].map(|scope| room.shows(scope)), room.short)
        };
        let one: usize = forecast.series.iter().filter(|s| s.scope == "a").map(|s| FIGURES_A_ROW * s.plan.len()).sum();
        assert_eq!(shown(100 * one), ([true; 4], false));
        assert_eq!(shown(3 * one), ([false, false, true, true], true));
        assert_eq!(shown(0), ([false, false, false, true], true));
    }
}
