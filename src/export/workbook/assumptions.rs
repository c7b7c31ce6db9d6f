//! What was assumed: the sentences, the ranges entered, what the audit found, then every field of the scenario.

use serde_json::{Map, Value};

use super::cell::Cell;
use super::context::SheetContext;
use super::drivers::figure;
use super::flow::FlowSheet;
use super::styles::NumberStyle;
use super::worksheet::Sheet;
use crate::export::ExportError;

const NAME: &str = "Assumptions";

/// A field of the scenario: path, value, note, source.
#[derive(Debug, PartialEq)]
struct Field<'a> {
    path: String,
    value: Option<&'a Value>,
    note: Option<&'a str>,
    source: Option<&'a str>,
}

/// The sheet with what is assumed.
pub(super) fn page<'a>(context: &'a SheetContext<'a>) -> Result<Sheet<'a>, ExportError> {
    let forecast = context.forecast;
    let widths = [44.0, 16.0, 13.0, 13.0, 13.0, 13.0, 13.0, 60.0, 36.0];
    let mut flow = FlowSheet::begin(NAME, "What is assumed", &widths, &context.styles)?;
    forecast.assumptions.iter().try_for_each(|sentence| flow.sentence(sentence))?;
    ranges(&mut flow, context)?;
    if let Some(deep) = context.deep().filter(|deep| !deep.findings.is_empty()) {
        flow.part("What the audit asks of the plan")?;
        for finding in &deep.findings {
            flow.sentence(&finding.sentence)?;
        }
    }
    let printed = flow.next();
    fields(&mut flow, context)?;
    let mut page = flow.finish();
    page.print(printed, widths.len() as u16 - 1)?;
    Ok(page)
}

/// The ranges that were entered: law, figures, note and source.
fn ranges(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let inputs = &context.forecast.inputs;
    if inputs.is_empty() {
        return Ok(());
    }
    flow.part("The ranges entered, as they were entered: exact")?;
    flow.heads(&["Input", "Law"], &["Mean", "Standard deviation", "P10", "P50", "P90"])?;
    let head = flow.next() - 1;
    flow.page().remark_heads(head, 7)?;
    for input in inputs {
        let law = [input.mean, input.sd, input.p10, input.p50, input.p90];
        let style = figure(&input.path, &law);
        let figures = law.map(|value| Cell::Number(Some(value), style));
        let remarks = [&input.note, &input.source].map(|text| Cell::remark(text.as_deref()));
        let words = [Cell::words(input.label.as_str()), Cell::words(input.law.as_str())];
        flow.row(words.into_iter().chain(figures).chain(remarks))?;
    }
    Ok(())
}

/// Every field of the scenario that was played.
fn fields(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    flow.part("Every field that was played, defaults written in; not printed")?;
    flow.sentence(
        "A note or source stands beside the fields of the object that carries it. Amounts are in the scenario's currency, rates and shares \
         are fractions (0.15 is 15 %).",
    )?;
    flow.heads::<&str>(&["Field", "Value"], &[])?;
    let head = flow.next() - 1;
    let mut fields = Vec::new();
    if let Value::Object(scenario) = &context.forecast.manifest.scenario {
        // The sentences stand above.
        gather(scenario, "", &["assumptions"], &mut fields);
    }
    flow.page().remark_heads(head, 7)?;
    for field in fields.iter().take(flow.room()) {
        let value = match field.value {
            Some(Value::Number(number)) => Cell::Number(number.as_f64(), NumberStyle::Free),
            Some(Value::String(text)) => Cell::remark(Some(text)),
            Some(Value::Bool(truth)) => Cell::words(if *truth { "true" } else { "false" }),
            _ => Cell::Empty,
        };
        let row = flow.row([Cell::words(field.path.as_str()), value])?;
        let remarks = [field.note, field.source].map(Cell::remark);
        flow.cells(row, 7, remarks)?;
    }
    Ok(())
}

/// The fields of an object, those of its parts after its own.
fn gather<'a>(object: &'a Map<String, Value>, path: &str, but: &[&str], fields: &mut Vec<Field<'a>>) {
    let word = |key: &str| object.get(key).and_then(Value::as_str);
    let (note, source) = (word("note"), word("source"));
    let before = fields.len();
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let rest =
        object.iter().filter(|(key, _)| !matches!(key.as_str(), "note" | "source") && !but.contains(&key.as_str()));
    let (parts, leaves): (Vec<_>, Vec<_>) = rest.partition(|(_, value)| value.is_object() || value.is_array());
    for (key, value) in leaves {
        fields.push(Field { path: inner(key), value: Some(value), note, source });
    }
    if fields.len() == before && (note.is_some() || source.is_some()) {
        // Nothing of its own to stand beside.
        fields.push(Field { path: path.to_owned(), value: None, note, source });
    }
    for (key, value) in parts {
        gather_part(value, inner(key), fields);
    }
}

fn gather_part<'a>(value: &'a Value, path: String, fields: &mut Vec<Field<'a>>) {
    match value {
        Value::Object(object) => gather(object, &path, &[], fields),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                gather_part(item, format!("{path}[{i}]"), fields);
            }
        }
        value => fields.push(Field { path, value: Some(value), note: None, source: None }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_has_its_path_and_remarks() {
        let scenario = json!({
            "name": "N", "assumptions": ["x"],
            "regions": {"europe": {"note": "R", "conversion": {"mean": 0.25, "note": "C", "source": "S"}, "ramp": [0, 1]}}
        });
        let mut fields = Vec::new();
        gather(scenario.as_object().unwrap(), "", &["assumptions"], &mut fields);
        let paths: Vec<(&str, Option<&str>, Option<&str>)> =
            fields.iter().map(|f| (f.path.as_str(), f.note, f.source)).collect();
        assert_eq!(
            paths,
            [
                ("name", None, None),
                ("regions.europe", Some("R"), None),
                ("regions.europe.conversion.mean", Some("C"), Some("S")),
                ("regions.europe.ramp[0]", None, None),
                ("regions.europe.ramp[1]", None, None),
            ]
        );
    }
}
