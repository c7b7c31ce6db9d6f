//! What changes multiply, and the quantities outside of regions as a scenario has them.

use super::changes::happens;
use super::event_paths::happens_path;
use super::field_id::FieldId;
use super::fields::{FieldName, in_region};
use super::quantity::Quantity;
use super::region::{Cycle, Region, Stage};
use super::types::Scenario;

/// What a change multiplies in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedField {
    /// A field that may be uncertain.
    Field(FieldId),
    /// The chances a day of being won (0) or lost (1).
    Closing(usize),
}

/// The quantities that stand outside of regions, with their paths; the one list of them, to be read or to be written.
macro_rules! outside_regions {
    ($scenario:expr $(, $mut:tt)?) => {{
        let mut all = Vec::new();
        for change in &$($mut)? $scenario.changes {
            let at = |field: &str| format!("changes[{}].{field}", change.name);
            let [delay, chance] = ["delay_months", "chance"].map(at);
            let factors = change.multiply.keys().map(|path| at(&format!("multiply[{path}]"))).collect::<Vec<String>>();
            all.extend((&$($mut)? change.delay_months).into_iter().map(|found| (delay.clone(), found)));
            all.extend((&$($mut)? change.chance).into_iter().map(|found| (chance.clone(), found)));
            all.extend(factors.into_iter().zip((&$($mut)? change.multiply).into_iter().map(|(_, found)| found)));
        }
        for deal in &$($mut)? $scenario.one_offs {
            let [amount, delay, chance] =
                ["amount", "delay_months", "chance"].map(|field| format!("one_offs[{}].{field}", deal.name));
            all.push((amount, &$($mut)? deal.amount));
            all.extend((&$($mut)? deal.delay_months).into_iter().map(|found| (delay.clone(), found)));
            all.extend((&$($mut)? deal.chance).into_iter().map(|found| (chance.clone(), found)));
        }
        for (code, rate) in &$($mut)? $scenario.rates {
            all.push((format!("rates.{code}.rate"), &$($mut)? rate.rate));
        }
        all
    }};
}

impl Scenario {
    /// The quantities outside of regions, with their paths.
    pub(super) fn outside_regions(&self) -> Vec<(String, &Quantity)> {
        outside_regions!(self)
    }

    /// Writes a quantity outside of regions; nothing where the scenario does not have it.
    pub(super) fn set_outside_regions(&mut self, path: &str, quantity: Quantity) {
        if let Some((_, found)) = outside_regions!(self, mut).into_iter().find(|(at, _)| at == path) {
            *found = quantity;
        }
        self.changes.iter_mut().for_each(|change| change.happens = happens(change.chance.as_ref()));
        self.one_offs.iter_mut().for_each(|deal| deal.happens = happens(deal.chance.as_ref()));
    }

    /// Whether each change and each one-off deal happens, with the path; an input where its chance is neither 0 nor 1.
    pub(super) fn events(&self) -> impl Iterator<Item = (String, &Quantity)> {
        let changes = self.changes.iter().map(|change| (happens_path("changes", &change.name), &change.happens));
        changes.chain(self.one_offs.iter().map(|deal| (happens_path("one_offs", &deal.name), &deal.happens)))
    }

    /// The regions with the field that a path of a change names, by their keys, and which field of theirs it is.
    pub fn changed<'s>(&'s self, path: &'s str) -> impl Iterator<Item = (&'s str, ChangedField)> {
        let named = in_region(path);
        self.regions.iter().filter_map(move |(key, region)| {
            let (region_key, field) = named?;
            (region_key == "*" || region_key == key).then_some(())?;
            Some((key.as_str(), changed_in(region, field)?))
        })
    }
}

/// The field of a region that a change multiplies at a path below it; `None` where it has none such.
fn changed_in(region: &Region, field: &str) -> Option<ChangedField> {
    let side = ["closing.won", "closing.lost"].iter().position(|side| *side == field);
    if let Some(side) = side {
        return region.daily_closing().map(|_| ChangedField::Closing(side));
    }
    let has_points = |cycle: &Option<Cycle>| cycle.as_ref().is_some_and(|cycle| !cycle.days.is_empty());
    let name = FieldName::parse(field)?;
    let found = || region.fields().into_iter().map(|(id, _)| id).find(|id| region.path(*id) == field);
    let id = match name.spec.path {
        // A table of amounts has no mean of its own; times through points have a stretch, whether it is written or not.
        "deal_size.mean" => Some(FieldId::DealSizeMean),
        // What activities bring is multiplied as leads a month are.
        "leads.monthly" => Some(FieldId::LeadsMonthly),
        "cycle.stretch" => has_points(&region.cycle).then_some(FieldId::CycleStretch),
        "lost_cycle.stretch" => has_points(&region.lost_cycle).then_some(FieldId::LostCycleStretch),
        "stages[].stretch" => {
            let stage = |stage: &Stage| name.element == Some(&stage.name) && !stage.days.is_empty();
            region.stages.iter().flatten().position(stage).map(FieldId::StageStretch)
        }
        _ => found(),
    }?;
    let of_cycle = matches!(
        id,
        FieldId::CycleMeanDays | FieldId::CycleStretch | FieldId::LostCycleMeanDays | FieldId::LostCycleStretch
    );
    let of_stage = matches!(id, FieldId::StagePass(_) | FieldId::StageMeanDays(_) | FieldId::StageStretch(_));
    let of_region =
        [FieldId::LeadsMonthly, FieldId::DealSizeMean, FieldId::Retention, FieldId::Conversion].contains(&id);
    let of_team = matches!(id, FieldId::LeadsPerMonth | FieldId::OpportunitiesPerMonth | FieldId::OpenOpportunities);
    (of_cycle || of_stage || of_region || of_team).then_some(ChangedField::Field(id))
}
