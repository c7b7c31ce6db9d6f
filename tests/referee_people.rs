//! The referee's part for people (law, second part, section L): who is there month by month, which leads wait, and whose each deal is. Every
//! person and every lead that waits has a fate of its own.

use libm::{exp2, pow};
use rand::{RngExt, rngs::Xoshiro256PlusPlus as Generator};
use serde_json::Value;
use std::ops::Range;

use crate::referee::{DAYS_PER_MONTH, Domain, Trial, Twin, float_or, floats_or, list, month_of, position, text};
use crate::referee_daily::Quantity;

/// The people of a region, their queues and what they sell, in one trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Team {
    pub(crate) development: Role,
    pub(crate) executives: Role,
    /// Leads a month for each unit of strength of sales development, where activities bring them.
    activities: f64,
    /// Each deal won by an executive: who it is, the month, what it is worth.
    sold: Vec<(usize, usize, f64)>,
}

/// The people of one role. A role that a region does not have has nobody in it, and no limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Role {
    pub(crate) people: Vec<Person>,
    ramp: Vec<f64>,
    attrition: f64,
    /// Month and number.
    hires: Vec<(usize, usize)>,
    replaced_after: Option<usize>,
    /// Shares and multipliers.
    classes: Vec<(f64, f64)>,
    cost: f64,
    quota: f64,
    /// What one unit of strength takes on in a month, or has in work at once; none: no limit.
    per_month: Option<f64>,
    at_once: Option<f64>,
    expires: f64,
    /// The capacities of all months so far.
    capacity: f64,
    waits: usize,
    /// Month by month; what is let through is infinite without a limit.
    let_through: Vec<f64>,
    gone_on: Vec<f64>,
    waiting: Vec<f64>,
    expired: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Person {
    /// The first month in seat; none of those who were there at τ.
    since: Option<usize>,
    /// The month at whose start they left.
    left: Option<usize>,
    pub(crate) multiplier: f64,
}

impl Person {
    /// Whether they are there in a month, after those who leave and come at its start.
    fn is_there(&self, month: usize) -> bool {
        // > months before m₀ as if those at τ had been there.
        self.since.is_none_or(|since| since <= month) && self.left.is_none_or(|left| left > month)
    }
}

impl Role {
    fn read(name: &str, region: &Value, scenario: &Value, twin: Twin, quantity: Quantity) -> Role {
        let json = &region["team"][name];
        let months = scenario["months"].as_f64().expect("months") as usize;
        let mut role = Role { ramp: vec![1.0], ..Role::default() };
        for of_months in [&mut role.let_through, &mut role.gone_on, &mut role.waiting, &mut role.expired] {
            of_months.resize(months, 0.0);
        }
        if json.is_null() {
            return role;
        }
        let mut quantity = |field: &str, json: &Value, domain: Domain| -> Option<f64> {
            (!json.is_null()).then(|| quantity(&format!("team.{name}.{field}"), json, domain))
        };
        let first = month_of(position(scenario, &scenario["as_of"]));
        // > `ramp` (productivity in the 1st, 2nd, … month in seat, the last holds; default [1] ...)
        role.ramp = floats_or(&json["ramp"], &[1.0]);
        if twin == Twin::RampIgnored {
            role.ramp = role.ramp.split_off(role.ramp.len() - 1);
        }
        // > `attrition` (Q, yearly), `replaced_after_months` (whole; none: never), `cost_per_month`.
        role.attrition = quantity("attrition", &json["attrition"], Domain::Share).unwrap_or(0.0);
        role.replaced_after = json["replaced_after_months"].as_f64().map(|months| months as usize);
        role.cost = float_or(&json["cost_per_month"], 0.0);
        role.quota = quantity("quota", &json["quota"], Domain::Positive).unwrap_or(0.0);
        // > `hires: [{"month", "count", "delay_months": Q}]` (months before m₀ are in the headcount)
        // open: a hire of such a month is in the headcount whatever its delay; one of m₀ is not, and comes in m₀ in its first month.
        for (i, hire) in list(&json["hires"]).enumerate() {
            let delay = quantity(&format!("hires[{i}].delay_months"), &hire["delay_months"], Domain::Positive);
            let month = position(scenario, &Value::from(format!("{}-01", text(&hire["month"]))));
            if month >= first as f64 {
                // > A delay counts as ⌊delay + ½⌋ months.
                let month = month_of(month) + (delay.unwrap_or(0.0) + 0.5).floor() as usize;
                role.hires.push((month, float_or(&hire["count"], 1.0) as usize));
            }
        }
        // > each draws a class when hired (or at τ); its quota share over the mix's mean is their multiplier.
        let class = |class: &Value| (float_or(&class["share"], 0.0), float_or(&class["quota_share"], 0.0));
        role.classes = list(&json["performance"]).map(class).collect();
        let mean: f64 = role.classes.iter().map(|(share, of_quota)| share * of_quota).sum();
        role.classes.iter_mut().for_each(|(_, of_quota)| *of_quota /= mean);
        // > c = strength · `leads_per_month` (Q; none: no limit) ... c = strength · `opportunities_per_month` (Q), or strength ·
        // > `open_opportunities` (Q) · L/d̄
        let field = if name == "sales_development" { "leads_per_month" } else { "opportunities_per_month" };
        role.per_month = quantity(field, &json[field], Domain::Positive);
        role.at_once = quantity("open_opportunities", &json["open_opportunities"], Domain::Positive);
        // > a role may have `waiting` leads at τ (default 0) and `half_life_days`. ... each expires with probability
        // > 1 − 2^(−L/half_life_days) (none given: 0).
        // open: in m₀ too, of which f is left.
        role.waits = float_or(&json["waiting"], 0.0) as usize;
        role.expires = json["half_life_days"].as_f64().map_or(0.0, |days| 1.0 - exp2(-DAYS_PER_MONTH / days));
        role
    }

