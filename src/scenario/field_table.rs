//! The table of the fields that may be uncertain: whatever reads, moves, prints or compares a scenario asks it, so that a field
//! is said once.

use super::quantity::{Domain, Quantity};
use super::region::{Growth, Region};
use super::unit::Unit;

/// The identity of a region's field that may be uncertain. Elements of lists are counted from 0; in a path a stage stands by
/// its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldId {
    /// The expected leads a month.
    LeadsMonthly,
    /// The growth of leads, one rate for all months.
    Growth,
    /// The growth of leads in a phase.
    PhaseGrowth(usize),
    /// The win rate of a funnel without stages.
    Conversion,
    /// The mean sales cycle of a funnel without stages, in days.
    CycleMeanDays,
    /// The stretch of a sales cycle that runs through points.
    CycleStretch,
    /// The mean cycle of lost leads, in days.
    LostCycleMeanDays,
    /// The stretch of a cycle of lost leads that runs through points.
    LostCycleStretch,
    /// The share of the leads not won that is never decided.
    StalledShare,
    /// The share of deals that is held to the end of their quarter.
    HeldToQuarterEnd,
    /// The share of won deals that close by their stated date.
    CloseDatesKept,
    /// The mean slip of close dates, in days.
    SlipMeanDays,
    /// The stretch of a slip that runs through points.
    SlipStretch,
    /// The mean of an open deal's final over its stated amount.
    FinalAmountRatio,
    /// The share of leads that pass a stage.
    StagePass(usize),
    /// The stretch of a stage's time that runs through points.
    StageStretch(usize),
    /// The mean time in a stage, in days.
    StageMeanDays(usize),
    /// The mean value of a deal.
    DealSizeMean,
    /// The yearly share of customers who renew.
    Retention,
    /// The yearly growth of a contract's value at renewal.
    Expansion,
    /// A field that only tests know: it shows that this table is the one place to write a field down.
    #[cfg(test)]
    MadeUp,
}

/// One row of the table: all that is to be known of a field.
#[derive(Debug)]
pub(crate) struct FieldSpec {
    /// The path below the region, `[]` standing for an element of a list: `stages[].pass`.
    pub(crate) path: &'static str,
    /// The identity, given which element of the list it is; of other fields the number means nothing.
    pub(crate) id: fn(usize) -> FieldId,
    /// The numbers that the field may hold, and their unit.
    pub(super) domain: Domain,
    /// Whether the object that it stands in must have it.
    pub(super) required: bool,
    /// What people call it, `{}` standing for the element.
    pub(crate) label: &'static str,
    /// Whether leads or deals differ in it, so that a list of values may have been meant as a mix of them.
    pub(crate) differs_by_deal: bool,
    pub(super) get: fn(&Region, usize) -> Option<&Quantity>,
    pub(super) set: fn(&mut Region, usize, Quantity),
}

