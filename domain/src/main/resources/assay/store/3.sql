-- Exposures and outcomes may have a document too, of what the other columns do not say: the properties of an outcome, the
-- attributes that a subject was exposed with. The cohort is the one that an exposure falls into: new shares of the arms within
-- an iteration open the next.
ALTER TABLE event ADD COLUMN cohort INTEGER;

ALTER TABLE exposure ADD COLUMN cohort INTEGER NOT NULL DEFAULT 1;

ALTER TABLE exposure ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';

-- What a subject did, in an experiment or in none: events of no experiment count for all whose metric names their type. The
-- index is as narrow as can be, because subjects come in any order and each event touches another page of it.
DROP INDEX event_subject;

CREATE INDEX event_subject ON event (subject);

-- Exposed units by cohort and arm, in the transaction that exposes them. Those seen in several arms have the arm ''.
CREATE TABLE enrolled (
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  cohort INTEGER NOT NULL,
  arm TEXT NOT NULL,
  units INTEGER NOT NULL,
  PRIMARY KEY (experiment, iteration, cohort, arm)
) WITHOUT ROWID;

INSERT INTO enrolled
SELECT experiment, iteration, cohort, iif(several, '', variant), count(*) FROM exposure GROUP BY 1, 2, 3, 4;

-- How many events an iteration has of each metric, and of exposures under '': the number of the first, the time of the newest.
CREATE TABLE recorded (
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  metric TEXT NOT NULL,
  events INTEGER NOT NULL,
  first INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  PRIMARY KEY (experiment, iteration, metric)
) WITHOUT ROWID;

INSERT INTO recorded
SELECT experiment, iteration, coalesce(metric, ''), count(*), min(seq), max(at) FROM event
WHERE experiment IS NOT NULL GROUP BY 1, 2, 3;

-- The last event that counts for an iteration that has ended.
CREATE TABLE closing (
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (experiment, iteration)
) WITHOUT ROWID;

-- What is measured in the units of an iteration, and the last event that its totals and cells contain.
CREATE TABLE measure (
  id INTEGER PRIMARY KEY,
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  text TEXT NOT NULL,
  watermark INTEGER NOT NULL,
  UNIQUE (experiment, iteration, text)
);

CREATE INDEX measure_watermark ON measure (watermark);

-- What a unit has come to under a measure, if it did anything that counts; a sum is a number if it is one, else the bytes of
-- an exact sum. The cell is the one that the unit is in, 0 when it is not measured.
CREATE TABLE total (
  measure INTEGER NOT NULL,
  subject TEXT NOT NULL,
  cell INTEGER NOT NULL,
  exposed_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  nonzero INTEGER NOT NULL,
  sum NOT NULL,
  other_count INTEGER NOT NULL,
  other_nonzero INTEGER NOT NULL,
  other_sum NOT NULL,
  PRIMARY KEY (measure, subject)
) WITHOUT ROWID;

-- Exact sums over the units of one arm and cohort that have a total.
CREATE TABLE cell (
  measure INTEGER NOT NULL,
  number INTEGER NOT NULL,
  cohort INTEGER NOT NULL,
  arm TEXT NOT NULL,
  units INTEGER NOT NULL,
  nonzero INTEGER NOT NULL,
  sum BLOB NOT NULL,
  squares BLOB NOT NULL,
  other_sum BLOB NOT NULL,
  other_squares BLOB NOT NULL,
  products BLOB NOT NULL,
  PRIMARY KEY (measure, number)
) WITHOUT ROWID;

-- Events that no recorded run appended, `first` to `last`: those that were imported.
CREATE TABLE feed (
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL
);