    /// Who comes and who leaves, month after month.
    fn play(&mut self, headcount: usize, first: usize, months: usize, twin: Twin, rng: &mut Generator) {
        self.join(headcount, None, rng);
        for m in first..months {
            if m > first {
                // > At the start of each month after m₀ each person leaves with probability 1 − (1 − attrition)^(1/12)
                let leaves = match twin {
                    Twin::AttritionAtOnce if (m - first) % 12 == 1 => self.attrition,
                    Twin::AttritionAtOnce => 0.0,
                    _ => 1.0 - pow(1.0 - self.attrition, 1.0 / 12.0),
                };
                for person in self.people.iter_mut().filter(|person| person.left.is_none()) {
                    if rng.random_bool(leaves) {
                        person.left = Some(m);
                    }
                }
            }
            // > then come the replacements of those who left so many months ago, and hires, in their first month.
            if let Some(after) = self.replaced_after {
                let left =
                    self.people.iter().filter(|person| person.left.is_some_and(|left| left + after == m)).count();
                self.join(left, Some(m), rng);
            }
            let hired = self.hires.iter().filter(|(month, _)| *month == m).map(|(_, count)| count).sum();
            self.join(hired, Some(m), rng);
        }
    }

    fn join(&mut self, count: usize, since: Option<usize>, rng: &mut Generator) {
        for _ in 0..count {
            let multiplier = self.draw_multiplier(rng);
            self.people.push(Person { since, left: None, multiplier });
        }
    }

    fn draw_multiplier(&self, rng: &mut Generator) -> f64 {
        let Some((_, last)) = self.classes.last() else { return 1.0 };
        let mut left = rng.random::<f64>();
        for (share, multiplier) in &self.classes {
            if left < *share {
                return *multiplier;
            }
            left -= share;
        }
        *last // only rounding leads here
    }

