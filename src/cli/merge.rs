//! `revcast merge`: one forecast from the shards of a run.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::answering::{Asked, answered, ready};
use super::args::Merge;
use super::exit::Failure;
use crate::engine::Trials;
use crate::scenario::{Fault, Faults};
use crate::shards::{Joined, Unjoined};

pub(super) fn merge(arguments: &Merge) -> Result<ExitCode, Failure> {
    let files = &arguments.shards;
    let absent: Vec<Fault> = files.iter().filter_map(|file| absent(file)).collect();
    if !absent.is_empty() {
        return Err(Faults::Fields(absent).into());
    }
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let open = |i: usize| File::open(&files[i]);
    let joined = Joined::of(&names, &open).map_err(unjoined)?;
    let asked = Asked {
        scenario: &joined.scenario,
        model: &joined.model,
        series: joined.series.clone(),
        precision: joined.precision,
        out: arguments.out.clone(),
        showing: &arguments.showing,
        answering: &arguments.answering,
    };
    answered(&asked, &ready(&asked)?, Trials::Stored(&joined))
}

/// Why files do not make a run.
pub(super) fn unjoined(why: Unjoined) -> Failure {
    match why {
        Unjoined::Faults(faults) => Failure::Scenario(faults),
        Unjoined::Disk(file, error) => Failure::Disk { what: format!("read {file}"), error },
    }
}

/// What is wrong where a file should be.
fn absent(file: &Path) -> Option<Fault> {
    let found = match fs::metadata(file) {
        Ok(found) if found.is_file() => return None,
        Ok(found) if found.is_dir() => "a folder".to_owned(),
        Ok(_) => "something that is no file".to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => "no such file".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(Fault {
        file: file.display().to_string(),
        path: String::new(),
        found,
        allowed: "a shard as `revcast run --shard K/N --out FILE` wrote it".to_owned(),
        hint: "name the files themselves, such as shards/*.shard".to_owned(),
    })
}
