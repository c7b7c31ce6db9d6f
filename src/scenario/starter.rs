//! The scenario that a newcomer starts from.

use jiff::civil::Date;
use serde_json::Value;

/// A small scenario with notes, of the two years after `today`; every figure in it is an example.
pub fn starter(name: &str, today: Date) -> String {
    // Quotes and what else JSON escapes may stand in a file's name.
    let name = Value::from(name).to_string();
    let year = (today.year() + 1).clamp(1900, 2990);
    include_str!("starter.json")
        .replace("\"NAME\"", &name)
        .replace("YEAR", &year.to_string())
        .replace("TODAY", &today.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn the_starter_has_no_faults_in_any_year() {
        for (name, year) in [("plan", 2026), ("a \"plan\" \\ of\nYEAR", 1999), ("", 9999), ("Ünï", -5)] {
            let text = starter(name, jiff::civil::date(year, 12, 31));
            let scenario = load("s.json".as_ref(), &[], &|_| Ok(text.clone().into_bytes()));
            scenario.unwrap_or_else(|faults| panic!("{faults}"));
        }
    }
}
