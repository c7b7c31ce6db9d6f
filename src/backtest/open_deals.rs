//! How the chances that forecasts gave to open deals held: their log score, and how often deals of some chance were won.

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::chances::Decided;
use super::naive::Method;
use super::scores::ratio;
use crate::fit::OpenDeals;
use crate::stats::{Estimate, hits_range, log_score, separate};

/// A bin of chances has so many deals at least, and about a tenth of all.
const FEWEST_IN_BIN: u64 = 50;
const BINS: u64 = 10;

/// The deals that were open at an origin, and the chances that they were given.
#[derive(Clone, Debug)]
pub struct OpenDealChances {
    /// How many periods after the origin those end that chances are of, ascending; each with its last day.
    pub ends: Vec<(usize, Date)>,
    /// The deals, with what had become of them by these days.
    pub deals: Vec<OpenDeals>,
    /// Their chances of being won and of being lost by these days: deals × days.
    pub own: Vec<Vec<Decided>>,
    /// The same by the fit with win rates and cycles, where it stands beside.
    pub simple: Option<Vec<Vec<Decided>>>,
    /// How many futures the forecast has: of a chance below one of them it says nothing.
    pub futures: usize,
}

/// How the chances of deals that were open at the origins held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenDealScores {
    /// By when they are won, lost or open: "3 months", all from the origin on.
    pub horizon: String,
    /// How many deals, each counted at each origin at which it was open.
    pub n: u64,
    /// The mean over them of the logarithm of the chance that the forecast gave to what became of each: won, lost, or open still. 0 is the best.
    pub log_score: f64,
    /// Its standard error, as the spread of origins shows it whose periods share no day; empty where there is one.
    pub error: Option<f64>,
    /// How many such origins there are.
    pub separate: usize,
    /// The mean of other methods.
    pub beside: IndexMap<String, f64>,
    /// What the score is above theirs, with the error by origins.
    pub gain: IndexMap<String, Estimate>,
    /// Origin by origin.
    pub origins: Vec<OriginScore>,
    /// The deals of the separate origins by their chance of being won, from the least chance on.
    pub reliability: Vec<ReliabilityBin>,
}

/// The deals of one origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OriginScore {
    /// The day before which all was known.
    pub origin: Date,
    /// The last day by which it counts what became of them.
    pub to: Date,
    /// How many deals were open.
    pub n: u64,
    /// How many of them were won by that day.
    pub won: u64,
    /// How many were lost by it.
    pub lost: u64,
    /// How many wins the forecast expected of them.
    pub expected_won: f64,
    /// How many losses it expected.
    pub expected_lost: f64,
    /// See [`OpenDealScores`].
    pub log_score: f64,
    /// See [`OpenDealScores`].
    pub beside: IndexMap<String, f64>,
}

/// Deals of about the same chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// How many.
    pub n: u64,
    /// The least chance of being won that one of them was given.
    pub least: f64,
    /// The greatest.
    pub most: f64,
    /// Their mean chance.
    pub mean: f64,
    /// How many were won.
    pub won: u64,
    /// From how many to how many are won in 95 % of cases, if each is by the mean chance and for itself.
    pub right_won: (usize, usize),
}

impl OpenDealScores {
    /// The scores by the ends of the periods that chances are of, from those of each origin with its number of periods; `noun` is one period as a word.
    pub(super) fn all(noun: &str, origins: &[(usize, Date, OpenDealChances)]) -> Vec<OpenDealScores> {
        let mut reaches: Vec<usize> = origins.iter().flat_map(|(.., open)| open.ends.iter().map(|end| end.0)).collect();
        reaches.sort_unstable();
        reaches.dedup();
        reaches.into_iter().filter_map(|reach| OpenDealScores::of(noun, reach, origins)).collect()
    }

    fn of(noun: &str, reach: usize, origins: &[(usize, Date, OpenDealChances)]) -> Option<OpenDealScores> {
        let scored = |(number, origin, open): &(usize, Date, OpenDealChances)| {
            let end = open.ends.iter().position(|end| end.0 == reach)?;
            let score = OriginScore::new(*origin, open, end)?;
            Some((*number..*number + reach, score, open.groups(end)))
        };
        let found: Vec<_> = origins.iter().filter_map(scored).collect();
        let spans: Vec<_> = found.iter().map(|(span, ..)| span.clone()).collect();
        let apart = separate(&spans);
        let deals = |score: &OriginScore| score.n as f64;
        // A mean over deals, with the error that separate origins show.
        let mean = |of: &dyn Fn(&OriginScore) -> f64| {
            let pair = |score: &OriginScore| (deals(score) * of(score), deals(score));
            let sums = found.iter().map(|(_, score, _)| pair(score)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            let n = found.len() as f64;
            ratio(sums.0 / n, sums.1 / n, &apart.iter().map(|i| pair(&found[*i].1)).collect::<Vec<_>>())
        };
        let n = found.iter().map(|(_, score, _)| score.n).sum();
        let own = mean(&|score| score.log_score);
        let (mut beside, mut gain) = (IndexMap::new(), IndexMap::new());
        let key = Method::Simple.key();
        if !found.is_empty() && found.iter().all(|(_, score, _)| score.beside.contains_key(key)) {
            let other = |score: &OriginScore| score.beside[key];
            beside.insert(key.to_owned(), mean(&other).value?);
            gain.insert(key.to_owned(), mean(&|score| score.log_score - other(score)));
        }
        let groups = apart.iter().flat_map(|i| found[*i].2.clone()).collect();
        Some(OpenDealScores {
            horizon: format!("{reach} {noun}{}", if reach == 1 { "" } else { "s" }),
            n,
            log_score: own.value?,
            error: own.error,
            separate: apart.len(),
            beside,
            gain,
            reliability: bins(groups),
            origins: found.into_iter().map(|(_, score, _)| score).collect(),
        })
    }
}

/// Deals that were given one chance of being won: the chance, how many there are, and how many were won.
type Group = (f64, u64, u64);

impl OpenDealChances {
    fn groups(&self, end: usize) -> Vec<Group> {
        let group = |(deals, chances): (&OpenDeals, &Vec<Decided>)| {
            let became = deals.became[end];
            (chances[end][0], became.iter().sum(), became[0])
        };
        self.deals.iter().zip(&self.own).map(group).collect()
    }

