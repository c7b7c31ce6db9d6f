//! How a forecast is told to people: by which periods, and how numbers are written.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::report::BriefStyle;
use crate::units::{Every, Locale};

/// What `revcast run` and `revcast report` take for the page, the brief and the summary.
#[derive(Debug, Args)]
pub(super) struct Paging {
    /// The periods of the page's table and of the brief
    #[arg(long, value_name = "PERIOD", default_value = "quarter")]
    period: Grain,
    /// How numbers and amounts are written, such as de, fr or en; words stay English
    #[arg(long, value_name = "LOCALE", default_value = "en", value_parser = clap::value_parser!(Locale))]
    pub(super) locale: Locale,
    /// Print the forecast in at most twelve lines, for the day's mail: as text or as markdown
    #[arg(long, value_name = "STYLE", num_args = 0..=1, require_equals = true, default_missing_value = "text",
        conflicts_with_all = ["json", "quiet"], value_parser = styles())]
    pub(super) brief: Option<BriefStyle>,
}

/// Periods of a table.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Grain {
    /// Months.
    Month,
    /// Quarters, and years.
    Quarter,
    /// Years.
    Year,
}

impl Paging {
    /// The periods of tables.
    pub(super) fn every(&self) -> Every {
        match self.period {
            Grain::Month => Every::Month,
            Grain::Quarter => Every::Quarter,
            Grain::Year => Every::Year,
        }
    }
}

/// Reads `text` or `markdown`.
fn styles() -> impl TypedValueParser<Value = BriefStyle> {
    let read = |name: String| if name == "markdown" { BriefStyle::Markdown } else { BriefStyle::Text };
    PossibleValuesParser::new(["text", "markdown"]).map(read)
}
