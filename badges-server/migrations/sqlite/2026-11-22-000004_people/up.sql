-- The words of people's names, so that somebody is found by any of them through an index.
CREATE TABLE contact_words (
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    word TEXT NOT NULL,
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    PRIMARY KEY (organisation_id, word, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_words_contact ON contact_words (contact_id);

WITH RECURSIVE split (organisation_id, contact_id, word, rest) AS (
    SELECT organisation_id, id, '', replace(replace(replace(search_name, '-', ' '), '''', ' '), '.', ' ') || ' '
    FROM contacts WHERE search_name IS NOT NULL
    UNION ALL
    SELECT organisation_id, contact_id, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
    FROM split WHERE rest <> ''
)
INSERT OR IGNORE INTO contact_words (organisation_id, word, contact_id)
SELECT organisation_id, word, contact_id FROM split WHERE word <> '';

-- Who holds something below a node: the next contact of each badge is one step in this index.
CREATE INDEX awards_holder ON awards (badge_id, contact_id);
CREATE INDEX roles_organisation ON roles (organisation_id, id);
