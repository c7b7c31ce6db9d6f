//! Scenarios whose pages are hard in some way.

use serde_json::{Map, Value, json};

/// Regions with tags over months: as much as a page can have to show.
pub fn many(regions: usize, months: usize, trials: usize) -> Value {
    let region = |i: usize| {
        let size = ["small", "middle", "large"][i % 3];
        let tags = json!({"size": size, "team": format!("Team {}", i % 7)});
        let scope = json!({
            "label": format!("Region number {i}"), "tags": tags,
            "leads": {"monthly": {"mean": 20 + i, "cv": 0.1}, "growth": 0.01},
            "conversion": {"low": 0.1, "mode": 0.2, "high": 0.3}, "cycle": {"mean_days": 40},
            "deal_size": {"mean": 9000, "cv": 0.5}, "retention": 0.9
        });
        (format!("region_{i}"), scope)
    };
    let regions: Map<String, Value> = (0..regions).map(region).collect();
    json!({
        "name": "Many regions", "start": "2027-01", "months": months, "simulation": {"trials": trials, "seed": 2},
        "regions": regions,
        "investment": [{"name": "Team", "amount": 9_000_000, "from_month": 1, "months": months}],
        "targets": [
            {"name": "Year 1", "metric": "bookings", "period": "2027", "at_least": 3_000_000},
            {"name": "Large", "metric": "bookings", "period": "2027", "at_least": 900_000, "tag": {"size": "large"}},
            {"name": "Every quarter", "metric": "bookings", "period": "each-quarter", "at_least": 800_000}
        ]
    })
}

/// A single month: nothing to sum up, no band to follow.
pub fn one_month() -> Value {
    json!({
        "name": "One month", "start": "2027-01", "months": 1, "simulation": {"trials": 2000},
        "regions": {"home": {
            "leads": {"monthly": {"mean": 100, "cv": 0.2}}, "conversion": {"mean": 0.25, "sd": 0.02}, "cycle": {"mean_days": 5},
            "deal_size": {"mean": 15_000}
        }},
        "targets": [{"name": "January", "metric": "bookings", "period": "total", "at_least": 300_000}]
    })
}

/// Nothing but fixed numbers, and no target.
pub fn fixed() -> Value {
    json!({
        "name": "All fixed", "start": "2027-01", "months": 12, "simulation": {"trials": 2000},
        "regions": {"home": {"leads": {"monthly": 100}, "conversion": 0.25, "cycle": {"mean_days": 45}, "deal_size": {"mean": 15_000}}}
    })
}

/// A main figure that does not add up over months.
pub fn levels() -> Value {
    json!({
        "name": "Levels", "start": "2027-01", "months": 12, "currency": "USD", "simulation": {"trials": 2000},
        "regions": {"home": {
            "leads": {"monthly": {"mean": 100, "cv": 0.1}}, "conversion": {"low": 0.2, "mode": 0.25, "high": 0.32},
            "cycle": {"mean_days": 45}, "deal_size": {"mean": 15_000}
        }},
        "targets": [
            {"name": "Run rate", "metric": "arr", "period": "2027-12", "at_least": 3_500_000},
            {"name": "Always", "metric": "arr", "period": "each-month", "at_least": 100_000}
        ]
    })
}

/// A scenario that says `text` wherever it may say something, with everything that has a place on the page.
pub fn saying(text: &str) -> Value {
    saying_with(text, &addressed(text))
}

/// A text as a name that paths can point at, which has no brackets.
pub fn addressed(text: &str) -> String {
    text.replace(['[', ']'], "|")
}

/// The same with another text where a path points at the name.
pub fn saying_with(text: &str, addressed: &str) -> Value {
    let region = |tag: &str, leads: f64| {
        json!({
            "label": text, "tags": {"size": tag}, "note": text, "source": text,
            "leads": {"monthly": {"mean": leads, "cv": 0.3, "note": text, "source": text}, "note": text},
            "stages": [
                {"name": format!("{addressed}1"), "pass": {"mean": 0.5, "sd": 0.05, "note": text}, "mean_days": 10, "note": text},
                {"name": format!("{addressed}2"), "pass": 0.6, "mean_days": 10, "source": text}
            ],
            "deal_size": {"mean": {"mean": 4000, "cv": 0.1, "source": text}, "note": text, "source": text},
            "retention": {"value": 0.9, "source": text, "note": text},
            "exposure": {"leads": 1, "note": text, "source": text}
        })
    };
    json!({
        "name": text, "note": text, "source": text, "assumptions": [text, text], "start": "2027-01", "months": 14,
        "simulation": {"trials": 200, "seed": 1, "note": text}, "contract": {"term_months": 6, "note": text},
        "market": {"volatility": 0.1, "persistence": 0.5, "note": text, "source": text},
        "regions": {"north": region(text, 90.0), "south": region("small", 50.0)},
        "correlations": [{"between": ["regions.north.leads.monthly", "regions.south.leads.monthly"], "rho": 0.3, "note": text}],
        "investment": [{"name": text, "amount": 100_000, "from_month": 1, "months": 3, "note": text, "source": text}],
        "targets": [
            {"name": text, "metric": "bookings", "period": "2027", "at_least": 1_600_000, "note": text, "source": text},
            {"name": format!("{text}2"), "metric": "bookings", "period": "2027", "at_least": 900_000, "tag": {"size": text}},
            {"name": format!("{text}3"), "metric": "bookings", "period": "each-month", "at_least": 70_000}
        ],
        "calls": [{"who": text, "name": text, "period": "2027", "amount": 1_500_000, "note": text, "source": text}],
        "levers": [
            {"name": addressed, "cost": 1000, "multiply": {"regions.*.leads.monthly": 1.3}, "note": text, "source": text},
            {"name": format!("{addressed}2"), "cost": 0, "multiply": {"regions.north.deal_size.mean": 1.1}, "note": text}
        ],
        "stated": {
            "note": text, "source": text,
            "figures": [{"name": text, "metric": "bookings", "period": "2027", "value": 9_000_000, "note": text, "source": text}]
        }
    })
}

/// Texts that would leave their place on a page, run, or turn it around.
pub fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "</script><script>alert(1)</script>",
        "</title></style><svg onload=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "javascript:alert(1)",
        "<img src=x onerror=alert(1)>",
        "\u{202e}desrever",
        "nul\u{0}nul",
        "{{7*7}}${7*7}",
        "\u{1b}[31mred\u{1b}]0;title\u{7}",
        "<!--",
        "-->]]>",
        "&lt;b&gt;&#60;b&#62;",
        "</table></section></main>",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("long ".repeat(2000));
    texts.push("W".repeat(10_000));
    texts
}
