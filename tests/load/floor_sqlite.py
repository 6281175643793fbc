"""Copies the rows of awards into an empty database, so many in a commit, and says how fast.

usage: floor_sqlite.py SOURCE TARGET BATCH AWARDS
"""

import json
import sqlite3
import sys
import time

source, target = sys.argv[1:3]
batch, most = map(int, sys.argv[3:])
old = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
schema = old.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").fetchall()
old.close()

new = sqlite3.connect(target, isolation_level=None)
for pragma in ["journal_mode = WAL", "synchronous = FULL", "cache_size = -8192", "temp_store = MEMORY", "wal_autocheckpoint = 4000"]:
    new.execute(f"PRAGMA {pragma}")
for (sql,) in schema:
    new.execute(sql)
new.execute("ATTACH ? AS old", (source,))
for table in ["images", "issuers", "keys", "badges", "badge_versions", "status_lists"]:
    new.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table}")
owner = "(SELECT contact_id FROM old.accounts)"
new.execute(f"INSERT INTO main.contacts SELECT * FROM old.contacts WHERE id IN {owner}")
new.execute(f"INSERT INTO main.identities SELECT * FROM old.identities WHERE contact_id IN {owner}")
new.execute("INSERT INTO main.accounts SELECT * FROM old.accounts")
new.execute("PRAGMA foreign_keys = ON")

ids = [id for (id,) in new.execute("SELECT id FROM old.awards ORDER BY id LIMIT ?", (most,))]
started = time.monotonic()
for at in range(0, len(ids), batch):
    group = ids[at : at + batch]
    between = "FROM old.awards WHERE id BETWEEN ? AND ?"
    ends = (group[0], group[-1])
    new.execute("BEGIN IMMEDIATE")
    new.execute("INSERT INTO main.quotas SELECT * FROM old.quotas WHERE true ON CONFLICT DO UPDATE SET used = quotas.used + 1")
    for table, key, column in [
        ("contacts", "id", "contact_id"),
        ("identities", "id", "identity_id"),
        ("awards", "id", "id"),
        ("credentials", "award_id", "id"),
        ("outbox", "award_id", "id"),
    ]:
        new.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table} WHERE {key} IN (SELECT {column} {between})", ends)
    rows = [
        (at + 1, number, id, "acc_00000000000000000000000000", "award", f"awd_{at + number:026}", "bdg_00000000000000000000000000", 0)
        for number, id in enumerate(group)
    ]
    new.executemany("INSERT INTO main.audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    new.execute("INSERT INTO main.audit_links VALUES (?, ?, ?, ?, 0)", (at + 1, bytes(32), bytes(32), bytes(32)))
    new.execute("COMMIT")
print(json.dumps({"rate": len(ids) / (time.monotonic() - started), "awards": len(ids)}))
