//! How long deals take where some are still open: the share that is open by age (Kaplan and Meier 1958), and laws of times fitted by
//! likelihood, with a share that is never decided where one is asked for (Boag 1949).

use super::cholesky::{Factor, Matrix};
use crate::stats::special::{ln_gamma_tails, normal_cdf};

/// A deal that was decided at an age, or was open at it when last seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Life {
    /// The age in days, above 0.
    pub days: f64,
    /// Whether it was decided then.
    pub decided: bool,
}

/// The share still open just after each age at which a deal was decided, ages ascending: ∏ (1 − dᵢ/nᵢ), of n that were open just before an
/// age d being decided at it.
///
/// ```
/// # use revcast::fit::{Life, still_open};
/// let lives = [(2.0, true), (3.0, false), (5.0, true)].map(|(days, decided)| Life { days, decided });
/// assert_eq!(still_open(&lives), [(2.0, 2.0 / 3.0), (5.0, 0.0)]);
/// ```
pub fn still_open(lives: &[Life]) -> Vec<(f64, f64)> {
    let mut lives = lives.to_vec();
    lives.sort_by(|a, b| a.days.total_cmp(&b.days));
    let (mut open, mut share) = (lives.len(), 1.0);
    let mut found = Vec::new();
    for same in lives.chunk_by(|a, b| a.days == b.days) {
        let decided = same.iter().filter(|life| life.decided).count();
        if decided > 0 {
            share *= (open - decided) as f64 / open as f64;
            found.push((same[0].days, share));
        }
        open -= same.len();
    }
    found
}

/// A family of laws of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLaw {
    /// By its mean.
    Exponential,
    /// By scale and shape: P(T > t) = exp(−(t/scale)^shape).
    Weibull,
    /// By mean and standard deviation of the logarithm.
    Lognormal,
    /// By shape and scale.
    Gamma,
}

/// The law of a family that fits best.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeFit {
    /// The family.
    pub law: TimeLaw,
    /// Its parameters, in the order in which the family names them.
    pub parameters: Vec<f64>,
    /// The share that is ever decided; 1 unless it was asked for.
    pub ever: f64,
    /// The logarithm of the likelihood, times in days.
    pub log_likelihood: f64,
    /// Akaike's criterion: 2·(number of parameters) − 2·log-likelihood. The smaller the better.
    pub aic: f64,
}

impl TimeLaw {
    /// All families.
    pub const ALL: [TimeLaw; 4] = [TimeLaw::Exponential, TimeLaw::Weibull, TimeLaw::Lognormal, TimeLaw::Gamma];

    /// Fits the law by likelihood, and with it the share that is ever decided where `with_never` asks for it; none where no deal was decided,
    /// or nothing fits best.
    pub fn fit(self, lives: &[Life], with_never: bool) -> Option<TimeFit> {
        let decided: Vec<f64> = lives.iter().filter(|life| life.decided).map(|life| life.days).collect();
        let count = decided.len() as f64;
        if decided.is_empty() || lives.iter().any(|life| life.days.is_nan() || life.days <= 0.0) {
            return None;
        }
        // The sums of times are those of the exponential law.
        let all: f64 = lives.iter().map(|life| life.days).sum();
        let log_mean = if with_never { libm::log(decided.iter().sum::<f64>() / count) } else { libm::log(all / count) };
        let mut start = match self {
            TimeLaw::Exponential => vec![log_mean],
            TimeLaw::Weibull => vec![log_mean, 0.0],
            TimeLaw::Lognormal => vec![log_mean - 0.3, -0.3],
            TimeLaw::Gamma => vec![0.0, log_mean],
        };
        let own = start.len();
        if with_never {
            let share = (count / lives.len() as f64).clamp(0.01, 0.99);
            start.push(libm::log(share / (1.0 - share)));
        }
        let value = |at: &[f64]| {
            let log_ever = at.get(own).map_or(0.0, |x| -libm::log1p(libm::exp(-x)));
            let (ever, never) = (libm::exp(log_ever), -libm::expm1(log_ever));
            let one = |life: &Life| {
                let (log_density, log_open) = self.logs(&at[..own], life.days);
                if life.decided { log_ever + log_density } else { libm::log(never + ever * libm::exp(log_open)) }
            };
            lives.iter().map(one).sum::<f64>()
        };
        let top = top(&value, start)?;
        let log_likelihood = value(&top);
        let parameters = match self {
            TimeLaw::Lognormal => vec![top[0], libm::exp(top[1])],
            _ => top[..own].iter().map(|x| libm::exp(*x)).collect(),
        };
        let ever = top.get(own).map_or(1.0, |x| 1.0 / (1.0 + libm::exp(-x)));
        let aic = 2.0 * top.len() as f64 - 2.0 * log_likelihood;
        Some(TimeFit { law: self, parameters, ever, log_likelihood, aic })
    }

