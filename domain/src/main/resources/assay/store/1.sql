CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- One row an object, deleted ones too. The document holds the declared fields; times are milliseconds since 1970.
CREATE TABLE object (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  doc TEXT NOT NULL
);

CREATE VIRTUAL TABLE object_text USING fts5 (
  words, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);

-- One row a verb, never changed: who did what to which object, when and why, and the document after it.
-- The detail tells what a verb did elsewhere, such as how many events it appended.
CREATE TABLE action (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  object TEXT NOT NULL,
  type TEXT NOT NULL,
  verb TEXT NOT NULL,
  event TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  doc TEXT NOT NULL,
  detail TEXT
);

CREATE INDEX action_object ON action (object, seq);

CREATE INDEX action_type ON action (type, at);

-- What happened, append-only. Exposures and outcomes of experiments fill the middle columns and have no document.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  experiment TEXT,
  iteration INTEGER,
  subject TEXT,
  variant TEXT,
  metric TEXT,
  value REAL,
  at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  doc TEXT
);

CREATE INDEX event_subject ON event (experiment, subject, metric, at) WHERE experiment IS NOT NULL;

CREATE INDEX event_kind ON event (kind, at);

CREATE INDEX event_created ON event (created_at, id);

-- A subject's first exposure in an iteration, which decides its variant.
CREATE TABLE exposure (
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  subject TEXT NOT NULL,
  variant TEXT NOT NULL,
  at INTEGER NOT NULL,
  several INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (experiment, iteration, subject)
) WITHOUT ROWID;

-- Every time somebody read results: what they saw, and whether it counts toward the rule.
CREATE TABLE look (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  watermark INTEGER NOT NULL,
  counts INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  numbers TEXT NOT NULL
);

CREATE INDEX look_experiment ON look (experiment, iteration, seq);
