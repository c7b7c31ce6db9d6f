//! What the audit found.

use serde::{Deserialize, Serialize};

/// One thing that the audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How grave it is.
    pub kind: Kind,
    /// What was found, in a line.
    pub headline: String,
    /// The rule that found it.
    pub rule: Rule,
    /// What it is about: paths of the scenario.
    pub about: Vec<String>,
    /// What was found, in one sentence with its arithmetic.
    pub sentence: String,
    /// What would be consistent, or what to do.
    pub consistent: String,
    /// Where the figures come from, as far as they name a source.
    pub sources: Vec<String>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Figures that cannot all be true.
    Contradiction,
    /// Words that can be read in two ways, with what each reading makes of the other figures.
    Question,
    /// What makes a forecast wrong without contradicting anything.
    Warning,
}

/// The rules. Each is silent where figures agree within their rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Targets far from what the inputs bring.
    TargetsAgainstInputs,
    /// The same thing stated twice, differently.
    StatedTwice,
    /// Months, quarters, years or regions that do not add up to their whole.
    PartsAndWholes,
    /// A flat level and a rate of growth.
    FlatAndGrowing,
    /// Years that a rate of growth does not make.
    YearsAgainstGrowth,
    /// Amounts called cumulative that may be those of single years.
    CumulativeOrSingle,
    /// A monthly level from the launch on that does not make the year.
    RunRateFromLaunch,
    /// Averages that no mix of the regions has.
    NoMixHasThem,
    /// A weighted mean that is the plain one.
    PlainMean,
    /// A middle value stated as an average.
    MiddleValue,
    /// Shares of a mix that do not add up, or do not give the averages.
    StatedMix,
    /// Bookings, deals, deal size, leads and win rate that do not multiply up.
    Volume,
    /// CAC or ARPA that is not what its own figures give.
    Quotients,
    /// A pipeline too small for what is booked from it (Little's law).
    Pipeline,
    /// Coverage that the pipeline does not give.
    Coverage,
    /// A return that its own figures do not give.
    ReturnArithmetic,
    /// A return of one period on the investment of another.
    ReturnWindows,
    /// A return that fits no figure.
    ReturnOfNothing,
    /// Revenue that may mean booked or recognised.
    BookedOrRecognised,
    /// Classes of sellers whose average is another attainment than stated.
    Performers,
    /// Activity rates that multiply to other counts.
    Activities,
    /// Budget lines that do not add up.
    BudgetParts,
    /// A budget for the heads that its ratios need.
    Staffing,
    /// Activities that people do otherwise than stated.
    TeamActivities,
    /// Teams without the heads that stated ratios need.
    TeamHeads,
    /// People who cost another amount than their budget line.
    TeamCosts,
    /// Executives who reach another share of their quota than stated.
    TeamAttainment,
    /// Renewals that leave no room for new business.
    Renewals,
    /// Every input is fixed.
    AllFixed,
    /// Nothing makes good and bad go together.
    Independent,
    /// A monthly retention entered as a yearly one.
    MonthlyRetention,
    /// A median entered as a mean.
    MedianAsMean,
    /// A list of values where a mix was meant.
    ListOfValues,
    /// Regions that are called the same.
    EqualLabels,
    /// A region's key that other programs take for a missing value.
    KeyReadAsMissing,
}

