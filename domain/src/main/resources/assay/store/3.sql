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
