"""Metrics over the event log: effectiveness E = T/T_max, efficiency E = W/L, cost C = W/P. Pure functions of facts."""

from __future__ import annotations

from towpath.insight.attention import NearLimit, Waiting, alert_at, near_limits, slowest_step, waiting_on_people
from towpath.insight.efficiency import Efficiency, LabourView
from towpath.insight.events import ENGINE, RunFact, RunOutcome, StepFact, StepOutcome, Visit, visits_of
from towpath.insight.facts import Facts
from towpath.insight.flow import Flow
from towpath.insight.funnel import NodeFunnel, funnel
from towpath.insight.measures import MeasureFigure, share, share_reached, time_until
from towpath.insight.people import PeopleFigures, people_figures
from towpath.insight.productivity import CostUnit, Productivity, cost
from towpath.insight.quantile import quantile
from towpath.insight.runs import RunFigures, run_figures
from towpath.insight.so_far import SoFar
from towpath.insight.spending import Cost
from towpath.insight.steps import StepCounts, StepFigures, all_step_figures, step_figures
from towpath.insight.survival import kaplan_meier_median
from towpath.insight.terms import BaselineLimit, Limit, Terms
from towpath.insight.time_used import TimeUsed, level_of
from towpath.insight.version import Headline, RunCounts, VersionFigures, headline, version_figures
from towpath.insight.window import ALWAYS, Window

__all__ = [
    "ALWAYS",
    "ENGINE",
    "BaselineLimit",
    "Cost",
    "CostUnit",
    "Efficiency",
    "Facts",
    "Flow",
    "Headline",
    "LabourView",
    "Limit",
    "MeasureFigure",
    "NearLimit",
    "NodeFunnel",
    "PeopleFigures",
    "Productivity",
    "RunCounts",
    "RunFact",
    "RunFigures",
    "RunOutcome",
    "SoFar",
    "StepCounts",
    "StepFact",
    "StepFigures",
    "StepOutcome",
    "Terms",
    "TimeUsed",
    "VersionFigures",
    "Visit",
    "Waiting",
    "Window",
    "alert_at",
    "all_step_figures",
    "cost",
    "funnel",
    "headline",
    "kaplan_meier_median",
    "level_of",
    "near_limits",
    "people_figures",
    "quantile",
    "run_figures",
    "share",
    "share_reached",
    "slowest_step",
    "step_figures",
    "time_until",
    "version_figures",
    "visits_of",
    "waiting_on_people",
]
