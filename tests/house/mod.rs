//! The house: a folder imports only folders below it, no files import each other in a circle, and no file is too long.
#![allow(unreachable_pub)] // a module of a test binary has no outside

mod circles;
mod imports;

use std::fs;
use std::path::{Path, PathBuf};

use circles::{circles, ties};
use imports::imports;

/// The folders from top to bottom; each may use those after it.
const TOP_TO_BOTTOM: [&str; 23] = [
    "cli",
    "batch",
    "history",
    "report",
    "charts",
    "export",
    "findings",
    "backtest",
    "analysis",
    "audit",
    "shards",
    "forecast",
    "documents",
    "engine",
    "outcomes",
    "model",
    "fit",
    "scenario",
    "tables",
    "chance",
    "stats",
    "units",
    "lib",
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

/// Each source, as its name under src/ and its text.
fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let read = |file: PathBuf| {
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&file).expect("a source can be read"))
    };
    files.into_iter().map(read).collect()
}

/// The folder that a source lies in; `lib` and `main` for those two.
fn folder(file: &str) -> &str {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

#[test]
fn a_folder_imports_only_folders_below_it() {
    let height = |file: &str| {
        let place = TOP_TO_BOTTOM.iter().position(|other| *other == folder(file));
        place.unwrap_or_else(|| panic!("{file} lies in no known folder"))
    };
    let mut faults = Vec::new();
    let mut seen = 0;
    for (file, used) in imports(&all_sources(), true) {
        // The roots, and a test of the whole library beside them.
        if ["lib", "main", "made_up_field"].contains(&folder(&file)) {
            continue;
        }
        for other in used.into_keys() {
            seen += 1;
            if height(&other) < height(&file) {
                faults.push(format!("{file} imports {other}"));
            }
        }
    }
    assert!(seen > 1000, "only {seen} imports were seen");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let imports = imports(&all_sources(), false);
    let found: Vec<_> = circles(&imports).iter().map(|circle| ties(&imports, circle)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The circles of a made-up tree.
fn circles_of(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let imports = imports(&files, false);
    circles(&imports).into_iter().map(|circle| circle.into_iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_circle_is_seen_however_it_is_written() {
    let root = ("lib.rs", "pub mod a; pub mod b;");
    let closed_by = |one: &str, other: &str| {
        let files = [
            root,
            ("a/mod.rs", "mod one; mod two; pub use one::One; pub use two::*;"),
            ("a/one.rs", &format!("{one} pub struct One;")),
            ("a/two.rs", "pub fn two() -> super::One { super::one::One }"),
            ("b/mod.rs", "mod three; pub use three::Three as Four; pub fn b() -> Four { Four }"),
            ("b/three.rs", &format!("{other} pub struct Three;")),
        ];
        circles_of(&files)
    };
    let none: [&[&str]; 0] = [];
    assert_eq!(closed_by("", ""), none);
    for circle in [
        "use super::two::two;",
        "use super::two;",
        "use crate::a::two;",
        "use crate::{a::{two as three}, b};",
        "use super::{self as above}; fn x() { above::two(); }",
        "mod inside { fn x() { println!(\"{}\", super::super::two::two()); } }",
        "fn x() -> Vec<crate::a::two::Two> { vec![crate::a::two()] }",
    ] {
        assert_eq!(closed_by(circle, ""), [["a/one.rs", "a/two.rs"]], "{circle}");
    }
    assert_eq!(
        closed_by("use crate::b::Four;", "use super::super::a::*; fn x() -> One { One }"),
        [["a/one.rs", "b/three.rs"]]
    );
    assert_eq!(closed_by("", "use super::b;"), [["b/mod.rs", "b/three.rs"]]);
    for no_circle in [
        "/// Leads to [`super::two`].",
        "const TEXT: &str = \"use super::two;\";",
        "#[cfg(test)] mod tests { use super::super::two; }",
        "use crate::b::Four;",
    ] {
        assert_eq!(closed_by(no_circle, ""), none, "{no_circle}");
    }
}

#[test]
fn heavy_crates_stay_in_their_rooms() {
    let rooms: [(&str, &[&str]); 10] = [
        ("rand::", &["chance", "engine"]),
        ("rayon::", &["engine"]),
        ("plotters::", &["charts"]),
        ("rust_xlsxwriter::", &["export"]),
        ("calamine::", &["tables", "made_up_field"]),
        ("rusqlite::", &["history"]),
        ("parquet::", &["tables", "shards", "export", "cli"]),
        ("clap::", &["cli"]),
        ("indicatif::", &["cli"]),
        ("std::fs", &["cli"]),
    ];
    let mut faults = Vec::new();
    for (name, text) in all_sources() {
        for (krate, allowed) in rooms {
            if text.contains(krate) && !allowed.contains(&folder(&name)) {
                faults.push(format!("{name} uses {krate}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_tour_leads_to_places_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let tour = fs::read_to_string(root.join("lib.rs")).expect("the library has a root");
    let lines: Vec<&str> = tour.lines().filter(|line| line.starts_with("//! | ")).collect();
    let is_place = |part: &&str| part.contains('/') && !part.contains(' ');
    let places: Vec<&str> = lines.iter().flat_map(|line| line.split('`')).filter(is_place).collect();
    assert!(places.len() > 5, "{places:?}");
    let gone: Vec<&str> = places.into_iter().filter(|place| !root.join(place).exists()).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn no_source_file_is_longer_than_it_can_be_read() {
    let long: Vec<String> =
        all_sources().into_iter().filter(|(_, text)| text.lines().count() > 500).map(|(name, _)| name).collect();
    assert!(long.is_empty(), "past 500 lines: {long:?}");
}
