"""All groups of steps, one for the first word of each node type. Made by scripts/make_builder.py: change the node types instead."""

# ruff: noqa: A002 - parameters keep the names that they have in definition files
from __future__ import annotations

from functools import cached_property

from towpath.builder.steps.crm import CrmSteps
from towpath.builder.steps.data import DataSteps
from towpath.builder.steps.notify import NotifySteps
from towpath.builder.steps.people import PeopleSteps
from towpath.builder.steps.trigger import TriggerSteps
from towpath.builder.steps.wait import WaitSteps
from towpath.builder.steps.workflow import WorkflowSteps

from towpath.builder.drawing import Drawing


class Steps:
    """The groups; ``wf.crm.update(...)`` draws a node of the type ``crm.update``."""

    _drawing: Drawing

    @cached_property
    def crm(self) -> CrmSteps:
        """Node types crm.*"""
        return CrmSteps(self._drawing)

    @cached_property
    def data(self) -> DataSteps:
        """Node types data.*"""
        return DataSteps(self._drawing)

    @cached_property
    def notify(self) -> NotifySteps:
        """Node types notify.*"""
        return NotifySteps(self._drawing)

    @cached_property
    def people(self) -> PeopleSteps:
        """Node types people.*"""
        return PeopleSteps(self._drawing)

    @cached_property
    def trigger(self) -> TriggerSteps:
        """Node types trigger.*"""
        return TriggerSteps(self._drawing)

    @cached_property
    def wait(self) -> WaitSteps:
        """Node types wait.*"""
        return WaitSteps(self._drawing)

    @cached_property
    def workflow(self) -> WorkflowSteps:
        """Node types workflow.*"""
        return WorkflowSteps(self._drawing)
