//! The folder of files that a command writes: a document, tables and charts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::disk::Folder;
use super::exit::Failure;
use super::options::{FormatOptions, OutputOptions};
use super::terminal::{print, terminal_width};
use crate::charts::{Chart, ChartError, Size};
use crate::documents::{Document, FitHeader, Header, Kind};
use crate::engine::{Execution, Monitor, Workers};
use crate::export::{document_json, table_csv};
use crate::findings::{Finding, Table};
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
}

/// What an analysis found, of which files and words are made when they are asked for.
pub(super) trait Found: Send + Sync {
    /// The document, as `--json` prints it.
    ///
    /// # Errors
    /// [`Failure`] where it cannot be written.
    fn json(&self) -> Result<Vec<u8>, Failure>;

    /// The files of its folder.
    ///
    /// # Errors
    /// [`Failure`] where a chart cannot be drawn, or a table not written.
    fn files(&self, format: &FormatOptions, workers: &Workers) -> Result<OutputFiles, Failure>;

    /// Its charts.
    fn charts(&self, size: Size) -> Vec<Chart>;

    /// What is said of it.
    fn finding(&self) -> Finding;

    /// The kind of its document.
    fn kind(&self) -> Kind;
}

/// A header that lists the files of a folder.
pub(super) trait ListsFiles {
    /// The names of the files.
    fn files(&mut self) -> &mut Vec<String>;
}

impl ListsFiles for Header {
    fn files(&mut self) -> &mut Vec<String> {
        &mut self.manifest.files
    }
}

impl ListsFiles for FitHeader {
    fn files(&mut self) -> &mut Vec<String> {
        &mut self.manifest.files
    }
}

/// What is made of a document: its tables by the names of their files, a page where it has one, its charts, and what is said of it.
pub(super) struct Views<T, H> {
    pub(super) tables: fn(&Document<T, H>) -> Tables,
    pub(super) page: Option<(&'static str, Page<T, H>)>,
    pub(super) charts: fn(&Document<T, H>, Size) -> Vec<Chart>,
    pub(super) finding: fn(&Document<T, H>) -> Finding,
}

/// Tables by the names of their files; those of one file stand below each other.
pub(super) type Tables = Vec<(&'static str, Vec<Table>)>;

/// Makes the page of a document.
type Page<T, H> = fn(&Document<T, H>) -> Result<String, ChartError>;

/// A document with its views.
pub(super) struct Analysis<T, H = Header> {
    document: Document<T, H>,
    views: Views<T, H>,
}

impl<T, H: ListsFiles> Analysis<T, H> {
    /// The document lists no files.
    pub(super) fn alone(document: Document<T, H>, views: Views<T, H>) -> Analysis<T, H> {
        Analysis { document, views }
    }

    /// The document lists all files from now on.
    pub(super) fn new(mut document: Document<T, H>, views: Views<T, H>) -> Analysis<T, H> {
        let tables = (views.tables)(&document).into_iter().map(|(name, _)| name);
        let names = [document.kind.file()].into_iter().chain(views.page.map(|(name, _)| name)).chain(tables);
        let charts = (views.charts)(&document, Size::default());
        let files = names.map(str::to_owned).chain(charts.iter().flat_map(pictures)).collect();
        *document.header.files() = files;
        Analysis { document, views }
    }
}

impl<T, H> Found for Analysis<T, H>
where
    T: Serialize + Send + Sync,
    H: Serialize + Send + Sync,
{
    fn json(&self) -> Result<Vec<u8>, Failure> {
        Ok(document_json(&self.document)?)
    }

    fn files(&self, format: &FormatOptions, workers: &Workers) -> Result<OutputFiles, Failure> {
        let (document, views) = (&self.document, &self.views);
        let page = views.page.map(|(name, page)| Ok::<_, Failure>((name.to_owned(), page(document)?.into_bytes())));
        let mut files: NamedFiles = page.transpose()?.into_iter().collect();
        for (name, tables) in (views.tables)(document) {
            files.push((name.to_owned(), table_csv(&tables, format.csv_style)?));
        }
        files.extend(draw(&self.charts(format.chart_size), workers)?);
        Ok(OutputFiles { kind: document.kind, json: self.json()?, files })
    }

    fn charts(&self, size: Size) -> Vec<Chart> {
        (self.views.charts)(&self.document, size)
    }

    fn kind(&self) -> Kind {
        self.document.kind
    }

    fn finding(&self) -> Finding {
        (self.views.finding)(&self.document)
    }
}

/// Writes the folder `out` of an analysis, then prints its document, or what it found.
pub(super) fn publish(
    found: &dyn Found,
    out: &Path,
    output: &OutputOptions,
    execution: &Execution,
) -> Result<ExitCode, Failure> {
    let files = found.files(&output.format, &execution.workers)?;
    files.begin(out, &execution.monitor)?.finish()?;
    if output.format.json {
        print(&files.json)?;
    } else if !output.quiet {
        let text = report::terminal(&found.finding(), terminal_width()) + "\n" + &files_line(&files.names(), out);
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The names of the files of a chart.
pub(super) fn pictures(chart: &Chart) -> [String; 2] {
    ["svg", "png"].map(|ending| format!("charts/{}.{ending}", chart.name()))
}

/// Draws charts on all cores: the names and the bytes of their files, two each.
pub(super) fn draw(charts: &[Chart], workers: &Workers) -> Result<NamedFiles, ChartError> {
    let files = |chart: &Chart| {
        let [svg, png] = pictures(chart);
        Ok([(svg, chart.svg(chart.name())?.into_bytes()), (png, chart.png()?)])
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
