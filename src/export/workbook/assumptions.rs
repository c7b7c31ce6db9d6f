//! What was assumed: the sentences, then every field of the scenario.

use serde_json::{Map, Value};

use super::context::SheetContext;
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::{MOST_ROWS, Sheet};
use crate::export::ExportError;

const NAME: &str = "Assumptions";

const REMARK: &str = "Every field of the scenario that was played, defaults written in. A note or source stands beside the fields of the \
object that carries it. Amounts are in the scenario's currency, rates and shares are fractions (0.15 is 15 %).";

/// A field of the scenario: path, value, note, source.
#[derive(Debug, PartialEq)]
struct Field<'a> {
    path: String,
    value: Option<&'a Value>,
    note: Option<&'a str>,
    source: Option<&'a str>,
}

/// The sheet with what is assumed.
pub(super) fn page<'a>(context: &'a SheetContext) -> Result<Sheet<'a>, ExportError> {
    let forecast = context.forecast;
    let mut page = Sheet::begin(NAME, NAME, REMARK, &context.styles)?;
    page.widths(&[46.0, 18.0, 70.0, 45.0])?;
    let mut row = 3;
    for sentence in &forecast.assumptions {
        page.spread(row, 4, sentence, TextStyle::Sentence)?;
        row += 1;
    }
    let head = row + 1;
    page.heads(head, 0, &["Field", "Value"])?;
    let mut fields = Vec::new();
    if let Value::Object(scenario) = &forecast.manifest.scenario {
        // The sentences stand above.
        gather(scenario, "", &["assumptions"], &mut fields);
    }
    page.remark_heads(head, 2, fields.iter().map(|field| (field.note, field.source)))?;
    row = head + 1;
    for field in fields.iter().take((MOST_ROWS - row) as usize) {
        page.text(row, 0, &field.path, TextStyle::Cell)?;
        match field.value {
            Some(Value::Number(number)) => page.number(row, 1, number.as_f64(), NumberStyle::Free)?,
            Some(Value::String(text)) => page.text(row, 1, text, TextStyle::Long)?,
            Some(Value::Bool(truth)) => page.text(row, 1, if *truth { "true" } else { "false" }, TextStyle::Cell)?,
            _ => {}
        }
        page.remark(row, 2, field.note)?;
        page.remark(row, 3, field.source)?;
        row += 1;
    }
    page.table(head, 1, row - 1)?;
    Ok(page)
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
