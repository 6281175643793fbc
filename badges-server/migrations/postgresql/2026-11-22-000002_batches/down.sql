DROP INDEX awards_batch_identity;
DROP TABLE batch_refusals;
DROP TABLE batch_pieces;
DROP TABLE batches;
