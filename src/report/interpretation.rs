//! What a scenario was understood to mean, in the units in which people would notice a slip.

use std::fmt::Write;

use super::plan_table::plan_table;
use super::sentences::one_in;
use super::terminal::wrap;
use crate::chance::Distribution;
use crate::findings::percent_given;
use crate::model::{Closing, Cycle, DailyChances, Duration, Funnel, Model, ParameterValue, Region, Term};
use crate::scenario::{self, Growth, Scenario, Unit, event_of};
use crate::units::format::{count, list_some};
use crate::units::{Currency, few_digits, plain, thousands, three_digits};

/// What `model`, the meaning of `scenario`, will play: leads, growth over a year, win rates as one lead in so many, cycles, deal
/// sizes by mean and median, retention by month and year, and the plan line by year. For a terminal of `width` columns.
pub fn interpretation(scenario: &Scenario, model: &Model, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
    let count = |n: usize, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
    let head = format!(
        "{}: no faults. {} over {} from {} to {}, in {}.",
        plain(&scenario.name),
        count(model.regions.len(), "region", "regions"),
        count(model.horizon.months, "month", "months"),
        model.horizon.start.name(),
        model.horizon.last().name(),
        scenario.currency
    );
    let _ = writeln!(out, "{}", wrap(&head, width, ""));
    let sheet = Interpretation { scenario, model, means: model.mean_inputs() };
    for (region, (key, written)) in model.regions.iter().zip(&scenario.regions) {
        let tags: Vec<String> = written.tags.iter().map(|(tag, value)| format!("{tag} {}", plain(value))).collect();
        let also = if tags.is_empty() { String::new() } else { format!("; {}", tags.join(", ")) };
        let name = plain(&region.label);
        let key = if name == *key { String::new() } else { format!(" (regions.{key})") };
        let _ = writeln!(out, "\n{}", wrap(&format!("{name}{key}{also}"), width, "  "));
        for (what, text) in sheet.facts(region, written) {
            let _ = writeln!(out, "{}", wrap(&format!("  {what:<12} {text}"), width, &" ".repeat(15)));
        }
    }
    let people = super::people::people(scenario, model);
    if !people.is_empty() {
        let _ = writeln!(out, "\nPeople");
        for (name, text) in people {
            let _ = writeln!(out, "{}", wrap(&format!("  {name}: {text}"), width, "    "));
        }
    }
    let changes = super::changes::changes(scenario, model);
    if !changes.is_empty() {
        let _ = writeln!(out, "\nWhat changes");
        for (name, text) in changes {
            let _ = writeln!(out, "{}", wrap(&format!("  {name}: {text}"), width, "    "));
        }
    }
    out.push('\n');
    for text in shared(scenario, model) {
        let _ = writeln!(out, "{}", wrap(&text, width, "  "));
    }
    out.push('\n');
    out.push_str(&plan_table(scenario, model, width));
    out
}

/// A scenario, its meaning, and the means of its inputs.
struct Interpretation<'a> {
    scenario: &'a Scenario,
    model: &'a Model,
    means: Vec<f64>,
}

