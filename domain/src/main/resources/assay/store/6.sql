-- Where the events of a subject are. Subjects come in any order, so as an index of the events each commit would touch it all
-- over; events are added when they are folded, many at a time and in order of subjects: first to a small table, from where
-- subjects move on to the large one as many neighbours at once.
CREATE TABLE trail (
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (subject, seq)
) WITHOUT ROWID;

CREATE TABLE trail_new (
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (subject, seq)
) WITHOUT ROWID;

INSERT INTO trail SELECT subject, seq FROM event WHERE subject IS NOT NULL ORDER BY subject, seq;

-- One row: the last event that both contain, how many rows are in the small one, and the last subject that moved on.
CREATE TABLE trailed (
  seq INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  moved TEXT NOT NULL
);

INSERT INTO trailed SELECT coalesce(max(seq), 0), 0, '' FROM event;

DROP INDEX event_subject;
