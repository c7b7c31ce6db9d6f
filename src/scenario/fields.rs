//! The table of the fields that may be uncertain: whatever reads, moves, prints or compares a scenario asks it, so that a field
//! is said once.

use super::quantity::{Domain, Quantity};
use super::region::{Growth, Region};
use super::unit::Unit;
use crate::chance::{MoneyShape, TimeShape};

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
    /// The share of leads that pass a stage.
    StagePass(usize),
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
    get: fn(&Region, usize) -> Option<&Quantity>,
    set: fn(&mut Region, usize, Quantity),
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
        get: |region, _| region.cycle.as_ref().map(|cycle| &cycle.mean_days),
        set: |region, _, quantity| {
            if let Some(cycle) = &mut region.cycle {
                cycle.mean_days = quantity;
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
        get: |region, i| region.stages.as_deref()?.get(i).map(|stage| &stage.mean_days),
        set: |region, i, quantity| {
            if let Some(stage) = region.stages.as_mut().and_then(|stages| stages.get_mut(i)) {
                stage.mean_days = quantity;
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
    fn index(self) -> usize {
        match self {
            FieldId::PhaseGrowth(i) | FieldId::StagePass(i) | FieldId::StageMeanDays(i) => i,
            _ => 0,
        }
    }
}

impl Region {
    /// The fields that it has, in the order of the table, those of one stage or phase together.
    pub fn fields(&self) -> Vec<(FieldId, &Quantity)> {
        let mut found = Vec::new();
        for together in FIELDS.chunk_by(|a, b| a.list().is_some() && a.list() == b.list()) {
            let elements = if together[0].list().is_some() { usize::MAX } else { 1 };
            for i in 0..elements {
                let here = together.iter().filter_map(|spec| Some(((spec.id)(i), (spec.get)(self, i)?)));
                let before = found.len();
                found.extend(here);
                if found.len() == before {
                    break;
                }
            }
        }
        found
    }

    /// The quantity in a field; `None` where the region does not have it.
    pub fn quantity(&self, id: FieldId) -> Option<&Quantity> {
        (id.spec().get)(self, id.index())
    }

    /// Writes a quantity into a field that the region has, or may have.
    pub(super) fn set_quantity(&mut self, id: FieldId, quantity: Quantity) {
        (id.spec().set)(self, id.index(), quantity);
    }

    /// The path of a field below the region: `leads.growth[0].rate`, `stages[Demo].pass`.
    pub fn path(&self, id: FieldId) -> String {
        let spec = id.spec();
        match spec.path.split_once("[]") {
            None => spec.path.to_owned(),
            Some((list, field)) => format!("{list}[{}]{field}", self.element(list, id.index()).unwrap_or_default()),
        }
    }

    /// How paths name an element of a list: stages by name, phases by number.
    fn element(&self, list: &str, i: usize) -> Option<String> {
        match list {
            "stages" => self.stages.as_deref()?.get(i).map(|stage| stage.name.clone()),
            _ => (i < self.leads.growth.phases().len()).then(|| i.to_string()),
        }
    }
}

/// A path below a region, read: a field, the element where it is in a list, and the parameter of the quantity in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldName<'a> {
    /// The field's row of the table.
    pub(crate) spec: &'static FieldSpec,
    /// The element of its list, as the path names it.
    pub(crate) element: Option<&'a str>,
    /// `mean` of `conversion.mean`.
    pub(crate) parameter: Option<&'a str>,
}

impl<'a> FieldName<'a> {
    /// Reads a path below a region, such as `conversion`, `cycle.mean_days.p10` or `stages[Demo].pass`.
    pub(crate) fn parse(field: &'a str) -> Option<FieldName<'a>> {
        FIELDS.iter().find_map(|spec| {
            let (element, rest) = match spec.path.split_once("[]") {
                None => (None, field.strip_prefix(spec.path)?),
                Some((list, after)) => {
                    let (element, rest) = field.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
                    (Some(element), rest.strip_prefix(after)?)
                }
            };
            let parameter = if rest.is_empty() { None } else { Some(rest.strip_prefix('.')?) };
            Some(FieldName { spec, element, parameter })
        })
    }

    /// What people call it: "win rate", "share that passes Demo", "growth of leads, phase 1", "win rate, mean".
    pub(crate) fn label(&self) -> String {
        let element = match (self.element, (self.spec.id)(0)) {
            // People count phases from 1.
            (Some(phase), FieldId::PhaseGrowth(_)) => phase.parse::<usize>().map_or(1, |i| i + 1).to_string(),
            (element, _) => element.unwrap_or_default().to_owned(),
        };
        let label = self.spec.label.replace("{}", &element);
        self.parameter.map_or(label.clone(), |parameter| format!("{label}, {parameter}"))
    }
}

/// The region's key, or `*`, and the path below it: `europe` and `leads.monthly` of `regions.europe.leads.monthly`.
pub(crate) fn in_region(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("regions.")?.split_once('.')
}

impl Unit {
    /// The unit of the field at a path, or of a parameter of it.
    pub(crate) fn of(path: &str) -> Unit {
        match in_region(path) {
            Some((_, field)) => match FieldName::parse(field) {
                Some(FieldName { parameter: Some("cv"), .. }) | None => Unit::Number,
                Some(name) => name.spec.unit(),
            },
            None if path.starts_with("investment[") && path.ends_with("].amount") => Unit::Money,
            None => Unit::Number,
        }
    }
}

/// A plain number of a region that no law can stand for, such as the spread of its deal sizes.
#[derive(Debug)]
pub(crate) struct NumberSpec {
    /// The path below the region.
    pub(crate) path: &'static str,
    /// What people call it.
    pub(crate) label: &'static str,
    /// Whether it has a row in the sheet of inputs.
    pub(crate) in_sheet: bool,
    /// Whether it matters only where there is a market factor.
    pub(crate) of_market: bool,
    /// The number; `None` where the region does not have it, or where it means nothing.
    pub(crate) get: fn(&Region) -> Option<f64>,
    /// The note of the object that it stands in.
    pub(crate) note: fn(&Region) -> Option<&str>,
}

/// The plain numbers of a region.
pub(crate) static NUMBERS: &[NumberSpec] = &[
    NumberSpec {
        path: "leads.overdispersion",
        label: "scatter of leads by month",
        in_sheet: false,
        of_market: false,
        get: |region| Some(region.leads.overdispersion),
        note: |region| region.leads.note.as_deref(),
    },
    NumberSpec {
        path: "cycle.cv",
        label: "spread of the sales cycle",
        in_sheet: true,
        of_market: false,
        get: |region| region.cycle.as_ref().filter(|cycle| cycle.shape != TimeShape::Fixed).map(|cycle| cycle.cv),
        note: |region| region.cycle.as_ref()?.note.as_deref(),
    },
    NumberSpec {
        path: "deal_size.cv",
        label: "spread of deal sizes",
        in_sheet: true,
        of_market: false,
        get: |region| (region.deal_size.shape != MoneyShape::Fixed).then_some(region.deal_size.cv),
        note: |region| region.deal_size.note.as_deref(),
    },
    NumberSpec {
        path: "exposure.leads",
        label: "market's effect on leads",
        in_sheet: false,
        of_market: true,
        get: |region| Some(region.exposure.leads),
        note: |region| region.exposure.note.as_deref(),
    },
    NumberSpec {
        path: "exposure.conversion",
        label: "market's effect on winning",
        in_sheet: false,
        of_market: true,
        get: |region| Some(region.exposure.conversion),
        note: |region| region.exposure.note.as_deref(),
    },
    NumberSpec {
        path: "exposure.deal_size",
        label: "market's effect on deal sizes",
        in_sheet: false,
        of_market: true,
        get: |region| Some(region.exposure.deal_size),
        note: |region| region.exposure.note.as_deref(),
    },
];

/// Whether a key of a region is of an object that is there to hold fields, such as `leads` or `exposure`.
pub(crate) fn holds_fields(key: &str) -> bool {
    let paths = FIELDS.iter().map(|spec| spec.path).chain(NUMBERS.iter().map(|spec| spec.path));
    paths.filter_map(|path| path.split_once('.')).any(|(object, _)| object == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_in_their_own_units() {
        for (path, unit) in [
            ("regions.a.conversion", Unit::Share),
            ("regions.a.conversion.mean", Unit::Share),
            ("regions.a.conversion.cv", Unit::Number),
            ("regions.a.cycle.mean_days.p10", Unit::Days),
            ("regions.a.cycle.cv", Unit::Number),
            ("regions.a.deal_size.mean", Unit::Money),
            ("regions.a.leads.monthly.mean", Unit::Number),
            ("regions.a.leads.growth[0].rate.mode", Unit::Rate),
            ("regions.*.stages[Demo v1.0].pass", Unit::Share),
            ("investment[Sales team].amount", Unit::Money),
            ("market.volatility", Unit::Number),
        ] {
            assert_eq!(Unit::of(path), unit, "{path}");
        }
    }

    #[test]
    fn every_row_parses_to_itself_and_has_its_own_identity() {
        for spec in FIELDS {
            let name = FieldName::parse(spec.path).expect("a path of the table parses");
            assert!(std::ptr::eq(name.spec, spec) && name.parameter.is_none(), "{}", spec.path);
            assert!(std::ptr::eq((spec.id)(3).spec(), spec), "{}", spec.path);
            assert_eq!((spec.id)(3).index(), if spec.list().is_some() { 3 } else { 0 }, "{}", spec.path);
        }
    }
}
