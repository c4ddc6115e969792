"""What ships with Towpath may be used freely: every runtime dependency has a licence that asks for no source."""

from __future__ import annotations

from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Free to use, change and ship, at most with a notice (MPL: with the changes to its own files), as packages spell them.
ACCEPTED = {
    *("0bsd", "any-osi", "cc0-1.0", "isc", "isc license (iscl)", "mit", "mit license", "mit-0", "unlicense", "zlib"),
    *("apache-2.0", "apache 2.0", "apache software license", "bsd", "bsd license", "bsd-2-clause", "bsd-3-clause"),
    *("mpl-2.0", "mozilla public license 2.0 (mpl 2.0)", "psf-2.0", "python software foundation license"),
}


def runtime_dependencies() -> list[Distribution]:
    """Everything that installing towpath installs on this platform, without the tools of development."""
    found: dict[str, Distribution] = {}
    waiting = ["towpath"]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found[name] = distribution(name)
            requirements = map(Requirement, found[name].requires or [])
            waiting += [each.name for each in requirements if not each.marker or each.marker.evaluate({"extra": ""})]
    return list(found.values())


def licence(package: Distribution) -> str:
    """The licence in the best form the package gives: the expression, the classifiers, or the first line of text."""
    metadata = package.metadata
    classifiers = [each.split(" :: ")[-1] for each in metadata.get_all("Classifier", []) if each.startswith("License")]
    specific = [each for each in classifiers if "Approved" not in each]
    text = (metadata.get("License", "") or "").strip().split("\n")[0]
    return metadata.get("License-Expression", "") or " AND ".join(specific) or text or first_line(package)


def first_line(package: Distribution) -> str:
    """What the licence file in the package calls itself, for packages whose metadata say nothing."""
    files = [each for each in package.files or [] if each.name.upper().startswith("LICEN")]
    return files[0].read_text(encoding="utf-8").strip().split("\n")[0] if files else ""


def accepted(expression: str) -> bool:
    choices = expression.split(" OR ")
    return any(all(part.strip().lower() in ACCEPTED for part in choice.split(" AND ")) for choice in choices)


def test_every_runtime_dependency_has_an_accepted_licence() -> None:
    refused = {each.name: licence(each) for each in runtime_dependencies() if not accepted(licence(each))}
    assert not refused, f"look at these and write a decision record, or replace them: {refused}"


def test_licences_that_bind_the_whole_product_are_refused() -> None:
    for expression in ("GPL-3.0-only", "AGPL-3.0-or-later", "BUSL-1.1", "SSPL-1.0", "MIT AND GPL-2.0-only", "", "GNU"):
        assert not accepted(expression)
    for expression in ("MIT", "Apache-2.0 OR BSD-2-Clause", "MIT OR GPL-3.0-only", "BSD-3-Clause AND PSF-2.0"):
        assert accepted(expression)
