-- The program before cannot issue later what was promised: such awards are called back.
UPDATE awards SET state = 'cancelled' WHERE state = 'scheduled';
DROP INDEX outbox_ended;
DROP INDEX outbox_dead;
DROP TABLE scheduled_awards;
