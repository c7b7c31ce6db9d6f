//! Reading the people of a region and what they do. What is faulty keeps its default.

use super::parts::{month, remarks};
use super::quantity::{Domain, Quantity};
use super::read_changes::{name, objects};
use super::read_quantities::quantities;
use super::reader::{Node, Object, Range};
use super::region::Region;
use super::team::{Hire, LeadActivity, PerformanceClass, Role, RoleKind, Team};
use crate::units::few_digits;

const HEADS: Range = Range::new("a number of people", 0.0, 10_000.0);
const WAITING: Range = Range::new("a number of leads", 0.0, 1e6);
const LATER: Range = Range::new("months", 0.0, 600.0);
const COST: Range = Range::new("an amount of money", 0.0, 1e12);
const PRODUCTIVITY: Range = Range::new("a factor", 0.0, 10.0);
const MOST_HIRES: usize = 600;
const MOST_CLASSES: usize = 12;
const MOST_ACTIVITIES: usize = 20;
/// As many as the table of fields has rows for.
const MOST_YIELDS: usize = 6;

/// The fields that only one of the roles has.
const OF_EXECUTIVES: [&str; 4] = ["opportunities_per_month", "open_opportunities", "performance", "quota"];
const OF_DEVELOPMENT: [&str; 1] = ["leads_per_month"];

/// Reads the people of a region.
pub(super) fn team(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    region.team = Some(Team::default());
    for kind in RoleKind::ALL {
        let Some(node) = o.get(kind.key()) else { continue };
        if let Some(team) = &mut region.team {
            *slot(team, kind) = Some(Role::default());
        }
        role(&node, kind, region);
    }
    let (note, source) = remarks(&mut o);
    if RoleKind::ALL.iter().all(|kind| !o.has(kind.key())) {
        node.fault("a team without people".to_owned(), "account_executives, sales_development or both", "");
    }
    o.close();
    region.team = region.team.take().map(|team| Team { note, source, ..team });
}

fn slot(team: &mut Team, kind: RoleKind) -> &mut Option<Role> {
    match kind {
        RoleKind::Executives => &mut team.account_executives,
        RoleKind::Development => &mut team.sales_development,
    }
}

fn role(node: &Node, kind: RoleKind, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    let object = format!("team.{}", kind.key());
    let (others, other) = match kind {
        RoleKind::Executives => (OF_DEVELOPMENT.as_slice(), RoleKind::Development),
        RoleKind::Development => (OF_EXECUTIVES.as_slice(), RoleKind::Executives),
    };
    for field in others.iter().filter(|field| o.has(field)) {
        node.fault(format!("{field} of {}", kind.name()), format!("{field} among {}", other.key()), "");
    }
    others.iter().for_each(|field| {
        o.get(field);
    });
    quantities(&mut o, &object, 0, region);
    hires(&mut o, &object, kind, region);
    let headcount = o.required("headcount", &HEADS.allowed()).and_then(|n| n.whole(HEADS)).unwrap_or_default();
    let ramp_node = o.get("ramp");
    let (note, source) = remarks(&mut o);
    let ramp = ramp_node.and_then(|n| ramp(&n, note.is_some()));
    let replaced_after_months = o.get("replaced_after_months").and_then(|n| n.whole(LATER)).map(|n| n as usize);
    let cost_per_month = o.number("cost_per_month", COST, 0.0);
    let waiting = o.whole("waiting", WAITING, 0) as usize;
    let half_life_days = o.get("half_life_days").and_then(|n| n.number(Range::above("days", 0.0, 36_525.0)));
    let (mut classes, mut quota) = (Vec::new(), None);
    if kind == RoleKind::Executives {
        classes = o.get("performance").map_or_else(Vec::new, |n| performance(&n));
        let node = o.get("quota");
        quota = node.as_ref().and_then(|n| n.number(Range::above("an amount of money", 0.0, 1e12)));
        let nobody = headcount == 0 && !o.has("hires");
        if let Some(node) = node.filter(|_| nobody && o.has("headcount")) {
            node.fault("a quota without executives".to_owned(), "a headcount or hires beside it", "");
        }
        if o.has("opportunities_per_month") && o.has("open_opportunities") {
            o.node().fault(
                "opportunities_per_month beside open_opportunities".to_owned(),
                "one of them",
                "either how many one starts in a month, or how many one works at a time",
            );
        }
    }
    o.close();
    let Some(role) = region.team.as_mut().and_then(|team| team.role_mut(kind)) else { return };
    let read = Role {
        headcount: headcount as usize,
        replaced_after_months,
        cost_per_month,
        waiting,
        half_life_days,
        ..std::mem::take(role)
    };
    *role = Role { performance: classes, quota, note, source, ramp: ramp.unwrap_or(read.ramp.clone()), ..read };
}

