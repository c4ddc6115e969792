"""The steps service.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.builder.group import Group
from towpath.builder.step import Step


class ServiceSteps(Group):
    """The steps service.*, typed."""

    __slots__ = ()

    def call(
        self,
        service: str,
        *,
        service_version: float = 1.0,
        resource: str | None = None,
        operation: str | None = None,
        parameters: Mapping[str, Any] | str | None = None,
        refused: str | None = None,
        attached: Sequence[Mapping[str, Any]] = (),
        name: str | None = None,
    ) -> Step:
        """Service call: A step of another system that was imported whole. It runs through a connector for the service,
        or in tests with a mock; otherwise it fails and says what is missing.

        service: The service's name where it came from: n8n-nodes-base.hubspot.
        service_version: The version of the step there.
        resource: What the call is about, such as contact.
        operation: What is done with it, such as get.
        parameters: The parameters, word for word as they came.
        refused: Why it must not run here, where that is so.
        attached: Parts that hung on the step: its model, memory and tools, each with kind, type and parameters.
        """
        return self._step(
            "service.call",
            name,
            {
                "service": service,
                "service_version": service_version,
                "resource": resource,
                "operation": operation,
                "parameters": parameters,
                "refused": refused,
                "attached": attached,
            },
        )

    def trigger(
        self,
        service: str,
        *,
        service_version: float = 1.0,
        resource: str | None = None,
        operation: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        name: str | None = None,
    ) -> Step:
        """Service trigger: The trigger of another system that was imported whole. Runs are started by hand or over the
        API, with the items that the service would send.

        service: The trigger's name where it came from.
        service_version: The version of the trigger there.
        resource: What is watched, such as contact.
        operation: Which event starts a run.
        parameters: The parameters, word for word as they came.
        """
        return self._step(
            "service.trigger",
            name,
            {
                "service": service,
                "service_version": service_version,
                "resource": resource,
                "operation": operation,
                "parameters": parameters,
            },
        )
