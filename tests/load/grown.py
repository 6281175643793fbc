"""Whether lists, pages and the start slow down as an installation grows; `run --grown` calls it after each bulk list."""

import http.cookiejar
import json
import re
import statistics
import subprocess
import time
import urllib.parse
import urllib.request

TIMES = 25


class Browser:
    """Somebody who has signed in."""

    def __init__(self, base, link):
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = self.opener.open(self.base + urllib.parse.urlsplit(link).path).read().decode()
        form = re.search(r'<form[^>]*action="([^"]+)".*?</form>', page, re.S)
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[0]))
        request = urllib.request.Request(self.base + form[1], urllib.parse.urlencode(hidden).encode())
        # Where the link leads, which is the address that the installation goes by.
        request.add_header("Origin", "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(link)))
        self.opener.open(request).read()

    def get(self, path):
        with self.opener.open(self.base + path) as answer:
            return answer.read()


def paths(server, badge):
    """What is asked for: by the API, then as pages; with what narrows a list, and far into one."""
    first = server.call("GET", "/api/v1/awards?limit=50", None)
    award = first["items"][0]
    contact = server.call("GET", "/api/v1/contacts?limit=1", None)["items"][0]
    after = urllib.parse.quote(first["next"])
    email = urllib.parse.quote(contact.get("email") or "b10000-77@example.org")
    api = [
        "/api/v1/awards?limit=50",
        f"/api/v1/awards?limit=50&after={after}",
        f"/api/v1/awards?limit=50&badge={badge}",
        "/api/v1/awards?limit=50&state=revoked",
        f"/api/v1/awards/{award['id']}",
        "/api/v1/contacts?limit=50",
        f"/api/v1/contacts?limit=50&q={email}",
        "/api/v1/contacts?limit=50&q=person",
        f"/api/v1/contacts/{contact['id']}",
        "/api/v1/audit?limit=50",
        "/api/v1/outbox?limit=50",
        "/api/v1/badges?limit=50",
        "/api/v1/batches?limit=50",
    ]
    pages = [
        "/",
        "/badges",
        "/badges/astronaut",
        f"/awards/{award['id']}",
        f"/awards/{award['id']}/staff",
        "/awards",
        "/awards?state=revoked",
        "/contacts",
        "/contacts?q=person",
        f"/contacts/{contact['id']}",
        "/audit",
        "/outbox",
        "/people",
        "/me",
    ]
    return api, pages


def taken(ask):
    """The median of a few, in milliseconds, after one that is not counted."""
    ask()
    found = []
    for _ in range(TIMES):
        started = time.perf_counter()
        ask()
        found.append((time.perf_counter() - started) * 1e3)
    return statistics.median(found)


def grown(server, badge, rows, seen):
    """Prints how long each takes, beside what it took at the first number of rows; then starts the server anew."""
    link = server.say("sign-in-link", "owner@example.org")["link"]
    browser = Browser(server.base, link)
    api, pages = paths(server, badge)
    for path in api:
        tell(path, seen, taken(lambda path=path: server.call("GET", path, None)))
    for path in pages:
        tell("page " + path, seen, taken(lambda path=path: browser.get(path)))
    server.stop()
    started = []
    for _ in range(5):
        before = time.perf_counter()
        server.start()
        urllib.request.urlopen(server.base + "/badges/astronaut").read()
        started.append((time.perf_counter() - before) * 1e3)
        time.sleep(1)
        resident = server.resident()
        server.stop()
    server.start()
    print(f"with {rows} rows: first page {statistics.median(started):.0f} ms after the start, {resident:.1f} MiB at rest", flush=True)


def tell(path, seen, milliseconds):
    name = re.sub(r"(awd|ctc|con|bdg)_[a-z0-9]+|after=[^&]+|q=[^&]*%40[^&]*", lambda found: found[0][:5] + "..", path)
    first = seen.setdefault(name, milliseconds)
    print(f"    {name:48} {milliseconds:7.2f} ms  {milliseconds / first:5.2f} of the first", flush=True)
