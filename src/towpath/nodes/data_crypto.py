"""Hashes: a digest of a text or a file, with or without a secret; or a random text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.files import file_chunks
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.paths import write

Algorithm = Literal["MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"]


class Params(NodeParams):
    """What is made of what."""

    action: Literal["hash", "hmac", "random"] = Field(
        "hash", description="hash: a digest; hmac: a digest with a secret; random: a text that nobody can guess."
    )
    value: Dynamic[Text] = Field("", validate_default=True, description="With hash and hmac: the text.")
    file: str | None = Field(None, min_length=1, description="With hash and hmac: the name of the file, not the text.")
    algorithm: Algorithm = Field("SHA256", description="MD5 and SHA1 are for old systems; they protect nothing.")
    secret: Dynamic[Text] | None = Field(
        None, description="With hmac: the secret, as an expression such as {{ $env.SIGNING_SECRET }}."
    )
    form: Literal["hex", "base64", "uuid", "ascii"] = Field(
        "hex", description="How it is written; uuid and ascii with random only."
    )
    length: Dynamic[Annotated[int, Field(ge=1, le=10_000)]] = Field(
        32, validate_default=True, description="With random: how many characters; a uuid has its own length."
    )
    into: str = Field("data", min_length=1, description="The field that it is put into.")

    @model_validator(mode="after")
    def _consistent(self) -> Params:
        if (self.action == "hmac") != (self.secret is not None):
            raise ValueError("give 'secret' with hmac, and only then")
        if self.action != "random" and self.form not in ("hex", "base64"):
            raise ValueError(f"a digest is not written as {self.form}; write hex or base64")
        return self


def run(batch: Batch[Params]) -> None:
    """One item out for each, with the new field beside the others."""
    params = batch.params
    secret = params.secret or params.value
    for position, value, key, length in batch.resolve(params.value, secret, params.length):
        if params.action == "random":
            made = _random(params.form, length)
        else:
            chunks = file_chunks(batch, position, params.file) if params.file else iter((value.encode(),))
            if chunks is None:
                continue
            digest = _digest(params, key.encode() if params.action == "hmac" else None, chunks)
            made = digest.hex() if params.form == "hex" else base64.b64encode(digest).decode()
        item = batch.items[position]
        batch.derive(position, write(item.json, params.into, made), binary=item.binary)


def _digest(params: Params, key: bytes | None, chunks: Iterable[bytes]) -> bytes:
    name = params.algorithm.lower().replace("sha3-", "sha3_")
    if key is None:
        plain = hashlib.new(name, usedforsecurity=False)
        for chunk in chunks:
            plain.update(chunk)
        return plain.digest()
    keyed = hmac.new(key, digestmod=name)
    for chunk in chunks:
        keyed.update(chunk)
    return keyed.digest()


def _random(form: str, length: int) -> str:
    """Every character is drawn; of base 64 the signs that are neither letter nor digit are left out, as in n8n."""
    if form == "uuid":
        return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
    if form == "ascii":
        return "".join(chr(33 + secrets.randbelow(94)) for _ in range(length))
    if form == "hex":
        return secrets.token_hex((length + 1) // 2)[:length]
    return "".join(letter for _, letter in zip(range(length), _letters(), strict=False))


def _letters() -> Iterator[str]:
    while True:
        yield from (sign for sign in base64.b64encode(secrets.token_bytes(48)).decode() if sign.isalnum())


node_type = NodeType(
    name="data.crypto",
    title="Hash or random text",
    description="Makes a digest of a text or a file, with a secret where it is to prove who sent it, or a random text.",
    icon="key",
    group="data",
    params=Params,
    run=run,
    examples=(
        {"value": "{{ $json.email.toLowerCase() }}", "into": "emailHash"},
        {"action": "hmac", "value": "{{ $json.body }}", "secret": "{{ $env.SIGNING_SECRET }}", "into": "signature"},
        {"action": "random", "form": "uuid", "into": "token"},
    ),
)