    fn there(&self, month: usize) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| person.is_there(month))
    }

    pub(crate) fn heads(&self, month: usize) -> f64 {
        self.there(month).count() as f64
    }

    /// > `ramp` (productivity in the 1st, 2nd, … month in seat, the last holds; ... those there at τ have the last)
    fn productivity(&self, person: &Person, month: usize) -> f64 {
        let last = self.ramp.len() - 1;
        self.ramp[person.since.map_or(last, |since| last.min(month - since))]
    }

    /// > **Strength**: the sum of productivity.
    pub(crate) fn strength(&self, month: usize) -> f64 {
        self.there(month).map(|person| self.productivity(person, month)).sum()
    }

    /// A month of the queue: how many of those that come, and of those that wait, go on.
    fn queue(&mut self, m: usize, coming: usize, capacity: Option<f64>, twin: Twin, rng: &mut Generator) -> usize {
        // > With capacities c (f of it in m₀) month m lets ⌊c_m₀ + … + c_m + 10⁻⁹⌋ − ⌊c_m₀ + … + c_{m−1} + 10⁻⁹⌋ through; what is
        // > unused is lost.
        self.let_through[m] = capacity.map_or(f64::INFINITY, |capacity| {
            let before = (self.capacity + 1e-9).floor();
            self.capacity += capacity;
            (self.capacity + 1e-9).floor() - before
        });
        if twin == Twin::CapacityCarriedOver && m > 0 && capacity.is_some() {
            self.let_through[m] += self.let_through[m - 1] - self.gone_on[m - 1];
        }
        // > Each month, those that come join those waiting, as many as capacity allows go on
        let all = self.waits + coming;
        let gone_on = f64::min(all as f64, self.let_through[m]) as usize;
        // > and of those left each expires with probability 1 − 2^(−L/half_life_days)
        let expired = (gone_on..all).filter(|_| rng.random_bool(self.expires)).count();
        self.waits = all - gone_on - expired;
        self.gone_on[m] = gone_on as f64;
        self.expired[m] = expired as f64;
        self.waiting[m] = self.waits as f64;
        gone_on
    }

    /// A month's quota of a person.
    fn quota(&self, person: &Person, month: usize) -> f64 {
        // > `quota`, money a year; a month's is quota/12 × productivity.
        // open: in m₀ too it is that of a whole month.
        self.quota / 12.0 * self.productivity(person, month)
    }
}

impl Team {
    pub(crate) fn read(region: &Value, scenario: &Value, twin: Twin, quantity: Quantity) -> Team {
        // > strength of sales development · L/7 · Σ per week · Π yields
        // open: yields are shares.
        let mut per_week = 0.0;
        for activity in list(&region["leads"]["activities"]) {
            let at = format!("leads.activities[{}]", text(&activity["name"]));
            let mut leads =
                quantity(&format!("{at}.per_rep_per_week"), &activity["per_rep_per_week"], Domain::Positive);
            for (i, share) in list(&activity["yields"]).enumerate() {
                leads *= quantity(&format!("{at}.yields[{i}]"), share, Domain::Share);
            }
            per_week += leads;
        }
        Team {
            development: Role::read("sales_development", region, scenario, twin, quantity),
            executives: Role::read("account_executives", region, scenario, twin, quantity),
            activities: DAYS_PER_MONTH / 7.0 * per_week,
            sold: Vec::new(),
        }
    }

    pub(crate) fn play(&mut self, region: &Value, first: usize, months: usize, twin: Twin, rng: &mut Generator) {
        let headcount = |role: &str| float_or(&region["team"][role]["headcount"], 0.0) as usize;
        self.development.play(headcount("sales_development"), first, months, twin, rng);
        self.executives.play(headcount("account_executives"), first, months, twin, rng);
    }

    /// What stands in place of `leads.monthly` where activities bring the leads.
    pub(crate) fn leads(&self, month: usize) -> f64 {
        self.activities * self.development.strength(month)
    }

    /// The capacities of a month, of which a part is played: of sales development, then of account executives.
    pub(crate) fn capacities(
        &self,
        m: usize,
        part: f64,
        changed: &dyn Fn(&str) -> f64,
        days_in_work: &dyn Fn() -> f64,
    ) -> [Option<f64>; 2] {
        // > c = strength · `leads_per_month` (Q; none: no limit).
        let role = &self.development;
        let leads = role.per_month.map(|leads| leads * changed("team.sales_development.leads_per_month"));
        let of_development = leads.map(|leads| role.strength(m) * leads * part);
        // > c = strength · `opportunities_per_month` (Q), or strength · `open_opportunities` (Q) · L/d̄, by Little's law; neither: no limit.
        let role = &self.executives;
        let deals = match (role.per_month, role.at_once) {
            (Some(deals), _) => Some(deals * changed("team.account_executives.opportunities_per_month")),
            (None, Some(deals)) => {
                let deals = deals * changed("team.account_executives.open_opportunities");
                Some(deals * DAYS_PER_MONTH / days_in_work())
            }
            (None, None) => None,
        };
        [of_development, deals.map(|deals| role.strength(m) * deals * part)]
    }

