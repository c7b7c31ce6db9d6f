//! The referee of leads and open deals that are decided day by day: each of them is followed day after day.

use libm::exp;
use rand::{RngExt, rngs::Xoshiro256PlusPlus as Generator};
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;

use crate::referee::{Domain, Time, Twin, days_in, floats_or, list, standard_normal, text};

/// The month in which something is decided, and whether it is won.
type Decided = Option<(usize, bool)>;

/// Reads a quantity at a path below the region.
pub(crate) type Quantity<'q> = &'q mut dyn FnMut(&str, &Value, Domain) -> f64;

/// How a region's leads and deals are decided.
pub(crate) struct Daily {
    /// Ages and chances a day, where there is a table.
    table: Option<(Vec<usize>, [Vec<f64>; 2])>,
    /// Three or twelve factors, divided by their mean.
    rhythm: [Vec<f64>; 2],
    now: [f64; 2],
    volatility: [f64; 2],
    stages: Vec<(String, [f64; 2])>,
}

/// > It does not go with ...: a region is decided day by day if its `closing` has any of these.
pub(crate) fn is_daily(region: &Value) -> bool {
    ["table", "rhythm", "volatility", "now", "by_stage"].iter().any(|key| !region["closing"][key].is_null())
}

/// The months of the days that are played, from the as-of day on, and how many days each month has.
pub(crate) fn calendar(scenario: &Value) -> (Vec<usize>, Vec<usize>) {
    let start: Vec<i64> = text(&scenario["start"]).split('-').map(|part| part.parse().expect("a month")).collect();
    let months = scenario["months"].as_u64().expect("months") as usize;
    let of_month: Vec<usize> = (0..months as i64)
        .map(|m| days_in(start[0] + (start[1] - 1 + m) / 12, (start[1] - 1 + m) % 12 + 1) as usize)
        .collect();
    let day = |day: &Value| -> Option<(usize, usize)> {
        let parts: Vec<i64> = day.as_str()?.split('-').map(|part| part.parse().expect("a day")).collect();
        Some((((parts[0] - start[0]) * 12 + parts[1] - start[1]) as usize, parts[2] as usize))
    };
    let first = day(&scenario["as_of"]).unwrap_or((0, 1));
    let last = day(&scenario["until"]).unwrap_or((months - 1, of_month[months - 1]));
    let all = (0..months).flat_map(|m| (1..=of_month[m]).map(move |d| (m, d)));
    (all.filter(|at| *at >= first && *at <= last).map(|(m, _)| m).collect(), of_month)
}

/// Where the last day that is played ends, in months from the start.
pub(crate) fn end(scenario: &Value, of_month: &[usize]) -> f64 {
    let last = of_month.len() - 1;
    let day = scenario["until"].as_str().map_or(of_month[last], |day| day[8..].parse().expect("a day"));
    last as f64 + day as f64 / of_month[last] as f64
}

impl Daily {
    /// Reads what a region says of it.
    pub(crate) fn read(region: &Value, quantity: Quantity) -> Daily {
        let closing = &region["closing"];
        let both = |outcome: usize| ["won", "lost"][outcome];
        let mut listed = |path: &str, json: &Value, domain: Domain| -> Vec<f64> {
            list(json).enumerate().map(|(i, x)| quantity(&format!("{path}[{i}]"), x, domain)).collect()
        };
        let table = &closing["table"];
        let chances = [0, 1].map(|o| listed(&format!("closing.table.{}", both(o)), &table[both(o)], Domain::Share));
        let rhythm = [0, 1]
            .map(|o| listed(&format!("closing.rhythm.{}", both(o)), &closing["rhythm"][both(o)], Domain::Positive));
        let mut one = |key: &str, o: usize, domain: Domain| {
            let json = &closing[key][both(o)];
            if json.is_null() { 0.0 } else { quantity(&format!("closing.{key}.{}", both(o)), json, domain) }
        };
        let now = [0, 1].map(|o| one("now", o, Domain::Growth));
        let volatility = [0, 1].map(|o| one("volatility", o, Domain::Positive));
        let stages = closing["by_stage"].as_object().into_iter().flatten().map(|(stage, factors)| {
            let factor = |o: usize| {
                let json = &factors[both(o)];
                if json.is_null() {
                    1.0
                } else {
                    quantity(&format!("closing.by_stage[{stage}].{}", both(o)), json, Domain::Positive)
                }
            };
            (stage.clone(), [0, 1].map(factor))
        });
        let stages = stages.collect();
        let ages = floats_or(&table["ages"], &[]).iter().map(|age| *age as usize).collect();
        let table = (!table.is_null()).then_some((ages, chances));
        Daily { table, rhythm, now, volatility, stages }
    }

