//! Where labels go, so that none touches another.

use crate::charts::canvas::drawing::{Point, Rect};

/// Spreads things along a line: the middle of each as near to where it is wanted as the `lengths` of its neighbours and its
/// own allow, all middles between `low` and `high`. `wanted` ascends. Where there is no room for that, they are as much
/// closer together as they must be.
pub(in crate::charts) fn spread(wanted: &[f64], lengths: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut offsets = vec![0.0; wanted.len()];
    for i in 1..wanted.len() {
        offsets[i] = offsets[i - 1] + (lengths[i - 1] + lengths[i]) / 2.0;
    }
    let between = offsets.last().copied().unwrap_or(0.0);
    let room = (high - low).max(0.0);
    if between > room {
        offsets.iter_mut().for_each(|offset| *offset *= room / between);
    }
    let between = between.min(room);
    // Without the gaps the places need only ascend: pool adjacent violators.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (i, place) in wanted.iter().enumerate() {
        let mut pool = (place - offsets[i], 1);
        while let Some(&(mean, size)) = pools.last()
            && mean > pool.0
        {
            let all = size + pool.1;
            pool = ((mean * size as f64 + pool.0 * pool.1 as f64) / all as f64, all);
            pools.pop();
        }
        pools.push(pool);
    }
    let highest = (high - between).max(low);
    pools
        .iter()
        .flat_map(|(mean, size)| std::iter::repeat_n(mean.min(highest).max(low), *size))
        .zip(offsets)
        .map(|(place, offset)| place + offset)
        .collect()
}

/// Finds room for labels beside points.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Placer {
    bounds: Rect,
    taken: Vec<Rect>,
}

/// Where a label goes.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Place {
    pub(in crate::charts) rect: Rect,
    /// From the point to the label, where they are apart.
    pub(in crate::charts) leader: Option<[Point; 2]>,
}

/// Distances at which a label may stand from its point.
const DISTANCES: [f64; 9] = [12.0, 18.0, 26.0, 38.0, 56.0, 80.0, 112.0, 156.0, 210.0];
/// No label is nearer to its point than this, and one that is farther than that is led to.
const CLEAR: f64 = 10.0;
const NEAR: f64 = 20.0;
/// What a leader through another label costs, in pixels of distance.
const CROSSING: f64 = 900.0;

impl Placer {
    pub(in crate::charts) fn new(bounds: Rect) -> Placer {
        Placer { bounds, taken: Vec::new() }
    }

    /// Keeps a place free.
    pub(in crate::charts) fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    /// The best place for a label of `size` beside `point`, by preference in the direction `toward`; `cost` says, in pixels of
    /// distance, what a place covers that it should not. `None` where every place touches something.
    pub(in crate::charts) fn place(
        &mut self,
        point: Point,
        size: (f64, f64),
        toward: Point,
        cost: impl Fn(&Rect) -> f64,
    ) -> Option<Place> {
        let mut best: Option<(f64, Place)> = None;
        for rect in around(point, size) {
            let near = rect.nearest(point);
            let gap = apart(point, near);
            if gap < CLEAR || !self.bounds.holds(&rect) || self.taken.iter().any(|t| t.meets(&rect)) {
                continue;
            }
            let (dx, dy) = toward_of(point, rect.middle());
            let mut total = gap + 14.0 * (1.0 - dx * toward.0 - dy * toward.1);
            let least = best.as_ref().map_or(f64::INFINITY, |(least, _)| *least);
            // The rest only adds to it, and takes longer to find.
            if total >= least {
                continue;
            }
            total += cost(&rect);
            // It begins beside the mark of the point.
            let (lx, ly) = toward_of(point, near);
            let leader = [(point.0 + 7.0 * lx, point.1 + 7.0 * ly), near];
            let far = gap > NEAR;
            if far && total < least && self.crosses(leader) {
                total += CROSSING;
            }
            if total < least {
                let leader = far.then_some(leader);
                best = Some((total, Place { rect, leader }));
            }
        }
        let (_, place) = best?;
        self.taken.push(place.rect.grown(5.0));
        if let Some(leader) = place.leader {
            for p in along(leader) {
                self.taken.push(Rect::around(p, 2.0));
            }
        }
        Some(place)
    }

