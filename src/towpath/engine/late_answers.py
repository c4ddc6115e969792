"""Answers for runs that have failed: kept with the run, so that a retry finds them and waits for nothing twice."""

from __future__ import annotations

from towpath.engine.claim import Claim
from towpath.engine.events import Answered
from towpath.engine.state import FrozenRun, decode, encode_state
from towpath.engine.tables import RUN, WAIT
from towpath.ports.store import Transaction


def keep_answers(tx: Transaction, claim: Claim) -> None:
    """Put the claim's answers for failed runs into their documents, and take their waits away."""
    documents = {row[0]: decode(row[-1]) for row in claim.runs if row[2] == "failed"}
    if not documents:
        return
    answers = [answer for event in claim.events for answer in event.answers if answer.run in documents]
    taken = [answer for answer in answers if _take(documents[answer.run], answer)]
    tx.update(RUN, ("state",), [(encode_state(document), run) for run, document in documents.items()])
    waits = [(a.key, a.run, a.token) for a in taken if not a.key.startswith("effect:")]
    if waits:
        tx.delete(WAIT, waits)


def _take(document: FrozenRun, answer: Answered) -> bool:
    for token in document.tokens:
        if token.number == answer.token and answer.key in token.pending:
            token.results[token.pending.pop(answer.key)] = answer.answer
            return True
    return False
