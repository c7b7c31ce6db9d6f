//! Which averages a mix of regions can have.
//!
//! With w the regions' shares of the deals won and p their win rates, leads are shared out as w/p. So each average is a ratio
//! of two sums over regions, Σ wᵢaᵢ / Σ wᵢbᵢ: mean deal size (a = size, b = 1), win rate (a = 1, b = 1/p), cycle by wins
//! (a = days, b = 1) and by leads (a = days/p, b = 1/p). That an average lies between two bounds is linear in w, and a ratio of
//! two linear sums is lowest and highest at a corner of the mixes that are left. With k averages held, a corner has at most
//! k + 1 regions: all corners are tried.

/// Regions with their shares of the deals won; the others have none.
pub(super) type Mix = Vec<(usize, f64)>;

/// An average over a mix.
#[derive(Clone, Debug)]
pub(super) struct Ratio {
    over: Vec<f64>,
    per: Vec<f64>,
}

/// An average that must lie between two bounds.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) ratio: Ratio,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// Beyond so many regions two averages at once are not looked at: corners grow with the third power.
pub(super) const MOST_REGIONS: usize = 60;

impl Ratio {
    /// The mean of `values` over deals won.
    pub(super) fn by_wins(values: &[f64]) -> Ratio {
        Ratio { over: values.to_vec(), per: vec![1.0; values.len()] }
    }

    /// The mean of `values` over leads, at these win rates.
    pub(super) fn by_leads(values: &[f64], rates: &[f64]) -> Ratio {
        let per: Vec<f64> = rates.iter().map(|rate| 1.0 / rate).collect();
        Ratio { over: values.iter().zip(&per).map(|(value, per)| value * per).collect(), per }
    }

    /// Region `r`'s share of the deals won.
    pub(super) fn share(r: usize, regions: usize) -> Ratio {
        let mut over = vec![0.0; regions];
        over[r] = 1.0;
        Ratio { over, per: vec![1.0; regions] }
    }

    /// Its value in a mix.
    pub(super) fn at(&self, mix: &[(usize, f64)]) -> f64 {
        let sum = |all: &[f64]| mix.iter().map(|(r, share)| all[*r] * share).sum::<f64>();
        sum(&self.over) / sum(&self.per)
    }
}

impl Held {
    fn holds(&self, mix: &[(usize, f64)]) -> bool {
        let at = self.ratio.at(mix);
        let slack = 1e-9 * (1.0 + at.abs());
        at >= self.low - slack && at <= self.high + slack
    }

    /// The planes that bound it: Σ wᵢ(aᵢ − x·bᵢ) = 0 for either bound x that there is.
    fn planes(&self) -> Vec<Vec<f64>> {
        let plane = |x: f64| self.ratio.over.iter().zip(&self.ratio.per).map(|(a, b)| a - x * b).collect();
        [self.low, self.high].into_iter().filter(|x| x.is_finite()).map(plane).collect()
    }
}

/// The corners of the mixes in which everything in `held` (at most two) holds; none where no mix does, or where there are too
/// many regions to look. They may repeat.
pub(super) fn corners(regions: usize, held: &[Held]) -> Vec<Mix> {
    let mut found: Vec<Mix> = (0..regions).map(|r| vec![(r, 1.0)]).collect();
    let planes: Vec<Vec<Vec<f64>>> = held.iter().map(Held::planes).collect();
    for plane in planes.iter().flatten() {
        for i in 0..regions {
            // Two regions on either side of a plane have one mix on it.
            let pairs = (i + 1..regions).filter(|j| plane[i] * plane[*j] < 0.0);
            found.extend(pairs.map(|j| {
                let share = plane[j] / (plane[j] - plane[i]);
                vec![(i, share), (j, 1.0 - share)]
            }));
        }
    }
    if let [one, other] = planes.as_slice()
        && regions <= MOST_REGIONS
    {
        for (a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
            for i in 0..regions {
                for j in i + 1..regions {
                    found.extend((j + 1..regions).filter_map(|k| between(a, b, [i, j, k])));
                }
            }
        }
    }
    found.retain(|mix| held.iter().all(|held| held.holds(mix)));
    found
}

/// The mix of three regions on two planes: the cross product of their coordinates, if its parts have one sign.
fn between(a: &[f64], b: &[f64], [i, j, k]: [usize; 3]) -> Option<Mix> {
    let cross = [a[j] * b[k] - a[k] * b[j], a[k] * b[i] - a[i] * b[k], a[i] * b[j] - a[j] * b[i]];
    let total: f64 = cross.iter().sum();
    let shares = cross.map(|c| c / total);
    shares.iter().all(|s| s.is_finite() && *s >= 0.0).then(|| vec![(i, shares[0]), (j, shares[1]), (k, shares[2])])
}

/// The lowest and the highest value of an average among mixes given by their corners.
pub(super) fn reach(corners: &[Mix], ratio: &Ratio) -> Option<(f64, f64)> {
    let values = corners.iter().map(|mix| ratio.at(mix));
    values.fold(None, |range, x| Some(range.map_or((x, x), |(low, high): (f64, f64)| (low.min(x), high.max(x)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(ratio: Ratio, low: f64, high: f64) -> Held {
        Held { ratio, low, high }
    }

    #[test]
    fn corners_give_what_a_fine_grid_of_mixes_gives() {
        let (sizes, days, rates) = ([15.0, 3.0, 6.0, 9.0], [45.0, 30.0, 35.0, 60.0], [0.25, 0.3, 0.22, 0.1]);
        let size = held(Ratio::by_wins(&sizes), 7.0, 7.5);
        let rate = held(Ratio::by_leads(&rates, &rates), 0.2, 0.22);
        let cycle = Ratio::by_leads(&days, &rates);
        let all = [size, rate];
        let (low, high) = reach(&corners(4, &all), &cycle).unwrap();
        let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
        const N: usize = 160;
        for i in 0..=N {
            for j in 0..=N - i {
                for k in 0..=N - i - j {
                    let mix: Mix =
                        [i, j, k, N - i - j - k].map(|n| n as f64 / N as f64).into_iter().enumerate().collect();
                    if all.iter().all(|held| held.holds(&mix)) {
                        let at = cycle.at(&mix);
                        assert!(at >= low - 1e-9 && at <= high + 1e-9, "{mix:?} has {at}, outside {low} to {high}");
                        (least, most) = (least.min(at), most.max(at));
                    }
                }
            }
        }
        assert!(least - low < 0.3 && high - most < 0.3, "{least} to {most} on the grid, {low} to {high} at corners");
    }

    #[test]
    fn what_no_mix_has_leaves_no_corner() {
        let outside = held(Ratio::by_wins(&[3.0, 6.0]), 7.0, f64::INFINITY);
        assert!(corners(2, &[outside]).is_empty());
        let half = held(Ratio::by_wins(&[3.0, 6.0]), 4.5, f64::INFINITY);
        assert_eq!(corners(2, &[half]), [vec![(1, 1.0)], vec![(0, 0.5), (1, 0.5)]]);
    }
}
