//! One Poisson a closing month and one size a deal won: leads, lost ones and cycles are summed out beforehand.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Poisson};

use super::workload::Workload;
use super::{Answer, percentiles};

pub(crate) fn peer(workload: &Workload) -> Answer {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut bookings = vec![0.0; workload.months];
    let trial = |_| {
        bookings.fill(0.0);
        for region in &workload.regions {
            let scale = region.level.sample(&mut rng) * region.win_rate.sample(&mut rng);
            for (booked, deals) in bookings.iter_mut().zip(&region.deals) {
                let won = Poisson::new(scale * deals).expect("a positive mean").sample(&mut rng) as u64;
                *booked += (0..won).map(|_| region.size.sample(&mut rng)).sum::<f64>();
            }
        }
        bookings.iter().sum()
    };
    let totals: Vec<f64> = (0..workload.trials).map(trial).collect();
    let found = percentiles(&totals);
    (totals, found)
}
