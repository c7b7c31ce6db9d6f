//! What holds for the whole forecast: its manifest, its scopes, its periods.

use std::collections::HashSet;

use super::sound::{Sound, shown};
use crate::model::ScopeKind;
use crate::units::Frequency;

impl Sound<'_> {
    /// What would repeat the run.
    pub(super) fn manifest(&mut self) {
        let manifest = &self.forecast.manifest;
        self.expect(manifest.trials >= 1, || "manifest.trials".to_owned(), || "0".to_owned(), "1 or more");
        let hash = &manifest.scenario_hash;
        let sound = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        self.expect(sound, || "manifest.scenario_hash".to_owned(), || shown(hash), "64 hexadecimal digits");
        let mut names = HashSet::new();
        for (i, name) in manifest.files.iter().enumerate() {
            let sound = is_file_name(name) && names.insert(name);
            let allowed = "the name of a file of its own in the run's folder";
            self.expect(sound, || format!("manifest.files[{i}]"), || shown(name), allowed);
        }
        self.expect(
            manifest.scenario.is_object(),
            || "manifest.scenario".to_owned(),
            || "no object".to_owned(),
            "the scenario that was played",
        );
        if let Some(precision) = &self.forecast.precision {
            self.share(|| "precision.wanted".to_owned(), precision.wanted);
            self.error(|| "precision.reached".to_owned(), precision.reached);
            let (trials, most) = (self.forecast.manifest.trials, precision.most);
            let allowed = format!("at least the {trials} futures that were played");
            self.expect(most >= trials, || "precision.most".to_owned(), || most.to_string(), allowed);
        }
    }

    /// Each scope once, the total among them, all of known regions.
    pub(super) fn scopes(&mut self) {
        let scopes = &self.forecast.scopes;
        let regions: HashSet<&str> =
            scopes.iter().filter(|s| s.kind == ScopeKind::Region).map(|s| s.key.as_str()).collect();
        let mut seen = HashSet::new();
        for (i, scope) in scopes.iter().enumerate() {
            let key = scope.key.as_str();
            let fits = (scope.kind == ScopeKind::Total) == (key == "total");
            let path = || format!("scopes[{i}].key");
            self.expect(seen.insert(key) && fits, path, || shown(key), "a key that no other scope has");
            let unknown = scope.regions.iter().find(|region| !regions.contains(region.as_str()));
            let found = || shown(unknown.map_or("", |region| region));
            self.expect(unknown.is_none(), || format!("scopes[{i}].regions"), found, "the keys of regions");
            self.share(|| format!("scopes[{i}].win_rate"), scope.win_rate);
        }
        let total = self.scopes.contains("total");
        self.expect(total, || "scopes".to_owned(), || "no total".to_owned(), "the total among them");
    }

    /// The lists of periods: those that the horizon has. Whether they are sound.
    pub(super) fn periods(&mut self) -> bool {
        let before = self.count();
        const ALWAYS: [Frequency; 5] =
            [Frequency::Month, Frequency::Quarter, Frequency::Year, Frequency::Total, Frequency::Cumulative];
        let forecast = self.forecast;
        let mut seen = Vec::new();
        for (i, list) in forecast.periods.iter().enumerate() {
            let every = list.every;
            let fits = every != Frequency::Span && !seen.contains(&every);
            let path = || format!("periods[{i}].every");
            self.expect(fits, path, || format!("a list of {}", name(every)), "one list of each kind");
            seen.push(every);
            let periods = self.horizon.every(every);
            let labels = list.labels.iter().eq(periods.iter().map(|period| &period.label));
            let starts = list.starts.iter().copied().eq(periods.iter().map(|p| self.horizon.month(p.months.start)));
            let allowed = format!("those of {} months from {} on", forecast.months, forecast.start);
            let of = |field: &str| format!("periods[{i}].{field}");
            self.expect(labels, || of("labels"), || first_of(&list.labels), allowed.clone());
            self.expect(starts, || of("starts"), || first_of(&list.starts), allowed);
        }
        for every in ALWAYS.into_iter().filter(|every| !seen.contains(every)) {
            let found = || format!("no list of {}", name(every));
            self.expect(false, || "periods".to_owned(), found, "a list of each kind");
        }
        self.count() == before
    }
}

/// What a kind of period is called.
pub(super) fn name(every: Frequency) -> &'static str {
    match every {
        Frequency::Month => "months",
        Frequency::Quarter => "quarters",
        Frequency::Year => "years",
        Frequency::FiscalQuarter => "fiscal quarters",
        Frequency::FiscalYear => "fiscal years",
        Frequency::Total => "the whole",
        Frequency::Cumulative => "cumulative months",
        Frequency::Span => "spans",
    }
}

fn first_of(list: &[impl std::fmt::Display]) -> String {
    match list.first() {
        None => "none".to_owned(),
        Some(first) => format!("{} from {} on", list.len(), shown(&first.to_string())),
    }
}

/// Whether a name is that of a file in a folder or in one below it, on any system: these names are looked for on disk.
fn is_file_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.chars().any(|c| c.is_control() || "\\:".contains(c))
    };
    name.len() <= 1000 && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for name in ["forecast.json", "charts/fan.svg", "a..b", "Zahlen ü.csv"] {
            assert!(is_file_name(name), "{name}");
        }
        for name in ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "C:x", "a\\b", "a/", "a\nb", ".."] {
            assert!(!is_file_name(name), "{name}");
        }
    }
}
