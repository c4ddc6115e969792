"""Contact: a person, usually at an account."""

from __future__ import annotations

from towpath.crm.define import checkbox, define, field, reference

CONTACT = define(
    "Contact",
    field("firstName", max_length=100, personal="personal"),
    field("lastName", max_length=100, personal="personal"),
    reference("accountId", "Account"),
    field("title", max_length=100),
    field("email", "email", indexed=True, personal="personal"),
    field("phone", "phone", personal="personal"),
    field("street", max_length=255, personal="personal"),
    field("city", max_length=100),
    field("country", max_length=100),
    field("source", max_length=100),
    field("birthDate", "date", personal="personal"),
    field("lastActivityAt", "datetime"),
    checkbox("doNotEmail"),
    checkbox("doNotCall"),
    field("consentAt", "datetime"),
    field("externalId", max_length=100, unique=True),
    field("description", "long_text"),
    name_field="lastName",
)
