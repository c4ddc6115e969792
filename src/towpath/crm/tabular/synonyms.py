"""What other systems and people call the fields, in words without blanks and signs."""

from __future__ import annotations

from collections.abc import Mapping

_PERSON = {
    "givenname": "firstName", "forename": "firstName", "first": "firstName",
    "surname": "lastName", "familyname": "lastName", "last": "lastName",
    "jobtitle": "title", "position": "title", "role": "title",
    "donotmail": "doNotEmail", "emailoptout": "doNotEmail", "donotphone": "doNotCall",
}  # fmt: skip

_ANY: Mapping[str, str] = {
    "mail": "email", "emailaddress": "email", "mailaddress": "email",
    "telephone": "phone", "tel": "phone", "mobile": "phone", "phonenumber": "phone", "mobilephone": "phone",
    "homepage": "website", "web": "website", "town": "city", "address": "street", "nation": "country",
    "sector": "industry", "revenue": "annualRevenue", "notes": "description", "comment": "description",
    "comments": "description", "externalkey": "externalId", "owneremail": "ownerId", "assignedto": "ownerId",
}  # fmt: skip

_OF: Mapping[str, Mapping[str, str]] = {
    "Lead": _PERSON | {
        "prospectid": "externalId", "organisation": "company", "organization": "company", "account": "company",
        "companyname": "company", "accountname": "company", "job": "occupation",
        "whatisyourcurrentoccupation": "occupation", "totaltimespentonwebsite": "timeOnSite",
        "timespentonwebsite": "timeOnSite", "visits": "totalVisits", "pageviewspervisit": "pageViews",
        "leadquality": "quality", "channel": "source",
    },
    "Account": {
        "account": "name", "accountname": "name", "company": "name", "companyname": "name", "organisation": "name",
        "organization": "name", "officelocation": "country", "location": "country", "numberofemployees": "employees",
        "subsidiaryof": "parentId",
    },
    "Contact": _PERSON | {"company": "accountId", "organisation": "accountId", "organization": "accountId"},
    "Deal": {
        "opportunityid": "externalId", "opportunityname": "name", "opportunity": "name", "salesagent": "ownerId",
        "salesperson": "ownerId", "dealstage": "stage", "value": "amount", "closevalue": "amount", "price": "amount",
        "company": "accountId", "customer": "accountId", "expectedclosedate": "closeDate",
    },
    "Case": {"title": "subject", "ticketid": "externalId", "caseid": "externalId", "company": "accountId"},
    "User": {"salesagent": "name", "fullname": "name", "wage": "hourlyCost", "hourlyrate": "hourlyCost"},
    "Team": {"regionaloffice": "region"},
}  # fmt: skip


def synonyms(object_name: str) -> Mapping[str, str]:
    """Field names by what else a column of the object may be called."""
    return {**_ANY, **_OF.get(object_name, {})}
