//! Averages over all regions, against the values of the regions and against each other.

use super::duplicate_figures::name;
use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::{Plan, bounded, f64_less};
use super::weighted_averages::{Held, MOST_REGIONS, Mix, Ratio, corners, reach};
use super::words::percent;
use crate::scenario::{Average, AverageKind, Averaged, MixOf, QuotedNumber};
use crate::units::format::{list_some, significant};

/// An average stated over all regions, the regions' own values, and the ways of counting it.
struct Overall<'a> {
    average: &'a Average,
    values: Vec<f64>,
    about: Vec<(String, Option<String>)>,
    /// How it may be counted: by wins, by leads.
    ways: Vec<(&'static str, Ratio)>,
}

/// All that averages over regions can contradict.
pub(super) fn averages(plan: &Plan) -> Vec<Finding> {
    let kinds = [Averaged::DealSize, Averaged::WinRate, Averaged::CycleDays, Averaged::Retention];
    let all: Vec<Overall> = kinds.into_iter().filter_map(|of| overall(plan, of)).collect();
    let mut found = Vec::new();
    found.extend(all.iter().filter_map(|overall| plain_mean(plan, overall)));
    found.extend(outside(plan, &all));
    found.extend(stated_mix(plan, &all));
    found.extend(together(plan, &all));
    found.extend(all.iter().filter_map(|overall| middle_value(plan, overall)));
    found
}

fn overall<'a>(plan: &Plan<'a>, of: Averaged) -> Option<Overall<'a>> {
    // Of two cycles the shorter one: the plan is given the benefit of the doubt.
    let average = plan.overall(of, if of == Averaged::CycleDays { f64_less } else { |_, _| false })?;
    let regional = plan.regional(of)?;
    let at = &regional.values;
    let rates = plan.regional(Averaged::WinRate).map(|rates| rates.values);
    let rates = rates.filter(|rates| rates.iter().all(|rate| *rate > 0.0));
    let wins = ("by wins", Ratio::by_wins(at));
    let ways = match of {
        Averaged::DealSize | Averaged::Retention => vec![wins],
        Averaged::WinRate => vec![("by leads", Ratio::by_leads(at, rates.as_ref()?))],
        Averaged::CycleDays => {
            std::iter::once(wins).chain(rates.map(|rates| ("by leads", Ratio::by_leads(at, &rates)))).collect()
        }
    };
    Some(Overall { average, values: regional.values, about: regional.about, ways })
}

impl Overall<'_> {
    /// The mixes that give it are those whose average lies in this range.
    fn held(&self, ratio: &Ratio) -> Held {
        let (low, high) = self.average.value.range();
        Held { ratio: ratio.clone(), low, high }
    }

    /// The same without rounding, for what is printed.
    fn exactly(&self, ratio: &Ratio) -> Held {
        Held { ratio: ratio.clone(), low: self.average.value.value, high: self.average.value.value }
    }

    fn plain_mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    fn said(&self, plan: &Plan) -> String {
        bounded(told(plan, self.average.of, self.average.value.value), &self.average.value)
    }

    fn finding(&self, kind: Kind, rule: Rule, sentence: String, consistent: String) -> Finding {
        Finding::new(kind, rule, sentence, consistent).about(self.average).about_all(&self.about)
    }
}

/// An average of this kind: €8k, 36.7 days, 25 %.
fn told(plan: &Plan, of: Averaged, x: f64) -> String {
    match of {
        Averaged::DealSize => plan.worked_out(x).replace(".0k", "k"),
        Averaged::CycleDays => format!("{} days", significant(x, 3)),
        Averaged::WinRate | Averaged::Retention => percent(x, 3),
    }
}

/// "€6,000 to €7,000", "36.3 to 37.2 days", or one value where both ends read the same.
fn span(plan: &Plan, of: Averaged, low: f64, high: f64) -> String {
    let (low, high) = (told(plan, of, low), told(plan, of, high));
    if low == high { low } else { format!("{} to {high}", low.trim_end_matches(" days")) }
}

/// An average with its article.
fn named(of: Averaged) -> String {
    format!("{} {} of", if of == Averaged::DealSize { "an" } else { "a" }, name(of))
}

/// More values than these are told by their range.
const LISTED: usize = 6;

