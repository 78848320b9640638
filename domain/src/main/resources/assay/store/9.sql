-- A correction takes an event back and puts another one in its place: two rows with the id of the event that they are about, the
-- first with the sign -1 and all that the event had.
ALTER TABLE event ADD COLUMN corrects TEXT;

ALTER TABLE event ADD COLUMN sign INTEGER NOT NULL DEFAULT 1;

CREATE INDEX event_corrects ON event (corrects, seq) WHERE corrects IS NOT NULL;