    /// How many leads start in a month, of those that come and those that wait.
    pub(crate) fn start(
        &mut self,
        m: usize,
        coming: usize,
        [of_development, of_executives]: [Option<f64>; 2],
        twin: Twin,
        rng: &mut Generator,
    ) -> usize {
        // > **Sales development**: all leads join its queue ... What goes on joins the executives' queue in the same month.
        let qualified = self.development.queue(m, coming, of_development, twin, rng);
        self.executives.queue(m, qualified, of_executives, twin, rng)
    }

    /// > The multipliers' mean, weighted by productivity (1 without strength), multiplies the win rate (the last pass) of leads started in
    /// > the month.
    pub(crate) fn performance(&self, month: usize, twin: Twin) -> f64 {
        let role = &self.executives;
        let weight = |person: &Person| match twin {
            Twin::PerformanceNotWeighted => 1.0,
            _ => role.productivity(person, month),
        };
        let all: f64 = role.there(month).map(weight).sum();
        let weighed: f64 = role.there(month).map(|person| weight(person) * person.multiplier).sum();
        if all > 0.0 { weighed / all } else { 1.0 }
    }

    /// > Each deal won, one-offs apart, is that of one executive there in its month, drawn in proportion to productivity × multiplier.
    pub(crate) fn sell(&mut self, month: usize, value: f64, rng: &mut Generator) {
        let role = &self.executives;
        let weight = |person: &Person| match person.is_there(month) {
            true => role.productivity(person, month) * person.multiplier,
            false => 0.0,
        };
        // open: a deal that is won while nobody is there, or productive, is nobody's.
        if role.people.is_empty() {
            return;
        }
        let mut left = rng.random::<f64>() * role.people.iter().map(weight).sum::<f64>();
        for (i, person) in role.people.iter().enumerate() {
            if left < weight(person) {
                self.sold.push((i, month, value));
                return;
            }
            left -= weight(person);
        }
    }

    /// How many leads have waited for too long at a month's end.
    pub(crate) fn expired(&self, month: usize) -> f64 {
        self.executives.expired[month] + self.development.expired[month]
    }

    /// > Each person there costs `cost_per_month` (in m₀ f of it, before m₀ nothing), as investment.
    pub(crate) fn cost(&self, month: usize, part: f64) -> f64 {
        [&self.development, &self.executives].map(|role| role.heads(month) * role.cost * part).iter().sum()
    }
}

/// The mean time that leads of a month are in work, by the stages' mean days and passes.
pub(crate) fn time_in_work(days: &[f64], pass: &[f64], lost: Option<f64>) -> f64 {
    // > d̄ is the mean time in work of that month's leads: d; with a lost cycle p·d_w + (1 − p)·d_l
    if let Some(lost) = lost {
        return pass[0] * days[0] + (1.0 - pass[0]) * lost;
    }
    // > with stages Σ d_i·Π_{j<i} pass_j
    let mut arrives = 1.0;
    let mut all = 0.0;
    for (days, pass) in days.iter().zip(pass) {
        all += arrives * days;
        arrives *= pass;
    }
    all
}

/// The mean days of a time that has this mean, or this stretch of its points.
pub(crate) fn mean_days(mean: f64, settings: &Value) -> f64 {
    let (days, decided) = (floats_or(&settings["days"], &[]), floats_or(&settings["decided"], &[]));
    if days.is_empty() {
        return mean;
    }
    // > Its mean is that of the points times the stretch.
    let between = |i: usize| (decided[i] - decided[i - 1]) * (days[i] + days[i - 1]) / 2.0;
    mean * (1..days.len()).map(between).sum::<f64>()
}

/// What the section's metrics are, of a scope and a period of one trial; NaN is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct People {
    pub(crate) ae_headcount: f64,
    pub(crate) sdr_headcount: f64,
    pub(crate) started_leads: f64,
    pub(crate) waiting_leads: f64,
    pub(crate) expired_leads: f64,
    pub(crate) ae_utilisation: f64,
    pub(crate) sdr_utilisation: f64,
    pub(crate) quota_attainment: f64,
    pub(crate) reps_at_quota: f64,
    pub(crate) bookings_per_rep: f64,
}

