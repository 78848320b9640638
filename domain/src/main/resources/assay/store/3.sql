-- Exposures and outcomes may have a document too, of what the other columns do not say: the properties of an outcome, the
-- attributes that a subject was exposed with. The cohort is the one that an exposure falls into: new shares of the arms within
-- an iteration open the next.
ALTER TABLE event ADD COLUMN cohort INTEGER;

ALTER TABLE exposure ADD COLUMN cohort INTEGER NOT NULL DEFAULT 1;

ALTER TABLE exposure ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';

-- Events of no experiment count for every experiment whose metric names their type.
CREATE INDEX event_free ON event (subject, kind, at) WHERE experiment IS NULL;