    /// The factors of each month: rhythm times a pace that walks.
    pub(crate) fn factors(
        &self,
        months: usize,
        first: usize,
        start_month: usize,
        place: &dyn Fn(usize) -> usize,
        steps: &[[f64; 2]],
        twin: Twin,
    ) -> Vec<[f64; 2]> {
        let mut y = self.now;
        let mut all = Vec::new();
        for k in 0..months {
            // > y_o,k = y_o,k−1 + `volatility.o`·z_o,k for k > m₀
            if k > first {
                for o in 0..2 {
                    let before = if twin == Twin::WalkAnew { self.now[o] } else { y[o] };
                    y[o] = before + self.volatility[o] * steps[k][o];
                }
            }
            all.push([0, 1].map(|o| {
                let rhythm = &self.rhythm[o];
                let mean = match twin {
                    Twin::RhythmAsItIs => 1.0,
                    _ => rhythm.iter().sum::<f64>() / rhythm.len() as f64,
                };
                let factor = match rhythm.len() {
                    0 => 1.0,
                    12 => rhythm[(start_month - 1 + k) % 12] / mean,
                    _ => rhythm[place(k)] / mean,
                };
                factor * exp(y[o])
            }));
        }
        all
    }

    /// > d̄ from a table is the mean of a + ½ over the ages of decision, all c = 1, without x, performance and changes.
    pub(crate) fn time_in_work(&self) -> Option<f64> {
        let (ages, chances) = self.table.as_ref()?;
        let (mut open, mut decided, mut days) = (1.0, 0.0, 0.0);
        let mut age = 0;
        while open > 1e-18 && age < 100_000 {
            let i = ages.iter().rposition(|from| *from <= age).expect("ages from 0");
            let [won, lost] = Chances::held([chances[0][i], chances[1][i]]);
            decided += open * (won + lost);
            days += open * (won + lost) * (age as f64 + 0.5);
            open *= 1.0 - won - lost;
            age += 1;
        }
        Some(days / decided)
    }

    pub(crate) fn of_stage(&self, stage: &Value) -> [f64; 2] {
        let known = self.stages.iter().find(|(name, _)| stage.as_str() == Some(name));
        known.map_or([1.0; 2], |(_, factors)| *factors)
    }
}

/// The steps of the walk, one pair a month.
pub(crate) fn steps(months: usize, rng: &mut Generator) -> Vec<[f64; 2]> {
    (0..months).map(|_| [standard_normal(rng), standard_normal(rng)]).collect()
}

/// The chances a day of leads of one month of arrival, or of open deals in one stage.
pub(crate) struct Chances<'a> {
    pub(crate) daily: &'a Daily,
    pub(crate) won: Option<Rc<Time>>,
    pub(crate) lost: Option<Rc<Time>>,
    /// The win rate, its odds shifted; of cycles alone.
    pub(crate) p: f64,
    pub(crate) stalled: f64,
    /// exp(β·x), which multiplies the chance of a table.
    pub(crate) tilt: f64,
    pub(crate) stage: [f64; 2],
    pub(crate) twin: Twin,
    pub(crate) known: RefCell<Vec<[f64; 2]>>,
    /// h by age, each worked out once.
    pub(crate) by_age: RefCell<Vec<Option<[f64; 2]>>>,
}

/// Far more days than any deal stays open with a chance that matters.
const FAR: usize = 6_000;

