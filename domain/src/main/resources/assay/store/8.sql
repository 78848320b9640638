-- How many items of the same dataset and split were added before an item: units are leased by it, in an order of their own.
ALTER TABLE item ADD COLUMN place INTEGER;

UPDATE item SET place = numbered.place
  FROM (SELECT seq, row_number() OVER (PARTITION BY dataset, split ORDER BY seq) - 1 AS place FROM item) AS numbered
  WHERE item.seq = numbered.seq;

CREATE UNIQUE INDEX item_place ON item (dataset, split, place);
