//! The fields of a region by their paths, and its plain numbers.

use super::event_paths::{domain_outside_regions, event_of};
use super::field_id::FieldId;
use super::field_spec::FieldSpec;
use super::field_table::FIELDS;
use super::quantity::Quantity;
use super::region::Region;
use super::unit::Unit;
use crate::chance::{MoneyShape, TimeShape};

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
            "leads.activities" => self.leads.activities.get(i).map(|activity| activity.name.clone()),
            "closing.by_stage" => self.closing.as_ref()?.by_stage.get_index(i).map(|(stage, _)| stage.clone()),
            _ => Some(i.to_string()),
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
        // People count from 1; a stage has a name that is no number.
        let element = self.element.unwrap_or_default();
        let element = element.parse::<usize>().map_or_else(|_| element.to_owned(), |i| (i + 1).to_string());
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
            None if path.starts_with("pipeline[") && path.ends_with("].amount") => Unit::Money,
            None if path.starts_with("pipeline[") && path.ends_with("].win_probability") => Unit::Share,
            None if event_of(path).is_some() => Unit::Share,
            None => domain_outside_regions(path).map_or(Unit::Number, |domain| domain.unit),
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
        get: |region| region.cycle.as_ref().filter(|cycle| cycle.shape != Some(TimeShape::Fixed))?.cv,
        note: |region| region.cycle.as_ref()?.note.as_deref(),
    },
    NumberSpec {
        path: "deal_size.cv",
        label: "spread of deal sizes",
        in_sheet: true,
        of_market: false,
        get: |region| region.deal_size.cv.filter(|_| region.deal_size.shape != MoneyShape::Fixed),
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