impl Chances<'_> {
    fn survival(&self, age: usize) -> [f64; 2] {
        let won = self.won.as_ref().expect("a cycle").survival(age as f64);
        [won, self.lost.as_ref().map_or(won, |lost| lost.survival(age as f64))]
    }

    /// V(a).
    fn open(&self, age: usize) -> f64 {
        let [w, l] = self.survival(age);
        self.p * w + (1.0 - self.p) * (self.stalled + (1.0 - self.stalled) * l)
    }

    pub(crate) fn is_stale(&self, age: usize) -> bool {
        self.daily.table.is_none() && self.open(age) < 1e-9
    }

    /// h_w(a) and h_l(a).
    fn h(&self, age: usize) -> [f64; 2] {
        if let Some(Some(h)) = self.by_age.borrow().get(age) {
            return *h;
        }
        let h = self.h_anew(age);
        let mut by_age = self.by_age.borrow_mut();
        let ages = by_age.len().max(age + 1);
        by_age.resize(ages, None);
        by_age[age] = Some(h);
        h
    }

    fn h_anew(&self, age: usize) -> [f64; 2] {
        let mut h = match &self.daily.table {
            Some((ages, chances)) => {
                let i = ages.iter().rposition(|from| *from <= age).expect("ages from 0");
                [chances[0][i] * self.tilt, chances[1][i]]
            }
            None if self.is_stale(age) => [0.0; 2],
            None => {
                let ([w, l], [w_next, l_next]) = (self.survival(age), self.survival(age + 1));
                let of_lost = (1.0 - self.p) * (1.0 - self.stalled);
                [self.p * (w - w_next) / self.open(age), of_lost * (l - l_next) / self.open(age)]
            }
        };
        if self.twin == Twin::LostChancesForWon {
            h[0] = h[1];
        }
        [h[0] * self.stage[0], h[1] * self.stage[1]]
    }

    /// > both divided by W + H where that is above 1
    fn held([w, h]: [f64; 2]) -> [f64; 2] {
        if w + h > 1.0 { [w / (w + h), h / (w + h)] } else { [w, h] }
    }

    /// Won, lost or still open after a day of a month with these factors.
    fn day(&self, age: usize, c: [f64; 2], rng: &mut Generator) -> Option<bool> {
        let [h_w, h_l] = self.h(age);
        let [w, h] = Chances::held([h_w * c[0], h_l * c[1]]);
        let u: f64 = rng.random();
        if u < w {
            Some(true)
        } else if u < w + h {
            Some(false)
        } else {
            None
        }
    }

    /// w(a), and 1 − w(a) counted by itself, so that none is exactly none.
    pub(crate) fn ever(&self, age: usize) -> [f64; 2] {
        if self.daily.table.is_none() && self.stage == [1.0; 2] && self.twin != Twin::LostChancesForWon {
            // > from cycles, without stage factors, p·S_w(a)/V(a), 0 where stale
            if self.is_stale(age) {
                return [0.0, 1.0];
            }
            let w = self.p * self.survival(age)[0] / self.open(age);
            return [w, 1.0 - w];
        }
        let last = self.daily.table.as_ref().map_or(FAR, |(ages, _)| ages[ages.len() - 1]);
        if self.known.borrow().is_empty() {
            let mut all = vec![[0.0, 1.0]; last + 1];
            // > from the last age of a table on it is h_w/(h_w + h_l), 0 where both are 0
            let [w, l] = self.h(last);
            if self.daily.table.is_some() && w + l > 0.0 {
                all[last] = [w / (w + l), l / (w + l)];
            }
            for a in (0..last).rev() {
                // > w(a) = W + (1 − W − H)·w(a + 1)
                let [w, h] = Chances::held(self.h(a));
                let after: [f64; 2] = all[a + 1];
                all[a] = [w + (1.0 - w - h) * after[0], h + (1.0 - w - h) * after[1]];
            }
            *self.known.borrow_mut() = all;
        }
        self.known.borrow()[age.min(last)]
    }

    /// Follows one that is of an age on a day (counted from the as-of day) until it is decided: the month, and whether it is won; the ends
    /// of months that it is open at, with its age on the day after.
    pub(crate) fn follow(
        &self,
        mut age: usize,
        from: usize,
        calendar: &[usize],
        factors: &[[f64; 2]],
        fate: Option<bool>,
        rng: &mut Generator,
    ) -> (Decided, Vec<(usize, usize)>) {
        let mut open = Vec::new();
        for day in from..calendar.len() {
            let k = calendar[day];
            let decided = match fate {
                None => self.day(age, factors[k], rng),
                Some(won) => {
                    // > h_w(a)/w(a)·c_w,k a day, at most 1 ... h_l(a)/(1 − w(a))·c_l,k
                    let o = usize::from(!won);
                    let (h, ever) = (Chances::held(self.h(age))[o], self.ever(age)[o]);
                    let chance = if h > 0.0 && ever > 0.0 { h / ever * factors[k][o] } else { 0.0 };
                    (rng.random::<f64>() < chance).then_some(won)
                }
            };
            age += 1;
            if let Some(won) = decided {
                return (Some((k, won)), open);
            }
            if calendar.get(day + 1) != Some(&k) {
                open.push((k, age));
            }
        }
        (None, open)
    }
}

