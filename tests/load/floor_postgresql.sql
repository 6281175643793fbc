-- Copies the rows of awards into empty tables with the same constraints and indexes, so many in a commit.
-- psql -v batch=8 -v most=10000 -f floor_postgresql.sql
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = error;
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
CREATE TABLE floor.size (batch int, most int);
INSERT INTO floor.size VALUES (:batch, :most);
DO $$
DECLARE
    name text;
    one record;
    names text[] := ARRAY['images', 'issuers', 'keys', 'badges', 'badge_versions', 'status_lists', 'contacts',
        'identities', 'accounts', 'awards', 'credentials', 'outbox', 'audit', 'audit_links', 'quotas'];
BEGIN
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('CREATE TABLE floor.%I (LIKE public.%I INCLUDING ALL)', name, name);
    END LOOP;
    FOREACH name IN ARRAY names[1:6] LOOP
        EXECUTE format('INSERT INTO floor.%I SELECT * FROM public.%I', name, name);
    END LOOP;
    INSERT INTO floor.contacts SELECT * FROM public.contacts WHERE id IN (SELECT contact_id FROM public.accounts);
    INSERT INTO floor.identities
        SELECT * FROM public.identities WHERE contact_id IN (SELECT contact_id FROM public.accounts);
    INSERT INTO floor.accounts SELECT * FROM public.accounts;
    FOR one IN
        SELECT c.conname, t.relname, pg_get_constraintdef(c.oid) AS means, f.relname AS refers
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
        WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace
            AND t.relname = ANY (names) AND f.relname = ANY (names)
    LOOP
        EXECUTE format('ALTER TABLE floor.%I ADD CONSTRAINT %I %s', one.relname, one.conname,
            replace(one.means, 'REFERENCES ' || one.refers, 'REFERENCES floor.' || one.refers));
    END LOOP;
END $$;
ANALYZE public.awards, public.contacts, public.identities, public.credentials, public.outbox;
CREATE TEMP TABLE took (seconds float);
DO $$
DECLARE
    size floor.size;
    ids uuid[];
    part uuid[];
    people uuid[];
    at int := 1;
    started timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO size FROM floor.size;
    SELECT array_agg(id) INTO ids FROM (SELECT id FROM public.awards ORDER BY id LIMIT size.most) AS first;
    WHILE at <= cardinality(ids) LOOP
        part := ids[at : at + size.batch - 1];
        SELECT array_agg(contact_id) INTO people FROM public.awards WHERE id = ANY (part);
        INSERT INTO floor.quotas SELECT * FROM public.quotas
            ON CONFLICT (holder, name, day) DO UPDATE SET used = quotas.used + 1;
        INSERT INTO floor.contacts SELECT * FROM public.contacts WHERE id = ANY (people);
        INSERT INTO floor.identities SELECT * FROM public.identities WHERE contact_id = ANY (people);
        INSERT INTO floor.awards SELECT * FROM public.awards WHERE id = ANY (part);
        INSERT INTO floor.credentials SELECT * FROM public.credentials WHERE award_id = ANY (part);
        INSERT INTO floor.outbox SELECT * FROM public.outbox WHERE award_id = ANY (part);
        INSERT INTO floor.audit SELECT at, number, (SELECT organisation_id FROM public.awards LIMIT 1),
            'acc_00000000000000000000000000', 'award', 'awd_' || lpad((at + number)::text, 26, '0'),
            'bdg_00000000000000000000000000', 0 FROM generate_series(0, cardinality(part) - 1) AS number;
        INSERT INTO floor.audit_links VALUES (at, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'),
            decode(repeat('00', 32), 'hex'), 0);
        COMMIT;
        at := at + size.batch;
    END LOOP;
    INSERT INTO took VALUES (extract(epoch FROM clock_timestamp() - started));
    DELETE FROM floor.size;
    INSERT INTO floor.size VALUES (size.batch, cardinality(ids));
END $$;
\pset format unaligned
\pset tuples_only on
SELECT json_build_object('rate', most / seconds, 'awards', most) FROM took, floor.size;
DROP SCHEMA floor CASCADE;
