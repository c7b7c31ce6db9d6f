//! Deals made up for exports.

use crate::common::next;

/// A deal as a system knows it at last.
#[derive(Clone, Debug)]
pub struct Deal {
    pub id: String,
    pub region: &'static str,
    pub created: String,
    pub closed: Option<String>,
    pub stage: &'static str,
    pub amount: Option<i64>,
}

impl Deal {
    /// The deal as it was known before a day; of an open one neither its amount nor its stage.
    pub fn known(&self, as_of: &str) -> Deal {
        match &self.closed {
            Some(closed) if closed.as_str() < as_of => self.clone(),
            _ => Deal { closed: None, stage: "", amount: None, ..self.clone() },
        }
    }
}

/// Deals of two regions, created evenly over the 15 months from January 2026 on, one in eight of them never decided. All is known to the
/// end of April 2027.
pub fn deals(count: usize) -> Vec<Deal> {
    let mut state = 11;
    let first = jiff::civil::date(2026, 1, 1);
    let end = jiff::civil::date(2027, 4, 30);
    let deal = |i: usize| {
        let created = first.saturating_add(jiff::Span::new().days((i * 485 / count) as i64));
        let won = next(&mut state) < 0.3;
        let days = 5.0 + if won { 70.0 } else { 100.0 } * next(&mut state);
        let closed = created.saturating_add(jiff::Span::new().days(days as i64));
        let decided = !i.is_multiple_of(8) && closed <= end;
        Deal {
            id: format!("D{i:04}"),
            region: if i.is_multiple_of(3) { "West" } else { "East" },
            created: created.to_string(),
            closed: decided.then(|| closed.to_string()),
            stage: match (decided, won) {
                (true, true) => "Closed Won",
                (true, false) => "Closed Lost",
                _ => "Open",
            },
            amount: Some(1000 + 50 * (200.0 * next(&mut state)) as i64),
        }
    };
    (0..count).map(deal).collect()
}

/// The cells of deals, a row each, as one of the systems has them.
pub fn rows(deals: &[Deal], cells: impl Fn(&Deal, &str, &str) -> String) -> String {
    let amount = |deal: &Deal| deal.amount.map_or_else(String::new, |amount| amount.to_string());
    deals.iter().map(|deal| cells(deal, deal.closed.as_deref().unwrap_or_default(), &amount(deal)) + "\n").collect()
}

/// A plain table of deals.
pub fn plain(deals: &[Deal]) -> String {
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        format!("{},{},{},{closed},{},{amount}", deal.id, deal.region, deal.created, deal.stage)
    };
    format!("id,Region,created,closed,stage,amount\n{}", rows(deals, cells))
}
