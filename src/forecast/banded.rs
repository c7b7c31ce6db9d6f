//! How what is written with its bands in one object is read: with the bands as fields of its own, so that a fault names its
//! field.

use serde::Deserialize;

use super::contribution::Contribution;
use super::document::{self, Bands, Diversification, Known, MonthsInside, RankCorrelation, VarianceShares, WorstTenth};
use crate::scenario::Metric;
use crate::units::Every;

/// An object as it is written: fields, bands, and the bands' errors.
macro_rules! banded {
    ($name:ident of $band:ty { $($field:ident: $kind:ty),* }) => {
        #[derive(Debug, Deserialize)]
        pub(super) struct $name {
            $($field: $kind,)*
            mean: $band,
            sd: $band,
            p5: $band,
            p10: $band,
            p25: $band,
            p50: $band,
            p75: $band,
            p90: $band,
            p95: $band,
            errors: Bands<$band>,
        }

        impl From<$name> for document::$name {
            fn from(x: $name) -> document::$name {
                let bands = Bands::from_columns([x.mean, x.sd, x.p5, x.p10, x.p25, x.p50, x.p75, x.p90, x.p95]);
                document::$name { $($field: x.$field,)* bands, errors: x.errors }
            }
        }
    };
}

banded!(Series of Vec<Known> { metric: Metric, scope: String, every: Every, plan: Vec<Known> });

banded!(MainFigure of Known {
    metric: Metric,
    scope: String,
    period: String,
    plan: Known,
    plan_percentile: Known,
    variance: Option<VarianceShares>,
    contributions: Vec<Contribution>,
    diversification: Option<Diversification>,
    rank_correlations: Vec<RankCorrelation>,
    worst_tenth: Option<WorstTenth>,
    months_inside: Vec<MonthsInside>
});

banded!(Independent of Known {});
