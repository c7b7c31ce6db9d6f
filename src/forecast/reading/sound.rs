//! Whether a forecast agrees with itself.

use std::collections::HashSet;

use crate::documents::DAMAGED;
use crate::forecast::{Forecast, Series};
use crate::scenario::{Fault, Metric};
use crate::stats::Estimate;
use crate::units::{Horizon, Period};

/// The most months that a scenario may have.
const MOST_MONTHS: usize = 600;

/// Everything in which a forecast does not agree with itself. Numbers are finite: JSON has no others.
pub(super) fn faults(file: &str, forecast: &Forecast) -> Vec<Fault> {
    let mut sound = Sound::new(file, forecast);
    sound.manifest();
    sound.scopes();
    // Without a horizon nothing can be said of what lies in it; where its periods are wrong, all that runs over them is.
    if sound.horizon() && sound.periods() {
        sound.series();
        sound.budget();
        sound.actuals();
        sound.main();
        sound.in_the_main();
        sound.targets();
        sound.calls();
        sound.payback();
        sound.distributions();
        sound.closed_form();
    }
    sound.faults
}

/// A forecast under examination.
pub(super) struct Sound<'f> {
    file: &'f str,
    pub(super) forecast: &'f Forecast,
    pub(super) horizon: Horizon,
    /// The keys of the scopes.
    pub(super) scopes: HashSet<&'f str>,
    /// Whether costs are told by region.
    pub(super) costs: bool,
    /// Keys of scopes that there are not.
    unknown: HashSet<&'f str>,
    faults: Vec<Fault>,
}

impl<'f> Sound<'f> {
    fn new(file: &'f str, forecast: &'f Forecast) -> Sound<'f> {
        let scopes = forecast.scopes.iter().map(|scope| scope.key.as_str()).collect();
        let any = |is: &dyn Fn(&Series) -> bool| forecast.series.iter().any(is);
        // Where CAC was not asked for, the scenario tells; it is read only where it matters.
        let costs = any(&|series| series.metric == Metric::Cac)
            || any(&|series| series.metric.total_only(false) && series.scope != "total")
                && forecast.manifest.scenario().is_ok_and(|scenario| scenario.has_costs());
        let horizon = forecast.horizon();
        Sound { file, forecast, horizon, scopes, costs, unknown: HashSet::new(), faults: Vec::new() }
    }

    /// Notes a fault, unless `holds`.
    pub(super) fn expect(
        &mut self,
        holds: bool,
        path: impl FnOnce() -> String,
        found: impl FnOnce() -> String,
        allowed: impl Into<String>,
    ) {
        if !holds {
            self.faults.push(Fault {
                file: self.file.to_owned(),
                path: placed(&path()),
                found: found(),
                allowed: allowed.into(),
                hint: DAMAGED.to_owned(),
            });
        }
    }

    /// The months, as many as can be played, and where the fiscal year begins; whether they are sound.
    fn horizon(&mut self) -> bool {
        let before = self.faults.len();
        let months = self.forecast.months;
        let sound = (1..=MOST_MONTHS).contains(&months);
        self.expect(sound, || "months".to_owned(), || months.to_string(), format!("1 to {MOST_MONTHS}"));
        let month = self.forecast.fiscal_first_month;
        let path = || "fiscal_first_month".to_owned();
        self.expect((1..=12).contains(&month), path, || month.to_string(), "1 to 12");
        self.faults.len() == before
    }

    /// How many faults there are.
    pub(super) fn count(&self) -> usize {
        self.faults.len()
    }

    /// A scope that something is said of; what is not known is said once.
    pub(super) fn scope(&mut self, path: impl FnOnce() -> String, key: &'f str) {
        let known = self.scopes.contains(key) || !self.unknown.insert(key);
        self.expect(known, path, || format!("the scope {}", shown(key)), "the key of one of the scopes");
    }

    /// A period of the horizon, as it is written; where there is a list of such it may be of them.
    pub(super) fn period(&mut self, path: impl FnOnce() -> String, text: &str) {
        let forecast = self.forecast;
        let listed = || forecast.periods.iter().any(|list| list.labels.iter().any(|label| label == text));
        let one = matches!(self.horizon.parse(text), Ok(crate::units::Periods::One(_)));
        self.expect(one || listed(), path, || shown(text), "a period inside the horizon");
    }

    /// Demands that a number is a share, from 0 to 1.
    pub(super) fn share(&mut self, path: impl FnOnce() -> String, share: impl Into<Option<f64>>) {
        let share = share.into().unwrap_or_default();
        self.expect((0.0..=1.0).contains(&share), path, || share.to_string(), "0 to 1");
    }

    /// A standard error or deviation.
    pub(super) fn error(&mut self, path: impl FnOnce() -> String, error: impl Into<Option<f64>>) {
        let error = error.into().unwrap_or_default();
        self.expect(error >= 0.0, path, || error.to_string(), "0 or more");
    }

    /// An estimate that is always known.
    pub(super) fn known(&mut self, path: impl Fn() -> String, estimate: Estimate) {
        let known = estimate.value.is_some();
        self.expect(known, || format!("{}.value", path()), || "null".to_owned(), "a number");
        self.error(|| format!("{}.error", path()), estimate.error);
    }

    /// A share of the futures, which is always known.
    pub(super) fn chance(&mut self, path: impl Fn() -> String, chance: Estimate) {
        self.known(&path, chance);
        self.share(|| format!("{}.value", path()), chance.value);
    }

    /// A list that should have a value a period.
    pub(super) fn one_each(&mut self, path: impl FnOnce() -> String, found: usize, periods: &[Period]) {
        let wanted = periods.len();
        self.expect(
            found == wanted,
            path,
            || format!("a list of {found}"),
            format!("a list of {wanted}, one for each of the periods"),
        );
    }
}

/// Where a field of the forecast, or of its header, stands in the document.
fn placed(path: &str) -> String {
    const OF_HEADER: [&str; 4] = ["manifest", "scopes", "months", "fiscal_first_month"];
    let field = path.split(['.', '[']).next().unwrap_or(path);
    if OF_HEADER.contains(&field) { format!("header.{path}") } else { format!("body.forecast.{path}") }
}

/// A number as it is shown in a fault.
pub(super) fn shown_number(number: Option<f64>) -> String {
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}

/// A text as it is shown in a fault.
pub(super) fn shown(text: &str) -> String {
    const SHOWN: usize = 60;
    let cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() { format!("{cut:?}…") } else { format!("{text:?}") }
}