    /// The mean logarithm of the chances of what became of the deals by the end with this number.
    fn log_score(&self, chances: &[Vec<Decided>], end: usize) -> f64 {
        let (mut sum, mut n) = (0.0, 0);
        for (deals, chances) in self.deals.iter().zip(chances) {
            let [won, lost] = chances[end];
            for (chance, became) in [won, lost, 1.0 - won - lost].into_iter().zip(deals.became[end]) {
                if became > 0 {
                    sum += became as f64 * log_score(chance, self.futures);
                    n += became;
                }
            }
        }
        sum / n as f64
    }
}

impl OriginScore {
    /// The deals of an origin by the end with this number; `None` where none was open.
    fn new(origin: Date, open: &OpenDealChances, end: usize) -> Option<OriginScore> {
        let sum = |o: usize| open.deals.iter().map(|deals| deals.became[end][o]).sum::<u64>();
        let [won, lost, still] = [0, 1, 2].map(sum);
        let expected = |o: usize| {
            let all = open.deals.iter().zip(&open.own);
            all.map(|(deals, chances)| deals.became[end].iter().sum::<u64>() as f64 * chances[end][o]).sum()
        };
        let simple = open.simple.as_ref().map(|simple| open.log_score(simple, end));
        (won + lost + still > 0).then(|| OriginScore {
            origin,
            to: open.ends[end].1,
            n: won + lost + still,
            won,
            lost,
            expected_won: expected(0),
            expected_lost: expected(1),
            log_score: open.log_score(&open.own, end),
            beside: simple.into_iter().map(|score| (Method::Simple.key().to_owned(), score)).collect(),
        })
    }
}

/// Deals put together by their chance: tenths of them, but never fewer than [`FEWEST_IN_BIN`], and never those of one group apart.
fn bins(mut groups: Vec<Group>) -> Vec<ReliabilityBin> {
    groups.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = |groups: &[Group]| groups.iter().map(|group| group.1).sum::<u64>();
    let (mut left, mut from) = (count(&groups), 0);
    let enough = FEWEST_IN_BIN.max(left.div_ceil(BINS));
    let (mut found, mut n) = (Vec::new(), 0);
    for to in 1..=groups.len() {
        n += groups[to - 1].1;
        let is_last = to == groups.len();
        // What is left after a bin makes another.
        if n > 0 && (is_last || n >= enough && left - n >= FEWEST_IN_BIN) {
            found.extend(ReliabilityBin::of(&groups[from..to]));
            (left, from, n) = (left - n, to, 0);
        }
    }
    found
}

impl ReliabilityBin {
    fn of(groups: &[Group]) -> Option<ReliabilityBin> {
        let n: u64 = groups.iter().map(|group| group.1).sum();
        let mean = groups.iter().map(|(chance, n, _)| chance * *n as f64).sum::<f64>() / n as f64;
        Some(ReliabilityBin {
            n,
            least: groups.first()?.0,
            most: groups.last()?.0,
            mean,
            won: groups.iter().map(|group| group.2).sum(),
            right_won: hits_range(n as usize, mean)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Two groups of 1,000 deals at each of some origins, of which so many were won and 100 lost by the end of a month; with the chances of being won that
    /// they were given.
    fn origins(won: &[[u64; 2]], own: [f64; 2], simple: [f64; 2]) -> Vec<(usize, Date, OpenDealChances)> {
        let of = |(number, won): (usize, &[u64; 2])| {
            let deals = won.iter().enumerate().map(|(age, won)| OpenDeals {
                region: 0,
                age,
                became: vec![[*won, 100, 900 - won]],
            });
            let chances = |won: [f64; 2]| won.iter().map(|won| vec![[*won, 0.1]]).collect::<Vec<_>>();
            let day = date(2027, number as i8 + 1, 1);
            let open = OpenDealChances {
                ends: vec![(1, day.last_of_month())],
                deals: deals.collect(),
                own: chances(own),
                simple: Some(chances(simple)),
                futures: 999,
            };
            (number, day, open)
        };
        won.iter().enumerate().map(of).collect()
    }

    fn entropy(chances: [f64; 3]) -> f64 {
        chances.iter().map(|p| p * libm::log(*p)).sum()
    }

    #[test]
    fn the_score_is_the_mean_logarithm_of_what_became_of_each_deal() {
        let held = origins(&[[100, 400], [100, 400]], [0.1, 0.4], [0.2, 0.2]);
        let scores = &OpenDealScores::all("month", &held)[0];
        assert_eq!((scores.horizon.as_str(), scores.n, scores.separate), ("1 month", 4000, 2));
        let right = 0.5 * (entropy([0.1, 0.1, 0.8]) + entropy([0.4, 0.1, 0.5]));
        assert!((scores.log_score - right).abs() < 1e-9 && scores.error == Some(0.0), "{scores:?}");
        // Chances that are not those of what happens score less.
        let cross = libm::log(0.1) * 0.1 + libm::log(0.2) * 0.25 + libm::log(0.7) * 0.65;
        assert!((scores.beside["simple"] - cross).abs() < 1e-9);
        assert!((scores.gain["simple"].value.unwrap() - (right - cross)).abs() < 1e-9 && right > cross);
        let origin = &scores.origins[1];
        assert_eq!((origin.n, origin.won, origin.lost, origin.to), (2000, 500, 200, date(2027, 2, 28)));
        assert!((origin.expected_won - 500.0).abs() < 1e-9 && (origin.expected_lost - 200.0).abs() < 1e-9);
        // What was said never to happen has a chance below one future.
        let surprised = origins(&[[1, 0]], [0.0, 0.0], [0.1, 0.1]);
        let scores = &OpenDealScores::all("month", &surprised)[0];
        let wanted = (libm::log(1e-3) + 200.0 * libm::log(0.1) + 1799.0 * libm::log(0.9)) / 2000.0;
        assert!((scores.log_score - wanted).abs() < 1e-9 && scores.error.is_none());
        assert!(OpenDealScores::all("month", &[]).is_empty());
    }

    #[test]
    fn errors_are_those_of_origins_that_share_no_day() {
        let held = origins(&[[50, 200], [150, 600], [100, 400]], [0.1, 0.4], [0.1, 0.4]);
        let scores = &OpenDealScores::all("month", &held)[0];
        let each: Vec<f64> = scores.origins.iter().map(|origin| origin.log_score).collect();
        let mean = each.iter().sum::<f64>() / 3.0;
        let square: f64 = each.iter().map(|x| (x - mean) * (x - mean)).sum();
        let error = libm::sqrt(square / 2.0 / 3.0);
        assert!((scores.log_score - mean).abs() < 0.01 * error && (scores.error.unwrap() / error - 1.0).abs() < 0.01);
        // Of horizons of two months every other origin counts.
        let longer = held.into_iter().map(|(number, day, open)| {
            let ends = vec![(2, open.ends[0].1)];
            (number, day, OpenDealChances { ends, ..open })
        });
        let scores = &OpenDealScores::all("month", &longer.collect::<Vec<_>>())[0];
        assert_eq!((scores.horizon.as_str(), scores.n, scores.separate), ("2 months", 6000, 2));
        assert_eq!(scores.reliability.iter().map(|bin| bin.n).sum::<u64>(), 4000);
    }

    #[test]
    fn bins_hold_deals_of_about_one_chance() {
        // 40 groups of 25 deals, of which as many are won as is expected of them, and of which twice as many are.
        let groups = |times: f64| -> Vec<Group> {
            (0..40).rev().map(|i| f64::from(i) / 100.0).map(|p| (p, 25, (25.0 * p * times).round() as u64)).collect()
        };
        let right = bins(groups(1.0));
        assert_eq!(right.iter().map(|bin| bin.n).collect::<Vec<_>>(), [100; 10]);
        assert!((right[9].mean - 0.375).abs() < 1e-12 && (right[9].least, right[9].most) == (0.36, 0.39));
        let is_right = |bin: &ReliabilityBin| (bin.right_won.0..=bin.right_won.1).contains(&(bin.won as usize));
        assert!(right.iter().all(is_right));
        assert!(bins(groups(2.0)).iter().filter(|bin| !is_right(bin)).count() > 5);
        // Few deals make few bins, one group is never cut, and nothing is left over.
        let sizes = |groups: &[Group]| bins(groups.to_vec()).iter().map(|bin| bin.n).collect::<Vec<_>>();
        assert_eq!(sizes(&[(0.1, 30, 3), (0.2, 30, 3), (0.3, 30, 3)]), [90]);
        assert_eq!(sizes(&[(0.1, 60, 3), (0.2, 30, 3), (0.3, 30, 3)]), [60, 60]);
        assert_eq!(sizes(&[(0.001, 900, 3), (0.2, 100, 30)]), [900, 100]);
        assert_eq!(sizes(&[]), [0u64; 0]);
    }
}
