//! A plain loop over leads: as a competent author writes it who has the `rand` crates and no better idea.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Poisson};

use super::workload::{Region, Workload};
use super::{Answer, percentiles};

/// Trials are shared out evenly; each has its own generator, so that the number of threads changes nothing.
pub(crate) fn peer(workload: &Workload, threads: usize) -> Answer {
    let mut totals = vec![0.0; workload.trials];
    let share = workload.trials.div_ceil(threads);
    let play = |first: usize, totals: &mut [f64]| {
        let mut bookings = vec![0.0; workload.months];
        for (trial, total) in (first..).zip(totals) {
            bookings.fill(0.0);
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(trial as u64);
            for region in &workload.regions {
                follow_leads(region, &mut bookings, &mut rng);
            }
            *total = bookings.iter().sum();
        }
    };
    if threads == 1 {
        play(0, &mut totals);
    } else {
        std::thread::scope(|scope| {
            for (i, totals) in totals.chunks_mut(share).enumerate() {
                scope.spawn(move || play(i * share, totals));
            }
        });
    }
    let found = percentiles(&totals);
    (totals, found)
}

fn follow_leads(region: &Region, bookings: &mut [f64], rng: &mut Xoshiro256PlusPlus) {
    let mut expected = region.level.sample(rng);
    let win_rate = region.win_rate.sample(rng);
    for month in 0..bookings.len() {
        let leads = Poisson::new(expected).expect("a positive mean").sample(rng) as u64;
        for _ in 0..leads {
            // A lost lead leaves no trace, whenever it is lost.
            if rng.random::<f64>() >= win_rate {
                continue;
            }
            let closes = month as f64 + rng.random::<f64>() + region.cycle.sample(rng);
            if let Some(booked) = bookings.get_mut(closes as usize) {
                *booked += region.size.sample(rng);
            }
        }
        expected *= region.growth;
    }
}
