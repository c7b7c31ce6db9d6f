//! The house: a folder imports only folders below it.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders from top to bottom; each may use those after it.
const TOP_TO_BOTTOM: [&str; 17] = [
    "cli", "batch", "history", "report", "charts", "export", "analysis", "shards", "forecast", "engine", "outcomes",
    "model", "scenario", "chance", "stats", "units", "lib",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources can be listed") {
        let path = entry.expect("the sources can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let folder = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
            (name, folder, fs::read_to_string(&file).expect("a source can be read"))
        })
        .collect()
}

#[test]
fn a_folder_imports_only_folders_below_it() {
    let height = |folder: &str| TOP_TO_BOTTOM.iter().position(|f| *f == folder);
    let mut faults = Vec::new();
    let mut seen = 0;
    for (name, folder, text) in all_sources() {
        if folder == "lib" || folder == "main" {
            continue;
        }
        let own = height(&folder).unwrap_or_else(|| panic!("{name} lies in no known folder"));
        for (i, _) in text.match_indices("crate::") {
            let rest = &text[i + "crate::".len()..];
            // `use crate::{charts, export}` names several.
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).collect(),
                None => vec![rest],
            };
            for used in names {
                let used: String = used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                seen += 1;
                match height(&used) {
                    Some(other) if other >= own => {}
                    _ => faults.push(format!("{name} uses crate::{used}")),
                }
            }
        }
    }
    assert!(seen > 50, "only {seen} imports were seen");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn heavy_crates_stay_in_their_rooms() {
    let rooms: [(&str, &[&str]); 9] = [
        ("rand::", &["chance", "engine"]),
        ("rayon::", &["engine"]),
        ("plotters::", &["charts"]),
        ("rust_xlsxwriter::", &["export"]),
        ("rusqlite::", &["history"]),
        ("parquet::", &["shards", "export", "cli"]),
        ("clap::", &["cli"]),
        ("indicatif::", &["cli"]),
        ("std::fs", &["cli"]),
    ];
    let mut faults = Vec::new();
    for (name, folder, text) in all_sources() {
        for (krate, allowed) in rooms {
            if text.contains(krate) && !allowed.contains(&folder.as_str()) {
                faults.push(format!("{name} uses {krate}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_source_file_is_longer_than_it_can_be_read() {
    let long: Vec<String> =
        all_sources().into_iter().filter(|(_, _, text)| text.lines().count() > 500).map(|(name, _, _)| name).collect();
    assert!(long.is_empty(), "past 500 lines: {long:?}");
}
