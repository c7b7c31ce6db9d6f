//! The columns of the tables that a scenario names, with the names that Salesforce, HubSpot and Pipedrive give them in their exports.

#[cfg(feature = "history")]
use crate::tables::CellKind::Figure;
#[cfg(feature = "fit")]
use crate::tables::CellKind::Tick;
use crate::tables::CellKind::{Currency, Day, Month, Number, Open, Period, Share, Text, Word};
use crate::tables::{CellKind, Column, Layout};

const fn column(key: &'static str, kind: CellKind) -> Column {
    Column { key, kind, required: false, unless: None, names: &[] }
}

impl Column {
    const fn required(self) -> Column {
        Column { required: true, ..self }
    }

    /// Required in a table that has not another column.
    const fn required_without(self, other: &'static str) -> Column {
        Column { required: true, unless: Some(other), ..self }
    }

    const fn or(self, names: &'static [&'static str]) -> Column {
        Column { names, ..self }
    }
}

static ACTUALS: Layout = Layout {
    columns: &[
        column("region", Text).required(),
        column("metric", Word).required(),
        MONTH,
        column("amount", Number).required(),
    ],
    others: true,
};

const MONTH: Column = column("month", Period).required().or(&["period"]);

/// What a table of actuals holds that is written down in a history: that of a scenario, and also longer periods, any metric (the main figure's
/// where none stands), any scope (the total where none stands), remarks.
#[cfg(feature = "history")]
pub(crate) static RECORDED_ACTUALS: Layout = Layout {
    columns: &[
        column("region", Text),
        column("metric", Text),
        MONTH,
        column("amount", Figure).required(),
        column("note", Text),
        column("source", Text),
    ],
    others: false,
};

// What systems call some columns, here and there.
const IDS: &[&str] = &[
    "opportunity id",
    "opportunity id 18",
    "opportunity id (18)",
    "opportunityid",
    "record id",
    "deal id",
    "hs_object_id",
    "deal_id",
    "opportunity_id",
    "deal - id",
    "deal - system id",
    "deal - pipedrive system id",
];
const CREATED: &[&str] = &[
    "created date",
    "createddate",
    "created_date",
    "create date",
    "createdate",
    "created_at",
    "deal - deal created",
    "deal - deal created on",
    "deal - creation date",
    "deal - add time",
    "add time",
];
const STAGES: &[&str] =
    &["stagename", "stage_name", "deal stage", "deal_stage", "dealstage", "deal - stage", "deal - stage (pipeline)"];
const AMOUNTS: &[&str] = &["amount (converted)", "amount in company currency", "deal - value", "value"];
const CURRENCIES: &[&str] = &[
    "amount currency",
    "opportunity currency",
    "currencyisocode",
    "deal_currency_code",
    "deal - currency of value",
    "deal - currency",
];

static PIPELINE: Layout = Layout {
    columns: &[
        column("id", Text).required().or(IDS),
        column("region", Text),
        // Where each row states its chance, age decides little: without this column deals are as old as the as-of day.
        column("created", Day).required_without("win_probability").or(CREATED),
        column("stage", Text).or(STAGES),
        column("stage_since", Day).or(&[
            "last stage change date",
            "laststagechangedate",
            "date entered current stage",
            "deal - last stage change",
            "deal - stage change time",
        ]),
        column("amount", Number).or(AMOUNTS),
        column("close_date", Day).or(&["close date", "closedate", "expected close date", "deal - expected close date"]),
        column("win_probability", Share).or(&[
            "chance",
            "win probability",
            "probability (%)",
            "probability",
            "deal probability",
            "hs_deal_stage_probability",
            "deal - probability",
        ]),
        column("count", Number),
        column("label", Text).or(&["opportunity name", "name", "deal name", "deal - title", "title"]),
        column("currency", Currency).or(CURRENCIES),
        column("status", Open).or(&["deal - status", "closed", "isclosed", "is_closed", "is closed", "hs_is_closed"]),
    ],
    others: true,
};

static CONTRACTS: Layout = Layout {
    columns: &[
        column("id", Text).required(),
        column("region", Text),
        column("annual_value", Number).required(),
        column("renews", Month).required(),
        column("count", Number),
        column("term_months", Number),
        column("label", Text),
    ],
    others: true,
};

/// The columns of an export of opportunities, open, won and lost. `close_date` is the one column of systems that have one for the day of
/// closing and the one that is expected; `id` may be missing.
#[cfg(feature = "fit")]
pub(crate) static OPPORTUNITIES: Layout = Layout {
    columns: &[
        column("id", Text).or(IDS),
        column("region", Text).or(&["territory", "sales region", "account region", "deal - region"]),
        column("created", Day).or(CREATED),
        column("closed", Day).or(&[
            "closed_at",
            "closed date",
            "close time",
            "deal - deal closed on",
            "deal - closed on",
            "deal - close time",
        ]),
        column("won_on", Day).or(&["deal - won time", "won time"]),
        column("lost_on", Day).or(&["deal - lost time", "lost time"]),
        column("close_date", Day).or(&["close date", "closedate"]),
        column("expected", Day).or(&["expected close date", "expected_close_date", "deal - expected close date"]),
        column("stage", Text).or(STAGES),
        column("status", Text).or(&["deal - status", "outcome", "close_outcome"]),
        column("is_won", Tick).or(&["won", "iswon", "is closed won", "hs_is_closed_won", "is_closed_won"]),
        column("is_lost", Tick).or(&["is closed lost", "hs_is_closed_lost", "is_closed_lost"]),
        column("is_closed", Tick).or(&["closed", "closed?", "isclosed", "is closed", "hs_is_closed"]),
        column("amount", Number).or(AMOUNTS),
        column("currency", Currency).or(CURRENCIES),
    ],
    others: true,
};

/// The columns of a history of stages in long form: when each deal entered each stage.
#[cfg(feature = "fit")]
pub(crate) static STAGE_HISTORY: Layout = Layout {
    columns: &[
        column("id", Text).or(IDS),
        column("stage", Text).or(&["to stage", "stagename", "stage_name", "deal stage", "dealstage", "new value"]),
        column("entered", Day).or(&[
            "entered_at",
            "last modified",
            "createddate",
            "created date",
            "date entered",
            "edit date",
        ]),
    ],
    others: true,
};

/// The columns of the table of a section.
pub(super) fn layout(section: &str) -> &'static Layout {
    match section {
        "actuals" => &ACTUALS,
        "pipeline" => &PIPELINE,
        _ => &CONTRACTS,
    }
}

/// The columns that the table of a section may have, by their own names.
pub(crate) fn columns(section: &str) -> impl Iterator<Item = &'static str> {
    let columns = layout(section).columns.iter().filter(|column| !matches!(column.kind, Currency | Open));
    columns.map(|column| column.key)
}