/// Every field that may be uncertain, in the order of a scenario file; the fields of one list stand together.
pub(crate) static FIELDS: &[FieldSpec] = &[
    FieldSpec {
        path: "leads.monthly",
        id: |_| FieldId::LeadsMonthly,
        domain: Domain::LEADS,
        required: true,
        label: "leads a month",
        differs_by_deal: false,
        get: |region, _| Some(&region.leads.monthly),
        set: |region, _, quantity| region.leads.monthly = quantity,
    },
    FieldSpec {
        path: "leads.growth",
        id: |_| FieldId::Growth,
        domain: Domain::GROWTH,
        required: false,
        label: "growth of leads",
        differs_by_deal: false,
        get: |region, _| match &region.leads.growth {
            Growth::Steady(rate) => Some(rate),
            Growth::Phases(_) => None,
        },
        set: |region, _, quantity| region.leads.growth = Growth::Steady(quantity),
    },
    FieldSpec {
        path: "leads.growth[].rate",
        id: FieldId::PhaseGrowth,
        domain: Domain::GROWTH,
        required: true,
        label: "growth of leads, phase {}",
        differs_by_deal: false,
        get: |region, i| region.leads.growth.phases().get(i).map(|phase| &phase.rate),
        set: |region, i, quantity| {
            if let Growth::Phases(phases) = &mut region.leads.growth
                && let Some(phase) = phases.get_mut(i)
            {
                phase.rate = quantity;
            }
        },
    },
    FieldSpec {
        path: "conversion",
        id: |_| FieldId::Conversion,
        domain: Domain::SHARE,
        required: false,
        label: "win rate",
        differs_by_deal: true,
        get: |region, _| region.conversion.as_ref(),
        set: |region, _, quantity| region.conversion = Some(quantity),
    },
    FieldSpec {
        path: "cycle.mean_days",
        id: |_| FieldId::CycleMeanDays,
        domain: Domain::DAYS,
        required: true,
        label: "sales cycle",
        differs_by_deal: true,
        get: |region, _| region.cycle.as_ref()?.mean_days.as_ref(),
        set: |region, _, quantity| {
            if let Some(cycle) = &mut region.cycle {
                cycle.mean_days = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "cycle.stretch",
        id: |_| FieldId::CycleStretch,
        domain: Domain::FACTOR,
        required: false,
        label: "stretch of the sales cycle",
        differs_by_deal: true,
        get: |region, _| region.cycle.as_ref()?.stretch.as_ref(),
        set: |region, _, quantity| {
            if let Some(cycle) = &mut region.cycle {
                cycle.stretch = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "lost_cycle.mean_days",
        id: |_| FieldId::LostCycleMeanDays,
        domain: Domain::DAYS,
        required: true,
        label: "cycle of lost leads",
        differs_by_deal: true,
        get: |region, _| region.lost_cycle.as_ref()?.mean_days.as_ref(),
        set: |region, _, quantity| {
            if let Some(cycle) = &mut region.lost_cycle {
                cycle.mean_days = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "lost_cycle.stretch",
        id: |_| FieldId::LostCycleStretch,
        domain: Domain::FACTOR,
        required: false,
        label: "stretch of the cycle of lost leads",
        differs_by_deal: true,
        get: |region, _| region.lost_cycle.as_ref()?.stretch.as_ref(),
        set: |region, _, quantity| {
            if let Some(cycle) = &mut region.lost_cycle {
                cycle.stretch = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "stalled.share",
        id: |_| FieldId::StalledShare,
        domain: Domain::SHARE,
        required: true,
        label: "share never decided",
        differs_by_deal: true,
        get: |region, _| region.stalled.as_ref().map(|stalled| &stalled.share),
        set: |region, _, quantity| {
            if let Some(stalled) = &mut region.stalled {
                stalled.share = quantity;
            }
        },
    },
    FieldSpec {
        path: "closing.held_to_quarter_end",
        id: |_| FieldId::HeldToQuarterEnd,
        domain: Domain::SHARE,
        required: false,
        label: "share held to the quarter's end",
        differs_by_deal: true,
        get: |region, _| region.closing.as_ref()?.held_to_quarter_end.as_ref(),
        set: |region, _, quantity| {
            if let Some(closing) = &mut region.closing {
                closing.held_to_quarter_end = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "close_dates.kept",
        id: |_| FieldId::CloseDatesKept,
        domain: Domain::SHARE,
        required: true,
        label: "share of close dates kept",
        differs_by_deal: true,
        get: |region, _| region.close_dates.as_ref().map(|dates| &dates.kept),
        set: |region, _, quantity| {
            if let Some(dates) = &mut region.close_dates {
                dates.kept = quantity;
            }
        },
    },
    FieldSpec {
        path: "close_dates.slip.mean_days",
        id: |_| FieldId::SlipMeanDays,
        domain: Domain::DAYS,
        required: true,
        label: "slip of close dates",
        differs_by_deal: true,
        get: |region, _| region.close_dates.as_ref()?.slip.as_ref()?.mean_days.as_ref(),
        set: |region, _, quantity| {
            if let Some(slip) = region.close_dates.as_mut().and_then(|dates| dates.slip.as_mut()) {
                slip.mean_days = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "close_dates.slip.stretch",
        id: |_| FieldId::SlipStretch,
        domain: Domain::FACTOR,
        required: false,
        label: "stretch of the slip of close dates",
        differs_by_deal: true,
        get: |region, _| region.close_dates.as_ref()?.slip.as_ref()?.stretch.as_ref(),
        set: |region, _, quantity| {
            if let Some(slip) = region.close_dates.as_mut().and_then(|dates| dates.slip.as_mut()) {
                slip.stretch = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "final_amount.ratio",
        id: |_| FieldId::FinalAmountRatio,
        domain: Domain::FACTOR,
        required: false,
        label: "final over stated amount",
        differs_by_deal: true,
        get: |region, _| region.final_amount.as_ref()?.ratio.as_ref(),
        set: |region, _, quantity| {
            if let Some(amount) = &mut region.final_amount {
                amount.ratio = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "stages[].pass",
        id: FieldId::StagePass,
        domain: Domain::SHARE,
        required: true,
        label: "share that passes {}",
        differs_by_deal: true,
        get: |region, i| region.stages.as_deref()?.get(i).map(|stage| &stage.pass),
        set: |region, i, quantity| {
            if let Some(stage) = region.stages.as_mut().and_then(|stages| stages.get_mut(i)) {
                stage.pass = quantity;
            }
        },
    },
    FieldSpec {
        path: "stages[].mean_days",
        id: FieldId::StageMeanDays,
        domain: Domain::DAYS,
        required: true,
        label: "days in {}",
        differs_by_deal: true,
        get: |region, i| region.stages.as_deref()?.get(i)?.mean_days.as_ref(),
        set: |region, i, quantity| {
            if let Some(stage) = region.stages.as_mut().and_then(|stages| stages.get_mut(i)) {
                stage.mean_days = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "stages[].stretch",
        id: FieldId::StageStretch,
        domain: Domain::FACTOR,
        required: false,
        label: "stretch of the days in {}",
        differs_by_deal: true,
        get: |region, i| region.stages.as_deref()?.get(i)?.stretch.as_ref(),
        set: |region, i, quantity| {
            if let Some(stage) = region.stages.as_mut().and_then(|stages| stages.get_mut(i)) {
                stage.stretch = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "deal_size.mean",
        id: |_| FieldId::DealSizeMean,
        domain: Domain::MONEY,
        required: true,
        label: "deal size",
        differs_by_deal: true,
        get: |region, _| Some(&region.deal_size.mean),
        set: |region, _, quantity| region.deal_size.mean = quantity,
    },
    FieldSpec {
        path: "retention",
        id: |_| FieldId::Retention,
        domain: Domain::SHARE,
        required: false,
        label: "retention",
        differs_by_deal: false,
        get: |region, _| Some(&region.retention),
        set: |region, _, quantity| region.retention = quantity,
    },
    FieldSpec {
        path: "expansion",
        id: |_| FieldId::Expansion,
        domain: Domain::GROWTH,
        required: false,
        label: "expansion at renewal",
        differs_by_deal: false,
        get: |region, _| Some(&region.expansion),
        set: |region, _, quantity| region.expansion = quantity,
    },
    #[cfg(test)]
    FieldSpec {
        path: "upsell",
        id: |_| FieldId::MadeUp,
        domain: Domain::SHARE,
        required: false,
        label: "share that buys more",
        differs_by_deal: true,
        get: |region, _| region.upsell.as_ref(),
        set: |region, _, quantity| region.upsell = Some(quantity),
    },
];

impl FieldSpec {
    /// The list that the field is in the elements of: `stages` of `stages[].pass`.
    pub(super) fn list(&self) -> Option<&'static str> {
        self.path.split_once("[]").map(|(list, _)| list)
    }

    /// The object that the field stands in and the field's key there: `cycle` and `mean_days`, `stages[]` and `pass`, nothing
    /// and `retention`.
    pub(super) fn place(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// The unit that its numbers are told in.
    pub(crate) fn unit(&self) -> Unit {
        self.domain.unit
    }
}

impl FieldId {
    /// The field's row of the table.
    pub(crate) fn spec(self) -> &'static FieldSpec {
        let same = |spec: &&FieldSpec| std::mem::discriminant(&(spec.id)(0)) == std::mem::discriminant(&self);
        FIELDS.iter().find(same).expect("every field has its row")
    }

    /// Which element of its list it is in, counted from 0; 0 for a field outside of lists.
    pub(super) fn index(self) -> usize {
        match self {
            FieldId::PhaseGrowth(i) | FieldId::StagePass(i) | FieldId::StageMeanDays(i) | FieldId::StageStretch(i) => i,
            _ => 0,
        }
    }
}