/// The regions' values in a sentence.
fn all_values(plan: &Plan, of: Averaged, values: &[f64]) -> String {
    if values.len() <= LISTED {
        return list_some(&values.iter().map(|value| told(plan, of, *value)).collect::<Vec<_>>());
    }
    let (low, high) = extremes(values);
    format!("{} values from {}", values.len(), span(plan, of, low, high))
}

fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
}

/// A mean said to be weighted that is the plain one to the last digit: then every region weighs the same.
fn plain_mean(plan: &Plan, overall: &Overall) -> Option<Finding> {
    let values = &overall.values;
    let (average, mean) = (overall.average, overall.plain_mean());
    let differ = values.iter().any(|value| *value != values[0]);
    let exact = (average.value.value - mean).abs() <= 1e-9 * mean.abs();
    if average.kind != AverageKind::WeightedMean || !differ || !exact || plan.claims.mix.is_some() {
        return None;
    }
    let n = values.len();
    let (_, ratio) = &overall.ways[0];
    let mixes = corners(n, &[overall.exactly(ratio)]);
    let spans: Vec<String> = (0..n)
        .filter_map(|r| {
            let (low, high) = reach(&mixes, &Ratio::share(r, n))?;
            Some(format!("{} {} to {}", plan.label(r), percent(low, 3), percent(high, 3)))
        })
        .collect();
    let sentence = format!(
        "The {} of {} is stated as a weighted mean and is the plain mean of {}: right only if every region has as many {}.",
        name(average.of),
        overall.said(plan),
        all_values(plan, average.of, values),
        if average.of == Averaged::WinRate { "leads" } else { "wins" },
    );
    let consistent = if n <= LISTED {
        format!("State the mix; those that give {} have of the wins: {}.", overall.said(plan), list_some(&spans))
    } else {
        "State the mix.".to_owned()
    };
    Some(overall.finding(Kind::Question, Rule::PlainMean, sentence, consistent))
}

/// An average beyond the values of all regions.
fn outside(plan: &Plan, all: &[Overall]) -> Vec<Finding> {
    let beyond = all.iter().filter(|overall| {
        overall.ways.iter().all(|(_, ratio)| corners(overall.values.len(), &[overall.held(ratio)]).is_empty())
    });
    beyond
        .map(|overall| {
            let of = overall.average.of;
            let (low, high) = extremes(&overall.values);
            let span = span(plan, of, low, high);
            let have = match overall.values.len() {
                1 => format!("but its only region has {span}"),
                _ if low == high => format!("but every region has {span}"),
                _ => format!("but the regions have {span}: no mix of them has it"),
            };
            let sentence = format!("The {} over all regions is stated as {}, {have}.", name(of), overall.said(plan));
            overall.finding(Kind::Contradiction, Rule::NoMixHasThem, sentence, format!("{span}."))
        })
        .collect()
}

/// A stated mix: its shares, and the averages that it gives.
fn stated_mix(plan: &Plan, all: &[Overall]) -> Vec<Finding> {
    let Some(mix) = &plan.claims.mix else { return Vec::new() };
    let shares: Vec<QuotedNumber> = plan
        .scenario
        .regions
        .keys()
        .map(|key| mix.shares.get(key).copied().unwrap_or(QuotedNumber::new(0.0)))
        .collect();
    let sum: Interval = shares.iter().map(Interval::of).sum();
    if !sum.agrees(Interval::exactly(1.0)) {
        let told: Vec<String> = shares.iter().map(|share| percent(share.value, 4)).collect();
        let sentence = format!("The stated shares of the mix, {}, add up to {}.", list_some(&told), percent(sum.at, 4));
        let finding =
            Finding::new(Kind::Contradiction, Rule::StatedMix, sentence, "Shares that add up to 100 %.".to_owned());
        return vec![finding.about(mix)];
    }
    let wins: Mix = plan.shares_of_wins().0.into_iter().enumerate().collect();
    if mix.of == MixOf::Leads && plan.regional(Averaged::WinRate).is_none() {
        return Vec::new();
    }
    // How far the shares' own rounding moves an average: at most the spread of the values times what the shares may be off.
    let loose: f64 = shares.iter().map(|share| share.rounding).sum::<f64>() / 2.0;
    let mut found = Vec::new();
    for overall in all {
        let values = &overall.values;
        let (low, high) = extremes(values);
        let off = (high - low) * loose;
        let given: Vec<(&str, Interval)> = overall
            .ways
            .iter()
            .map(|(way, ratio)| (*way, Interval { below: off, above: off, ..Interval::exactly(ratio.at(&wins)) }))
            .collect();
        if given.iter().any(|(_, given)| given.meets(&overall.average.value)) {
            continue;
        }
        let of = overall.average.of;
        let told: Vec<String> =
            given.iter().map(|(way, x)| format!("{} counted {way}", told(plan, of, x.at))).collect();
        let sentence =
            format!("In the stated mix the {} is {}, not {}.", name(of), list_some(&told), overall.said(plan));
        let consistent = format!("{}, or another mix.", list_some(&told));
        found.push(overall.finding(Kind::Contradiction, Rule::StatedMix, sentence, consistent).about(mix));
    }
    found
}

