//! Bookings, deals, deal size, leads and win rate: they multiply up.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::Plan;
use super::words::{clipped, percent};
use crate::scenario::{Averaged, Metric, QuotedFigure};
use crate::units::format::{quoted_period, significant};

/// bookings = won deals · mean deal size, won deals = leads · win rate, for figures of one period. The second holds only over
/// periods that are long against the sales cycle, so it is asked of periods of six months or more.
pub(super) fn lead_volume(plan: &Plan) -> Vec<Finding> {
    let any = |_, _| false;
    let size = plan.overall(Averaged::DealSize, any);
    let rate = plan.overall(Averaged::WinRate, any);
    let beside = |metric: Metric, figure: &QuotedFigure| {
        let months = |f: &QuotedFigure| plan.period(&f.period).map(|period| period.months);
        plan.of(metric)
            .find(|other| other.period == figure.period || months(other).is_some() && months(other) == months(figure))
    };
    let mut found = Vec::new();
    for won in plan.of(Metric::WonDeals) {
        // Total bookings hold renewals too; they are new deals only where nothing renews yet.
        if let (Some(size), Some(booked)) = (size, beside(Metric::Bookings, won)) {
            let worth = Interval::of(&won.value) * Interval::of(&size.value);
            if !worth.meets(&booked.value) {
                let sentence = format!(
                    "{} won deals of {} make {} {}, but \"{}\" is {}.",
                    plan.told(won.metric, &won.value),
                    plan.money(size.value.value),
                    plan.worked_out(worth.at),
                    quoted_period(&won.period),
                    clipped(&booked.name),
                    plan.told(booked.metric, &booked.value)
                );
                let deals = booked.value.value / size.value.value;
                let consistent = format!(
                    "{} won deals, or {} a deal.",
                    significant(deals, 4),
                    plan.worked_out(booked.value.value / won.value.value)
                );
                found.push(finding(sentence, consistent).about(won).about(size).about(booked));
            }
        }
        let long = plan.period(&won.period).is_some_and(|period| period.months.len() >= 6);
        if let (Some(rate), Some(leads)) = (rate.filter(|_| long), beside(Metric::Leads, won)) {
            let wins = Interval::of(&leads.value) * Interval::of(&rate.value);
            if !wins.meets(&won.value) {
                let sentence = format!(
                    "{} leads at a win rate of {} make {} won deals {}, but \"{}\" is {}.",
                    plan.told(leads.metric, &leads.value),
                    percent(rate.value.value, 4),
                    significant(wins.at, 4),
                    quoted_period(&won.period),
                    clipped(&won.name),
                    plan.told(won.metric, &won.value)
                );
                let consistent = format!(
                    "{} leads, or a win rate of {}.",
                    significant(won.value.value / rate.value.value, 4),
                    percent(won.value.value / leads.value.value, 3)
                );
                found.push(finding(sentence, consistent).about(leads).about(rate).about(won));
            }
        }
    }
    found
}

fn finding(sentence: String, consistent: String) -> Finding {
    Finding::new(Kind::Contradiction, Rule::Volume, sentence, consistent)
}