impl Interpretation<'_> {
    /// What is understood of a region, by heading.
    fn facts(&self, region: &Region, written: &scenario::Region) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Leads", self.leads(region))];
        if let Some(growth) = growth(&written.leads.growth, self.model.horizon.months) {
            facts.push(("Growth", growth));
        }
        facts.extend(self.funnel(region, written));
        facts.extend(self.closing(region));
        facts.push(("Deal size", self.deal_size(region)));
        facts.push(("Retention", self.retention(region)));
        if let Some(margin) = region.gross_margin {
            facts.push(("Margin", format!("gross margin {}", self.belief(margin, Unit::Share))));
        }
        let volatility = self.model.market.volatility;
        let moved: Vec<String> = ["leads", "odds of winning", "deal size"]
            .iter()
            .zip(region.exposure)
            .filter(|(_, beta)| *beta != 0.0 && volatility > 0.0)
            .map(|(what, beta)| {
                let change = libm::exp(beta * volatility) - 1.0;
                format!("{what} {}{}", if change < 0.0 { "−" } else { "+" }, percent_given(three_digits(change.abs())))
            })
            .collect();
        if !moved.is_empty() {
            facts.push(("Market", format!("one standard deviation up: {}", moved.join(", "))));
        }
        facts
    }

    /// The first and the last month in which leads are expected.
    fn leads(&self, region: &Region) -> String {
        let all = &region.expected_leads;
        let first = all.iter().position(|leads| *leads > 0.0);
        let last = all.iter().rposition(|leads| *leads > 0.0);
        let (Some(first), Some(last)) = (first, last) else {
            return "none in any month".to_owned();
        };
        let month = |m: usize| format!("{} in {}", few_digits(all[m]), self.model.horizon.month(m).name());
        let entered = match region.monthly {
            ParameterValue::Fixed(_) => String::new(),
            level => format!("{} a month before growth, ramp and season; ", self.belief(level, Unit::Number)),
        };
        if first == last {
            return format!("{entered}{}", month(first));
        }
        let total: f64 = all.iter().sum();
        format!("{entered}{} (first), {} (last), {} in all", month(first), month(last), thousands(total))
    }

    fn funnel(&self, region: &Region, written: &scenario::Region) -> Vec<(&'static str, String)> {
        let means = &self.means;
        let rate = region.funnel.win_rate(means);
        let one_in = format!("{} becomes a customer", one_in(" lead", rate, few_digits));
        match &region.funnel {
            Funnel::Cycle(Cycle { conversion, mean_days, delay, lost, stalled, .. }) => {
                let days = |x: f64| format!("{} days", few_digits(x));
                let median = delay.quantile(mean_days.at(means), 0.5);
                let mut facts = vec![
                    ("Win rate", format!("{}: {one_in}", self.belief(conversion.in_force(0), Unit::Share))),
                    ("Sales cycle", format!("mean {}, median {}", self.belief(*mean_days, Unit::Days), days(median))),
                ];
                if let Some(Duration { mean_days, delay }) = lost {
                    let (mean, median) =
                        (self.belief(*mean_days, Unit::Days), delay.quantile(mean_days.at(means), 0.5));
                    facts[1].1.push_str(" for leads that are won");
                    facts.push(("Lost leads", format!("mean {mean}, median {} until they are lost", days(median))));
                }
                if let Some(stalled) = stalled {
                    let then = match stalled.closed_after_days {
                        Some(after) => format!("it is closed as lost {} after its arrival", days(after)),
                        None => "it stays open".to_owned(),
                    };
                    let share = self.belief(stalled.share, Unit::Share);
                    facts.push(("Stalled", format!("of the leads that are not won {share} is never decided: {then}")));
                }
                facts
            }
            Funnel::Daily(closing) => vec![
                ("Win rate", format!("{}: {one_in}", percent_given(three_digits(rate)))),
                ("Closing", self.day_by_day(closing)),
            ],
            Funnel::Stages(stages) => {
                let names = written.stages.iter().flatten().map(|stage| plain(&stage.name));
                let told: Vec<String> = stages
                    .iter()
                    .zip(names)
                    .map(|(stage, name)| {
                        let days = few_digits(stage.mean_days.at(means));
                        format!("{name} {} in {days} days", percent_given(stage.pass.at(means)))
                    })
                    .collect();
                let days: f64 = stages.iter().map(|stage| stage.mean_days.at(means)).sum();
                vec![
                    ("Win rate", format!("{}: {one_in}", percent_given(rate))),
                    ("Stages", told.join(", ")),
                    ("Sales cycle", format!("mean {} days for a deal that is won", few_digits(days))),
                ]
            }
        }
    }

    /// What holds of the days on which deals are won, and of what open deals are worth in the end.
    fn closing(&self, region: &Region) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if let Some(held) = region.held.filter(|held| *held != ParameterValue::Fixed(0.0)) {
            let share = self.belief(held, Unit::Share);
            facts.push((
                "Quarter ends",
                format!("{share} of the deals that would be won earlier in a quarter are won in its last month"),
            ));
        }
        if let Some(dates) = &region.close_dates {
            let slip = dates.slip.as_ref().map_or_else(
                || "in the month of that day".to_owned(),
                |slip| format!("by that day and a slip of {} on average", self.belief(slip.mean_days, Unit::Days)),
            );
            let kept = self.belief(dates.kept, Unit::Share);
            facts.push((
                "Close dates",
                format!("of the open deals that are won and whose stated day is still to come, {kept} close {slip}; the others as if they had none"),
            ));
        }
        let ratio = region.final_amount.ratio;
        if ratio != ParameterValue::Fixed(1.0) {
            let share = self.belief(ratio, Unit::Share);
            facts.push(("Amounts", format!("open deals that are won bring {share} of what is stated, on average")));
        }
        facts
    }

    /// How long leads take that are decided day by day, and what moves their chances.
    fn day_by_day(&self, closing: &Closing) -> String {
        let ages = |n: usize| match n {
            1 => "the same chances a day at every age".to_owned(),
            n => format!("chances a day by {}", count(n, "age")),
        };
        let mut parts = vec![match &closing.chances {
            DailyChances::Table { ages: from, .. } => ages(from.len()),
            DailyChances::Cycles(cycle) => {
                let of = if cycle.lost.is_some() { "won deals" } else { "all deals" };
                format!("chances a day from a sales cycle of {} for {of}", self.belief(cycle.mean_days, Unit::Days))
            }
        }];
        if closing.rhythm.iter().any(|rhythm| !rhythm.is_empty()) {
            parts.push("a rhythm by month".to_owned());
        }
        if closing.walks() {
            parts.push("a pace that drifts from month to month".to_owned());
        }
        if !closing.by_stage.is_empty() {
            parts.push(format!("factors of {}", count(closing.by_stage.len(), "stage")));
        }
        parts.join(", ")
    }

    fn deal_size(&self, region: &Region) -> String {
        let currency = self.currency(region);
        let money = |x: f64| currency.exact(x);
        let per = if region.per_year { " a year" } else { "" };
        if let Some(sizes) = &region.sizes {
            let mean = money(three_digits(region.mean_size_at(&self.means)));
            return format!("mean {mean}{per}, by a table of {}", count(sizes.values.len(), "amount"));
        }
        let mean = self.belief_in(&currency, region.mean_size, Unit::Money) + per;
        if region.size.cv() == 0.0 {
            return format!("{mean}, the same for every deal");
        }
        // A deal at a standard normal: the median at 0, the middle 80 % within 1.28.
        let at = |z: f64| money(three_digits(region.size.at(z) * region.mean_size.at(&self.means)));
        const Z80: f64 = 1.281_551_565_544_6;
        format!("mean {mean}, median {}; 8 deals in 10 are worth {} to {}", at(0.0), at(-Z80), at(Z80))
    }

    /// The currency of a region's amounts.
    fn currency(&self, region: &Region) -> Currency {
        let code = region.rate.map(|rate| self.model.rates[rate].code.as_str());
        code.and_then(Currency::new).unwrap_or_else(|| self.scenario.currency.clone())
    }

    fn retention(&self, region: &Region) -> String {
        let yearly = region.retention.at(&self.means);
        if yearly == 0.0 {
            return "0 %: no contract is renewed".to_owned();
        }
        let mut text = format!(
            "{} a year, which is {} a month",
            self.belief(region.retention, Unit::Share),
            percent_given(libm::pow(yearly, 1.0 / 12.0))
        );
        for Term { months, share } in &region.terms {
            let renewed = percent_given(libm::pow(yearly, *months as f64 / 12.0));
            let part = if *share == 1.0 { String::new() } else { format!(" ({} of them)", percent_given(*share)) };
            let _ = write!(text, "; of contracts of {}{part}, {renewed} are renewed", count(*months, "month"));
        }
        if region.expansion.at(&self.means) != 0.0 {
            let _ = write!(text, ", worth {} a year more", self.belief(region.expansion, Unit::Share));
        }
        text
    }

    /// A number, with the middle 80 % of its law where it is uncertain.
    fn belief(&self, level: ParameterValue, unit: Unit) -> String {
        self.belief_in(&self.scenario.currency, level, unit)
    }

    /// The same with amounts in a currency.
    fn belief_in(&self, currency: &Currency, level: ParameterValue, unit: Unit) -> String {
        let say = |x| unit.said(currency, x);
        match level {
            ParameterValue::Fixed(x) => unit.exact(currency, x),
            ParameterValue::Input(i) | ParameterValue::Times(i, _) => {
                let factor = if let ParameterValue::Times(_, factor) = level { factor } else { 1.0 };
                let law = &self.model.input(i).law;
                let third = |p: f64| say(three_digits(law.quantile(p) * factor));
                format!("{} (8 chances in 10: {} to {})", say(law.mean() * factor), third(0.1), third(0.9))
            }
        }
    }
}

