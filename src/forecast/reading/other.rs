//! What a document is that is no forecast, told by its fields.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::scenario::Fault;

/// Another document of revcast's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    Scenario,
    Sensitivity,
    Comparison,
    Solution,
}

/// Fields of which each document has its own.
#[derive(Debug, Deserialize)]
struct Marks {
    series: Option<IgnoredAny>,
    regions: Option<IgnoredAny>,
    extends: Option<IgnoredAny>,
    causes: Option<IgnoredAny>,
    differences: Option<IgnoredAny>,
    curve: Option<IgnoredAny>,
}

/// What the text of a document is; `None` for a forecast, and for what is nothing known.
pub(super) fn kind(text: &str) -> Option<Other> {
    // A struct is also read from a list, which nothing of this is.
    let marks: Marks = text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok())??;
    if marks.series.is_some() {
        return None;
    }
    let kinds = [
        (marks.causes, Other::Sensitivity),
        (marks.differences, Other::Comparison),
        (marks.curve, Other::Solution),
        (marks.regions.or(marks.extends), Other::Scenario),
    ];
    kinds.into_iter().find_map(|(mark, kind)| mark.map(|_| kind))
}

impl Other {
    /// The fault of a file that is this.
    pub(super) fn fault(self, file: &str) -> Fault {
        let (found, hint) = match self {
            Other::Scenario => ("this is a scenario", "play it: revcast run FILE"),
            Other::Sensitivity => ("what `revcast sensitivity` found", ELSEWHERE),
            Other::Comparison => ("what `revcast compare` found", ELSEWHERE),
            Other::Solution => ("what `revcast solve` found", ELSEWHERE),
        };
        Fault {
            file: file.to_owned(),
            path: String::new(),
            found: found.to_owned(),
            allowed: "the forecast.json that a run wrote".to_owned(),
            hint: hint.to_owned(),
        }
    }
}

const ELSEWHERE: &str = "a forecast.json lies in the folder of a run, output/ and the scenario's name";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_by_their_fields() {
        assert_eq!(kind(r#"{"name": "a", "regions": {}}"#), Some(Other::Scenario));
        assert_eq!(kind(r#"{"extends": "a.json"}"#), Some(Other::Scenario));
        assert_eq!(kind(r#"{"manifest": {}, "causes": []}"#), Some(Other::Sensitivity));
        assert_eq!(kind(r#"{"manifest": {}, "differences": []}"#), Some(Other::Comparison));
        assert_eq!(kind(r#"{"manifest": {}, "curve": []}"#), Some(Other::Solution));
        for text in [r#"{"series": [], "regions": {}}"#, "{}", "[1, 2]", "[]", "3", "{"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
