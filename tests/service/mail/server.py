"""A mail server that others wrote (aiosmtpd): answers as the test has it answer, and keeps what it takes as Python reads it.

    server.py FOLDER OPTIONS    OPTIONS is JSON: port, certificate, key, wrapped, user, password

FOLDER/answers.json holds what is said to an address instead of yes; while FOLDER/hold exists, a mail that was taken is
not confirmed. Each mail becomes one file of JSON in FOLDER/mails.
"""

import asyncio
import base64
import email
import email.policy
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, options = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
mails = folder / "mails"
mails.mkdir(parents=True, exist_ok=True)


def read(envelope, session):
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    parts = [
        {
            "type": part.get_content_type(),
            "name": part.get_filename(),
            "bytes": base64.b64encode(part.get_payload(decode=True)).decode(),
        }
        for part in mail.walk()
        if not part.is_multipart()
    ]
    return {
        "headers": [[name, str(value)] for name, value in mail.items()],
        "receivers": envelope.rcpt_tos,
        "parts": parts,
        "ascii": envelope.content.isascii(),
        "encrypted": session.ssl is not None,
        "user": session.auth_data,
    }


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answers = folder / "answers.json"
        refused = json.loads(answers.read_text()) if answers.exists() else {}
        if address in refused:
            return refused[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        number = len(list(mails.iterdir()))
        part = folder / "part"
        part.write_text(json.dumps(read(envelope, session)))
        part.rename(mails / f"{number:04}.json")
        while (folder / "hold").exists():
            await asyncio.sleep(0.02)
        return "250 2.0.0 taken"


def known(server, session, envelope, mechanism, login):
    user, password = login.login.decode(), login.password.decode()
    right = (user, password) == (options["user"], options["password"])
    return AuthResult(success=right, handled=False, auth_data=user)


async def serve():
    context = None
    if "certificate" in options:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options["certificate"], options["key"])
    wrapped = options.get("wrapped", False)

    def session():
        authenticator = known if "user" in options else None
        return SMTP(
            Handler(),
            hostname="mail.example",
            enable_SMTPUTF8=True,
            tls_context=None if wrapped else context,
            require_starttls=context is not None and not wrapped,
            authenticator=authenticator,
            auth_required=authenticator is not None,
            auth_require_tls=False,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(session, "127.0.0.1", options.get("port", 0), ssl=context if wrapped else None)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


asyncio.run(serve())
