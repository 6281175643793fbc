"""CPU of one verification of a file by openbadgeslib: no network, warmed up."""

import json
import sys
import time

from openbadgeslib.ob3.ldp import OB3LdpVerifier

FILE, SECONDS = sys.argv[1], float(sys.argv[2])
BATCH = 10
text = open(FILE, encoding="utf-8").read()
issuer = json.loads(text)["issuer"]["id"]


def verify(document):
    def no_network(*_, **__):
        raise OSError("there is no network here")

    return OB3LdpVerifier.for_issuer_did(issuer, no_network).verify(document)


try:
    verify(text.replace('"name":"', '"name":"changed ').replace('"name": "', '"name": "changed '))
except Exception:  # a refusal, whatever its class
    pass
else:
    sys.exit("takes a changed badge")
for _ in range(BATCH):
    verify(text)
batches, begun = [], time.process_time()
while time.process_time() < begun + SECONDS:
    start = time.process_time()
    for _ in range(BATCH):
        verify(text)
    batches.append((time.process_time() - start) / BATCH * 1e6)
batches.sort()
print(f"openbadgeslib {batches[0]:.0f} {batches[len(batches) // 2]:.0f}")