/// Two or three averages that mixes have one by one but none has together.
fn together(plan: &Plan, all: &[Overall]) -> Vec<Finding> {
    if plan.claims.mix.is_some() {
        return Vec::new();
    }
    let all: Vec<&Overall> = all.iter().filter(|overall| overall.average.of != Averaged::Retention).collect();
    let fit = |held: &[&Overall]| {
        let n = held[0].values.len();
        let (last, before) = held.split_last().expect("at least one");
        every_way(before).into_iter().any(|before| {
            let mixes = corners(n, &before);
            last.ways.iter().any(|(_, ratio)| {
                let (low, high) = (last.held(ratio).low, last.held(ratio).high);
                reach(&mixes, ratio)
                    .is_some_and(|(least, most)| least <= high * (1.0 + 1e-9) && most >= low * (1.0 - 1e-9))
            })
        })
    };
    let alone: Vec<&Overall> = all.into_iter().filter(|overall| fit(&[overall])).collect();
    let mut apart: Vec<Vec<&Overall>> = Vec::new();
    for (i, one) in alone.iter().enumerate() {
        apart.extend(alone[i + 1..].iter().map(|other| vec![*one, *other]).filter(|pair| !fit(pair)));
    }
    if apart.is_empty() && alone.len() == 3 && alone[0].values.len() <= MOST_REGIONS && !fit(&alone) {
        apart.push(alone.clone());
    }
    apart.iter().map(|held| no_mix(plan, held, &alone)).collect()
}

/// Every way of counting some averages, each held.
fn every_way(all: &[&Overall]) -> Vec<Vec<Held>> {
    all.iter().fold(vec![Vec::new()], |ways, overall| {
        let with = |before: &Vec<Held>| -> Vec<Vec<Held>> {
            let add = |(_, ratio): &(&str, Ratio)| before.iter().cloned().chain([overall.held(ratio)]).collect();
            overall.ways.iter().map(add).collect()
        };
        ways.iter().flat_map(with).collect()
    })
}

fn no_mix(plan: &Plan, held: &[&Overall], all: &[&Overall]) -> Finding {
    let n = held[0].values.len();
    let said: Vec<String> =
        held.iter().map(|overall| format!("{} {}", name(overall.average.of), overall.said(plan))).collect();
    // What each is where the other ones hold exactly, counted the first way.
    let spans: Vec<String> = held
        .iter()
        .filter_map(|overall| {
            let others: Vec<&Overall> = held.iter().filter(|o| o.average.of != overall.average.of).copied().collect();
            let exact: Vec<Held> = others.iter().map(|other| other.exactly(&other.ways[0].1)).collect();
            let (way, ratio) = &overall.ways[0];
            let (low, high) = reach(&corners(n, &exact), ratio)?;
            let of = overall.average.of;
            let way = if overall.ways.len() > 1 { format!(" counted {way}") } else { String::new() };
            let others: Vec<String> = others.iter().map(|other| other.said(plan)).collect();
            let span = span(plan, of, low, high);
            Some(format!("mixes with {} have {} {span}{way}", list_some(&others), named(of)))
        })
        .collect();
    let sentence = format!("No mix of the regions has {} together: {}.", list_some(&said), spans.join("; "));
    let consistent =
        only_mix(plan, held, all).unwrap_or_else(|| "One of them changed to what the others allow.".to_owned());
    held.iter().fold(Finding::new(Kind::Contradiction, Rule::NoMixHasThem, sentence, consistent), |finding, overall| {
        finding.about(overall.average).about_all(&overall.about)
    })
}

