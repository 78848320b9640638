-- What the decision rule needs of the counting looks of an iteration up to one of them, so that the next look need not go
-- through all of them. Looks after that one are added by whoever reads it.
CREATE TABLE looked (
  experiment TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (experiment, iteration)
) WITHOUT ROWID;

-- Events that name somebody as who it was before it was known, beside the subject that they are of.
CREATE INDEX event_alias ON event (doc ->> '$.anonymousId')
WHERE experiment IS NULL AND doc ->> '$.anonymousId' <> subject;