    fn crosses(&self, leader: [Point; 2]) -> bool {
        // A point's own mark lies around the leader's beginning.
        along(leader).into_iter().skip(2).any(|p| self.taken.iter().any(|t| t.meets(&Rect::around(p, 1.0))))
    }
}

/// Rectangles of a size around a point: begun in each direction, at each distance, by a corner or the middle of a side.
fn around((x, y): Point, (width, height): (f64, f64)) -> impl Iterator<Item = Rect> {
    let directions = (0..16).map(|turn| {
        let angle = f64::from(turn) * std::f64::consts::PI / 8.0;
        (libm::cos(angle), libm::sin(angle))
    });
    let begun = DISTANCES
        .into_iter()
        .flat_map(move |distance| directions.clone().map(move |(dx, dy)| (x + dx * distance, y + dy * distance)));
    begun.flat_map(move |(x, y)| {
        // How much of the label lies before the place where it is begun, across and down.
        let parts = [0.0, 0.5, 1.0];
        parts.into_iter().flat_map(move |across| {
            parts.into_iter().map(move |down| {
                let (left, top) = (x - across * width, y - down * height);
                Rect { left, top, right: left + width, bottom: top + height }
            })
        })
    })
}

fn apart((x0, y0): Point, (x1, y1): Point) -> f64 {
    libm::hypot(x1 - x0, y1 - y0)
}

/// The direction from one place to another.
fn toward_of(from: Point, to: Point) -> Point {
    let length = apart(from, to).max(1e-9);
    ((to.0 - from.0) / length, (to.1 - from.1) / length)
}

/// Places along a leader.
fn along([(x0, y0), (x1, y1)]: [Point; 2]) -> Vec<Point> {
    let steps = (apart((x0, y0), (x1, y1)) / 4.0).ceil().max(1.0);
    (0..=steps as usize)
        .map(|i| {
            let t = i as f64 / steps;
            (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_keep_their_distance_and_their_order() {
        let spread = |wanted: &[f64], gap: f64| spread(wanted, &vec![gap; wanted.len()], 0.0, 100.0);
        assert_eq!(spread(&[10.0, 50.0, 90.0], 20.0), [10.0, 50.0, 90.0]);
        assert_eq!(spread(&[50.0, 50.0, 50.0], 20.0), [30.0, 50.0, 70.0]);
        assert_eq!(spread(&[98.0, 99.0, 100.0], 20.0), [60.0, 80.0, 100.0]);
        assert_eq!(spread(&[0.0, 0.0], 20.0), [0.0, 20.0]);
        assert_eq!(spread(&[5.0, 5.0, 5.0], 80.0), [0.0, 50.0, 100.0]);
        assert_eq!(super::spread(&[50.0, 50.0], &[10.0, 30.0], 0.0, 100.0), [40.0, 60.0]);
        assert!(spread(&[], 20.0).is_empty());
        assert_eq!(spread(&[500.0], 20.0), [100.0]);
    }

    #[test]
    fn labels_find_room_or_none() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 300.0, bottom: 200.0 };
        let mut placer = Placer::new(bounds);
        let mut found = Vec::new();
        for _ in 0..6 {
            let place = placer.place((150.0, 100.0), (90.0, 30.0), (-0.7, -0.7), |_| 0.0);
            found.push(place.expect("room").rect);
        }
        for (i, a) in found.iter().enumerate() {
            assert!(bounds.holds(a));
            assert!(found[..i].iter().all(|b| !a.meets(b)));
        }
        placer.take(bounds);
        assert!(placer.place((150.0, 100.0), (90.0, 30.0), (0.0, -1.0), |_| 0.0).is_none());
    }
}
