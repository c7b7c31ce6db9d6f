//! A deal that is open on the as-of day: its chance by its age, and the time that is left to it.

use super::running::AsOf;
use crate::chance::SalesCycle;
use crate::stats::shifted;
use crate::units::DAYS_PER_MONTH;

/// The part P(D > age) that is still open; none counts as open below 10⁻⁹.
#[inline]
pub fn part_left(survival: f64) -> f64 {
    if survival < 1e-9 { 0.0 } else { survival }
}

/// What becomes of a deal that is open: the chances that it is won, that it is lost, and that it is never decided. They add up to 1; all
/// are 0 where the deal is stale, older than any deal that is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outlook {
    /// The chance that it is won.
    pub won: f64,
    /// The chance that it is lost.
    pub lost: f64,
    /// The chance that it is never decided.
    pub stalled: f64,
}

impl Outlook {
    /// By age: p · S_w, (1 − p) · (1 − σ) · S_l and (1 − p) · σ in proportion, S_w and S_l being the parts of won and of lost deals that
    /// are still open at its age, σ the share of the deals not won that are never decided.
    pub fn of_age(win_rate: f64, stalled: f64, won_left: f64, lost_left: f64) -> Outlook {
        if stalled == 0.0 && won_left == lost_left && won_left > 0.0 {
            return Outlook { won: win_rate, lost: 1.0 - win_rate, stalled: 0.0 };
        }
        let won = win_rate * won_left;
        let (lost, stalled) = ((1.0 - win_rate) * (1.0 - stalled) * lost_left, (1.0 - win_rate) * stalled);
        let all = won + lost + stalled;
        if all == 0.0 {
            return Outlook::default();
        }
        Outlook { won: won / all, lost: lost / all, stalled: stalled / all }
    }

    /// With a chance of its own in place of that by age. Such a deal is never stale.
    pub fn of_own(chance: f64, stalled: f64, lost_left: f64) -> Outlook {
        let lost = (1.0 - stalled) * lost_left;
        let all = lost + stalled;
        let lost = if all == 0.0 { 1.0 } else { lost / all };
        Outlook { won: chance, lost: (1.0 - chance) * lost, stalled: (1.0 - chance) * (1.0 - lost) }
    }

    /// The chance that it is won later, given that it is open when the parts W, Λ and C of won, lost and stalled deals like it still are.
    #[inline]
    pub fn chance_later(&self, won_left: f64, lost_left: f64, stalled_left: f64) -> f64 {
        let won = self.won * won_left;
        let all = won + self.lost * lost_left + self.stalled * stalled_left;
        if all > 0.0 { won / all } else { 0.0 }
    }
}

/// The time in days that is left of a duration that has lasted so long already.
#[derive(Clone, Copy, Debug)]
pub struct TimeLeft<'a> {
    delay: &'a SalesCycle,
    mean: f64,
    age: f64,
    /// P(D > age); 0 below 10⁻⁹.
    left: f64,
}

impl<'a> TimeLeft<'a> {
    /// Of a duration of this mean in days, at an age in days.
    pub fn new(delay: &'a SalesCycle, mean: f64, age: f64) -> TimeLeft<'a> {
        TimeLeft { delay, mean, age, left: part_left(delay.survival(mean, age)) }
    }

    /// The same; as at age 0 where nothing of that age is left.
    pub fn or_from_start(self) -> TimeLeft<'a> {
        if self.left > 0.0 { self } else { TimeLeft { age: 0.0, left: 1.0, ..self } }
    }

    /// P(D > age), the part that is still open; 0 where it is below 10⁻⁹.
    pub fn left(&self) -> f64 {
        self.left
    }

    /// P(D > age + days), given D > age.
    pub fn open_after(&self, days: f64) -> f64 {
        if self.left > 0.0 { self.delay.survival(self.mean, self.age + days) / self.left } else { 0.0 }
    }
}

/// Of deals won by the law, a part of which is held to the end of its quarter: the part that is still open at a month's end, from the
/// part left at the month's end and that left where the quarter began.
#[inline]
pub fn held(share: f64, left: f64, at_quarter_start: f64) -> f64 {
    left + share * (at_quarter_start - left)
}

/// When a deal of some age is decided, by what becomes of it.
#[derive(Clone, Copy, Debug)]
pub struct DealTiming<'a> {
    /// The rules that close it beside its age.
    pub rules: ClosingRules,
    /// The time that is left to it if it is won.
    pub won: TimeLeft<'a>,
    /// The same if it is lost.
    pub lost: TimeLeft<'a>,
    /// Its stated close date, where it has one that may be kept.
    pub stated: Option<StatedClose<'a>>,
}

/// The rules that close a deal beside its age.
#[derive(Clone, Copy, Debug)]
pub struct ClosingRules {
    /// The as-of day.
    pub as_of: AsOf,
    /// How many months of its quarter come before the first month of the horizon.
    pub place_in_quarter: usize,
    /// Where in months it is closed if it stalls; infinite where it never is.
    pub stalled_until: f64,
    /// The share of deals that is held to the end of their quarter.
    pub held: f64,
}