/// > What is divided by 0 is empty.
fn over(above: f64, below: f64) -> f64 {
    if below == 0.0 { f64::NAN } else { above / below }
}

/// The metrics of people of regions, by their numbers, in some months.
pub(crate) fn people(scenario: &Value, trial: &Trial, regions: &[usize], period: Range<usize>) -> People {
    let tau = position(scenario, &scenario["as_of"]);
    let of_regions: Vec<&Value> = scenario["regions"].as_object().expect("regions by name").values().collect();
    let rate = |r: usize, m: usize| trial.changes.rate(of_regions[r], m);
    let last = period.end - 1;
    let over_months = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
        regions.iter().map(|r| period.clone().map(|m| of(*r, m)).sum::<f64>()).sum()
    };
    // > A metric is empty in every period that needs a known month without actuals. A level needs its last month, and is known from m₀ on.
    // open: what starts, expires, goes on and is let through is simulated, and so unknown of the known part of m₀: empty as leads are.
    let known = period.start < tau.ceil() as usize;
    let simulated = |x: f64| if known { f64::NAN } else { x };
    let level = |of: &dyn Fn(usize) -> f64| {
        if last < month_of(tau) { f64::NAN } else { regions.iter().map(|r| of(*r)).sum() }
    };
    let development = |r: usize| &trial.teams[r].development;
    let executives = |r: usize| &trial.teams[r].executives;
    // > `ae_utilisation`, `sdr_utilisation` (gone on / let through)
    // open: of several regions together, those that have a limit.
    let utilisation = |role: fn(&Team) -> &Role| {
        let role = |r: usize| role(&trial.teams[r]);
        let limited = |r: usize, m: usize| role(r).let_through[m].is_finite();
        let through = |r: usize, m: usize| if limited(r, m) { role(r).let_through[m] } else { 0.0 };
        let gone_on = |r: usize, m: usize| if limited(r, m) { role(r).gone_on[m] } else { 0.0 };
        simulated(over(over_months(&gone_on), over_months(&through)))
    };
    // > `quota_attainment` = bookings / quota of all; `bookings_per_rep` = bookings / mean headcount; months before m₀ as if those at τ had
    // > been there.
    // open: a region without a team has no part in the divisor, but its bookings count.
    let bookings = over_months(&|r, m| trial.bookings[r][m]);
    let quota = over_months(&|r, m| {
        let of_all: f64 = executives(r).there(m).map(|person| executives(r).quota(person, m)).sum();
        of_all * rate(r, m)
    });
    let heads = over_months(&|r, m| executives(r).heads(m)) / period.len() as f64;
    // > `reps_at_quota`: of executives there in all months of a period and with a quota in it, the share whose deals reach it; empty with
    // > known months.
    let (mut with_quota, mut reach) = (0.0, 0.0);
    for &r in regions {
        let mut brought = vec![0.0; executives(r).people.len()];
        for (who, _, value) in trial.teams[r].sold.iter().filter(|(_, m, _)| period.contains(m)) {
            brought[*who] += value;
        }
        for (person, brought) in executives(r).people.iter().zip(brought) {
            let quota: f64 = match period.clone().all(|m| person.is_there(m)) {
                true => period.clone().map(|m| executives(r).quota(person, m) * rate(r, m)).sum(),
                false => 0.0,
            };
            if quota > 0.0 {
                with_quota += 1.0;
                reach += f64::from(brought >= quota);
            }
        }
    }
    People {
        ae_headcount: level(&|r| executives(r).heads(last)),
        sdr_headcount: level(&|r| development(r).heads(last)),
        // > What goes on is *started*
        started_leads: simulated(over_months(&|r, m| executives(r).gone_on[m])),
        waiting_leads: level(&|r| executives(r).waiting[last] + development(r).waiting[last]),
        expired_leads: simulated(over_months(&|r, m| trial.teams[r].expired(m))),
        ae_utilisation: utilisation(|team| &team.executives),
        sdr_utilisation: utilisation(|team| &team.development),
        quota_attainment: over(bookings, quota),
        reps_at_quota: simulated(over(reach, with_quota)),
        bookings_per_rep: over(bookings, heads),
    }
}
