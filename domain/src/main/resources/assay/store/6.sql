-- Where the events of a subject are. Subjects come in any order, so as an index of the events each commit would touch it all
-- over; events are added when they are folded, many at a time and in order of subjects.
CREATE TABLE trail (
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (subject, seq)
) WITHOUT ROWID;

INSERT INTO trail SELECT subject, seq FROM event WHERE subject IS NOT NULL ORDER BY subject, seq;

-- One row: the last event that the trail contains.
CREATE TABLE trailed (
  seq INTEGER NOT NULL
);

INSERT INTO trailed SELECT coalesce(max(seq), 0) FROM event;

DROP INDEX event_subject;