/// A stated close date and how it is kept.
#[derive(Clone, Copy, Debug)]
pub struct StatedClose<'a> {
    /// Where the day lies, in months from the start.
    pub close: f64,
    /// The share of won deals that close by it and its slip.
    pub kept: f64,
    /// The law of the slip and its mean in days.
    pub slip: Option<(&'a SalesCycle, f64)>,
}

impl StatedClose<'_> {
    /// The part of those that close by it which is still open at a month's end.
    pub fn left(&self, month: usize) -> f64 {
        let late = ((month + 1) as f64 - self.close) * DAYS_PER_MONTH;
        match self.slip {
            None => f64::from(late <= 0.0),
            Some((delay, mean)) => delay.survival(mean, late),
        }
    }

    /// When those close, in months, given a uniform number.
    pub fn closes(&self, u: impl FnOnce() -> f64) -> f64 {
        self.close + self.slip.map_or(0.0, |(delay, mean)| delay.quantile(mean, u())) / DAYS_PER_MONTH
    }
}

impl DealTiming<'_> {
    /// Of won, of lost and of stalled deals like it, the parts that are still open at a month's end: W, Λ and C.
    pub fn left(&self, month: usize) -> [f64; 3] {
        let days = |month: usize| ((month + 1) as f64 - self.rules.as_of.position) * DAYS_PER_MONTH;
        let stated = self.stated.map(|stated| (stated.kept, stated.left(month)));
        let won_left = |month: usize| self.won.open_after(days(month));
        self.rules.left(month, won_left, self.lost.open_after(days(month)), stated)
    }
}

impl ClosingRules {
    /// The parts W, Λ and C still open at a month's end, given what is left by age alone, of won deals at the end of any month and of lost
    /// ones at that of this month; and of deals with a stated close date the share that keeps it with the part of those still open.
    #[inline]
    pub fn left(
        &self,
        month: usize,
        mut won_left: impl FnMut(usize) -> f64,
        lost_left: f64,
        stated: Option<(f64, f64)>,
    ) -> [f64; 3] {
        let mut won = won_left(month);
        let of_quarter = (self.place_in_quarter + month) % 3;
        if self.held > 0.0 && of_quarter < 2 {
            let before = month.checked_sub(of_quarter + 1).filter(|before| *before >= self.as_of.month);
            won = held(self.held, won, before.map_or(1.0, won_left));
        }
        if let Some((kept, left)) = stated {
            won = kept * left + (1.0 - kept) * won;
        }
        [won, lost_left, f64::from(self.stalled_until >= (month + 1) as f64)]
    }
}

/// The chance of passing all of these stages.
pub fn passes_ahead(passes: &[f64]) -> f64 {
    passes.iter().product()
}

/// The chance of a deal with a chance of its own, `own` when its passes ahead came to `first`, once they come to `now`: the odds of `now`
/// times the odds of `own` over those of `first`. It is `own` throughout where one of the two is certain.
pub fn own_chance(own: f64, first: f64, now: f64) -> f64 {
    if [own, first].iter().any(|p| *p <= 0.0 || *p >= 1.0) {
        return own;
    }
    shifted(now, own / (1.0 - own) * (1.0 - first) / first)
}

