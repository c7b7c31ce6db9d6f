//! What each key of a scenario file is for: it decides what a fingerprint covers, what can change a figure and what may be faulty
//! without making the law so.

/// The part that a section of a scenario plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Texts that people read and no number depends on.
    Words,
    /// Currency, months and the fiscal year, the frame that figures stand in.
    Frame,
    /// The number of trials and their seed.
    Sampling,
    /// The assumptions that trials are drawn from.
    Law,
    /// Money spent, which moves the metrics of investment alone.
    Spending,
    /// What is asked of the forecast.
    Question,
    /// What stands beside the forecast and changes no number of it.
    Aside,
}

/// The part that the section under a key of the file plays.
pub(crate) fn section(key: &str) -> Section {
    match key {
        "currency" | "start" | "months" | "fiscal_year" => Section::Frame,
        "as_of" | "until" | "actuals" | "pipeline" | "contracts" | "draws" => Section::Law,
        "simulation" => Section::Sampling,
        "contract" | "market" | "closing" | "regions" | "changes" | "one_offs" | "rates" | "correlations" => {
            Section::Law
        }
        "investment" => Section::Spending,
        "targets" => Section::Question,
        "calls" | "levers" | "stated" | "backtest" => Section::Aside,
        _ => Section::Words,
    }
}
