DROP INDEX outbox_ended;
DROP INDEX outbox_dead;
DROP TABLE scheduled_awards;