/// The stage in which a deal is lost that will be, counted from the present one, at a uniform number: the first part's law of a loss,
/// Π pass · (1 − pass) over 1 − Π of all. Where all of them are certain to be passed it is the last.
pub fn stage_of_loss(passes: &[f64], u: f64) -> usize {
    let mut left = u * (1.0 - passes_ahead(passes));
    let mut reached = 1.0;
    for (i, pass) in passes.iter().enumerate() {
        left -= reached * (1.0 - pass);
        if left < 0.0 {
            return i;
        }
        reached *= pass;
    }
    passes.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::TimeShape;

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
    }

    fn f45() -> SalesCycle {
        SalesCycle::new(TimeShape::Lognormal, 0.5)
    }

    fn g30() -> SalesCycle {
        SalesCycle::new(TimeShape::Lognormal, 0.8)
    }

    /// Vector 3 of the law's second part.
    #[test]
    fn chances_fall_with_age_as_the_law_says() {
        let (won, lost) = (f45(), g30());
        let at = |a: f64| (TimeLeft::new(&won, 45.0, a), TimeLeft::new(&lost, 30.0, a));
        for (a, s_won, s_lost, chance) in [
            (0.0, 1.0, 1.0, 0.3),
            (30.0, 0.733_079_537_4, 0.362_541_669_7, 0.375_772_346_3),
            (75.0, 0.093_822_850_9, 0.049_019_889_8, 0.122_975_239_1),
            (150.0, 0.002_677_010_8, 0.004_146_146_9, 0.004_512_327_3),
            (400.0, 0.000_000_583_2, 0.000_027_365_3, 0.000_000_999_6),
        ] {
            let (w, l) = at(a);
            near(w.left(), s_won);
            near(l.left(), s_lost);
            near(Outlook::of_age(0.3, 0.25, w.left(), l.left()).won, chance);
        }
        let (w, l) = at(75.0);
        let outlook = Outlook::of_age(0.3, 0.25, w.left(), l.left());
        near(outlook.stalled, 0.764_585_125_1);
        near(outlook.lost, 0.112_439_635_8);
        let p = shifted(0.3, libm::exp(0.5));
        near(p, 0.414_037_835_9);
        near(Outlook::of_age(p, 0.25, w.left(), l.left()).won, 0.187_772_065_5);
        near(shifted(0.8, libm::exp(0.5)), 0.868_332_438_3);
    }

    #[test]
    fn a_deal_older_than_all_is_stale_unless_its_row_states_a_chance() {
        let won = f45();
        let old = TimeLeft::new(&won, 45.0, 5_000.0);
        assert_eq!(old.left(), 0.0);
        assert_eq!(Outlook::of_age(0.3, 0.0, old.left(), old.left()), Outlook::default());
        assert_eq!(Outlook::of_own(0.6, 0.0, old.left()), Outlook { won: 0.6, lost: 0.4, stalled: 0.0 });
        let stalls = Outlook::of_own(0.6, 0.2, old.left());
        assert_eq!((stalls.lost, stalls.stalled), (0.0, 0.4));
        // It is then decided as at age 0.
        near(old.or_from_start().open_after(30.0), won.survival(45.0, 30.0));
    }

    /// Vector 4: won and lost by the ends of months, and the chance in the weighted pipeline.
    #[test]
    fn an_open_deal_is_decided_as_the_law_says() {
        let (won, lost) = (f45(), g30());
        let (w, l) = (TimeLeft::new(&won, 45.0, 30.0), TimeLeft::new(&lost, 30.0, 30.0));
        let outlook = Outlook::of_age(0.3, 0.25, w.left(), l.left());
        let wanted = [
            (0.275_951_758_4, 0.245_459_102_4, 0.208_572_614_2),
            (0.354_062_934_8, 0.301_026_210_5, 0.062_942_094_3),
            (0.370_771_075_8, 0.316_521_975_2, 0.015_993_474_2),
            (0.374_500_554_9, 0.321_672_177_3, 0.004_185_903_0),
        ];
        for (k, (won_by, lost_by, chance)) in (1..).zip(wanted) {
            let (open_w, open_l) = (w.open_after(30.4375 * f64::from(k)), l.open_after(30.4375 * f64::from(k)));
            near(outlook.won * (1.0 - open_w), won_by);
            near(outlook.lost * (1.0 - open_l), lost_by);
            near(outlook.chance_later(open_w, open_l, 1.0), chance);
        }
    }

    /// Vector 5: a stated close date that is kept, and slips.
    #[test]
    fn a_stated_close_date_is_kept_as_the_law_says() {
        let (cycle, slip) = (f45(), f45());
        let won = TimeLeft::new(&cycle, 45.0, 28.0);
        let timing = DealTiming {
            rules: ClosingRules {
                as_of: AsOf { position: 2.0, month: 2 },
                place_in_quarter: 0,
                stalled_until: f64::INFINITY,
                held: 0.0,
            },
            won,
            lost: won,
            stated: Some(StatedClose { close: 3.0 + 20.0 / 30.0, kept: 0.7, slip: Some((&slip, 20.0)) }),
        };
        let outlook = Outlook::of_age(0.3, 0.0, won.left(), won.left());
        for (k, wanted) in
            (2..).zip([0.065_159_526_7, 0.108_737_989_7, 0.290_059_072_1, 0.299_318_379_1, 0.299_887_773_2])
        {
            near(outlook.won * (1.0 - timing.left(k)[0]), wanted);
        }
    }

    /// Vector 7: a chance of its own in stages.
    #[test]
    fn an_own_chance_is_spread_over_the_stages_ahead() {
        let share = |passes: &[f64], stage: usize| {
            let n = 1_000_000;
            let lost = (0..n).filter(|i| stage_of_loss(passes, (f64::from(*i) + 0.5) / f64::from(n)) == stage).count();
            lost as f64 / f64::from(n)
        };
        let passes = [0.5, 0.6];
        assert!((0.2 * share(&passes, 0) - 0.142_857_142_9).abs() < 1e-6);
        assert!((0.2 * share(&passes, 1) - 0.057_142_857_1).abs() < 1e-6);
        near(own_chance(0.8, passes_ahead(&passes), passes[1]), 0.933_333_333_3);
        let own = shifted(0.8, libm::exp(0.5));
        let passes = [0.5, shifted(0.6, libm::exp(0.5))];
        near(own, 0.868_332_438_3);
        near(passes[1], 0.712_071_288_0);
        assert!(((1.0 - own) * share(&passes, 0) - 0.102_232_026_1).abs() < 1e-6);
        assert!(((1.0 - own) * share(&passes, 1) - 0.029_435_535_6).abs() < 1e-6);
        near(own_chance(own, passes_ahead(&passes), passes[1]), 0.967_212_535_5);
        assert_eq!((own_chance(1.0, 0.3, 0.6), own_chance(0.8, 0.0, 0.0), own_chance(0.8, 1.0, 1.0)), (1.0, 0.8, 0.8));
        assert_eq!(stage_of_loss(&[1.0, 1.0], 0.4), 1);
    }
}
