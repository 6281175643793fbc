DROP INDEX roles_organisation;
DROP INDEX awards_holder;
DROP TABLE contact_words;
