//! The fit of an export as it was known on a day.

use jiff::civil::Date;

use super::closing::{Counts, RateDraw, Rates};
use super::day::{self, Day};
use super::deal_sizes::{DealSizes, dot};
use super::draws::{Draws, moments};
use super::exposure::{Count, Exposure, Seen};
use super::fates::Fates;
use super::found::{FEWEST_WINS, Fit, FitOptions, RegionFit};
use super::lead_rates::LeadRates;
use super::opportunities::{NEVER, Opportunities};
use super::outcome::Outcome;
use super::stage_factors::stage_factors;
use crate::chance::{Address, Purpose, name_key};
use crate::scenario::Domain;
use crate::units::{Fault, Faults};

/// Fewer days than this tell nothing of chances that change with age.
const FEWEST_DAYS: Day = 31;
impl Exposure {
    /// Counts what was known on the day before `until`, from the first day on which a deal was won or lost on, or from `from` on.
    pub fn of(opportunities: &Opportunities, from: Option<Date>, until: Date) -> Exposure {
        Exposure::count(opportunities, from.map(day::number), day::number(until))
    }

    /// The first day of the window.
    pub fn from(&self) -> Date {
        day::date(self.from)
    }
}

impl Fit {
    /// Fits what was known on the day before `as_of`. The exposure has been counted to that day; where it is the first of a month, to any
    /// later one.
    ///
    /// # Errors
    /// [`Faults`] where too little was known for any fit.
    pub fn new(
        opportunities: &Opportunities,
        exposure: &Exposure,
        as_of: Date,
        options: &FitOptions,
    ) -> Result<Fit, Faults> {
        let until = day::number(as_of);
        let recounted;
        let seen = match exposure.before(until) {
            Some(seen) => seen,
            None => {
                recounted = Exposure::count(opportunities, Some(exposure.from), until);
                recounted.before(until).ok_or_else(|| too_short(opportunities, exposure.from, as_of))?
            }
        };
        if until - seen.from() < FEWEST_DAYS {
            return Err(too_short(opportunities, seen.from(), as_of));
        }
        let counts = Counts::of(&seen, options.fiscal_first_month);
        let all = counts.sum(|_, _, _| true);
        let sizes = DealSizes::of(opportunities, until);
        refuse(opportunities, all, &sizes, as_of)?;
        let [won, lost] = [Outcome::Won, Outcome::Lost].map(|outcome| counts.fit(outcome));
        let leads = LeadRates::fit(opportunities, &seen);
        let mut fit = Fit {
            as_of,
            from: day::date(seen.from()),
            ages: counts.ages.clone(),
            regions: regions(opportunities, &counts, &leads, &sizes, until),
            by_place: by_place(&counts, &seen, options.fiscal_first_month),
            deviations: deviations(&won, &lost),
            overdispersion: leads.overdispersion(),
            leads_from: day::date(leads.from),
            by_age: seen.decided_by_age(),
            factors_seen: [&won, &lost].map(|rates| counts.factors_seen(rates)),
            amounts: sizes.amounts.clone(),
            lead_months: (leads.counts.first().map_or(0, Vec::len), leads.whole),
            draws: Draws::default(),
            sizes: sizes.values.clone(),
            stages: Vec::new(),
            cautions: Vec::new(),
        };
        let window = (seen.from(), until);
        fit.stages = stage_factors(opportunities, &counts, [&won, &lost], window);
        fit.draw([&won, &lost], &leads, &sizes, options);
        fit.cautions = super::cautions::cautions(opportunities, &fit, &counts, &leads);
        Ok(fit)
    }

    /// Draws all that was found, together, and notes the means.
    fn draw(&mut self, rates: [&Rates; 2], leads: &LeadRates, sizes: &DealSizes, options: &FitOptions) {
        let address = |name: &str| Address::new(options.seed, 0, Purpose::Fit, name_key(name), 0);
        let rows = 0..options.draws as u64;
        let drawn: Vec<Vec<RateDraw>> = ["won", "lost"]
            .into_iter()
            .zip(rates)
            .map(|(name, rates)| rows.clone().map(|row| rates.draw(&mut address(name).stream(row))).collect())
            .collect();
        let of_leads: Vec<Vec<f64>> = rows.clone().map(|row| leads.draw(&mut address("leads").stream(row))).collect();
        for (r, region) in self.regions.iter_mut().enumerate() {
            let path = |rest: String| format!("regions.{}.{rest}", region.key);
            let column: Vec<f64> = of_leads.iter().map(|rates| rates[r]).collect();
            region.leads = moments(&column);
            self.draws.push(path("leads.monthly".to_owned()), column);
            for (name, drawn) in ["won", "lost"].into_iter().zip(&drawn) {
                for age in 0..self.ages.len() {
                    let column = drawn.iter().map(|draw| draw.table[r][age]).collect();
                    self.draws.push(path(format!("closing.table.{name}[{age}]")), column);
                }
                for place in 0..3 {
                    let column = drawn.iter().map(|draw| draw.rhythm[place]).collect();
                    self.draws.push(path(format!("closing.rhythm.{name}[{place}]")), column);
                }
                // Within what a scenario may have: days that all deals close on leave them unbounded.
                let column = drawn.iter().map(|draw| Domain::EXPONENT.nearest(draw.now)).collect();
                self.draws.push(path(format!("closing.now.{name}")), column);
                let column = drawn.iter().map(|draw| Domain::STEP.nearest(draw.volatility)).collect();
                self.draws.push(path(format!("closing.volatility.{name}")), column);
            }
            for stage in &self.stages {
                for (i, name) in ["won", "lost"].into_iter().enumerate() {
                    // One factor for all regions.
                    let address = address(&format!("stage {}, {name}", stage.stage));
                    let column = rows.clone().map(|row| stage.draw(i, &mut address.stream(row))).collect();
                    self.draws.push(path(format!("closing.by_stage[{}].{name}", stage.stage)), column);
                }
            }
            let fates = drawn[0].iter().zip(&drawn[1]);
            let fates: Vec<Fates> =
                fates.map(|(won, lost)| Fates::of(&self.ages, &won.table[r], &lost.table[r])).collect();
            let all = |of: fn(&Fates) -> f64| moments(&fates.iter().map(of).collect::<Vec<f64>>());
            region.win_rate = all(|fates| fates.won);
            // As a scenario says it: at the means of the chances.
            let means = [0, 1].map(|i: usize| {
                let mean =
                    |age: usize| moments(&drawn[i].iter().map(|draw| draw.table[r][age]).collect::<Vec<f64>>()).0;
                (0..self.ages.len()).map(mean).collect::<Vec<f64>>()
            });
            let at_means = Fates::of(&self.ages, &means[0], &means[1]).won_in_the_end;
            region.won_in_the_end = (at_means, all(|fates| fates.won_in_the_end).1);
            let stream = address(&format!("deal sizes of {}", region.key));
            let weights: Vec<Vec<f64>> = rows.clone().map(|row| sizes.draw(r, &mut stream.stream(row))).collect();
            let means: Vec<f64> = weights.iter().map(|weights| dot(weights, &sizes.values)).collect();
            region.size = moments(&means);
            for value in 0..sizes.values.len() {
                let column = weights.iter().map(|weights| weights[value]).collect();
                self.draws.push(path(format!("deal_size.weights[{value}]")), column);
            }
        }
    }
}

