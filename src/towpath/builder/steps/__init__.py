"""All groups of steps. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from functools import cached_property

from towpath.builder.drawing import Drawing
from towpath.builder.steps.code import CodeSteps
from towpath.builder.steps.crm import CrmSteps
from towpath.builder.steps.data import DataSteps
from towpath.builder.steps.file import FileSteps
from towpath.builder.steps.http import HttpSteps
from towpath.builder.steps.logic import LogicSteps
from towpath.builder.steps.mail import MailSteps
from towpath.builder.steps.notify import NotifySteps
from towpath.builder.steps.people import PeopleSteps
from towpath.builder.steps.save import SaveSteps
from towpath.builder.steps.service import ServiceSteps
from towpath.builder.steps.trigger import TriggerSteps
from towpath.builder.steps.wait import WaitSteps
from towpath.builder.steps.web import WebSteps
from towpath.builder.steps.workflow import WorkflowSteps


class Steps:
    """The groups; ``wf.crm.update(...)`` draws a node of the type ``crm.update``."""

    _drawing: Drawing

    @cached_property
    def code(self) -> CodeSteps:
        """Node types code.*"""
        return CodeSteps(self._drawing)

    @cached_property
    def crm(self) -> CrmSteps:
        """Node types crm.*"""
        return CrmSteps(self._drawing)

    @cached_property
    def data(self) -> DataSteps:
        """Node types data.*"""
        return DataSteps(self._drawing)

    @cached_property
    def file(self) -> FileSteps:
        """Node types file.*"""
        return FileSteps(self._drawing)

    @cached_property
    def http(self) -> HttpSteps:
        """Node types http.*"""
        return HttpSteps(self._drawing)

    @cached_property
    def logic(self) -> LogicSteps:
        """Node types logic.*"""
        return LogicSteps(self._drawing)

    @cached_property
    def mail(self) -> MailSteps:
        """Node types mail.*"""
        return MailSteps(self._drawing)

    @cached_property
    def notify(self) -> NotifySteps:
        """Node types notify.*"""
        return NotifySteps(self._drawing)

    @cached_property
    def people(self) -> PeopleSteps:
        """Node types people.*"""
        return PeopleSteps(self._drawing)

    @cached_property
    def save(self) -> SaveSteps:
        """Node types save.*"""
        return SaveSteps(self._drawing)

    @cached_property
    def service(self) -> ServiceSteps:
        """Node types service.*"""
        return ServiceSteps(self._drawing)

    @cached_property
    def trigger(self) -> TriggerSteps:
        """Node types trigger.*"""
        return TriggerSteps(self._drawing)

    @cached_property
    def wait(self) -> WaitSteps:
        """Node types wait.*"""
        return WaitSteps(self._drawing)

    @cached_property
    def web(self) -> WebSteps:
        """Node types web.*"""
        return WebSteps(self._drawing)

    @cached_property
    def workflow(self) -> WorkflowSteps:
        """Node types workflow.*"""
        return WorkflowSteps(self._drawing)