impl Rule {
    /// What a finding of this rule comes to, in a line.
    fn headline(self) -> &'static str {
        match self {
            Rule::TargetsAgainstInputs => "The inputs do not bring what the targets ask.",
            Rule::StatedTwice => "The same figure is stated twice, differently.",
            Rule::PartsAndWholes => "Months, quarters or regions do not add up to their whole.",
            Rule::FlatAndGrowing => "A flat level a month and growth a month cannot both hold.",
            Rule::YearsAgainstGrowth => "The stated growth does not make the stated years.",
            Rule::CumulativeOrSingle => "Amounts that are called cumulative may be those of single years.",
            Rule::RunRateFromLaunch => "The stated level a month, from the launch on, does not make the year.",
            Rule::NoMixHasThem => "No mix of the regions has the stated averages.",
            Rule::PlainMean => "A weighted mean is the plain one.",
            Rule::MiddleValue => "A middle value is stated as an average.",
            Rule::StatedMix => "The stated mix does not add up, or does not give the averages.",
            Rule::Volume => "Leads, win rate, deals and deal size do not multiply up to the bookings.",
            Rule::Quotients => "CAC or ARPA is not what its own figures give.",
            Rule::Pipeline => "The stated pipeline is too small for what is booked from it.",
            Rule::Coverage => "The pipeline does not give the stated coverage.",
            Rule::ReturnArithmetic => "A return is not what its own figures give.",
            Rule::ReturnWindows => "A return holds one period against the investment of another.",
            Rule::ReturnOfNothing => "A return fits none of the figures.",
            Rule::BookedOrRecognised => "The revenue may be booked or recognised.",
            Rule::Performers => "The classes of sellers do not average to the stated attainment.",
            Rule::Activities => "The rates of activity multiply to other counts than stated.",
            Rule::BudgetParts => "The lines of a budget do not add up.",
            Rule::Staffing => "A budget does not pay the heads that its ratios need.",
            Rule::TeamActivities => "What the team does in a week is not what is stated.",
            Rule::TeamHeads => "The team has fewer heads than the stated ratios need.",
            Rule::TeamCosts => "The team costs another amount than its budget line.",
            Rule::TeamAttainment => "The team reaches another share of its quota than stated.",
            Rule::Renewals => "Renewals leave little room for new business.",
            Rule::AllFixed => "Every input is fixed.",
            Rule::Independent => "Nothing makes good and bad go together.",
            Rule::MonthlyRetention => "A retention may be one of months, entered as one of years.",
            Rule::MedianAsMean => "A median may have been entered as a mean.",
            Rule::ListOfValues => "A list of values may have been meant as a mix.",
            Rule::EqualLabels => "Several regions are called the same.",
            Rule::KeyReadAsMissing => "A region's key is read as a missing value by other programs.",
        }
    }
}

impl Finding {
    pub(super) fn new(kind: Kind, rule: Rule, sentence: String, consistent: String) -> Finding {
        let headline = rule.headline().to_owned();
        Finding { kind, headline, rule, about: Vec::new(), sentence, consistent, sources: Vec::new() }
    }

    /// The same with a headline that has figures.
    pub(super) fn headed(self, headline: String) -> Finding {
        Finding { headline, ..self }
    }

    /// Names something that the finding is about; once each.
    pub(super) fn about(mut self, what: impl Into<About>) -> Finding {
        let About(path, source) = what.into();
        if !self.about.contains(&path) {
            self.about.push(path);
        }
        self.sources.extend(source.filter(|source| !self.sources.contains(source)));
        self
    }

    /// The same of several.
    pub(super) fn about_all<A: Into<About>>(self, all: impl IntoIterator<Item = A>) -> Finding {
        all.into_iter().fold(self, Finding::about)
    }
}

/// A path and the source that stands there.
pub(super) struct About(pub(super) String, pub(super) Option<String>);

impl From<String> for About {
    fn from(path: String) -> About {
        About(path, None)
    }
}

impl From<&str> for About {
    fn from(path: &str) -> About {
        About(path.to_owned(), None)
    }
}

macro_rules! entries {
    ($($entry:ident in $list:literal),*) => {
        $(impl From<&crate::scenario::$entry> for About {
            fn from(entry: &crate::scenario::$entry) -> About {
                About(format!("stated.{}[{}]", $list, entry.name), entry.source.clone())
            }
        })*
    };
}

entries!(
    QuotedFigure in "figures", Average in "averages", QuotedGrowth in "growth", Coverage in "coverage", Return in "returns",
    Quota in "quotas", Performers in "performers", Activity in "activities", Staffing in "staffing", BudgetLine in "budget"
);

impl From<&crate::scenario::Launch> for About {
    fn from(launch: &crate::scenario::Launch) -> About {
        About("stated.launch".to_owned(), launch.source.clone())
    }
}

impl From<&crate::scenario::Mix> for About {
    fn from(mix: &crate::scenario::Mix) -> About {
        About("stated.mix".to_owned(), mix.source.clone())
    }
}
