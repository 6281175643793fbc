"""Python's judges, one request a line on standard input: PyJWT, openbadges-bakery and openbadgeslib."""

import base64
import io
import json
import sys

import jwt
from openbadges_bakery import png_bakery, svg_bakery
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3Verifier
from openbadgeslib import baking

BAKERIES = {"png": png_bakery, "svg": svg_bakery}


def algorithm(jwk):
    return "EdDSA" if jwk["kty"] == "OKP" else "ES256"


def jwt_sign(payload, header, jwk):
    key = jwt.PyJWK(jwk, algorithm(jwk)).key
    return {"token": jwt.encode(payload, key, algorithm(jwk), header)}


def jwt_verify(token, jwk):
    key = jwt.PyJWK(jwk, algorithm(jwk)).key
    payload = jwt.decode(token, key, [algorithm(jwk)], options={"verify_aud": False})
    return {"verified": True, "payload": payload, "header": jwt.get_unverified_header(token)}


def bakery_bake(kind, image, text):
    baked = BAKERIES[kind].bake(io.BytesIO(base64.b64decode(image)), text)
    return {"image": base64.b64encode(baked.read()).decode()}


def bakery_unbake(kind, image):
    return {"text": BAKERIES[kind].unbake(io.BytesIO(base64.b64decode(image)))}


def openbadgeslib_bake(kind, image, text):
    carrier = {
        "png": lambda data: baking.bake_png(data, text, keyword=baking.ITXT_KEYWORD_OB3),
        "svg": lambda data: baking.bake_svg(
            data, text, element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3, as_text=text.startswith("{")
        ),
    }
    return {"image": base64.b64encode(carrier[kind](base64.b64decode(image))).decode()}


def openbadgeslib_unbake(kind, image):
    extract = getattr(OB3Verifier, f"extract_token_from_{kind}")
    return {"text": extract(base64.b64decode(image))}


def openbadgeslib_verify(issuer, text):
    def no_network(*_, **__):
        raise OSError("the judge has no network")

    verifier = OB3LdpVerifier if text.startswith("{") else OB3Verifier
    credential = verifier.for_issuer_did(issuer, no_network).verify(text)
    return {"verified": True, "name": credential.achievement.name}


ACTIONS = {
    action.__name__: action
    for action in (
        bakery_bake,
        bakery_unbake,
        jwt_sign,
        jwt_verify,
        openbadgeslib_bake,
        openbadgeslib_unbake,
        openbadgeslib_verify,
    )
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = ACTIONS[request.pop("action")](**request)
    except Exception as error:  # a refusal is an answer, whatever its class
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
