//! The folder of files that a command writes: a document, tables and charts.

use std::path::{Path, PathBuf};

use super::disk::Folder;
use super::exit::Failure;
use super::options::OutputOptions;
use super::terminal::{print, terminal_width};
use crate::charts::{Chart, ChartError};
use crate::documents::{Document, Kind};
use crate::engine::{Monitor, Workers};
use crate::export::ExportError;
use crate::findings::Finding;
use crate::report;
use crate::units::plain;

/// The history of the runs whose folders lie in output/.
pub(super) const HISTORY: &str = "output/history.sqlite";

/// Files by name, with what is in them.
pub(super) type NamedFiles = Vec<(String, Vec<u8>)>;

/// The files of a command's folder.
#[derive(Debug)]
pub(super) struct OutputFiles {
    kind: Kind,
    /// The document, which lists all files.
    pub(super) json: Vec<u8>,
    files: NamedFiles,
}

impl OutputFiles {
    /// Gathers tables and pictures, by name; the document itself comes last, since it lists them.
    pub(super) fn new(kind: Kind, tables: NamedFiles, pictures: NamedFiles) -> OutputFiles {
        let files = tables.into_iter().chain(pictures).collect();
        OutputFiles { kind, json: Vec::new(), files }
    }

    /// Puts further files beside them.
    pub(super) fn extend(&mut self, files: NamedFiles) {
        self.files.extend(files);
    }

    /// The names of all files, the document first.
    pub(super) fn names(&self) -> Vec<String> {
        std::iter::once(self.kind.file().to_owned()).chain(self.files.iter().map(|(name, _)| name.clone())).collect()
    }

    /// Begins the folder with all of them in it.
    pub(super) fn begin<'a>(&self, out: &Path, monitor: &'a Monitor) -> Result<Folder<'a>, Failure> {
        let mut folder = Folder::begin(out, monitor)?;
        folder.put(self.kind.file(), &self.json)?;
        for (name, bytes) in &self.files {
            folder.put(name, bytes)?;
        }
        Ok(folder)
    }

    /// Writes the folder `out` of an analysis, then prints its document, or what it found.
    pub(super) fn publish<T>(
        mut self,
        mut analysis: Document<T>,
        json: impl Fn(&Document<T>) -> Result<Vec<u8>, ExportError>,
        finding: impl Fn(&Document<T>) -> Finding,
        (out, output, monitor): (&Path, &OutputOptions, &Monitor),
    ) -> Result<(), Failure> {
        analysis.header.manifest.files = self.names();
        self.json = json(&analysis)?;
        self.begin(out, monitor)?.finish()?;
        if output.format.json {
            print(&self.json)
        } else if output.quiet {
            Ok(())
        } else {
            let text = report::terminal(&finding(&analysis), terminal_width())
                + "\n"
                + &files_line(&analysis.header.manifest.files, out);
            print(text.as_bytes())
        }
    }
}

/// Draws charts on all cores: the names and the bytes of their files, two each.
pub(super) fn draw(charts: &[Chart], workers: &Workers) -> Result<NamedFiles, ChartError> {
    let files = |chart: &Chart| {
        let svg = (format!("charts/{}.svg", chart.name()), chart.svg(chart.name())?.into_bytes());
        Ok([svg, (format!("charts/{}.png", chart.name()), chart.png()?)])
    };
    let drawn: Result<Vec<_>, ChartError> = workers.map(charts.len(), |i| files(&charts[i])).into_iter().collect();
    Ok(drawn?.into_iter().flatten().collect())
}

/// The folder of results where none is named: `output/<series><ending>`.
pub(super) fn default_folder(series: &str, ending: &str) -> PathBuf {
    Path::new("output").join(format!("{series}{ending}"))
}

/// The folder of a what-if where none is named: `output/what-if/<series>`, which is no scenario's own unless one is called what-if.
pub(super) fn what_if_folder(series: &str) -> PathBuf {
    Path::new("output").join("what-if").join(series)
}

/// The line that says which files lie in a folder, the page first where there is one.
pub(super) fn files_line(files: &[String], out: &Path) -> String {
    let (charts, files): (Vec<&String>, Vec<&String>) = files.iter().partition(|name| name.starts_with("charts/"));
    let (pages, tables): (Vec<&String>, Vec<&String>) = files.into_iter().partition(|name| name.ends_with(".html"));
    // Each chart is there twice, as SVG and as PNG.
    let drawn = match charts.len() / 2 {
        0 => None,
        1 => Some("1 chart in charts/".to_owned()),
        count => Some(format!("{count} charts in charts/")),
    };
    let others: Vec<String> = tables.into_iter().map(|name| plain(name)).chain(drawn).collect();
    let folder = plain(&out.display().to_string());
    match pages.first() {
        Some(page) => {
            let page = plain(&out.join(page).display().to_string());
            format!("The page: {page}, and beside it {}\n", others.join(", "))
        }
        None => format!("Files: {folder} ({})\n", others.join(", ")),
    }
}
