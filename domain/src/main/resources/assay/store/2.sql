-- The texts of the scripts that were run, each kept once.
CREATE TABLE script (
  hash TEXT PRIMARY KEY,
  source TEXT NOT NULL
) WITHOUT ROWID;

-- One row a script that was kept and changed something, or had an idempotency key: what it takes to run it again. Params and
-- reply stand apart from the rest because they may hold what somebody wants erased. The marks are the last numbers in the
-- action log, the events and the looks when it ended, its own included, but for the looks.
CREATE TABLE run (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  script TEXT NOT NULL,
  params TEXT,
  seed INTEGER NOT NULL,
  program TEXT NOT NULL,
  result TEXT NOT NULL,
  idempotency_key TEXT UNIQUE,
  fingerprint TEXT,
  reply TEXT,
  action_mark INTEGER NOT NULL,
  event_mark INTEGER NOT NULL,
  look_mark INTEGER NOT NULL
);

ALTER TABLE action ADD COLUMN run TEXT;

CREATE INDEX action_run ON action (run) WHERE run IS NOT NULL;

-- Events up to this one belong to no run.
INSERT INTO setting SELECT 'events_before_runs', coalesce(max(seq), 0) FROM event;
