//! What makes forecasts wrong without contradicting anything.

use indexmap::IndexMap;

use super::finding::{Finding, Kind, Rule};
use super::words::{percent, worked_out};
use crate::model::Model;
use crate::scenario::{AverageKind, Averaged, FieldId, MoneyShape, Quantity, Region, Scenario};
use crate::units::format::{count, list_some, significant};
use crate::units::plain;

/// The warnings of a scenario, with or without stated figures.
pub(super) fn warnings(scenario: &Scenario, model: &Model) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(all_fixed(model));
    found.extend(independent(model));
    found.extend(equal_labels(scenario));
    for (key, region) in &scenario.regions {
        found.extend(key_read_as_missing(key));
        found.extend(monthly_retention(scenario, key, region));
        found.extend(median_as_mean(scenario, key, region));
        found.extend(list_of_values(scenario, key, region));
    }
    found
}

fn warning(rule: Rule, sentence: String, consistent: &str) -> Finding {
    Finding::new(Kind::Warning, rule, sentence, consistent.to_owned())
}

fn label(key: &str, region: &Region) -> String {
    region.label.as_ref().map_or_else(|| key.to_owned(), |label| plain(label))
}

/// No input has a range.
fn all_fixed(model: &Model) -> Option<Finding> {
    let sentence =
        "Every input is fixed: the forecast shows luck alone, as if each win rate, cycle and deal size were known."
            .to_owned();
    let advice = "Give the inputs that you do not know a range; most of a forecast's width comes from them.";
    (!model.has_ranges()).then(|| warning(Rule::AllFixed, sentence, advice).about("regions"))
}

/// Several regions or inputs, no correlation between inputs and no market factor.
fn independent(model: &Model) -> Option<Finding> {
    let (regions, inputs) = (model.regions.len(), model.inputs.len());
    let alone =
        model.correlated.is_empty() && model.columns.is_empty() && !model.market_moves() && (regions > 1 || inputs > 1);
    let what = match (regions, inputs) {
        (1, inputs) => count(inputs, "uncertain input"),
        (regions, 0) => count(regions, "region"),
        (regions, inputs) => format!("{} and {}", count(regions, "region"), count(inputs, "uncertain input")),
    };
    let sentence = format!(
        "No inputs are correlated and no market factor moves them: good and bad cancel out among {what}, so the range is narrower than if they went together."
    );
    let advice = "Set market.volatility and each region's exposure, or correlate inputs that are misjudged together.";
    alone.then(|| warning(Rule::Independent, sentence, advice).about("market").about("correlations"))
}

/// Regions that texts and charts call the same.
fn equal_labels(scenario: &Scenario) -> Vec<Finding> {
    let called = |key: &str, region: &Region| label(key, region).to_lowercase();
    let mut keys: IndexMap<String, Vec<&String>> = IndexMap::new();
    scenario.regions.iter().for_each(|(key, region)| keys.entry(called(key, region)).or_default().push(key));
    let shared = keys.values().filter(|keys| keys.len() > 1);
    let finding = |keys: &Vec<&String>| {
        let sentence = format!(
            "{} are all called \"{}\": texts and charts do not tell them apart, and a sheet that names it is refused.",
            list_some(keys),
            label(keys[0], &scenario.regions[keys[0]])
        );
        let finding = warning(Rule::EqualLabels, sentence, "Give each a label of its own, or none.");
        keys.iter().fold(finding, |finding, key| finding.about(format!("regions.{key}.label").as_str()))
    };
    shared.map(finding).collect()
}

/// What pandas takes for a missing value by its defaults, of what a region's key may be.
const MISSING: [&str; 4] = ["na", "nan", "none", "null"];

/// A key that is read as a missing value from bands.csv and trials.csv.
fn key_read_as_missing(key: &str) -> Option<Finding> {
    let sentence = format!(
        "The key {key} is read as a missing value by pandas and other programs, which then leave this region out of bands.csv and trials.csv."
    );
    let advice = "Write another key; what people read goes into its label.";
    let path = format!("regions.{key}");
    MISSING.contains(&key).then(|| warning(Rule::KeyReadAsMissing, sentence, advice).about(path.as_str()))
}

