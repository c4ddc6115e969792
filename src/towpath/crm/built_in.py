"""The list of built-in objects, in the order in which people meet them."""

from __future__ import annotations

from towpath.crm.objects.account import ACCOUNT
from towpath.crm.objects.activity import ACTIVITY
from towpath.crm.objects.approval import APPROVAL
from towpath.crm.objects.campaign import CAMPAIGN, CAMPAIGN_MEMBER
from towpath.crm.objects.case import CASE
from towpath.crm.objects.contact import CONTACT
from towpath.crm.objects.deal import DEAL
from towpath.crm.objects.lead import LEAD
from towpath.crm.objects.people import QUEUE, TEAM, USER
from towpath.crm.objects.pipeline import PIPELINE, STAGE
from towpath.crm.objects.task import TASK
from towpath.model.schema import ObjectSchema

BUILT_IN: tuple[ObjectSchema, ...] = (
    LEAD, ACCOUNT, CONTACT, DEAL, PIPELINE, STAGE, CASE, CAMPAIGN, CAMPAIGN_MEMBER, TASK, APPROVAL, ACTIVITY,
    USER, TEAM, QUEUE,
)  # fmt: skip