/// An open deal on the as-of day.
pub(crate) struct OpenDeal<'a> {
    pub(crate) age: usize,
    /// Its chance of its own, its odds shifted.
    pub(crate) own: Option<f64>,
    /// Whether its close date lies on the as-of day or after and may be kept, and in which month it is then won if it is; none past the last day.
    pub(crate) close: Option<Option<usize>>,
    pub(crate) kept: f64,
    pub(crate) chances: &'a Chances<'a>,
}

impl OpenDeal<'_> {
    /// What becomes of it: decided in that month or not, and open at the ends of months with its weight in the pipeline.
    pub(crate) fn play(
        &self,
        calendar: &[usize],
        factors: &[[f64; 2]],
        rng: &mut Generator,
    ) -> (Decided, Vec<(usize, f64)>) {
        let (chances, age) = (self.chances, self.age);
        let (ever, stale) = (chances.ever(age), chances.is_stale(age));
        let to_be = |won: bool, rng: &mut Generator| {
            let from = if stale || ever[usize::from(!won)] == 0.0 { 0 } else { age };
            chances.follow(from, 0, calendar, factors, Some(won), rng)
        };
        // > *Stated date* on or after the as-of day: it is kept with probability `close_dates.kept`, drawn first.
        if let Some(close) = self.close
            && rng.random_bool(self.kept)
        {
            // > If kept, the deal is to be won with probability q, else w(a₀)
            let p = self.own.unwrap_or(ever[0]);
            let won = rng.random_bool(p.min(1.0));
            let end = match won {
                true => close.map(|k| (k, true)),
                false if stale && self.own.is_none() => None,
                false => to_be(false, rng).0,
            };
            let last = end.map_or(usize::MAX, |(k, _)| k);
            let months: std::collections::BTreeSet<usize> = calendar.iter().copied().collect();
            return (end, months.into_iter().filter(|k| *k < last).map(|k| (k, p)).collect());
        }
        let (end, open) = match self.own {
            None => chances.follow(age, 0, calendar, factors, None, rng),
            Some(own) => to_be(rng.random_bool(own), rng),
        };
        let mut age = age;
        let mut day = 0;
        let weighed = open.into_iter().map(|(k, aged)| {
            let weight = match self.own {
                None => chances.ever(aged)[0],
                Some(own) => {
                    // The age that the deal has, whatever its chances count from.
                    while day < calendar.len() && calendar[day] <= k {
                        day += 1;
                        age += 1;
                    }
                    let now = chances.ever(age);
                    if stale || own <= 0.0 || own >= 1.0 || ever.contains(&0.0) {
                        own
                    } else {
                        let odds = now[0] / now[1] * (own / (1.0 - own)) / (ever[0] / ever[1]);
                        if odds.is_finite() { odds / (1.0 + odds) } else { 1.0 }
                    }
                }
            };
            (k, weight)
        });
        let weighed = weighed.collect();
        (end, weighed)
    }
}