/// Words that say something of a number.
fn words(quantity: &Quantity) -> String {
    [quantity.note(), quantity.source()].into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How a retention is called monthly; "monthly report" calls nothing so.
const MONTHLY: [&str; 8] = [
    "monthly retention",
    "monthly rate",
    "monthly renewal",
    "monthly churn",
    "retention a month",
    "% a month",
    "per month",
    "%/month",
];

/// A retention that its own note or source calls monthly and never yearly.
fn monthly_retention(scenario: &Scenario, key: &str, region: &Region) -> Option<Finding> {
    let words = words(&region.retention);
    let monthly = MONTHLY.iter().any(|word| words.contains(word));
    let yearly = ["year", "annual", "12 month", "twelve month"].iter().any(|word| words.contains(word));
    let rate = region.retention.law().mean();
    if !monthly || yearly || rate <= 0.0 || rate >= 1.0 {
        return None;
    }
    let sentence = format!(
        "The retention of {} in {} is called monthly, and retention is read as yearly: {} a month is {} a year.",
        percent(rate, 4),
        label(key, region),
        percent(rate, 4),
        percent(libm::pow(rate, 12.0), 3)
    );
    let advice = format!("Enter {}.", significant(libm::pow(rate, 12.0), 3));
    let source = region.retention.source().map(str::to_owned);
    Some(warning(Rule::MonthlyRetention, sentence, &advice).about(&(scenario.path(key, FieldId::Retention), source)))
}

/// A mean deal size that is stated as a median, or that its own note or source calls one.
fn median_as_mean(scenario: &Scenario, key: &str, region: &Region) -> Option<Finding> {
    let mean = region.deal_size.mean.as_ref()?;
    let words = words(mean);
    let called = words.contains("median") && !words.contains("mean") && !words.contains("average");
    let stated = scenario.claims.as_ref().and_then(|stated| {
        stated.averages.iter().find(|average| {
            average.of == Averaged::DealSize
                && average.kind == AverageKind::Median
                && average.region.as_deref() == Some(key)
                && average.value.value == mean.law().mean()
        })
    });
    let cv = region.deal_size.cv?;
    if !called && stated.is_none() || cv == 0.0 || region.deal_size.shape != MoneyShape::Lognormal {
        return None;
    }
    let (x, factor) = (mean.law().mean(), libm::sqrt(1.0 + cv * cv));
    let sentence = format!(
        "The deal size of {} in {} is a median and stands where the mean belongs: with a spread of {} the mean is {} times as much, {}.",
        scenario.currency.exact(x),
        label(key, region),
        significant(cv, 3),
        significant(factor, 3),
        worked_out(&scenario.currency, x * factor)
    );
    let advice = format!("Enter a mean of {}.", worked_out(&scenario.currency, x * factor));
    let source = mean.source().map(str::to_owned);
    let finding = warning(Rule::MedianAsMean, sentence, &advice);
    Some(finding.about(&(scenario.path(key, FieldId::DealSizeMean), source)).about_all(stated))
}

/// Deal sizes, win rates or cycles given as a list of values that lie far apart: such a list picks one for a whole future.
fn list_of_values(scenario: &Scenario, key: &str, region: &Region) -> Vec<Finding> {
    /// From here on values look like different kinds of deal rather than doubt about one.
    const FAR: f64 = 1.5;
    let fields = region.fields().into_iter().filter(|(id, _)| id.spec().differs_by_deal);
    fields
        .filter_map(|(id, quantity)| {
            let path = scenario.path(key, id);
            let values: Vec<f64> = quantity.written().get("values")?.as_array()?.iter().filter_map(|x| x.as_f64()).collect();
            let (low, high) = (*values.first()?, *values.last()?);
            if values.len() < 2 || high < FAR * low {
                return None;
            }
            let told: Vec<String> = values.iter().map(|x| significant(*x, 4)).collect();
            let sentence = format!(
                "{path} lists {} for {}: each future takes one of them for all its deals, it does not mix them.",
                list_some(&told),
                label(key, region)
            );
            let advice = "If both kinds of deal are sold side by side, make each its own region; a list is for not knowing which one holds.";
            let source = quantity.source().map(str::to_owned);
            Some(warning(Rule::ListOfValues, sentence, advice).about(&(path, source)))
        })
        .collect()
}
