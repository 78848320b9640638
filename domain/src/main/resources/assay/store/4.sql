-- The items of datasets, which are many: one row an item, never changed. The hash tells its content from every other.
CREATE TABLE item (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset TEXT NOT NULL,
  id TEXT NOT NULL,
  split TEXT NOT NULL,
  hash TEXT NOT NULL,
  input TEXT NOT NULL,
  expected TEXT,
  attributes TEXT NOT NULL,
  UNIQUE (dataset, id)
);

CREATE INDEX item_split ON item (dataset, split, seq);

-- What a judge said of something that was judged again, by itself or by a person. The position is where the judged output
-- stood, the length that of the output, or how much longer it was than the other one.
CREATE TABLE calibration (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  judge TEXT NOT NULL,
  item TEXT NOT NULL,
  score REAL NOT NULL,
  again REAL,
  human REAL,
  position TEXT NOT NULL,
  length REAL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  UNIQUE (judge, item, position)
);
