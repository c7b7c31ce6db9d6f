-- What holds now, ready to be read: these views stay as they are when tables change.
-- CROSS JOIN: figures are few and are looked through first; their numbers, which are many, are then found by figure.

CREATE VIEW actual_now AS
SELECT series, metric, scope, period, amount, given, note
FROM actual
WHERE amount IS NOT NULL
  AND id = (SELECT max(id) FROM actual AS other
            WHERE other.series = actual.series AND other.metric = actual.metric
              AND other.scope = actual.scope AND other.period = actual.period);

CREATE VIEW forecast_by_run AS
SELECT run.id AS run, run.at, run.night, run.series, figure.metric, figure.scope, figure.period,
       band.mean, band.sd, band.p5, band.p10, band.p25, band.p50, band.p75, band.p90, band.p95,
       band.se_mean, band.se_sd, band.se_p5, band.se_p10, band.se_p25, band.se_p50, band.se_p75, band.se_p90, band.se_p95,
       target.name AS target, target.at_least, target.probability, target.se_probability,
       actual_now.amount AS actual,
       figure.id = run.main_figure AS is_main, run.currency, run.version, run.seed, run.trials, run.scenario_hash
FROM figure
CROSS JOIN band ON band.figure = figure.id
JOIN run ON run.id = band.run AND run.series = figure.series AND run.replaced_by IS NULL
LEFT JOIN target ON target.figure = figure.id AND target.run = run.id
     AND target.place = (SELECT min(place) FROM target AS other WHERE other.figure = figure.id AND other.run = run.id)
LEFT JOIN actual_now ON actual_now.series = figure.series AND actual_now.metric = figure.metric
     AND actual_now.scope = figure.scope AND actual_now.period = figure.period;

CREATE VIEW target_by_run AS
SELECT run.id AS run, run.at, run.night, run.series, target.place, target.name, figure.metric, figure.scope, figure.period,
       target.at_least, target.probability, target.se_probability
FROM figure
CROSS JOIN target ON target.figure = figure.id
JOIN run ON run.id = target.run AND run.series = figure.series AND run.replaced_by IS NULL;

-- One row a series: its newest run, and how many there are.
CREATE VIEW series_now AS
SELECT run.series, run.name,
       (SELECT count(*) FROM run AS other WHERE other.series = run.series AND other.replaced_by IS NULL) AS runs,
       (SELECT at FROM run AS other WHERE other.series = run.series AND other.replaced_by IS NULL ORDER BY id LIMIT 1) AS first_at,
       run.at AS last_at, run.id AS last_run, run.currency, figure.metric, figure.scope, figure.period,
       band.p10, band.p50, band.p90, band.se_p10, band.se_p50, band.se_p90
FROM run
JOIN figure ON figure.id = run.main_figure
LEFT JOIN band ON band.figure = figure.id AND band.run = run.id
WHERE run.id IN (SELECT max(id) FROM run WHERE replaced_by IS NULL GROUP BY series);