/// Rates with what they make of a year: compounding is easily misjudged.
fn growth(growth: &Growth, months: usize) -> Option<String> {
    let yearly = |law: &Distribution| {
        let rate = law.mean();
        if rate == 0.0 {
            return "0 % a month".to_owned();
        }
        format!("{} a month is {} times in a year", percent_given(rate), few_digits(libm::pow(1.0 + rate, 12.0)))
    };
    match growth {
        Growth::Steady(rate) if rate.law().as_fixed() == Some(0.0) => None,
        Growth::Steady(rate) => Some(yearly(rate.law())),
        Growth::Phases(phases) => {
            let inside = phases.iter().filter(|phase| phase.from_month <= months);
            let told: Vec<String> =
                inside.map(|phase| format!("from month {}: {}", phase.from_month, yearly(phase.rate.law()))).collect();
            (!told.is_empty()).then(|| told.join("; "))
        }
    }
}

/// What concerns all regions: what is uncertain, what goes together, what is asked for.
fn shared(scenario: &Scenario, model: &Model) -> Vec<String> {
    let quantities = scenario.quantities();
    let uncertain: Vec<_> = scenario.inputs().into_iter().filter(|(path, _)| event_of(path).is_none()).collect();
    let sourced = uncertain.iter().filter(|(_, q)| q.source().is_some()).count();
    let mut lines = Vec::new();
    let together = model.columns.len();
    lines.push(match uncertain.len() {
        0 if together > 0 => "No input has a range of its own.".to_owned(),
        0 => "Every input is fixed: a forecast would show luck alone. Give the inputs ranges.".to_owned(),
        n => format!(
            "{n} of {} inputs {} a range; {sourced} of {n} {} a source.",
            quantities.len(),
            if n == 1 { "has" } else { "have" },
            if sourced == 1 { "names" } else { "name" }
        ),
    });
    if let Some(draws) = scenario.draws.as_ref().filter(|_| together > 0) {
        lines.push(format!(
            "{} of {} {} drawn together, from the {} of {}.",
            thousands(together as f64),
            count(quantities.len(), "input"),
            if together == 1 { "is" } else { "are" },
            count(draws.rows, "row"),
            draws.file
        ));
    }
    lines.push(match model.correlated.len() {
        0 => "No inputs are correlated.".to_owned(),
        1 => "1 pair of inputs is correlated.".to_owned(),
        n => format!("{n} pairs of inputs are correlated."),
    });
    let moved = model.regions.iter().filter(|region| region.exposure != [0.0; 3]).count();
    lines.push(if model.market.volatility > 0.0 && moved > 0 {
        format!(
            "The market factor moves by {} (standard deviation in any one month), {} of it carries over to the next month; {moved} of {} regions follow it.",
            percent_given(model.market.volatility),
            percent_given(model.market.persistence),
            model.regions.len()
        )
    } else {
        "No market factor moves the regions together.".to_owned()
    });
    lines.push(begins(scenario));
    let invested: f64 = model.investment.iter().sum();
    if invested > 0.0 {
        let of = |region: &Region| region.investment.iter().flatten().sum::<f64>();
        let named: Vec<String> = model
            .regions
            .iter()
            .filter(|region| of(region) > 0.0)
            .map(|region| format!("{} on {}", scenario.currency.exact(of(region)), plain(&region.label)))
            .collect();
        let named = if named.is_empty() { String::new() } else { format!(", of which {}", list_some(&named)) };
        lines.push(format!("Investment: {} within these months{named}.", scenario.currency.exact(invested)));
    }
    lines
}

/// What is there at the beginning.
fn begins(scenario: &Scenario) -> String {
    if !scenario.is_running() {
        return "It starts with no open deals and no customers: what is in the pipeline today, and what it renews, is not in it.".to_owned();
    }
    let of = |n: usize, what: &str| format!("{} {what}{}", thousands(n as f64), if n == 1 { "" } else { "s" });
    let money = |x: f64| scenario.currency.short(x);
    let (deals, contracts) = (|| scenario.pipeline.iter().flatten(), || scenario.contracts.iter().flatten());
    let worth: f64 = deals().filter_map(|deal| deal.amount).sum();
    let value: f64 = contracts().map(|contract| contract.annual_value).sum();
    format!(
        "As of {} it has {}, with stated amounts of {} in all, and {} in force, worth {} a year.",
        scenario.as_of_day(),
        of(deals().map(|deal| deal.count).sum(), "open deal"),
        money(worth),
        of(contracts().map(|contract| contract.count).sum(), "contract"),
        money(value)
    )
}
