//! Streams of random numbers, each with an address.
//!
//! Every draw of a trial comes from the stream of its (seed, trial, purpose, name, month): adding a region, a thread or
//! an input moves no other number. A stream is a fresh Xoshiro256++ whose seed is a hash of its address.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use crate::stats::simd::vectorized;

/// What a stream is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The standard normal behind an uncertain input; named by the input's path.
    Input = 1,
    /// The market factor of a month.
    Market = 2,
    /// The gamma factor of overdispersion on a month's leads.
    Dispersion = 3,
    /// Deals won in a month.
    Won = 4,
    /// Leads that arrive in a month and are lost, by months until decided.
    Lost = 5,
    /// Leads of a month followed one by one through the stages.
    Stages = 6,
    /// How many renewals the customers won in a month see.
    Retention = 7,
    /// The sizes of the deals closed in a month.
    Size = 8,
    /// Leads that arrive in a month and are won far later than most.
    WonLate = 9,
    /// Leads that arrive in a month and are lost far later than most.
    LostLate = 10,
    /// In which months the leads arrived that are won in a month.
    Arrival = 11,
    /// What an analysis draws for itself: orders, samples of a sample.
    Analysis = 12,
    /// Random halves of the trials, from which errors are found; the same for all runs.
    HalfSample = 13,
    /// What becomes of a deal that is open on the as-of day; named by its id.
    OpenDeal = 14,
    /// How many renewals a contract in force on the as-of day sees; named by its id.
    Contract = 15,
    /// Leads that arrive in a month and are never decided.
    Stalled = 16,
    /// The steps of the pace at which deals close.
    Pace = 17,
    /// Leads that arrive on some days of a month, where they are decided day by day.
    DailyLeads = 18,
    /// How many of these are decided, month after month.
    Decided = 19,
    /// How many of those are won.
    DecidedWon = 20,
    /// The steps of an exchange rate; named by the currency.
    Rate = 22,
    /// Which terms the contracts have that are signed in a month.
    Terms = 23,
    /// The term and the renewals of a one-off deal; named by it.
    OneOff = 24,
    /// Who is in a seat of a role and for how long; of a region, the role in place of the month.
    People = 25,
    /// Leads that arrive in a month for people to work.
    TeamLeads = 26,
    /// Leads that expire while they wait, by month.
    Expired = 27,
    /// Which executive wins the deals of new leads, and what these are worth.
    Winner = 28,
    /// Which executive wins an open deal; named by its id.
    WinnerOfOpen = 29,
    /// The row of joint draws of a trial that an analysis puts together.
    Row = 21,
    /// What a fit to data draws: parameters as they may be.
    Fit = 32,
    /// What a back-test draws for itself: forecasts without a model, places among equal draws.
    Backtest = 33,
}

/// The step of SplitMix64.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// Where a stream lies, but for the trial: made once, used for every trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(u64);

impl Address {
    /// The address of `purpose` for the thing called `name` (see [`name_key`]) in `month`. `pass` tells apart repeated
    /// passes of the same trials with fresh chance; 0 is the run itself.
    pub fn new(seed: u64, pass: u64, purpose: Purpose, name: u64, month: usize) -> Address {
        let parts = [pass, purpose as u64, name, month as u64];
        Address(
            parts.iter().fold(mix(seed ^ GAMMA), |key, part| mix(key ^ mix(part.wrapping_add(0xD1B5_4A32_D192_ED03)))),
        )
    }

    /// The address of part `part` of what lies here, where a month's draws come in parts (months until decided, renewals).
    pub fn part(self, part: usize) -> Address {
        Address(mix(self.0 ^ mix((part as u64).wrapping_add(0x8CB9_2BA7_2F3D_8DD7))))
    }

    /// The stream of trial `trial`.
    pub fn stream(self, trial: u64) -> Stream {
        self.stream_of(TrialKey::new(trial))
    }

    /// The stream of the trial with this key.
    #[inline]
    pub fn stream_of(self, trial: TrialKey) -> Stream {
        Stream(Xoshiro256PlusPlus::seed_from_u64(mix(self.0 ^ trial.0)))
    }

    /// The uniform number of one trial, as [`Address::uniforms`] gives it.
    #[inline]
    pub fn uniform_of(self, trial: TrialKey) -> f64 {
        uniform(mix(self.0 ^ trial.0))
    }

    /// Uniform numbers of one trial from the one at `first` on, each of which can be had without those before it: those of SplitMix64 (Steele, Lea
    /// and Flood 2014). An address has either these, or streams, or one number a trial.
    #[inline]
    pub fn run_of(self, trial: TrialKey, first: u64, numbers: &mut [f64]) {
        let start = mix(self.0 ^ trial.0).wrapping_add(first.wrapping_mul(GAMMA));
        vectorized!({
            for (number, i) in numbers.iter_mut().zip(1u64..) {
                *number = uniform(mix(start.wrapping_add(i.wrapping_mul(GAMMA))));
            }
        });
    }

    /// One uniform number for each trial, for draws that take only one.
    #[inline]
    pub fn uniforms(self, trials: &[TrialKey], uniforms: &mut [f64]) {
        vectorized!({
            for (u, trial) in uniforms.iter_mut().zip(trials) {
                *u = uniform(mix(self.0 ^ trial.0));
            }
        });
    }
}

/// A trial's part in the seeds of its streams, made once for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialKey(u64);

impl TrialKey {
    /// The key of trial `trial`.
    pub fn new(trial: u64) -> TrialKey {
        TrialKey(mix(trial))
    }
}

/// A stream of uniform numbers.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

/// The uniform number that 64 bits make.
#[inline(always)]
fn uniform(bits: u64) -> f64 {
    // By way of a signed number, which processors convert at once. The last of the grid would be rounded up to 1.
    (((bits >> 11) as i64 as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)).min(1.0 - f64::EPSILON / 2.0)
}

impl Stream {
    /// The next uniform number, strictly between 0 and 1, on a grid of 2⁻⁵³.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        uniform(self.bits())
    }

    /// The 64 bits that the next uniform number is made of.
    #[inline]
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// The next standard normal number, by inversion of one uniform.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        crate::stats::special::normal_quantile(self.uniform())
    }
}

/// A 64-bit key for a name (FNV-1a, mixed).
pub fn name_key(name: &str) -> u64 {
    mix(name
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that spreads every bit over all.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_numbers_are_strictly_between_0_and_1() {
        assert!(uniform(0) > 0.0 && uniform(u64::MAX) < 1.0);
        assert!(uniform(u64::MAX) > uniform(u64::MAX - (1 << 12)));
        assert_eq!(uniform(1 << 63), 0.5 + f64::EPSILON / 4.0);
    }

    #[test]
    fn every_part_of_an_address_matters() {
        let base = || Address::new(1, 0, Purpose::Won, name_key("europe"), 3);
        let others = [
            Address::new(2, 0, Purpose::Won, name_key("europe"), 3),
            Address::new(1, 1, Purpose::Won, name_key("europe"), 3),
            Address::new(1, 0, Purpose::Lost, name_key("europe"), 3),
            Address::new(1, 0, Purpose::Won, name_key("asia_pacific"), 3),
            Address::new(1, 0, Purpose::Won, name_key("europe"), 4),
        ];
        let first = base().stream(7).uniform();
        assert_eq!(first, base().stream(7).uniform());
        assert_ne!(first, base().stream(8).uniform());
        for other in others {
            assert_ne!(first, other.stream(7).uniform());
        }
    }
}
