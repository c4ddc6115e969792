"""Every built-in node type, in one visible list."""

from __future__ import annotations

from typing import Any

from towpath.engine.node import NodeType, Registry
from towpath.nodes import (
    crm_convert,
    crm_create,
    crm_delete,
    crm_find,
    crm_get,
    crm_link,
    crm_undelete,
    crm_update,
    crm_upsert,
    data_set,
    notify_log,
    notify_team,
    people_approve,
    people_task,
    trigger_date_field,
    trigger_error,
    trigger_manual,
    trigger_record,
    trigger_schedule,
    trigger_webhook,
    trigger_workflow,
    wait_duration,
    wait_event,
    wait_field,
    wait_until,
    workflow_run,
)

BUILT_IN: tuple[NodeType[Any], ...] = (
    crm_convert.node_type,
    crm_create.node_type,
    crm_delete.node_type,
    crm_find.node_type,
    crm_get.node_type,
    crm_link.node_type,
    crm_undelete.node_type,
    crm_update.node_type,
    crm_upsert.node_type,
    data_set.node_type,
    notify_log.node_type,
    notify_team.node_type,
    people_approve.node_type,
    people_task.node_type,
    trigger_date_field.node_type,
    trigger_error.node_type,
    trigger_manual.node_type,
    trigger_record.node_type,
    trigger_schedule.node_type,
    trigger_webhook.node_type,
    trigger_workflow.node_type,
    wait_duration.node_type,
    wait_event.node_type,
    wait_field.node_type,
    wait_until.node_type,
    workflow_run.node_type,
)


def registry(*more: NodeType[Any]) -> Registry:
    """Node types by name: the built-in ones and those given."""
    return {node_type.name: node_type for node_type in (*BUILT_IN, *more)}
