//! The table of the fields that may be uncertain: whatever reads, moves, prints or compares a scenario asks it, so that a field
//! is said once.

use super::closing::Closing;
use super::field_id::FieldId;
use super::field_spec::{FieldSpec, Worse, put};
use super::quantity::Domain;
use super::region::{Growth, Region};
use super::team_fields;

/// Every field that may be uncertain, in the order of a scenario file; the fields of one list stand together.
pub(crate) static FIELDS: &[FieldSpec] = &[
    FieldSpec {
        path: "leads.monthly",
        id: |_| FieldId::LeadsMonthly,
        domain: Domain::LEADS,
        required: true,
        label: "leads a month",
        differs_by_deal: false,
        worse: Worse::Less,
        get: |region, _| region.leads.monthly.as_ref(),
        set: |region, _, quantity| region.leads.monthly = Some(quantity),
    },
    FieldSpec {
        path: "leads.growth",
        id: |_| FieldId::Growth,
        domain: Domain::GROWTH,
        required: false,
        label: "growth of leads",
        differs_by_deal: false,
        worse: Worse::Less,
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
        worse: Worse::Less,
        get: |region, i| region.leads.growth.phases().get(i).map(|phase| &phase.rate),
        set: |region, i, quantity| {
            if let Growth::Phases(phases) = &mut region.leads.growth
                && let Some(phase) = phases.get_mut(i)
            {
                phase.rate = quantity;
            }
        },
    },
    team_fields::ACTIVITY_PER_WEEK,
    team_fields::YIELD_0,
    team_fields::YIELD_1,
    team_fields::YIELD_2,
    team_fields::YIELD_3,
    team_fields::YIELD_4,
    team_fields::YIELD_5,
    FieldSpec {
        path: "conversion",
        id: |_| FieldId::Conversion,
        domain: Domain::SHARE,
        required: false,
        label: "win rate",
        differs_by_deal: true,
        worse: Worse::Less,
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
        worse: Worse::More,
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
        worse: Worse::More,
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
        worse: Worse::More,
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
        worse: Worse::More,
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
        worse: Worse::More,
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
        worse: Worse::More,
        get: |region, _| region.closing.as_ref()?.held_to_quarter_end.as_ref(),
        set: |region, _, quantity| {
            if let Some(closing) = &mut region.closing {
                closing.held_to_quarter_end = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "closing.table.won[]",
        id: FieldId::DailyWon,
        domain: Domain::SHARE,
        required: false,
        label: "chance of being won on a day, age class {}",
        differs_by_deal: false,
        worse: Worse::Less,
        get: |region, i| closing(region)?.table.as_ref()?.won.get(i),
        set: |region, i, quantity| {
            let table = region.closing.as_mut().and_then(|closing| closing.table.as_mut());
            put(table.and_then(|table| table.won.get_mut(i)), quantity);
        },
    },
    FieldSpec {
        path: "closing.table.lost[]",
        id: FieldId::DailyLost,
        domain: Domain::SHARE,
        required: false,
        label: "chance of being lost on a day, age class {}",
        differs_by_deal: false,
        worse: Worse::More,
        get: |region, i| closing(region)?.table.as_ref()?.lost.get(i),
        set: |region, i, quantity| {
            let table = region.closing.as_mut().and_then(|closing| closing.table.as_mut());
            put(table.and_then(|table| table.lost.get_mut(i)), quantity);
        },
    },
    FieldSpec {
        path: "closing.rhythm.won[]",
        id: FieldId::RhythmWon,
        domain: Domain::FACTOR_OR_NONE,
        required: false,
        label: "month {}'s factor on being won",
        differs_by_deal: false,
        worse: Worse::Less,
        get: |region, i| closing(region)?.rhythm.won.get(i),
        set: |region, i, quantity| {
            put(region.closing.as_mut().and_then(|closing| closing.rhythm.won.get_mut(i)), quantity);
        },
    },
    FieldSpec {
        path: "closing.rhythm.lost[]",
        id: FieldId::RhythmLost,
        domain: Domain::FACTOR_OR_NONE,
        required: false,
        label: "month {}'s factor on being lost",
        differs_by_deal: false,
        worse: Worse::More,
        get: |region, i| closing(region)?.rhythm.lost.get(i),
        set: |region, i, quantity| {
            put(region.closing.as_mut().and_then(|closing| closing.rhythm.lost.get_mut(i)), quantity);
        },
    },
    FieldSpec {
        path: "closing.volatility.won",
        id: |_| FieldId::VolatilityWon,
        domain: Domain::STEP,
        required: false,
        label: "monthly steps of the pace of winning",
        differs_by_deal: false,
        worse: Worse::Neither,
        get: |region, _| closing(region)?.volatility.won.as_ref(),
        set: |region, _, quantity| {
            if let Some(closing) = &mut region.closing {
                closing.volatility.won = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "closing.volatility.lost",
        id: |_| FieldId::VolatilityLost,
        domain: Domain::STEP,
        required: false,
        label: "monthly steps of the pace of losing",
        differs_by_deal: false,
        worse: Worse::Neither,
        get: |region, _| closing(region)?.volatility.lost.as_ref(),
        set: |region, _, quantity| {
            if let Some(closing) = &mut region.closing {
                closing.volatility.lost = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "closing.now.won",
        id: |_| FieldId::NowWon,
        domain: Domain::EXPONENT,
        required: false,
        label: "present pace of winning",
        differs_by_deal: false,
        worse: Worse::Less,
        get: |region, _| closing(region)?.now.won.as_ref(),
        set: |region, _, quantity| {
            if let Some(closing) = &mut region.closing {
                closing.now.won = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "closing.now.lost",
        id: |_| FieldId::NowLost,
        domain: Domain::EXPONENT,
        required: false,
        label: "present pace of losing",
        differs_by_deal: false,
        worse: Worse::More,
        get: |region, _| closing(region)?.now.lost.as_ref(),
        set: |region, _, quantity| {
            if let Some(closing) = &mut region.closing {
                closing.now.lost = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "closing.by_stage[].won",
        id: FieldId::StageWon,
        domain: Domain::FACTOR_OR_NONE,
        required: false,
        label: "factor on being won in {}",
        differs_by_deal: false,
        worse: Worse::Less,
        get: |region, i| closing(region)?.by_stage.get_index(i)?.1.won.as_ref(),
        set: |region, i, quantity| {
            let stages = region.closing.as_mut().map(|closing| &mut closing.by_stage);
            if let Some((_, factors)) = stages.and_then(|stages| stages.get_index_mut(i)) {
                factors.won = Some(quantity);
            }
        },
    },
    FieldSpec {
        path: "closing.by_stage[].lost",
        id: FieldId::StageLost,
        domain: Domain::FACTOR_OR_NONE,
        required: false,
        label: "factor on being lost in {}",
        differs_by_deal: false,
        worse: Worse::More,
        get: |region, i| closing(region)?.by_stage.get_index(i)?.1.lost.as_ref(),
        set: |region, i, quantity| {
            let stages = region.closing.as_mut().map(|closing| &mut closing.by_stage);
            if let Some((_, factors)) = stages.and_then(|stages| stages.get_index_mut(i)) {
                factors.lost = Some(quantity);
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
        worse: Worse::Less,
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
        worse: Worse::More,
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
        worse: Worse::More,
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
        worse: Worse::Less,
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
        worse: Worse::Less,
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
        worse: Worse::More,
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
        worse: Worse::More,
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
        worse: Worse::Less,
        get: |region, _| region.deal_size.mean.as_ref(),
        set: |region, _, quantity| region.deal_size.mean = Some(quantity),
    },
    FieldSpec {
        path: "deal_size.weights[]",
        id: FieldId::DealSizeWeight,
        domain: Domain::WEIGHT,
        required: false,
        label: "weight of deal size {}",
        differs_by_deal: false,
        worse: Worse::Neither,
        get: |region, i| region.deal_size.weights.get(i),
        set: |region, i, quantity| put(region.deal_size.weights.get_mut(i), quantity),
    },
    FieldSpec {
        path: "retention",
        id: |_| FieldId::Retention,
        domain: Domain::SHARE,
        required: false,
        label: "retention",
        differs_by_deal: false,
        worse: Worse::Less,
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
        worse: Worse::Less,
        get: |region, _| Some(&region.expansion),
        set: |region, _, quantity| region.expansion = quantity,
    },
    FieldSpec {
        path: "gross_margin",
        id: |_| FieldId::GrossMargin,
        domain: Domain::SHARE,
        required: false,
        label: "gross margin",
        differs_by_deal: false,
        worse: Worse::Less,
        get: |region, _| region.gross_margin.as_ref(),
        set: |region, _, quantity| region.gross_margin = Some(quantity),
    },
    team_fields::EXECUTIVES_ATTRITION,
    team_fields::EXECUTIVES_HIRE_DELAY,
    team_fields::OPPORTUNITIES_PER_MONTH,
    team_fields::OPEN_OPPORTUNITIES,
    team_fields::DEVELOPMENT_ATTRITION,
    team_fields::DEVELOPMENT_HIRE_DELAY,
    team_fields::LEADS_PER_MONTH,
    #[cfg(test)]
    FieldSpec {
        path: "upsell",
        id: |_| FieldId::MadeUp,
        domain: Domain::SHARE,
        required: false,
        label: "share that buys more",
        differs_by_deal: true,
        worse: Worse::Less,
        get: |region, _| region.upsell.as_ref(),
        set: |region, _, quantity| region.upsell = Some(quantity),
    },
];

fn closing(region: &Region) -> Option<&Closing> {
    region.closing.as_ref()
}

impl FieldId {
    /// The field's row of the table.
    pub(crate) fn spec(self) -> &'static FieldSpec {
        let same = |spec: &&FieldSpec| (spec.id)(self.index()) == self;
        FIELDS.iter().find(same).expect("every field has its row")
    }
}
