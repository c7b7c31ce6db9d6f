//! Checks a target before anything is written to it, and puts right what a killed run left there.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::platform;
use super::replaceable::{edited, listed_files, replaceable};
use super::staging::Staging;
use super::system::System;
use super::target::{existing_parent, look, named};
use crate::cli::exit::{Doing, Failure};
use crate::documents::Kind;

/// Before a run: puts right what a killed one left at `target`, then checks that it may be replaced and its parent written to.
/// Nothing is touched where it may not. What a fit wrote is a scenario for people to go on with, which other commands leave alone.
pub(in crate::cli) fn check(target: &Path) -> Result<(), Failure> {
    ready(target, |target| {
        let fit = Kind::Fit.file();
        target.join(fit).is_file().then(|| {
            let found = format!("a scenario that revcast fit wrote ({fit})");
            ("a folder without one", found, "give the run a folder of its own with --out; nothing was touched")
        })
    })
}

/// The same before a fit, which replaces an earlier one as long as nobody has changed what that wrote.
pub(in crate::cli) fn check_fit(target: &Path) -> Result<(), Failure> {
    ready(target, |target| {
        let hint = "give the fit another folder with --out, or move your scenario out of this one and have it fitted with --onto; nothing was touched";
        edited(target)
            .map(|file| ("the files as the fit before wrote them", format!("{file}, which was changed since"), hint))
    })
}

fn ready(
    target: &Path,
    kept: impl FnOnce(&Path) -> Option<(&'static str, String, &'static str)>,
) -> Result<(), Failure> {
    let target = named(target)?;
    // The disk refuses before hours of trials, not after.
    let base = existing_parent(&target)?;
    Staging::recover(&System, &target)?;
    replaceable(&target)?;
    if let Some((allowed, found, hint)) = kept(&target) {
        return Err(Failure::Option {
            option: format!("the run's folder {}", target.display()),
            found,
            allowed: allowed.to_owned(),
            hint: hint.to_owned(),
        });
    }
    platform::writable(&base).doing(|| format!("write into {}", base.display()))
}

/// Puts right what a killed run left at a file that it was to write.
pub(in crate::cli) fn recover(target: &Path) -> Result<(), Failure> {
    Staging::recover(&System, target)
}

/// The names of the scenarios in the document of the batch before; `None` where there is none. A document that no batch wrote is never replaced.
pub(in crate::cli) fn previous_batch(document: &Path) -> Result<Option<Vec<String>>, Failure> {
    /// A batch of today's form, or of the one before documents had a body.
    #[derive(Deserialize)]
    struct Batch {
        body: Option<Scenarios>,
        scenarios: Option<Vec<Named>>,
    }
    #[derive(Deserialize)]
    struct Scenarios {
        scenarios: Vec<Named>,
    }
    #[derive(Deserialize)]
    struct Named {
        scenario: String,
    }
    Staging::recover(&System, document)?;
    let Some(found) = look(document)? else { return Ok(None) };
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let read = || -> Option<Vec<Named>> {
        if !found.is_file() || !listed_files(document, &name).contains(&*name) {
            return None;
        }
        let batch: Batch = serde_json::from_slice(&fs::read(document).ok()?).ok()?;
        batch.body.map(|body| body.scenarios).or(batch.scenarios)
    };
    match read() {
        Some(scenarios) => Ok(Some(scenarios.into_iter().map(|named| named.scenario).collect())),
        None => Err(Failure::Option {
            option: document.display().to_string(),
            found: "something that no batch has written, or that was changed since".to_owned(),
            allowed: "nothing of that name, or what the batch before has written".to_owned(),
            hint: "move it away, or give the batch another folder with --out; nothing was touched".to_owned(),
        }),
    }
}