    /// The logarithms of density and of the chance of a longer time, the parameters as they are moved: in logarithms, but for the first of the
    /// lognormal law.
    fn logs(self, at: &[f64], days: f64) -> (f64, f64) {
        let log = libm::log(days);
        match self {
            TimeLaw::Exponential => {
                let ratio = libm::exp(log - at[0]);
                (-at[0] - ratio, -ratio)
            }
            TimeLaw::Weibull => {
                let power = libm::exp(at[1]) * (log - at[0]);
                (at[1] + power - log - libm::exp(power), -libm::exp(power))
            }
            TimeLaw::Lognormal => {
                let z = (log - at[0]) / libm::exp(at[1]);
                let density = -0.5 * z * z - 0.5 * libm::log(2.0 * std::f64::consts::PI) - at[1] - log;
                (density, libm::log(normal_cdf(-z)))
            }
            TimeLaw::Gamma => {
                let (shape, scaled) = (libm::exp(at[0]), log - at[1]);
                let density = shape * scaled - libm::exp(scaled) - log - libm::lgamma(shape);
                (density, ln_gamma_tails(shape, scaled).1)
            }
        }
    }
}

/// The top of a smooth function of a few numbers, by Newton's method with slopes from differences; where it is not bent downwards, along the
/// slope.
fn top(value: &dyn Fn(&[f64]) -> f64, start: Vec<f64>) -> Option<Vec<f64>> {
    const STEP: f64 = 1e-3;
    let n = start.len();
    let mut at = start;
    let mut best = value(&at);
    for _ in 0..200 {
        let moved = |moves: &[(usize, f64)]| {
            let mut there = at.clone();
            moves.iter().for_each(|(i, by)| there[*i] += by);
            value(&there)
        };
        // Of the fourth order, so that the error of a slope is that of rounding.
        let slope = |i: usize| {
            let near = moved(&[(i, STEP)]) - moved(&[(i, -STEP)]);
            let far = moved(&[(i, 2.0 * STEP)]) - moved(&[(i, -2.0 * STEP)]);
            (8.0 * near - far) / (12.0 * STEP)
        };
        let gradient: Vec<f64> = (0..n).map(slope).collect();
        let mut curvature = Matrix::zero(n);
        for i in 0..n {
            for j in 0..n {
                let corner = |a: f64, b: f64| moved(&[(i, a * STEP), (j, b * STEP)]);
                let second = corner(1.0, 1.0) - corner(1.0, -1.0) - corner(-1.0, 1.0) + corner(-1.0, -1.0);
                curvature.add(i, j, -second / (4.0 * STEP * STEP));
            }
        }
        let size = gradient.iter().map(|slope| slope.abs()).fold(0.0, f64::max);
        let step = Factor::of(&curvature).map_or_else(
            || gradient.iter().map(|slope| slope / size.max(1.0)).collect(),
            |factor| factor.solve(&gradient),
        );
        let mut share = 1.0;
        let next = loop {
            let next: Vec<f64> = at.iter().zip(&step).map(|(x, step)| x + share * step.clamp(-2.0, 2.0)).collect();
            let there = value(&next);
            if there >= best {
                break Some((next, there));
            }
            share *= 0.5;
            if share < 1e-9 {
                break None;
            }
        };
        let Some((next, there)) = next else { break };
        let change = next.iter().zip(&at).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        (at, best) = (next, there);
        if change < 1e-11 {
            break;
        }
    }
    best.is_finite().then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::normal_quantile;

    /// Remissions under 6-MP (Freireich and others 1963), weeks; those marked were still in remission.
    fn remissions() -> Vec<Life> {
        let text = "6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+";
        let life =
            |word: &str| Life { days: word.trim_end_matches('+').parse().unwrap(), decided: !word.ends_with('+') };
        text.split(',').map(life).collect()
    }

    fn close(found: f64, wanted: f64, digits: i32) {
        assert!((found - wanted).abs() < 0.6 * libm::pow(10.0, -f64::from(digits)), "{found} is not {wanted}");
    }

    #[test]
    fn the_share_still_open_is_that_of_the_textbooks() {
        let open = still_open(&remissions());
        let wanted = [
            (6.0, 0.857143),
            (7.0, 0.806723),
            (10.0, 0.752941),
            (13.0, 0.690196),
            (16.0, 0.627451),
            (22.0, 0.537815),
            (23.0, 0.448179),
        ];
        assert_eq!(open.len(), wanted.len());
        for ((age, share), (wanted_age, wanted)) in open.into_iter().zip(wanted) {
            assert_eq!(age, wanted_age);
            close(share, wanted, 6);
        }
    }

    #[test]
    fn laws_of_censored_times_are_those_of_other_programs() {
        // lifelines and scipy: parameters, log-likelihood, AIC.
        for (law, parameters, log_likelihood, aic) in [
            (TimeLaw::Exponential, &[39.888867][..], -42.174880, 86.349761),
            (TimeLaw::Weibull, &[33.765194, 1.353732], -41.658678, 87.317357),
            (TimeLaw::Lognormal, &[3.203068, 0.978734], -40.680156, 85.360312),
            (TimeLaw::Gamma, &[1.677009, 18.541358], -41.439416, 86.878832),
        ] {
            let fit = law.fit(&remissions(), false).unwrap();
            // The other programs stopped a little before the top: ours, where the likelihood is larger, are 359 weeks over 9, 33.765151, 0.978725 and
            // 18.541385.
            fit.parameters.iter().zip(parameters).for_each(|(found, wanted)| close(*found, *wanted, 4));
            close(fit.log_likelihood, log_likelihood, 6);
            close(fit.aic, aic, 6);
            assert_eq!(fit.ever, 1.0);
        }
    }

    /// 1,000 deals of ages 1.5 to 180.5 days; one in four is won after a lognormal time, its mean 35 days and its cv 0.5.
    fn pipeline() -> Vec<Life> {
        let variance = libm::log(1.25);
        let time =
            |k: f64| libm::exp(libm::log(35.0) - 0.5 * variance + variance.sqrt() * normal_quantile((k + 0.5) / 250.0));
        let life = |i: usize| {
            let age = ((i * 37) % 180) as f64 + 1.5;
            let time = if i.is_multiple_of(4) { time((i / 4) as f64) } else { f64::INFINITY };
            Life { days: time.min(age), decided: time <= age }
        };
        (0..1000).map(life).collect()
    }

    #[test]
    fn a_share_that_is_never_decided_is_told_from_deals_that_are_young() {
        let lives = pipeline();
        let won: Vec<f64> = lives.iter().filter(|life| life.decided).map(|life| life.days).collect();
        // What spreadsheets say: 20 % are won, after 33 days.
        assert_eq!(won.len(), 202);
        close(won.iter().sum::<f64>() / 202.0, 33.1, 1);
        let fit = TimeLaw::Lognormal.fit(&lives, true).unwrap();
        close(fit.ever, 0.249338, 6);
        close(fit.parameters[0], 3.448343, 6);
        close(fit.parameters[1], 0.470207, 6);
        close(fit.log_likelihood, -1271.431283, 6);
        // Without that share the median would be 337 days.
        let without = TimeLaw::Lognormal.fit(&lives, false).unwrap();
        close(libm::exp(without.parameters[0]), 337.0, 0);
        assert!(without.aic > fit.aic);
        close(TimeLaw::Weibull.fit(&lives, true).unwrap().log_likelihood, -1291.057, 3);
    }

    #[test]
    fn what_has_no_best_law_has_none() {
        assert_eq!(TimeLaw::Gamma.fit(&[Life { days: 3.0, decided: false }], false), None);
        assert_eq!(TimeLaw::Gamma.fit(&[Life { days: 0.0, decided: true }], false), None);
    }
}
