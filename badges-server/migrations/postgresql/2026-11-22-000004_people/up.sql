-- The words of people's names, so that somebody is found by any of them through an index.
CREATE TABLE contact_words (
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    word TEXT COLLATE "C" NOT NULL,
    contact_id UUID NOT NULL REFERENCES contacts (id),
    PRIMARY KEY (organisation_id, word, contact_id)
);
CREATE INDEX contact_words_contact ON contact_words (contact_id);

INSERT INTO contact_words (organisation_id, word, contact_id)
SELECT organisation_id, word, id FROM contacts, regexp_split_to_table(search_name, '[ .''-]+') AS word
WHERE word <> ''
ON CONFLICT DO NOTHING;

-- Who holds something below a node: the next contact of each badge is one step in this index.
CREATE INDEX awards_holder ON awards (badge_id, contact_id);
CREATE INDEX roles_organisation ON roles (organisation_id, id);