/// Of three regions two averages fix the mix: which it is, and what it gives of the one left over.
fn only_mix(plan: &Plan, held: &[&Overall], all: &[&Overall]) -> Option<String> {
    let n = held[0].values.len();
    if n != 3 {
        return None;
    }
    let pairs = all.iter().enumerate().flat_map(|(i, a)| all[i + 1..].iter().map(move |b| [*a, *b]));
    let (pair, mix) = pairs
        .filter(|pair| held.len() == 3 || pair.iter().any(|o| !held.iter().any(|h| h.average.of == o.average.of)))
        .find_map(|pair| {
            let exact: Vec<Held> = pair.iter().map(|o| o.exactly(&o.ways[0].1)).collect();
            let mix = the_only(n, &corners(n, &exact))?;
            Some((pair, mix))
        })?;
    let rates = plan.regional(Averaged::WinRate)?;
    let leads: Vec<f64> = mix.iter().zip(&rates.values).map(|(share, rate)| share / rate).collect();
    let total: f64 = leads.iter().sum();
    let shares = |shares: Vec<f64>| {
        let told = shares.into_iter().enumerate().map(|(r, share)| format!("{} {}", plan.label(r), percent(share, 4)));
        list_some(&told.collect::<Vec<_>>())
    };
    let said = pair.map(|overall| overall.said(plan)).join(" and ");
    let left = all.iter().find(|o| pair.iter().all(|p| p.average.of != o.average.of));
    let sparse: Mix = mix.iter().copied().enumerate().collect();
    let gives = left.map_or_else(String::new, |left| {
        let of = left.average.of;
        let told: Vec<String> =
            left.ways.iter().map(|(way, ratio)| format!("{} {way}", told(plan, of, ratio.at(&sparse)))).collect();
        format!("; its {} is {}", name(of), list_some(&told))
    });
    Some(format!(
        "{said} fit exactly one mix: of the wins {}; of the leads {}{gives}.",
        shares(mix.clone()),
        shares(leads.iter().map(|x| x / total).collect())
    ))
}

/// The shares of the one mix that all these corners are; none where they differ.
fn the_only(regions: usize, corners: &[Mix]) -> Option<Vec<f64>> {
    let dense = |mix: &Mix| {
        let mut shares = vec![0.0; regions];
        mix.iter().for_each(|(r, share)| shares[*r] += share);
        shares
    };
    let first = dense(corners.first()?);
    let same = |mix: &Mix| dense(mix).iter().zip(&first).all(|(a, b)| (a - b).abs() < 1e-6);
    corners.iter().all(same).then_some(first)
}

/// A stated average that is the middle one of the regions' values and not their mean: a middle value multiplies to nothing.
fn middle_value(plan: &Plan, overall: &Overall) -> Option<Finding> {
    let mut values = overall.values.clone();
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let middle = values[n / 2];
    let (average, mean) = (overall.average, overall.plain_mean());
    let exact = (average.value.value - middle).abs() <= 1e-9 * middle.abs();
    // A stated mix gives the average, or `stated_mix` speaks.
    if plan.claims.mix.is_some()
        || n < 3
        || n.is_multiple_of(2)
        || !exact
        || Interval::exactly(mean).agrees(Interval::of(&average.value))
    {
        return None;
    }
    let sentence = format!(
        "The {} of {} is the middle one of the regions' {}; their plain mean is {}.",
        name(average.of),
        overall.said(plan),
        all_values(plan, average.of, &values),
        told(plan, average.of, mean)
    );
    let consistent = match average.of {
        Averaged::DealSize => "Multiply deals with the mean over them, not with a middle value.",
        Averaged::WinRate => "Multiply leads with the mean over them, not with a middle value.",
        Averaged::CycleDays => {
            "Work out what is open and when deals close from the mean cycle over them, not from a middle one."
        }
        Averaged::Retention => "Multiply what comes up for renewal with the mean over it, not with a middle value.",
    };
    Some(overall.finding(Kind::Warning, Rule::MiddleValue, sentence, consistent.to_owned()))
}
