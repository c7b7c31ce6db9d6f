//! What the fuzz targets share: a sound scenario, edits of a sound JSON document, and everything that is shown of an answer.

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use revcast::analysis::{Answer, AttributionRun, Baseline, WhatIfRun};
use revcast::charts::{self, Size};
use revcast::documents::Document;
use revcast::engine::{Execution, Memory, Run};
use revcast::export::{self, CsvStyle};
use revcast::findings;
use revcast::forecast::forecast;
use revcast::model::{Model, resolve};
use revcast::report::{self, BriefStyle};
use revcast::scenario::{Faults, Scenario, Setting, load};
use revcast::units::Frequency;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

/// The committed plan: every section of a scenario stands in it.
pub const PLAN: &str = include_str!("../../scenarios/ai-marketing-plan.json");
/// A small scenario with stages, tags, calls and levers.
pub const SMALL: &str = include_str!("../seeds/small.json");
/// What `revcast run seeds/small.json --deep --since …` would write, made anew so that it is of this version.
pub static FORECAST: LazyLock<String> = LazyLock::new(|| {
    let scenario = read(SMALL, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let execution = Execution::new(Some(1));
    let run = Run::begin(model.clone(), &execution, Memory::default()).expect("the seed can be played");
    let forecast = forecast(&scenario, &run, None).expect("the seed can be played");
    let whatif = WhatIfRun::new(&scenario, model.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    let Ok(deep) = whatif.run(&execution) else { panic!("the seed can be played") };
    // An earlier run of another version, with other draws and another win rate.
    let mut past = Baseline::from(&forecast);
    past.manifest.version = "0.0.1".to_owned();
    past.manifest.seed += 1;
    let moved =
        AttributionRun::new(&past, &scenario, model.clone()).moved(&forecast, &execution).expect("the seed can be played");
    // Without the checksum, by which every edit would be refused.
    let answer = Answer { forecast, deep: Some(deep), moved: Some(moved), pipeline: None };
    let document = Document::new(answer.forecast.header.clone(), answer);
    let bytes = export::document_json(&document).expect("it can be written");
    String::from_utf8(bytes).expect("JSON is text")
});

/// Reads one text as a scenario, with settings.
pub fn read(text: &str, settings: &[Setting]) -> std::result::Result<Scenario, Faults> {
    load("scenario.json".as_ref(), settings, &|_| Ok(text.as_bytes().to_vec()))
}

/// The committed plan's model.
pub fn plan() -> Model {
    let scenario = read(PLAN, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Faults are shown, whatever is in them: no control character may reach a terminal but the ends of lines.
pub fn told(faults: &Faults) {
    assert!(!faults.to_string().is_empty());
}

/// What is made of an answer, but for the bitmaps: one of four parts, as `data` falls, so that many answers are shown.
pub fn show(answer: &Answer, data: &[u8]) {
    let forecast = &answer.forecast;
    // A chart that cannot be drawn is refused in words.
    match data.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) % 4 {
        0 => drop(report::page(answer, Frequency::Month, None)),
        1 => drop(report::page(answer, Frequency::Year, None)),
        2 => {
            drop(charts::of_forecast(forecast, Size::Thumb));
            drop(export::bands_csv(forecast, CsvStyle::ExcelEu));
            drop(export::attainment_csv(forecast, CsvStyle::Plain));
            drop(export::workbook(answer));
        }
        _ => {
            if let Some(deep) = &answer.deep {
                drop(charts::of_deep(&forecast.header.clone(), deep, Size::Page));
            }
            if let Some(moved) = &answer.moved {
                report::terminal(&findings::attribution(forecast, moved), 80);
                drop(charts::of_moved(&forecast.header.clone(), moved, Size::Page));
            }
            report::summary(answer, 80);
            report::details(answer, 80);
            report::brief(answer, Frequency::Quarter, BriefStyle::Markdown);
            report::brief(answer, Frequency::Month, BriefStyle::Text);
        }
    }
}

/// A shard whose checksum, between its last row group and its footer, is that of its other bytes; unchanged where there is no place for one.
pub fn resealed(data: &[u8]) -> Vec<u8> {
    let mut shard = data.to_vec();
    let Some(tail) = data.len().checked_sub(8) else { return shard };
    let footer = u32::from_le_bytes([data[tail], data[tail + 1], data[tail + 2], data[tail + 3]]) as usize;
    if let Some(slot) = tail.checked_sub(footer).and_then(|end| end.checked_sub(32)) {
        let mut hash = Sha256::new();
        hash.update(&data[..slot]);
        hash.update(&data[slot + 32..]);
        shard[slot..slot + 32].copy_from_slice(&hash.finalize());
    }
    shard
}

/// A document with up to eight of its values replaced, removed, doubled or swapped, as `choices` say.
pub fn edited(document: &str, choices: &mut Unstructured) -> Result<Value> {
    let mut tree: Value = serde_json::from_str(document).expect("the seed is JSON");
    for _ in 0..choices.int_in_range(1..=8)? {
        let nodes = count(&tree);
        let other = choices.int_in_range(0..=nodes - 1)?;
        let other = node(&mut tree, other).cloned().unwrap_or_default();
        let at = choices.int_in_range(0..=nodes - 1)?;
        let place = node(&mut tree, at).expect("it was counted");
        match (choices.int_in_range(0..=9)?, place) {
            (0, place) => *place = other,
            (1, Value::Array(list)) if !list.is_empty() => {
                list.remove(choices.choose_index(list.len())?);
            }
            (2, Value::Array(list)) if !list.is_empty() => list.push(list[0].clone()),
            (3, Value::Array(list)) => list.reverse(),
            (1, Value::Object(map)) if !map.is_empty() => {
                let key = map.keys().nth(choices.choose_index(map.len())?).cloned();
                key.and_then(|key| map.shift_remove(&key));
            }
            (2 | 3, Value::Object(map)) => {
                map.insert(text(choices)?, other);
            }
            (4..=6, Value::Number(x)) => *x = scaled(x, choices)?,
            (_, place) => *place = value(choices)?,
        }
    }
    Ok(tree)
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// The value at a place of the order in which they are written.
fn node(value: &mut Value, mut at: usize) -> Option<&mut Value> {
    if at == 0 {
        return Some(value);
    }
    at -= 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => return None,
    };
    for child in children {
        let size = count(child);
        if at < size {
            return node(child, at);
        }
        at -= size;
    }
    None
}

/// A number near another one, so that more of what is read after it stays sound.
fn scaled(x: &Number, choices: &mut Unstructured) -> Result<Number> {
    let factor = *choices.choose(&[0.0, -1.0, 0.5, 0.99, 1.01, 2.0, 10.0, 1e-9, 1e9])?;
    let x = x.as_f64().unwrap_or_default() * factor;
    let whole = choices.ratio(1_u8, 2_u8)?;
    let number = if whole && x.abs() < 9e15 { Some(Number::from(x as i64)) } else { Number::from_f64(x) };
    Ok(number.unwrap_or_else(|| Number::from(0)))
}

fn value(choices: &mut Unstructured) -> Result<Value> {
    const NUMBERS: [f64; 14] =
        [0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 5e-324, 1e100, 1e300, f64::MAX, f64::MIN, 1e9, 1e16, 4_294_967_296.0];
    Ok(match choices.int_in_range(0..=8)? {
        0 => Value::Null,
        1 => Value::Bool(choices.arbitrary()?),
        2 => Number::from_f64(choices.arbitrary()?).map_or(Value::Null, Value::Number),
        3 => choices.arbitrary::<i64>()?.into(),
        4 => choices.arbitrary::<u8>()?.into(),
        5 => (*choices.choose(&NUMBERS)?).into(),
        6 => text(choices)?.into(),
        7 => Value::Array(Vec::new()),
        _ => Value::Object(serde_json::Map::new()),
    })
}

fn text(choices: &mut Unstructured) -> Result<String> {
    const TEXTS: [&str; 25] = [
        "",
        " ",
        "total",
        "2027",
        "2027-11",
        "2027-Q4",
        "FY28-Q1",
        "2999-12",
        "-0001-01",
        "to 2028-01",
        "each-month",
        "each-quarter",
        "2027..2028",
        "segment=x",
        "bookings",
        "roi",
        "payback",
        "</script><script>",
        "=1+1",
        "../x",
        "\u{202E}\u{0}\u{1B}[2J",
        "ÄäßŁ€",
        "a&b",
        "charts/x.svg",
        "*",
    ];
    if choices.ratio(3_u8, 4_u8)? { Ok((*choices.choose(&TEXTS)?).to_owned()) } else { choices.arbitrary() }
}
