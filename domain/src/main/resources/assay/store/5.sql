-- One row a work unit of a leased experiment that was ever leased: an item under an arm, once for each repetition. The place is
-- that of the item and repetition in the order drawn for the iteration; each arm goes through the places and leaves none out.
-- The status is leased, judging (it was run, and waits for a judge), recorded, failed or forgotten.
CREATE TABLE work_unit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  arm TEXT NOT NULL,
  place INTEGER NOT NULL,
  item TEXT NOT NULL,
  repetition INTEGER NOT NULL,
  subject TEXT NOT NULL,
  status TEXT NOT NULL,
  worker TEXT,
  leased_at INTEGER NOT NULL,
  leased_by TEXT NOT NULL,
  recorded_at INTEGER,
  output TEXT,
  score REAL,
  metrics TEXT,
  error TEXT,
  UNIQUE (experiment, iteration, arm, place)
);

CREATE INDEX work_unit_status ON work_unit (experiment, iteration, status, place);

CREATE INDEX work_unit_item ON work_unit (item);

CREATE INDEX work_unit_subject ON work_unit (subject);

-- One row a lease, to run a unit or to judge it: who may record it until when, and what it holds of the tokens and of the money
-- (billionths). Its state is open, recorded or lost: it had run out, and the unit was leased again. What was recorded is kept as
-- a fingerprint beside the answer, so that the same record again has the same answer.
CREATE TABLE lease (
  id TEXT PRIMARY KEY,
  unit INTEGER NOT NULL,
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  worker TEXT,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  money INTEGER NOT NULL,
  fingerprint TEXT,
  answer TEXT
) WITHOUT ROWID;

-- Tokens and money are in it so that what is reserved is summed from the index alone.
CREATE INDEX lease_open ON lease (experiment, iteration, purpose, expires_at, tokens, money) WHERE state = 'open';

CREATE INDEX lease_unit ON lease (unit);

-- What an iteration has used up: units that were ever leased, and what was recorded or lost of tokens and money (billionths).
CREATE TABLE spent (
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  units INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  money INTEGER NOT NULL,
  PRIMARY KEY (experiment, iteration)
) WITHOUT ROWID;