/// Productivity month by month; what is above 1 has to be meant.
fn ramp(node: &Node, has_note: bool) -> Option<Vec<f64>> {
    let items = node.list();
    if node.value.is_array() && !(1..=600).contains(&items.len()) {
        node.wrong("a list of 1 to 600 factors", "");
        return None;
    }
    let ramp = items.iter().map(|item| item.number(PRODUCTIVITY)).collect::<Option<Vec<f64>>>()?;
    if let Some(above) = ramp.iter().find(|factor| **factor > 1.0).filter(|_| !has_note) {
        let hint = "where they are meant to do more than the others, say why in a note beside it";
        node.fault(format!("a productivity of {}", few_digits(*above)), "factors from 0 to 1", hint);
    }
    Some(ramp)
}

fn hires(o: &mut Object, object: &str, kind: RoleKind, region: &mut Region) {
    let Some(node) = o.get("hires") else { return };
    let items = node.list();
    if items.len() > MOST_HIRES {
        node.fault(format!("a list of {}", items.len()), format!("at most {MOST_HIRES}"), "");
        return;
    }
    for item in items {
        let Some(mut o) = item.object() else { continue };
        let begins = o.required("month", "a month such as \"2027-03\"").and_then(|n| month(&n));
        let count = o.required("count", &HEADS.allowed()).and_then(|n| n.whole(HEADS));
        let Some(role) = region.team.as_mut().and_then(|team| team.role_mut(kind)) else { return };
        let i = role.hires.len();
        role.hires.push(Hire::default());
        quantities(&mut o, &format!("{object}.hires[]"), i, region);
        let (note, source) = remarks(&mut o);
        o.close();
        let Some(role) = region.team.as_mut().and_then(|team| team.role_mut(kind)) else { return };
        let hire = std::mem::take(&mut role.hires[i]);
        // One whose month is faulty is left out; the fault is noted.
        match begins {
            Some(month) => {
                role.hires[i] = Hire { month, count: count.unwrap_or_default() as usize, note, source, ..hire };
            }
            None => {
                role.hires.pop();
            }
        }
    }
}

fn performance(node: &Node) -> Vec<PerformanceClass> {
    let (share, reached) = (Range::new("a share", 0.0, 1.0), Range::new("a share of the quota", 0.0, 1_000.0));
    let classes = objects(node, MOST_CLASSES, |_, mut o| {
        let share = o.required("share", &share.allowed()).and_then(|n| n.number(share));
        let quota_share = o.required("quota_share", &reached.allowed()).and_then(|n| n.number(reached));
        o.close();
        Some(PerformanceClass { share: share?, quota_share: quota_share? })
    });
    let count = node.value.as_array().map_or(0, Vec::len);
    if classes.len() < count || count == 0 {
        return classes;
    }
    let sum: f64 = classes.iter().map(|class| class.share).sum();
    if (sum - 1.0).abs() > 1e-9 {
        node.fault(format!("shares that add up to {}", few_digits(sum)), "shares that add up to 1", "");
    } else if classes.iter().all(|class| class.share * class.quota_share == 0.0) {
        node.fault("quota shares of 0 alone".to_owned(), "one above 0", "");
    }
    classes
}

/// Reads the activities that bring leads, in place of leads a month.
pub(super) fn activities(node: &Node, region: &mut Region) {
    let items = node.list();
    if node.value.is_array() && !(1..=MOST_ACTIVITIES).contains(&items.len()) {
        node.wrong(&format!("a list of 1 to {MOST_ACTIVITIES} activities"), "");
        return;
    }
    for item in items {
        let Some(mut o) = item.object() else { continue };
        let name = name(&item, &mut o).unwrap_or_default();
        if region.leads.activities.iter().any(|before| before.name == name) {
            item.fault(format!("the name \"{name}\" twice"), "a name of its own", "");
        }
        let i = region.leads.activities.len();
        region.leads.activities.push(LeadActivity { name, ..LeadActivity::default() });
        quantities(&mut o, "leads.activities[]", i, region);
        let yields = o.get("yields").map_or_else(Vec::new, |n| yields(&n));
        let (note, source) = remarks(&mut o);
        o.close();
        let activity = &mut region.leads.activities[i];
        *activity = LeadActivity { yields, note, source, ..std::mem::take(activity) };
    }
}

fn yields(node: &Node) -> Vec<Quantity> {
    let items = node.list();
    if items.len() > MOST_YIELDS {
        node.wrong(&format!("at most {MOST_YIELDS} shares"), "");
        return Vec::new();
    }
    items.iter().map(|item| Quantity::read(item, Domain::SHARE).unwrap_or_default()).collect()
}
