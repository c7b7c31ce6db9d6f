-- Forecasts, run by run. Numbers that are unknown are NULL, never 0. Times are UTC, as 2027-03-01T02:00:00Z.

CREATE TABLE scenario (
    id INTEGER PRIMARY KEY,
    -- Of the text beside it: nights on which nothing was changed share one row.
    sha256 TEXT NOT NULL UNIQUE,
    -- The resolved scenario in JSON, after extends and --set.
    json TEXT NOT NULL
) STRICT;

-- A metric (total_bookings) of a scope (a region's key, tag=value, total) in a period (2027-03, 2027-Q1, 2027, total), of one series.
CREATE TABLE figure (
    id INTEGER PRIMARY KEY,
    series TEXT NOT NULL,
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    period TEXT NOT NULL,
    UNIQUE (series, metric, scope, period)
) STRICT;

CREATE TABLE run (
    -- The order in which runs were written down; a number is never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What is forecast again and again: the stem of the scenario's file.
    series TEXT NOT NULL,
    -- When, by the clock of the machine.
    at TEXT NOT NULL,
    -- Which night's run it is, where it is one: there is one run a night.
    night TEXT,
    -- The run that took the place of this one: the same night's. Such a run is no more looked at.
    replaced_by INTEGER,
    -- The scenario's name.
    name TEXT NOT NULL,
    -- The program's.
    version TEXT NOT NULL,
    -- SHA-256 of the scenario's meaning: the same hash, the same law and questions.
    scenario_hash TEXT NOT NULL,
    -- In decimal digits: a seed may be larger than an INTEGER.
    seed TEXT NOT NULL,
    trials INTEGER NOT NULL,
    scenario INTEGER NOT NULL REFERENCES scenario (id),
    currency TEXT NOT NULL,
    -- The first month, and how many.
    start TEXT NOT NULL,
    months INTEGER NOT NULL,
    -- The calendar month, 1 to 12, in which the fiscal year begins.
    fiscal_first_month INTEGER NOT NULL,
    -- The figure that heads the run's answer.
    main_figure INTEGER NOT NULL REFERENCES figure (id)
) STRICT;

CREATE INDEX run_by_series ON run (series);
CREATE INDEX run_by_time ON run (series, at);
CREATE INDEX run_by_scenario ON run (scenario);
CREATE UNIQUE INDEX one_run_a_night ON run (series, night) WHERE night IS NOT NULL AND replaced_by IS NULL;

-- What a run said of a figure, and the Monte Carlo standard error of each number. A figure's runs lie beside each other, so that its
-- past is read in one go; for that reason run refers to the table run without being held to it.
CREATE TABLE band (
    figure INTEGER NOT NULL REFERENCES figure (id),
    run INTEGER NOT NULL,
    mean REAL, sd REAL, p5 REAL, p10 REAL, p25 REAL, p50 REAL, p75 REAL, p90 REAL, p95 REAL,
    se_mean REAL, se_sd REAL, se_p5 REAL, se_p10 REAL, se_p25 REAL, se_p50 REAL, se_p75 REAL, se_p90 REAL, se_p95 REAL,
    PRIMARY KEY (figure, run)
) STRICT, WITHOUT ROWID;

-- A level that a run's scenario asks a figure to reach, and the chance that it does. Its figure's period may be each-month or each-quarter.
CREATE TABLE target (
    figure INTEGER NOT NULL REFERENCES figure (id),
    run INTEGER NOT NULL,
    -- Its place among the targets of the scenario, from 1.
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    at_least REAL NOT NULL,
    probability REAL,
    se_probability REAL,
    PRIMARY KEY (figure, run, place)
) STRICT, WITHOUT ROWID;

-- What a figure came to. Rows are only ever added: the last one of a series, metric, scope and period holds, and one without an amount
-- takes back what was given before.
CREATE TABLE actual (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    series TEXT NOT NULL,
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    period TEXT NOT NULL,
    amount REAL,
    -- When it was given.
    given TEXT NOT NULL,
    note TEXT
) STRICT;

CREATE INDEX actual_by_figure ON actual (series, metric, scope, period);
