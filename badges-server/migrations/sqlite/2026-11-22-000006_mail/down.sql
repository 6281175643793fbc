DROP INDEX outbox_waited_for;