fn deviations(won: &Rates, lost: &Rates) -> Vec<(&'static str, [f64; 2], [f64; 2])> {
    let pairs = won.deviations().zip(lost.deviations());
    pairs.map(|((name, prior, won), (_, same, lost))| (name, [prior, same], [won, lost])).collect()
}

/// How much was decided by place of the month in its quarter.
fn by_place(counts: &Counts, seen: &Seen, fiscal_first_month: u32) -> [[u64; 3]; 2] {
    let mut found = [[0; 3]; 2];
    for month in 0..seen.months {
        let place = (seen.month(month).number() + 12 - fiscal_first_month) as usize % 3;
        let sum = counts.sum(|_, m, _| m == month);
        found[0][place] += sum.won;
        found[1][place] += sum.lost;
    }
    found
}

fn regions(
    opportunities: &Opportunities,
    counts: &Counts,
    leads: &LeadRates,
    sizes: &DealSizes,
    until: Day,
) -> Vec<RegionFit> {
    let mut open = vec![0; opportunities.regions.len()];
    for (_, deal) in opportunities.open_before(until) {
        open[usize::from(deal.region)] += 1;
    }
    let region = |r: usize| {
        let (key, label) = opportunities.regions.name(r);
        let all = counts.sum(|region, _, _| region == r);
        let of_age = |a: usize| counts.sum(|region, _, age| region == r && age == a);
        RegionFit {
            key: key.to_owned(),
            label: label.to_owned(),
            won: all.won,
            lost: all.lost,
            open: open[r],
            at_risk: all.at_risk,
            at_risk_by_age: (0..counts.ages.len()).map(of_age).map(|count| count.at_risk).collect(),
            decided_by_age: (0..counts.ages.len()).map(of_age).map(|count| (count.won, count.lost)).collect(),
            leads_by_month: leads.counts[r].clone(),
            leads: (f64::NAN, f64::NAN),
            recent_leads: leads.recent(r),
            win_rate: (f64::NAN, f64::NAN),
            won_in_the_end: (f64::NAN, f64::NAN),
            size: (f64::NAN, f64::NAN),
            sized: (sizes.deals(r) as u64, sizes.own_mean(r)),
        }
    };
    (0..open.len()).map(region).collect()
}

fn fault(opportunities: &Opportunities, found: String, allowed: &str, hint: &str) -> Faults {
    let file = opportunities.report.file.clone();
    Faults::Fields(vec![Fault { file, path: String::new(), found, allowed: allowed.to_owned(), hint: hint.to_owned() }])
}

fn too_short(opportunities: &Opportunities, from: Day, as_of: Date) -> Faults {
    let found = match opportunities.first_close() {
        NEVER => "no deal that was won or lost".to_owned(),
        _ => format!("closings from {} on, known to the day before {as_of}", day::date(from)),
    };
    let allowed = format!(
        "at least {FEWEST_DAYS} days of closings; a year is better, and twice the sales cycle the least that says much"
    );
    fault(opportunities, found, &allowed, "export deals closed over a longer time, and those that are open")
}

/// Refuses what too little is known of.
fn refuse(opportunities: &Opportunities, all: Count, sizes: &DealSizes, as_of: Date) -> Result<(), Faults> {
    if all.won < FEWEST_WINS || all.lost == 0 {
        let found = format!("{} won and {} lost before {as_of}", all.won, all.lost);
        let allowed = format!("at least {FEWEST_WINS} won deals, and some lost ones");
        let hint = match super::cautions::silence(opportunities, day::number(as_of)) {
            Some((_, after)) => {
                format!("the last deal was created, won or lost on the day before {after}: --as-of {after}")
            }
            None => "export deals closed over a longer time".to_owned(),
        };
        return Err(fault(opportunities, found, &allowed, &hint));
    }
    if sizes.values.is_empty() {
        let hint = "say which column it is: --map amount=COLUMN";
        return Err(fault(opportunities, "no won deal with an amount".to_owned(), "amounts of won deals", hint));
    }
    Ok(())
}
