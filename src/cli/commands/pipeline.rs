//! `revcast pipeline`: what may become of each open deal.

use std::path::PathBuf;

use clap::Args;

use crate::analysis::{PipelineQuestion, column_names, pipeline, pipeline_bytes};
use crate::cli::exit::{Failure, refused};
use crate::cli::figure_args::{period, target};
use crate::cli::limits::{MAX_BYTES, check_size, warn_if_long};
use crate::cli::options::{OutputOptions, SimulationOptions};
use crate::cli::output_folder::{Analysis, Found, Views};
use crate::cli::question::{Question, folder};
use crate::cli::scenario_source::{Plan, ScenarioSource};
use crate::cli::session::Session;
use crate::documents::{Document, Header};
use crate::engine::{Execution, make_tables, seconds};
use crate::units::closest;
use crate::{charts, findings};

/// The arguments of `revcast pipeline`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PipelineArgs {
    #[command(flatten)]
    source: ScenarioSource,
    /// The target that deals are to move [default: the first whose period is not over]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The period in which deals are to be won, such as 2027-Q3 [default: that of the first target]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Group the deals by a column of their list, such as owner, or by region or stage
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    #[command(flatten)]
    simulation: SimulationOptions,
}

impl Question for PipelineArgs {
    fn out(&self) -> PathBuf {
        folder(&self.simulation, &self.source, "-pipeline")
    }

    fn output(&self) -> &OutputOptions {
        &self.simulation.output
    }

    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure> {
        let PipelineArgs { source, simulation, .. } = self;
        let (Plan { mut scenario, model }, output) = (source.plan(session, simulation.settings())?, &simulation.output);
        scenario.date = simulation.day.day()?;
        if !model.has_open_deals() && model.regions.iter().all(|region| region.contracts.is_empty()) {
            return Err(refused(
                &source.scenario.display().to_string(),
                "no open deals and no contracts in force",
                "a scenario with pipeline or contracts",
                "give it \"pipeline\": \"deals.csv\", or make one of a list of deals: revcast new plan.json --pipeline deals.csv",
            ));
        }
        let mut question = PipelineQuestion::of_run(&model);
        if let Some(name) = &self.target {
            question.target = target(&model, name)?.target().cloned();
        }
        if let Some(text) = &self.period {
            question.period = Some(period(&model, text)?);
        }
        if let Some(name) = &self.by {
            let names = column_names(&scenario);
            let found = names.iter().find(|known| known.eq_ignore_ascii_case(name));
            let allowed = || format!("one of {}", names.join(", "));
            question.by =
                Some(found.ok_or_else(|| refused("--by", name, &allowed(), &closest(name, names.iter())))?.clone());
        }
        check_size(&model, MAX_BYTES, |trials| pipeline_bytes(&model.with_trials(trials)))?;
        session.check(&self.out())?;
        let execution = session.execution(output.workers());
        warn_if_long(&model, seconds(&model), &execution.workers, output.quiet);
        let found = session.shown(&execution.monitor, (model.trials, 1), output.quiet, || {
            make_tables(&model, &execution.workers);
            pipeline(&scenario, &model, &question, &execution)
        });
        let found = found.map_err(|error| Failure::of_run(error, &scenario))?;
        let found = Document::new(Header::new(&scenario, &model), found);

        let views = Views {
            tables: |found| {
                let mut tables = vec![
                    ("pipeline.csv", vec![findings::deals_table(found, &found.header)]),
                    ("contracts.csv", vec![findings::contracts_table(&found.contracts, &found.header.currency)]),
                ];
                if found.by.is_some() {
                    tables.push(("groups.csv", vec![findings::groups_table(&found.groups)]));
                }
                tables
            },
            page: None,
            charts: |found, size| charts::of_pipeline(found, size),
            finding: findings::pipeline,
        };
        Ok((Box::new(Analysis::new(found, views)), execution))
    }
}
